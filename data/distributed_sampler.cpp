#include "lazuli/data/distributed_sampler.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/data/datasets.h"
#include "lazuli/data/replicas.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/shape/creation.h"

namespace lazuli::data {

DistributedSampler::DistributedSampler(int64_t count, const DistributedSamplerOptions& options) : count_(count), size_(0), options_(options) {
  const int64_t n = options.num_replicas;
  detail::check_replicas("DistributedSampler", count, n, options.rank);
  size_ = count / n + (!options.drop_last && count % n != 0);
}

Tensor DistributedSampler::indices(const Generator& random) const {
  no_grad guard;
  if (size_ == 0) return arange(0);
  const Tensor order = options_.shuffle ? randperm(count_, {}, random) : arange(count_);
  // Beyond the last one the order begins again.
  return detail::chosen(order, remainder(arange(options_.rank, options_.rank + size_ * options_.num_replicas, options_.num_replicas), count_));
}

}  // namespace lazuli::data
