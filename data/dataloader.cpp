#include "lazuli/data/dataloader.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/parallel.h"
#include "lazuli/core/slots.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::data {
namespace {

// The stream of an epoch, or of a batch in it: the seed mixed with the number.
Generator stream(uint64_t seed, int64_t number) {
  Generator g(seed ^ (uint64_t(number) * 0x9e3779b97f4a7c15ull));
  return g.split();
}

}  // namespace

class EpochState {
 public:
  EpochState(std::shared_ptr<const Dataset> dataset, const DataLoaderOptions& options, int64_t number, int64_t first, int64_t count)
      : dataset_(std::move(dataset)), options_(options), number_(number), next_(first), claimed_(first), count_(count) {
    int64_t n = dataset_->size();
    order_ = new_tensor({n}, kInt64);
    if (n > 0) {
      if (options_.shuffle) randperm_kernel(kCPU, order_, stream(options_.seed, number).take(1));
      else arange_kernel(kCPU, order_, int64_t(0), int64_t(1));
    }
    order_ = to(order_, dataset_->index_device());
    ready_.resize(size_t(std::max(1, options_.workers) * std::max(1, options_.prefetch)));
    try {
      for (int w = 0; w < options_.workers && w < count - first; ++w) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error& error) {  // the system has no more threads: the ones there suffice
      if (threads_.empty()) fail(ErrorKind::State, "DataLoader", "workers", "threads from the system", error.what());
    } catch (...) {
      stop();
      throw;
    }
  }
  ~EpochState() { stop(); }

  bool next(Example& batch) {
    if (next_ >= count_) {
      batch = {};
      return false;
    }
    if (threads_.empty()) {
      batch = read(next_++);
      return true;
    }
    std::unique_lock lock(mutex_);
    Slot& slot = ready_[size_t(next_) % ready_.size()];
    changed_.wait(lock, [&] { return slot.batch == next_; });
    slot.batch = -1;
    ++next_;
    std::exception_ptr error = std::exchange(slot.error, nullptr);
    batch = std::exchange(slot.example, Example());
    lock.unlock();
    changed_.notify_all();
    if (error) std::rethrow_exception(error);
    return true;
  }

 private:
  struct Slot {
    int64_t batch = -1;  // which one lies here; -1: none
    Example example;
    std::exception_ptr error;
  };

  Example read(int64_t batch) const {
    no_grad guard;
    int64_t from = batch * options_.batch_size, to = std::min(from + options_.batch_size, order_.size(0));
    Example e = dataset_->get_batch(alias(order_, {to - from}, {1}, from));
    if (options_.transform) e = options_.transform(std::move(e), stream(stream(options_.seed, number_).initial_seed(), batch + 1));
    return e;
  }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& t : threads_) t.join();
    threads_.clear();
  }

  void work() {
    ThreadLimit one(1);
    for (;;) {
      int64_t batch;
      {
        std::unique_lock lock(mutex_);
        // Never further ahead than there is room, so that the batch that is waited for always has its place.
        changed_.wait(lock, [&] { return stop_ || claimed_ >= count_ || claimed_ < next_ + int64_t(ready_.size()); });
        if (stop_ || claimed_ >= count_) return;
        batch = claimed_++;
      }
      Slot done{batch, {}, nullptr};
      try {
        done.example = read(batch);
      } catch (...) { done.error = std::current_exception(); }
      {
        std::lock_guard lock(mutex_);
        ready_[size_t(batch) % ready_.size()] = std::move(done);
      }
      changed_.notify_all();
    }
  }

  std::shared_ptr<const Dataset> dataset_;
  DataLoaderOptions options_;
  int64_t number_, next_, claimed_, count_;
  Tensor order_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::vector<Slot> ready_;
  std::vector<std::thread> threads_;
};

bool Epoch::next(Example& batch) { return state_->next(batch); }

DataLoader::DataLoader(std::shared_ptr<const Dataset> dataset, DataLoaderOptions options)
    : dataset_(std::move(dataset)), options_(std::move(options)) {
  auto at_least = [](const char* option, int64_t value, int64_t least) {
    if (value < least) fail("DataLoader", option, "at least " + std::to_string(least), std::to_string(value));
  };
  if (!dataset_) fail("DataLoader", "dataset", "a dataset", "null");
  at_least("batch_size", options_.batch_size, 1);
  at_least("workers", options_.workers, 0);
  at_least("prefetch", options_.prefetch, 1);
}

int64_t DataLoader::size() const {
  int64_t n = dataset_->size(), full = n / options_.batch_size;
  return options_.drop_last || n % options_.batch_size == 0 ? full : full + 1;
}

Epoch DataLoader::epoch(int64_t number, int64_t first_batch) const {
  if (number < 0) fail("DataLoader.epoch", "number", "at least 0", std::to_string(number));
  if (first_batch < 0 || first_batch > size())
    fail(ErrorKind::Index, "DataLoader.epoch", "first_batch", "a batch in [0, " + std::to_string(size()) + "]", std::to_string(first_batch));
  return Epoch(std::make_shared<EpochState>(dataset_, options_, number, first_batch, size()));
}

Transform normalize(double mean, double std, bool flatten_images, DType dtype) {
  if (!(std > 0)) fail("normalize", "std", "above 0", std::to_string(std));
  if (!is_floating_point(dtype)) fail(ErrorKind::Type, "normalize", "dtype", "a floating point dtype", name(dtype));
  return [=](Example batch, const Generator&) {
    no_grad guard;
    DType wide = dtype == kFloat64 ? kFloat64 : kFloat32;
    Tensor x = batch.data.dtype() == wide ? batch.data.clone() : to(batch.data, wide);  // never the dataset's own memory
    x.mul_(wrapped(1 / (255 * std)));
    x.sub_(wrapped(mean / std));
    x = to(x, dtype);
    batch.data = flatten_images ? flatten(x, 1) : x;
    return batch;
  };
}

Transform compose(Transform first, Transform second) {
  return [first = std::move(first), second = std::move(second)](Example batch, const Generator& random) {
    Generator of_first = random.split(), of_second = random.split();
    return second(first(std::move(batch), of_first), of_second);
  };
}

}  // namespace lazuli::data
