#pragma once
#include "lazuli/core/error.h"
#include "lazuli/data/dataset.h"

namespace lazuli::data {

namespace detail {
inline int64_t count_of(const Tensor& rows) { return rows.size(0); }
inline Tensor example_of(const Tensor& rows, int64_t index) { return rows.select(0, index); }
template <IsDataset D>
int64_t count_of(const D& dataset) {
  return dataset.size();
}
template <IsDataset D>
auto example_of(const D& dataset, int64_t index) {
  return dataset.get(index);
}
}  // namespace detail

/// Several sources side by side, of each of which an example is a part: the rows of tensors, or datasets. PyTorch's StackDataset, and its TensorDataset of any number of tensors:
///   data::DataLoader loader(data::StackDataset(users, items, ratings), {.batch_size = 64});
///   for (auto& [user, item, rating] : loader) ...
/// Throws Error for sources of different sizes.
template <class... Source>
class StackDataset : public Dataset<std::tuple<decltype(detail::example_of(std::declval<const Source&>(), 0))...>> {
 public:
  using Parts = std::tuple<decltype(detail::example_of(std::declval<const Source&>(), 0))...>;
  explicit StackDataset(Source... sources) : sources_(std::move(sources)...) {
    std::apply(
        [&](const Source&... source) {
          for (int64_t count : {detail::count_of(source)...})
            if (count != size()) fail("StackDataset", "sources", "sources of " + std::to_string(size()) + " examples", std::to_string(count));
        },
        sources_);
  }
  int64_t size() const override { return detail::count_of(std::get<0>(sources_)); }
  Parts get(int64_t index) const override {
    return std::apply([&](const Source&... source) { return Parts(detail::example_of(source, index)...); }, sources_);
  }

 private:
  std::tuple<Source...> sources_;
};

}  // namespace lazuli::data
