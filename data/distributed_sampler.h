#pragma once
#include "lazuli/data/sampler.h"

namespace lazuli::data {

struct DistributedSamplerOptions {
  /// How many processes share the examples, and which of them this one is.
  int64_t num_replicas = 1, rank = 0;
  bool shuffle = true;
  /// Leaves out the examples that are too few for a further one in each process, instead of giving some of the first ones twice.
  bool drop_last = false;
};
/// Of the numbers below `count` those of one process: every num_replicas-th, beginning with the rank-th, so that all processes have as many. The order is that of the epoch's stream: the
/// loaders of all processes need the same seed.
class DistributedSampler : public Sampler {
 public:
  /// Throws Error for a rank that is not in [0, num_replicas), and for a negative count.
  explicit DistributedSampler(int64_t count, const DistributedSamplerOptions& options = {});
  int64_t size() const override { return size_; }
  Tensor indices(const Generator& random) const override;

 private:
  int64_t count_, size_;
  DistributedSamplerOptions options_;
};

}  // namespace lazuli::data
