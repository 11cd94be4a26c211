#pragma once
#include "lazuli/data/dataset.h"
#include "lazuli/data/sampler.h"
#include "lazuli/data/transform.h"

namespace lazuli::data {

template <class Batch = Example>
struct DataLoaderOptions {
  int64_t batch_size = 1;
  bool shuffle = false;
  /// Decides order, random transforms and the random numbers of datasets, together with the epoch's number.
  uint64_t seed = 0;
  /// Leaves out a last batch that is not full.
  bool drop_last = false;
  /// Threads that read ahead; 0 reads in the caller's thread. Batches come in the same order, with the same contents, for any number.
  int workers = 0;
  /// Batches that may be ready before they are asked for, for each worker.
  int prefetch = 2;
  /// Which examples and in what order, instead of `shuffle`: `.sampler = data::RandomSampler(n, {.replacement = true})`.
  Held<Sampler> sampler = {};
  /// Which examples each batch has, instead of `batch_size`, `shuffle`, `drop_last` and `sampler`.
  Held<BatchSampler> batch_sampler = {};
  BatchTransform<Batch> transform = {};
};

namespace detail {

/// What a loader of any class of batch does.
struct LoaderPlan {
  int64_t examples;
  int64_t batch_size;
  bool drop_last;
  uint64_t seed;
  int workers, prefetch;
  Held<Sampler> sampler;
  Held<BatchSampler> batch_sampler;
  bool foreign_sampler = false;  // may give indices that are not there
  Device index_device;
  /// Reads a batch; called by several threads at once.
  std::function<std::shared_ptr<void>(const Tensor& indices, const Generator& random)> read;
  int64_t batches() const;
};
LoaderPlan checked(LoaderPlan plan, bool shuffle);

class EpochState;
std::shared_ptr<EpochState> start_epoch(const LoaderPlan& plan, int64_t number, int64_t first_batch);
/// Null at the end.
std::shared_ptr<void> next_batch(EpochState& state);
[[noreturn]] void fail_no_dataset();

}  // namespace detail

/// The batches of one epoch, to go over once: `for (auto& [images, labels] : loader.epoch(3))`. Leaving early stops the workers. Copies share the position.
template <class Batch = Example>
class Epoch {
 public:
  explicit Epoch(std::shared_ptr<detail::EpochState> state) : state_(std::move(state)) {}
  /// Fills `batch` with the next one; false at the end. An error in a worker is thrown here.
  bool next(Batch& batch) {
    auto read = std::static_pointer_cast<Batch>(detail::next_batch(*state_));
    batch = read ? std::move(*read) : Batch();
    return bool(read);
  }

  struct End {};
  class Iterator {
   public:
    explicit Iterator(Epoch epoch) : epoch_(std::move(epoch)) { ++*this; }
    Batch& operator*() { return batch_; }
    Batch* operator->() { return &batch_; }
    Iterator& operator++() {
      done_ = !epoch_.next(batch_);
      return *this;
    }
    bool operator!=(End) const { return !done_; }

   private:
    Epoch epoch_;
    Batch batch_ = {};
    bool done_ = false;
  };
  Iterator begin() { return Iterator(*this); }
  End end() { return {}; }

 private:
  std::shared_ptr<detail::EpochState> state_;
};

/// Batches of a dataset, given by value or by shared pointer. Going over it (`for (auto& [x, y] : loader)`) goes through epoch 0, then 1, and so on, each in an order of its
/// own when shuffled.
template <class ExampleClass = Example, class Batch = Collated<ExampleClass>>
class DataLoader {
 public:
  using Source = Dataset<ExampleClass, Batch>;
  using Options = DataLoaderOptions<Batch>;
  /// Throws Error for options out of range or that exclude each other.
  explicit DataLoader(std::shared_ptr<const Source> dataset, Options options = {}) : dataset_(std::move(dataset)) {
    if (!dataset_) detail::fail_no_dataset();
    auto read = [dataset = dataset_, transform = std::move(options.transform)](const Tensor& indices, const Generator& random) {
      Batch batch = dataset->get_batch(indices);
      if (transform) batch = transform(std::move(batch), random);
      return std::static_pointer_cast<void>(std::make_shared<Batch>(std::move(batch)));
    };
    plan_ = detail::checked({.examples = dataset_->size(),
                             .batch_size = options.batch_size,
                             .drop_last = options.drop_last,
                             .seed = options.seed,
                             .workers = options.workers,
                             .prefetch = options.prefetch,
                             .sampler = std::move(options.sampler),
                             .batch_sampler = std::move(options.batch_sampler),
                             .index_device = dataset_->index_device(),
                             .read = std::move(read)},
                            options.shuffle);
  }
  template <IsDatasetOf<ExampleClass, Batch> D>
  explicit DataLoader(D dataset, Options options = {}) : DataLoader(detail::shared(std::move(dataset)), std::move(options)) {}

  /// Batches in an epoch.
  int64_t size() const { return plan_.batches(); }
  const Source& dataset() const { return *dataset_; }
  /// A certain epoch from a certain batch on, as when training resumes.
  Epoch<Batch> epoch(int64_t number, int64_t first_batch = 0) const { return Epoch<Batch>(detail::start_epoch(plan_, number, first_batch)); }
  auto begin() { return epoch(next_epoch_++).begin(); }
  auto end() { return typename Epoch<Batch>::End(); }

 private:
  std::shared_ptr<const Source> dataset_;
  detail::LoaderPlan plan_ = {};
  int64_t next_epoch_ = 0;
};
template <IsDataset D>
DataLoader(D, DataLoaderOptions<typename D::Batch> = {}) -> DataLoader<typename D::Example, typename D::Batch>;
template <IsDataset D>
DataLoader(std::shared_ptr<D>, DataLoaderOptions<typename D::Batch> = {}) -> DataLoader<typename D::Example, typename D::Batch>;
template <IsDataset D>
DataLoader(std::shared_ptr<const D>, DataLoaderOptions<typename D::Batch> = {}) -> DataLoader<typename D::Example, typename D::Batch>;

}  // namespace lazuli::data
