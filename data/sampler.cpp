#include "lazuli/data/sampler.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/data/datasets.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/creation.h"

namespace lazuli::data {
namespace {

int64_t at_least(const char* sampler, const char* argument, int64_t least, int64_t value) {
  if (value < least) fail(sampler, argument, "at least " + std::to_string(least), std::to_string(value));
  return value;
}
Generator of_a_pass() { return Generator(uint64_t(randint(INT64_MAX, {1}, {.device = kCPU}).item<int64_t>())); }

}  // namespace

detail::PassIterator<int64_t> Sampler::begin() const { return detail::PassIterator(indices(of_a_pass()).to_vector<int64_t>()); }
detail::PassIterator<std::vector<int64_t>> BatchSampler::begin() const {
  std::vector<std::vector<int64_t>> pass;
  for (const Tensor& batch : batches(of_a_pass())) pass.push_back(batch.to_vector<int64_t>());
  return detail::PassIterator(std::move(pass));
}

SequentialSampler::SequentialSampler(int64_t count) : count_(at_least("SequentialSampler", "count", 0, count)) {}
Tensor SequentialSampler::indices(const Generator&) const { return arange(count_); }

RandomSampler::RandomSampler(int64_t count, const RandomSamplerOptions& options)
    : count_(at_least("RandomSampler", "count", 0, count)),
      num_samples_(at_least("RandomSampler", "num_samples", 0, options.num_samples.value_or(count))),
      replacement_(options.replacement) {
  if (num_samples_ > (replacement_ && count_ > 0 ? INT64_MAX : count_))
    fail("RandomSampler", "num_samples", "at most " + std::to_string(count_) + ", or replacement", std::to_string(num_samples_));
}
Tensor RandomSampler::indices(const Generator& random) const {
  if (replacement_) return num_samples_ ? randint(count_, {num_samples_}, {}, random) : arange(0);
  Tensor order = randperm(count_, {}, random);
  return num_samples_ == count_ ? order : order.narrow(0, 0, num_samples_);
}

SubsetRandomSampler::SubsetRandomSampler(const std::vector<int64_t>& indices) : SubsetRandomSampler(detail::index_tensor(indices)) {}
SubsetRandomSampler::SubsetRandomSampler(const Tensor& indices) : indices_(detail::checked_indices("SubsetRandomSampler", indices, INT64_MAX)) {}
Tensor SubsetRandomSampler::indices(const Generator& random) const {
  return size() ? detail::chosen(indices_, randperm(size(), {}, random)) : indices_;
}

WeightedRandomSampler::WeightedRandomSampler(const Tensor& weights, int64_t num_samples, bool replacement)
    : weights_(weights.detach()), num_samples_(at_least("WeightedRandomSampler", "num_samples", 1, num_samples)), replacement_(replacement) {
  if (weights_.dim() != 1) fail("WeightedRandomSampler", "weights", "a 1-d tensor", "sizes " + to_string(weights_.sizes()));
  double sum = 0;
  int64_t possible = 0;
  for (double w : weights_.to_vector<double>()) {
    if (!(w >= 0 && w < 1e300)) fail("WeightedRandomSampler", "weights", "weights of at least 0", std::to_string(w));
    sum += w;
    possible += w > 0;
  }
  if (!(sum > 0)) fail("WeightedRandomSampler", "weights", "a weight above 0", "none");
  if (!replacement && num_samples > possible)
    fail("WeightedRandomSampler", "num_samples", "at most " + std::to_string(possible) + " without replacement", std::to_string(num_samples));
}
Tensor WeightedRandomSampler::indices(const Generator& random) const {
  no_grad guard;
  return multinomial(weights_, num_samples_, replacement_, random);
}

BatchSampler::BatchSampler(Held<Sampler> sampler, int64_t batch_size, bool drop_last)
    : sampler_(std::move(sampler)), batch_size_(at_least("BatchSampler", "batch_size", 1, batch_size)), drop_last_(drop_last) {
  if (!sampler_) fail("BatchSampler", "sampler", "a sampler", "null");
}
int64_t BatchSampler::size() const {
  const int64_t n = sampler_->size(), full = n / batch_size_;
  return drop_last_ || n % batch_size_ == 0 ? full : full + 1;
}
std::vector<Tensor> BatchSampler::batches(const Generator& random) const {
  Tensor order = sampler_->indices(random);
  std::vector<Tensor> batches;
  for (int64_t b = 0, count = size(); b < count; ++b)
    batches.push_back(order.narrow(0, b * batch_size_, std::min(batch_size_, order.size(0) - b * batch_size_)));
  return batches;
}

}  // namespace lazuli::data
