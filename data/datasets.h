#pragma once
#include <array>

#include "lazuli/core/random/generator.h"
#include "lazuli/data/dataset.h"

/// Datasets made of others. Each takes datasets by value or by shared pointer.
namespace lazuli::data {

namespace detail {
/// int64, 1-d, each in [0, size). Throws Error (Index) naming `owner`.
Tensor checked_indices(const char* owner, Tensor indices, int64_t size);
Tensor index_tensor(const std::vector<int64_t>& indices);
/// indices[positions], on the device of `indices`.
Tensor chosen(const Tensor& indices, const Tensor& positions);
/// Which of datasets that end at `ends` has `index`; throws Error (Index).
size_t part_of(const std::vector<int64_t>& ends, int64_t index);
/// For each part its indices, in a random order.
std::vector<Tensor> random_parts(int64_t size, const std::vector<int64_t>& lengths, const Generator& random);
std::vector<int64_t> lengths_of(int64_t size, const std::vector<double>& fractions);
}  // namespace detail

/// The examples of `dataset` at the given indices, in that order; an index may come more than once.
template <class E = Example, class B = Collated<E>>
class Subset : public Dataset<E, B> {
 public:
  /// Throws Error (Index) for an index that is not in the dataset.
  Subset(std::shared_ptr<const Dataset<E, B>> dataset, const Tensor& indices)
      : dataset_(std::move(dataset)), indices_(detail::checked_indices("Subset", indices, dataset_->size()).to(dataset_->index_device())) {}
  Subset(std::shared_ptr<const Dataset<E, B>> dataset, const std::vector<int64_t>& indices)
      : Subset(std::move(dataset), detail::index_tensor(indices)) {}
  template <IsDatasetOf<E, B> D>
  Subset(D dataset, const Tensor& indices) : Subset(detail::shared(std::move(dataset)), indices) {}
  template <IsDatasetOf<E, B> D>
  Subset(D dataset, const std::vector<int64_t>& indices) : Subset(detail::shared(std::move(dataset)), indices) {}
  int64_t size() const override { return indices_.size(0); }
  E get(int64_t index) const override { return dataset_->get(indices_[index].template item<int64_t>()); }
  B collate(std::vector<E> examples) const override { return dataset_->collate(std::move(examples)); }
  B get_batch(const Tensor& positions) const override { return dataset_->get_batch(detail::chosen(indices_, positions)); }
  Device index_device() const override { return dataset_->index_device(); }
  const Tensor& indices() const { return indices_; }

 private:
  std::shared_ptr<const Dataset<E, B>> dataset_;
  Tensor indices_;
};
template <IsDataset D, class Indices>
Subset(D, Indices) -> Subset<typename D::Example, typename D::Batch>;
template <IsDataset D, class Indices>
Subset(std::shared_ptr<D>, Indices) -> Subset<typename D::Example, typename D::Batch>;

/// The examples of several datasets of one class, one after the other.
template <class E = Example, class B = Collated<E>>
class ConcatDataset : public Dataset<E, B> {
 public:
  /// Throws Error when there is none.
  explicit ConcatDataset(std::vector<std::shared_ptr<const Dataset<E, B>>> datasets) : datasets_(std::move(datasets)) {
    int64_t end = 0;
    for (const auto& dataset : datasets_) ends_.push_back(end += dataset->size());
    if (datasets_.empty()) detail::part_of(ends_, 0);
  }
  template <IsDatasetOf<E, B> D, IsDatasetOf<E, B>... More>
  explicit ConcatDataset(D first, More... more)
      : ConcatDataset(std::vector<std::shared_ptr<const Dataset<E, B>>>{detail::shared(std::move(first)), detail::shared(std::move(more))...}) {}
  int64_t size() const override { return ends_.back(); }
  E get(int64_t index) const override {
    size_t part = detail::part_of(ends_, index);
    return datasets_[part]->get(index - (ends_[part] - datasets_[part]->size()));
  }
  B collate(std::vector<E> examples) const override { return datasets_[0]->collate(std::move(examples)); }

 private:
  std::vector<std::shared_ptr<const Dataset<E, B>>> datasets_;
  std::vector<int64_t> ends_;
};
template <IsDataset D, class... More>
ConcatDataset(D, More...) -> ConcatDataset<typename D::Example, typename D::Batch>;

/// The examples of `dataset` with their indices: a pair (example, index), in batches (batch, indices as an int64 tensor).
template <class E = Example, class B = Collated<E>>
class IndexedDataset : public Dataset<std::pair<E, int64_t>, std::pair<B, Tensor>> {
 public:
  explicit IndexedDataset(std::shared_ptr<const Dataset<E, B>> dataset) : dataset_(std::move(dataset)) {}
  template <IsDatasetOf<E, B> D>
  explicit IndexedDataset(D dataset) : IndexedDataset(detail::shared(std::move(dataset))) {}
  int64_t size() const override { return dataset_->size(); }
  std::pair<E, int64_t> get(int64_t index) const override { return {dataset_->get(index), index}; }
  std::pair<B, Tensor> get_batch(const Tensor& indices) const override { return {dataset_->get_batch(indices), indices}; }
  Device index_device() const override { return dataset_->index_device(); }

 private:
  std::shared_ptr<const Dataset<E, B>> dataset_;
};
template <IsDataset D>
IndexedDataset(D) -> IndexedDataset<typename D::Example, typename D::Batch>;
template <IsDataset D>
IndexedDataset(std::shared_ptr<D>) -> IndexedDataset<typename D::Example, typename D::Batch>;

/// Splits a dataset at random into parts of the given lengths, which must sum to its size, or into fractions, which sum to 1: these are rounded down, and what is left goes to the
/// first ones, one each, as in PyTorch.
///
///   auto parts = random_split(set, lengths, Generator(7));
template <class Source, class Number>
auto random_split(Source dataset, const std::vector<Number>& lengths, const Generator& random = default_generator()) {
  auto held = detail::shared(std::move(dataset));
  using Whole = typename decltype(held)::element_type;
  std::vector<Tensor> indices;
  if constexpr (std::is_floating_point_v<Number>)
    indices = detail::random_parts(held->size(), detail::lengths_of(held->size(), {lengths.begin(), lengths.end()}), random);
  else indices = detail::random_parts(held->size(), {lengths.begin(), lengths.end()}, random);
  std::vector<Subset<typename Whole::Example, typename Whole::Batch>> parts;
  for (const Tensor& part : indices) parts.emplace_back(held, part);
  return parts;
}
/// Of lengths in braces, whose count the compiler knows: `auto [train, rest] = random_split(set, {900, 100});`.
template <class Source, class Number, size_t count>
auto random_split(Source dataset, const Number (&lengths)[count], const Generator& random = default_generator()) {
  auto parts = random_split(std::move(dataset), std::vector<Number>(lengths, lengths + count), random);
  return [&]<size_t... K>(std::index_sequence<K...>) { return std::array{std::move(parts[K])...}; }
  (std::make_index_sequence<count>());
}
template <class Source, size_t count>
auto random_split(Source dataset, const int64_t (&lengths)[count], const Generator& random = default_generator()) {
  return random_split<Source, int64_t, count>(std::move(dataset), lengths, random);
}

}  // namespace lazuli::data
