#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "lazuli/core/error.h"
#include "lazuli/data/dataset.h"

namespace lazuli::data {

/// Examples that come one after the other, nobody knows how many: lines of a file that is read, messages of a queue. One of a program's own says how a pass begins:
///
///   struct Numbers : data::IterableDataset<Tensor> {
///     Stream iterate() const override {
///       return [i = 0]() mutable { return i < 10 ? std::optional(full({2}, i++)) : std::nullopt; };
///     }
///   };
///   for (Tensor& batch : data::IterableDataLoader(Numbers(), {.batch_size = 4})) ...
template <class ExampleClass = Example>
class IterableDataset {
 public:
  using Example = ExampleClass;
  /// The next example of a pass; none at its end.
  using Stream = std::function<std::optional<Example>()>;
  virtual ~IterableDataset() = default;
  /// Begins a pass. Passes do not know each other.
  virtual Stream iterate() const = 0;
};

template <class D>
concept IsIterableDataset = std::derived_from<D, IterableDataset<typename D::Example>>;

/// The examples of one dataset after those of another.
template <class ExampleClass = Example>
class ChainDataset : public IterableDataset<ExampleClass> {
 public:
  using Part = std::shared_ptr<const IterableDataset<ExampleClass>>;
  using typename IterableDataset<ExampleClass>::Stream;
  explicit ChainDataset(std::vector<Part> parts) : parts_(std::move(parts)) {}
  template <IsIterableDataset... D>
  requires(std::same_as<typename D::Example, ExampleClass>&&...) explicit ChainDataset(D... parts)
      : parts_{std::make_shared<const D>(std::move(parts))...} {}
  Stream iterate() const override {
    return [parts = parts_, at = size_t(0), stream = Stream()]() mutable -> std::optional<ExampleClass> {
      for (; at < parts.size(); ++at, stream = nullptr) {
        if (!stream) stream = parts[at]->iterate();
        if (auto example = stream()) return example;
      }
      return std::nullopt;
    };
  }

 private:
  std::vector<Part> parts_;
};
template <IsIterableDataset First, IsIterableDataset... D>
ChainDataset(First, D...) -> ChainDataset<typename First::Example>;

struct IterableDataLoaderOptions {
  int64_t batch_size = 1;
  bool drop_last = false;  // leaves out a last batch that is not full
};

/// The batches of an iterable dataset, in its order; each loop over it is a pass. Throws Error for a batch size below 1.
template <IsIterableDataset D>
class IterableDataLoader {
 public:
  using Batch = Collated<typename D::Example>;
  explicit IterableDataLoader(D dataset, const IterableDataLoaderOptions& options = {})
      : dataset_(std::make_shared<const D>(std::move(dataset))), options_(options) {
    if (options.batch_size < 1) fail("IterableDataLoader", "batch_size", "at least 1", std::to_string(options.batch_size));
  }

  struct End {};
  class Iterator {
   public:
    Iterator(typename D::Stream stream, const IterableDataLoaderOptions& options) : stream_(std::move(stream)), options_(options) { ++*this; }
    Batch& operator*() { return *batch_; }
    Batch* operator->() { return &*batch_; }
    Iterator& operator++() {
      std::vector<typename D::Example> examples;
      while (int64_t(examples.size()) < options_.batch_size) {
        auto example = stream_();
        if (!example) break;
        examples.push_back(std::move(*example));
      }
      const bool full = int64_t(examples.size()) == options_.batch_size;
      if (full || (!examples.empty() && !options_.drop_last)) batch_ = collate(std::move(examples));
      else batch_.reset();
      return *this;
    }
    bool operator!=(End) const { return batch_.has_value(); }

   private:
    typename D::Stream stream_;
    IterableDataLoaderOptions options_;
    std::optional<Batch> batch_;
  };
  Iterator begin() const { return {dataset_->iterate(), options_}; }
  End end() const { return {}; }

 private:
  std::shared_ptr<const D> dataset_;
  IterableDataLoaderOptions options_;
};

}  // namespace lazuli::data
