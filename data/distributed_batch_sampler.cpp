#include "lazuli/data/distributed_batch_sampler.h"

#include <algorithm>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/data/replicas.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/shape/creation.h"

namespace lazuli::data {

DistributedBatchSampler::DistributedBatchSampler(int64_t count, const DistributedBatchSamplerOptions& options)
    : count_(count), size_(0), options_(options) {
  const int64_t batch = options.batch_size, n = options.num_replicas;
  const char* self = "DistributedBatchSampler";
  detail::check_replicas(self, count, n, options.rank);
  if (batch < n) fail(self, "batch_size", "at least one for each of the " + std::to_string(n) + " processes", std::to_string(batch));
  size_ = count / batch + (!options.drop_last && count % batch >= n);
}

std::vector<Tensor> DistributedBatchSampler::batches(const Generator& random) const {
  no_grad guard;
  const Tensor order = options_.shuffle && count_ > 0 ? randperm(count_, {}, random) : arange(count_);
  std::vector<Tensor> parts;
  for (int64_t b = 0; b < size_; ++b) {
    const int64_t begin = b * options_.batch_size, end = std::min(begin + options_.batch_size, count_);
    parts.push_back(order.slice(0, begin + options_.rank, end, options_.num_replicas).contiguous());
  }
  return parts;
}

}  // namespace lazuli::data
