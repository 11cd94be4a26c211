#pragma once
#include <functional>
#include <memory>

#include "lazuli/core/generator.h"
#include "lazuli/data/dataset.h"

namespace lazuli::data {

/// Changes a batch after it was read, in the worker that read it. `random` is the batch's own stream, so augmentation does not depend on the workers either.
using Transform = std::function<Example(Example batch, const Generator& random)>;

/// Images in bytes to (x / 255 - mean) / std, in float32 (or `dtype`, rounded once), each flattened to one row where `flatten`. Throws Error for a dtype that is no floating point one.
Transform normalize(double mean, double std, bool flatten = false, DType dtype = kFloat32);
/// First `first`, then `second`.
Transform compose(Transform first, Transform second);

struct DataLoaderOptions {
  int64_t batch_size = 1;
  bool shuffle = false;
  /// Decides order and random transforms, together with the epoch's number.
  uint64_t seed = 0;
  /// Leaves out a last batch that is not full.
  bool drop_last = false;
  /// Threads that read ahead; 0 reads in the caller's thread. Batches come in the same order, with the same contents, for any number.
  int workers = 0;
  /// Batches that may be ready before they are asked for, for each worker.
  int prefetch = 2;
  Transform transform = {};
};

class EpochState;

/// The batches of one epoch, to go over once: `for (auto& [images, labels] : loader.epoch(3))`. Leaving early stops the workers. Copies share the position.
class Epoch {
 public:
  explicit Epoch(std::shared_ptr<EpochState> state) : state_(std::move(state)) {}
  /// Fills `batch` with the next one; false at the end. An error in a worker is thrown here.
  bool next(Example& batch);

  struct End {};
  class Iterator;
  Iterator begin();
  End end() { return {}; }

 private:
  std::shared_ptr<EpochState> state_;
};

class Epoch::Iterator {
 public:
  explicit Iterator(Epoch epoch) : epoch_(std::move(epoch)) { ++*this; }
  Example& operator*() { return batch_; }
  Example* operator->() { return &batch_; }
  Iterator& operator++() {
    done_ = !epoch_.next(batch_);
    return *this;
  }
  bool operator!=(End) const { return !done_; }

 private:
  Epoch epoch_;
  Example batch_;
  bool done_ = false;
};
inline Epoch::Iterator Epoch::begin() { return Iterator(*this); }

/// Batches of a dataset. Going over it (`for (auto& [x, y] : loader)`) goes through epoch 0, then 1, and so on, each in an order of its own when shuffled.
class DataLoader {
 public:
  /// Throws Error for options out of range.
  DataLoader(std::shared_ptr<const Dataset> dataset, DataLoaderOptions options = {});
  template <class D>
  requires std::is_base_of_v<Dataset, D>
  explicit DataLoader(D dataset, DataLoaderOptions options = {}) : DataLoader(std::make_shared<const D>(std::move(dataset)), std::move(options)) {}

  /// Batches in an epoch.
  int64_t size() const;
  const Dataset& dataset() const { return *dataset_; }
  /// A certain epoch from a certain batch on, as when training resumes.
  Epoch epoch(int64_t number, int64_t first_batch = 0) const;
  Epoch::Iterator begin() { return epoch(next_epoch_++).begin(); }
  Epoch::End end() { return {}; }

 private:
  std::shared_ptr<const Dataset> dataset_;
  DataLoaderOptions options_;
  int64_t next_epoch_ = 0;
};

}  // namespace lazuli::data
