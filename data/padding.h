#pragma once
#include <functional>

#include "lazuli/data/dataset.h"

/// Batches of examples that differ in length, and of a dataset's examples made in another way than its own.
namespace lazuli::data {

struct PadOptions {
  double padding_value = 0;
  /// What the target is filled up with, e.g. what the loss ignores.
  double target_padding_value = 0;
  /// Before the examples' beginnings instead of after their ends.
  bool left = false;
  /// Lengths are rounded up to a multiple of this.
  int64_t multiple_of = 1;
};

/// Examples of different lengths as one batch: data [n, longest, ..], target (where there is one: stacked, or padded where these differ in length as well), and the lengths of the data (int64 [n]).
struct PaddedBatch {
  Tensor data, target, lengths;
  template <class Used = void>
  auto tensors() {
    return tied<Used>(data, target, lengths);
  }
};
/// Throws Error where tensors differ in more than their first dimension, or have none.
PaddedBatch pad_collate(const std::vector<Example>& examples, const PadOptions& options = {});
PaddedBatch pad_collate(const std::vector<Tensor>& examples, const PadOptions& options = {});

/// The examples of a dataset, and batches that a function makes of them.
///   data::CollateDataset padded(sentences, [](std::vector<data::Example> examples) { return data::pad_collate(examples); });
///   for (auto& [data, target, lengths] : data::DataLoader(padded, {.batch_size = 32})) ...
template <class E, class B>
class CollateDataset : public Dataset<E, B> {
 public:
  using Function = std::function<B(std::vector<E> examples)>;
  /// Throws Error for no dataset.
  template <class D>
  CollateDataset(D dataset, Function collate) : collate_(std::move(collate)) {
    auto held = detail::shared(std::move(dataset));
    if (!held || !collate_) detail::fail_collate();
    size_ = [held] { return held->size(); };
    get_ = [held](int64_t index) { return held->get(index); };
  }
  int64_t size() const override { return size_(); }
  E get(int64_t index) const override { return get_(index); }
  B collate(std::vector<E> examples) const override { return collate_(std::move(examples)); }

 private:
  Function collate_;
  std::function<int64_t()> size_;
  std::function<E(int64_t)> get_;
};
template <IsDataset D, class F>
CollateDataset(D, F) -> CollateDataset<typename D::Example, std::invoke_result_t<F, std::vector<typename D::Example>>>;
template <IsDataset D, class F>
CollateDataset(std::shared_ptr<D>, F) -> CollateDataset<typename D::Example, std::invoke_result_t<F, std::vector<typename D::Example>>>;

}  // namespace lazuli::data
