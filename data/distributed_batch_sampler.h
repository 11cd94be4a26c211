#pragma once
#include "lazuli/data/sampler.h"

namespace lazuli::data {

struct DistributedBatchSamplerOptions {
  /// Of all processes together.
  int64_t batch_size = 1;
  /// How many processes share the batches, and which of them this one is.
  int64_t num_replicas = 1, rank = 0;
  bool shuffle = true;
  bool drop_last = false;
};
/// One process's part of each batch: together the processes have the batches that one process alone would have, whatever their number. Of a batch that they do not divide the first ones take
/// an example more, so that a mean over the part counts for `part * num_replicas / batch_size` in the mean over the processes. A last batch with fewer examples than processes is left out.
///   data::DataLoader loader(images, {.seed = 1, .batch_sampler = data::DistributedBatchSampler(count, {.batch_size = 256, .num_replicas = ranks, .rank = rank})});
class DistributedBatchSampler : public BatchSampler {
 public:
  /// Of the numbers below `count`. Throws Error for a negative count, a rank that is not in [0, num_replicas), and a batch size below num_replicas.
  explicit DistributedBatchSampler(int64_t count, const DistributedBatchSamplerOptions& options = {});
  int64_t size() const override { return size_; }
  std::vector<Tensor> batches(const Generator& random) const override;

 private:
  int64_t count_, size_;
  DistributedBatchSamplerOptions options_;
};

}  // namespace lazuli::data
