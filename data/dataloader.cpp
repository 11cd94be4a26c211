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
#include "lazuli/core/profiler/profiler.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/data/distributed_sampler.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::data::detail {
namespace {

// The stream of an epoch, or of a batch in it: the seed mixed with the number.
Generator stream(uint64_t seed, int64_t number) {
  Generator g(seed ^ (uint64_t(number) * 0x9e3779b97f4a7c15ull));
  return g.split();
}

Tensor checked(Tensor indices, int64_t examples) {
  if (indices.dtype() != kInt64 || indices.dim() != 1)
    fail(ErrorKind::Type, "DataLoader", "sampler", "int64 indices in one dimension",
         std::string(name(indices.dtype())) + " of sizes " + to_string(indices.sizes()));
  for (int64_t i : indices.to_vector<int64_t>())
    if (i < 0 || i >= examples)
      fail(ErrorKind::Index, "DataLoader", "sampler", "indices in [0, " + std::to_string(examples) + ")", std::to_string(i));
  return indices;
}

}  // namespace

class EpochState {
 public:
  EpochState(const LoaderPlan& plan, int64_t number, int64_t first, std::shared_ptr<Place> place)
      : read_(plan.read),
        batch_size_(plan.batch_size),
        prefetch_bytes_(plan.prefetch_bytes),
        epoch_(number),
        seed_(stream(plan.seed, number).initial_seed()),
        place_(std::move(place)),
        next_(first),
        claimed_(first) {
    Generator random = stream(plan.seed, number);
    if (plan.batch_sampler) {
      for (Tensor& batch : plan.batch_sampler->batches(random)) batches_.push_back(to(checked(std::move(batch), plan.examples), plan.index_device));
      count_ = int64_t(batches_.size());
    } else {
      order_ = plan.sampler->indices(random);
      if (plan.foreign_sampler) order_ = checked(std::move(order_), plan.examples);
      order_ = to(order_, plan.index_device);
      count_ = std::min(plan.batches(), (order_.size(0) + batch_size_ - 1) / batch_size_);
    }
    ready_.resize(size_t(std::max(1, plan.workers) * std::max(1, plan.prefetch)));
    try {
      for (int w = 0; w < plan.workers && w < count_ - first; ++w) threads_.emplace_back([this] { work(); });
    } catch (const std::system_error& error) {  // the system has no more threads: the ones there suffice
      if (threads_.empty()) fail(ErrorKind::State, "DataLoader", "workers", "threads from the system", error.what());
    } catch (...) {
      stop();
      throw;
    }
  }
  ~EpochState() { stop(); }

  std::shared_ptr<void> next() {
    if (place_) place_->over = next_ >= count_;
    if (next_ >= count_) return {};
    if (place_) place_->batch = next_ + 1;
    if (threads_.empty()) return read(next_++).batch;
    std::unique_lock lock(mutex_);
    Slot& slot = ready_[size_t(next_) % ready_.size()];
    changed_.wait(lock, [&] { return slot.number == next_; });
    slot.number = -1;
    ++next_;
    ready_bytes_ -= std::exchange(slot.read.bytes, 0);
    std::exception_ptr error = std::exchange(slot.error, nullptr);
    std::shared_ptr<void> batch = std::move(slot.read.batch);
    lock.unlock();
    changed_.notify_all();
    if (error) std::rethrow_exception(error);
    return batch;
  }

 private:
  struct Slot {
    int64_t number = -1;  // of the batch that lies here; -1: none
    ReadBatch read;
    std::exception_ptr error;
  };

  ReadBatch read(int64_t number) const {
    no_grad guard;
    Generator random = stream(seed_, number + 1);
    GeneratorGuard unnamed(stream(seed_, -1 - number));  // for what draws without naming a generator
    try {
      if (!batches_.empty()) return read_(batches_[size_t(number)], random);
      const int64_t from = number * batch_size_, to = std::min(from + batch_size_, order_.size(0));
      return read_(order_.narrow(0, from, to - from), random);
    } catch (Error& error) {
      error.add_context("in batch " + std::to_string(number) + " of epoch " + std::to_string(epoch_));
      throw;
    }
  }

  // Whether a further batch may be begun: it has its place, and so do the bytes that it and those under way are expected to have.
  bool room() const {
    if (claimed_ >= next_ + int64_t(ready_.size())) return false;
    if (claimed_ == next_) return true;
    return largest_ > 0 && ready_bytes_ + (under_way_ + 1) * largest_ <= prefetch_bytes_;
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
      int64_t number;
      {
        std::unique_lock lock(mutex_);
        // Never further ahead than there is room, so that the batch that is waited for always has its place.
        changed_.wait(lock, [&] { return stop_ || claimed_ >= count_ || room(); });
        if (stop_ || claimed_ >= count_) return;
        number = claimed_++;
        ++under_way_;
      }
      Slot done{number, {}, nullptr};
      try {
        const profiler::on_this_thread recorded(profile_);
        done.read = read(number);
      } catch (...) { done.error = std::current_exception(); }
      {
        std::lock_guard lock(mutex_);
        --under_way_;
        ready_bytes_ += done.read.bytes;
        largest_ = std::max({largest_, done.read.bytes, int64_t(1)});
        ready_[size_t(number) % ready_.size()] = std::move(done);
      }
      changed_.notify_all();
    }
  }

  std::function<ReadBatch(const Tensor&, const Generator&)> read_;
  int64_t batch_size_, prefetch_bytes_, epoch_;
  uint64_t seed_;
  std::shared_ptr<Place> place_;
  profiler::ProfileHandle profile_ = profiler::current_profile();  // in which the workers take part
  int64_t next_, claimed_, count_ = 0;
  int64_t ready_bytes_ = 0, largest_ = 0, under_way_ = 0;
  Tensor order_;                 // cut into batches, or else
  std::vector<Tensor> batches_;  // those of a batch sampler
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::vector<Slot> ready_;
  std::vector<std::thread> threads_;
};

int64_t LoaderPlan::batches() const {
  if (batch_sampler) return batch_sampler->size();
  const int64_t n = sampler->size(), full = n / batch_size;
  return drop_last || n % batch_size == 0 ? full : full + 1;
}

LoaderPlan checked(LoaderPlan plan, bool shuffle) {
  auto at_least = [](const char* option, int64_t value, int64_t least) {
    if (value < least) fail("DataLoader", option, "at least " + std::to_string(least), std::to_string(value));
  };
  at_least("batch_size", plan.batch_size, 1);
  at_least("workers", plan.workers, 0);
  at_least("prefetch", plan.prefetch, 1);
  at_least("prefetch_bytes", plan.prefetch_bytes, 1);
  if (plan.sampler && shuffle) fail("DataLoader", "sampler", "a sampler or shuffle", "both");
  if (plan.batch_sampler && (plan.sampler || shuffle || plan.drop_last || plan.batch_size != 1))
    fail("DataLoader", "batch_sampler", "a batch sampler alone, which decides the rest", "batch_size, shuffle, drop_last or sampler beside it");
  plan.foreign_sampler = bool(plan.sampler);
  if (!plan.batch_sampler && !plan.sampler) {
    if (shuffle) plan.sampler = RandomSampler(plan.examples);
    else plan.sampler = SequentialSampler(plan.examples);
  }
  return plan;
}

std::shared_ptr<EpochState> start_epoch(const LoaderPlan& plan, int64_t number, int64_t first_batch, std::shared_ptr<Place> place) {
  if (number < 0) fail("DataLoader.epoch", "number", "at least 0", std::to_string(number));
  const int64_t count = plan.batches();
  if (first_batch < 0 || first_batch > count)
    fail(ErrorKind::Index, "DataLoader.epoch", "first_batch", "a batch in [0, " + std::to_string(count) + "]", std::to_string(first_batch));
  return std::make_shared<EpochState>(plan, number, first_batch, std::move(place));
}
std::shared_ptr<void> next_batch(EpochState& state) { return state.next(); }
void fail_no_dataset() { fail("DataLoader", "dataset", "a dataset", "null"); }

Tensor pinned(const Tensor& tensor) {
  if (!tensor.defined() || !tensor.device().is_cpu()) return tensor;
  try {
    return tensor.pin_memory();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotSupported) throw;
    return tensor;  // no device: nothing to pin for
  }
}

std::shared_ptr<EpochState> Progress::start(const LoaderPlan& plan) {
  auto begun = std::make_shared<Place>(Place{next_epoch, first_batch});
  auto state = start_epoch(plan, next_epoch, first_batch, begun);
  place = std::move(begun);
  ++next_epoch;
  first_batch = 0;
  return state;
}

StateDict Progress::state_dict(const LoaderPlan& plan) const {
  const bool inside = place && !place->over;
  const auto number = [](int64_t value) { return number_tensor(value, kInt64); };
  return {{"epoch", number(inside ? place->epoch : next_epoch)},
          {"batch", number(inside ? place->batch : first_batch)},
          {"batches", number(plan.batches())},
          {"seed", number(int64_t(plan.seed))}};
}

void Progress::load_state_dict(LoaderPlan& plan, const StateDict& state) {
  const auto number = [&](const char* name) {
    const Tensor& t = state.at(name);
    if (t.numel() != 1) fail("DataLoader.load_state_dict", name, "one number", "sizes " + to_string(t.sizes()));
    return t.item<int64_t>();
  };
  const int64_t epoch = number("epoch"), batches = number("batches"), seed = number("seed");
  int64_t batch = number("batch");
  if (epoch < 0) fail("DataLoader.load_state_dict", "epoch", "at least 0", std::to_string(epoch));
  // Of another number of processes, which share the same epoch: as much of it is over.
  const bool shared = plan.sampler && dynamic_cast<const DistributedSampler*>(&*plan.sampler);
  if (batches != plan.batches() && !(shared && batches > 0))
    fail("DataLoader.load_state_dict", "batches", std::to_string(plan.batches()) + " batches in an epoch, as this loader has",
         std::to_string(batches));
  if (batch < 0 || batch > batches)
    fail(ErrorKind::Index, "DataLoader.load_state_dict", "batch", "a batch in [0, " + std::to_string(batches) + "]", std::to_string(batch));
  if (batches != plan.batches()) batch = batch * plan.batches() / batches;
  plan.seed = uint64_t(seed);
  *this = {epoch, batch, nullptr};
}

void Progress::set_epoch(int64_t number) {
  if (number < 0) fail("DataLoader.set_epoch", "number", "at least 0", std::to_string(number));
  *this = {number, 0, nullptr};
}

}  // namespace lazuli::data::detail
