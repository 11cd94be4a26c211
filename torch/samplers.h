#pragma once
#include "lazuli/torch/archive.h"

/// What tells a loader the indices of its batches, or their sizes.
namespace torch::data {

namespace samplers {

template <class Request = std::vector<size_t>>
class Sampler {
 public:
  using BatchRequestType = Request;
  virtual ~Sampler() = default;
  virtual void reset(optional<size_t> new_size) = 0;
  void reset() { reset(nullopt); }
  virtual optional<Request> next(size_t batch_size) = 0;
  /// Where it is; those of the library begin an epoch anew.
  virtual void save(serialize::OutputArchive&) const {}
  virtual void load(serialize::InputArchive&) {}
};
/// All of 0, 1, ..., size - 1 in order.
class SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(size_t size) : size_(size) {}
  using Sampler::reset;
  void reset(optional<size_t> new_size) override { size_ = new_size.value_or(size_), at_ = 0; }
  optional<std::vector<size_t>> next(size_t batch_size) override {
    std::vector<size_t> batch;
    while (at_ < size_ && batch.size() < batch_size) batch.push_back(place(at_++));
    if (batch.empty()) return nullopt;
    return batch;
  }
  /// How many were given since the last `reset`.
  size_t index() const { return at_; }

 protected:
  virtual size_t place(size_t at) const { return at; }
  size_t size_, at_ = 0;
};
/// In an order that the default generator gives, another one after each `reset`.
class RandomSampler : public SequentialSampler {
 public:
  explicit RandomSampler(int64_t size) : SequentialSampler(size_t(size)) { RandomSampler::reset(nullopt); }
  using Sampler::reset;
  void reset(optional<size_t> new_size) override {
    SequentialSampler::reset(new_size);
    order_ = lazuli::randperm(int64_t(size_)).to_vector<int64_t>();
  }

 private:
  size_t place(size_t at) const override { return size_t(order_[at]); }
  std::vector<int64_t> order_;
};
/// The share of process `rank` among `num_replicas`: every num_replicas-th in order, or in an order that the epoch gives, from the start again where they do not come out even and `allow_duplicates`.
class DistributedSequentialSampler : public Sampler<> {
 public:
  explicit DistributedSequentialSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true)
      : size_(size), replicas_(num_replicas), rank_(rank), allow_duplicates_(allow_duplicates) {
    if (rank >= num_replicas) lazuli::fail("DistributedSampler", "rank", "one below " + std::to_string(num_replicas), std::to_string(rank));
  }
  using Sampler::reset;
  void reset(optional<size_t> new_size) override { size_ = new_size.value_or(size_), at_ = 0; }
  optional<std::vector<size_t>> next(size_t batch_size) override {
    const size_t share = allow_duplicates_ ? (size_ + replicas_ - 1) / replicas_ : size_ / replicas_;
    std::vector<size_t> batch;
    for (; at_ < share && batch.size() < batch_size; ++at_) batch.push_back(place((at_ * replicas_ + rank_) % size_));
    if (batch.empty()) return nullopt;
    return batch;
  }
  void set_epoch(size_t epoch) { epoch_ = epoch; }
  size_t epoch() const { return epoch_; }

 protected:
  virtual size_t place(size_t at) { return at; }
  size_t size_, replicas_, rank_, at_ = 0, epoch_ = 0;
  bool allow_duplicates_;
};
class DistributedRandomSampler : public DistributedSequentialSampler {
 public:
  using DistributedSequentialSampler::DistributedSequentialSampler, Sampler::reset;
  void reset(optional<size_t> new_size) override {
    DistributedSequentialSampler::reset(new_size);
    order_.clear();
  }

 private:
  size_t place(size_t at) override {
    if (order_.size() != size_) order_ = lazuli::randperm(int64_t(size_), {}, Generator(epoch_)).to_vector<int64_t>();
    return size_t(order_[at]);
  }
  std::vector<int64_t> order_;
};

/// How many examples a batch is to have.
class BatchSize {
 public:
  explicit BatchSize(size_t size) : size_(size) {}
  size_t size() const { return size_; }
  operator size_t() const { return size_; }

 private:
  size_t size_;
};
/// Sizes of batches, for a StreamDataset, until an epoch has `epoch_size` examples.
class StreamSampler : public Sampler<BatchSize> {
 public:
  explicit StreamSampler(size_t epoch_size) : size_(epoch_size) {}
  using Sampler::reset;
  void reset(optional<size_t> new_size) override { size_ = new_size.value_or(size_), at_ = 0; }
  optional<BatchSize> next(size_t batch_size) override {
    const size_t count = std::min(batch_size, size_ - at_);
    if (count == 0) return nullopt;
    at_ += count;
    return BatchSize(count);
  }

 private:
  size_t size_, at_ = 0;
};

}  // namespace samplers

}  // namespace torch::data
