#pragma once
#include <concepts>
#include <exception>
#include <memory>

#include "lazuli/data/example.h"

namespace lazuli::data {

namespace detail {
std::vector<int64_t> positions(const Tensor& indices);
/// Throws what is being handled again, with the example's index; what is no Error as an Error that tells its class and has it inside (std::rethrow_if_nested).
[[noreturn]] void rethrow_with_index(int64_t index);
[[noreturn]] void fail_collate();
}  // namespace detail

/// Examples by number, of any class; loaders call it from several threads at once. Functions that draw random numbers without a generator of their own (`randn({3})`)
/// draw them, inside `get` and `get_batch`, from a stream of the loader's seed, the epoch and the batch: the same for any number of workers.
///
///   struct Words : data::Dataset<std::pair<Tensor, int64_t>> {
///     int64_t size() const override;
///     std::pair<Tensor, int64_t> get(int64_t index) const override;
///   };                                                     // batches: std::pair<Tensor, Tensor>
template <class ExampleClass = Example, class BatchClass = Collated<ExampleClass>>
class Dataset {
 public:
  using Example = ExampleClass;
  using Batch = BatchClass;
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  virtual Example get(int64_t index) const = 0;
  Example operator[](int64_t index) const { return get(index); }
  /// Makes a batch of examples; the general form is `data::collate`. One that makes another class of batch is `Dataset<Example, Batch>` and overrides this.
  virtual Batch collate(std::vector<Example> examples) const {
    if constexpr (detail::Collatable<Example>) {
      if constexpr (std::is_same_v<Batch, Collated<Example>>) return data::collate(std::move(examples));
    }
    detail::fail_collate();
  }
  /// The batch of the examples at the given positions (int64, 1-d). The general form calls `get` for each; an error gets the example's index.
  virtual Batch get_batch(const Tensor& indices) const {
    std::vector<Example> examples;
    for (int64_t i : detail::positions(indices)) {
      try {
        examples.push_back(get(i));
      } catch (...) { detail::rethrow_with_index(i); }
    }
    return collate(std::move(examples));
  }
  /// Where get_batch wants its indices; a loader moves those of an epoch there at once, so that no batch waits for a device.
  virtual Device index_device() const { return kCPU; }
};

/// A class of datasets: it has the classes of its examples and batches.
template <class D>
concept IsDataset = std::derived_from<D, Dataset<typename D::Example, typename D::Batch>>;
template <class D, class E, class B>
concept IsDatasetOf = IsDataset<D> && std::same_as<typename D::Example, E> && std::same_as<typename D::Batch, B>;
template <IsDataset D>
using SharedDataset = std::shared_ptr<const Dataset<typename D::Example, typename D::Batch>>;

namespace detail {
template <IsDataset D>
SharedDataset<D> shared(D dataset) {
  return std::make_shared<const D>(std::move(dataset));
}
template <IsDataset D>
SharedDataset<D> shared(std::shared_ptr<D> dataset) {
  return dataset;
}
template <IsDataset D>
SharedDataset<D> shared(std::shared_ptr<const D> dataset) {
  return dataset;
}
}  // namespace detail

extern template class Dataset<>;

/// The rows of tensors that agree in their first dimension.
class TensorDataset : public Dataset<> {
 public:
  /// Throws Error when the first sizes differ.
  explicit TensorDataset(Tensor data, Tensor target = {});
  int64_t size() const override;
  data::Example get(int64_t index) const override;
  data::Example get_batch(const Tensor& indices) const override;
  Device index_device() const override { return data_.device(); }
  const Tensor& data() const { return data_; }
  const Tensor& target() const { return target_; }

 private:
  Tensor data_, target_;
};

}  // namespace lazuli::data
