#pragma once
#include <concepts>
#include <iterator>
#include <memory>
#include <vector>

#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Which examples an epoch has, and in what order.
namespace lazuli::data {

namespace detail {
/// Over one pass of a sampler, which it keeps.
template <class Item>
class PassIterator {
 public:
  explicit PassIterator(std::vector<Item> pass) : pass_(std::make_shared<const std::vector<Item>>(std::move(pass))) {}
  decltype(auto) operator*() const {
    if constexpr (std::is_arithmetic_v<Item>) return Item((*pass_)[at_]);
    else return (*pass_)[at_];
  }
  PassIterator& operator++() { return ++at_, *this; }
  bool operator==(std::default_sentinel_t) const { return at_ == pass_->size(); }

 private:
  std::shared_ptr<const std::vector<Item>> pass_;
  size_t at_ = 0;
};
}  // namespace detail

class Sampler {
 public:
  virtual ~Sampler() = default;
  /// Examples in an epoch.
  virtual int64_t size() const = 0;
  /// Their indices (int64 [size()]) in order. `random` is the epoch's own stream, so that the order depends on the loader's seed and the epoch alone.
  virtual Tensor indices(const Generator& random) const = 0;
  /// `for (int64_t i : sampler)`: one epoch, in an order from the default generator (which processes that share an epoch seed alike), without a loader.
  detail::PassIterator<int64_t> begin() const;
  std::default_sentinel_t end() const { return {}; }
};

/// 0, 1, ..., count - 1.
class SequentialSampler : public Sampler {
 public:
  explicit SequentialSampler(int64_t count);
  int64_t size() const override { return count_; }
  Tensor indices(const Generator& random) const override;

 private:
  int64_t count_;
};

struct RandomSamplerOptions {
  bool replacement = false;
  /// Examples in an epoch; none: all. More than there are need `replacement`.
  std::optional<int64_t> num_samples = {};
};
/// The numbers below `count` in a random order, or drawn with replacement.
class RandomSampler : public Sampler {
 public:
  explicit RandomSampler(int64_t count, const RandomSamplerOptions& options = {});
  int64_t size() const override { return num_samples_; }
  Tensor indices(const Generator& random) const override;

 private:
  int64_t count_, num_samples_;
  bool replacement_;
};

/// The given indices in a random order.
class SubsetRandomSampler : public Sampler {
 public:
  explicit SubsetRandomSampler(const std::vector<int64_t>& indices);
  explicit SubsetRandomSampler(const Tensor& indices);
  int64_t size() const override { return indices_.size(0); }
  Tensor indices(const Generator& random) const override;

 private:
  Tensor indices_;
};

/// Index i with a probability of weights[i] over their sum.
class WeightedRandomSampler : public Sampler {
 public:
  /// Throws Error for weights that are negative, all zero, or too few to draw num_samples of them without replacement.
  WeightedRandomSampler(const Tensor& weights, int64_t num_samples, bool replacement = true);
  int64_t size() const override { return num_samples_; }
  Tensor indices(const Generator& random) const override;

 private:
  Tensor weights_;
  int64_t num_samples_;
  bool replacement_;
};

/// A sampler held by shared pointer that a sampler is put into by value: `.sampler = data::RandomSampler(100)`.
template <class S>
class Held {
 public:
  Held() = default;
  Held(std::shared_ptr<const S> sampler) : sampler_(std::move(sampler)) {}
  template <std::derived_from<S> D>
  Held(std::shared_ptr<D> sampler) : sampler_(std::move(sampler)) {}
  template <std::derived_from<S> D>
  Held(D sampler) : sampler_(std::make_shared<const D>(std::move(sampler))) {}
  explicit operator bool() const { return bool(sampler_); }
  const S* operator->() const { return sampler_.get(); }
  const S& operator*() const { return *sampler_; }

 private:
  std::shared_ptr<const S> sampler_;
};

/// Which examples each batch has: those of a sampler, `batch_size` together. Derive from it for batches of other kinds (examples of like length, as many of each class).
class BatchSampler {
 public:
  /// Throws Error for a batch size below 1 or an empty sampler.
  BatchSampler(Held<Sampler> sampler, int64_t batch_size, bool drop_last = false);
  virtual ~BatchSampler() = default;
  /// Batches in an epoch.
  virtual int64_t size() const;
  /// The indices of each (int64, 1-d), in order.
  virtual std::vector<Tensor> batches(const Generator& random) const;
  /// `for (const std::vector<int64_t>& batch : sampler)`: one epoch, in an order from the default generator, without a loader.
  detail::PassIterator<std::vector<int64_t>> begin() const;
  std::default_sentinel_t end() const { return {}; }

 protected:
  BatchSampler() = default;

 private:
  Held<Sampler> sampler_;
  int64_t batch_size_ = 1;
  bool drop_last_ = false;
};

}  // namespace lazuli::data
