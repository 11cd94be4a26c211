#pragma once
#include "lazuli/data/sampler.h"

namespace lazuli::data {

struct BucketBatchSamplerOptions {
  int64_t batch_size = 1;
  bool shuffle = true;
  bool drop_last = false;
  /// How many batches' worth of examples are taken at random before they are sorted by length: more makes batches of liker lengths and less chance.
  int64_t bucket_batches = 100;
  /// Of a batch, its examples times its longest one, so that padding included it stays within a budget; 0: no limit. An example beyond it has a batch of its own.
  int64_t max_tokens = 0;
};
/// Batches of examples of like length, so that padding wastes little: the examples in random order, cut into buckets, each sorted by length and cut into batches, which come in random order.
/// Without `shuffle`, the examples sorted by length, the shortest first.
///   data::DataLoader loader(sentences, {.batch_sampler = data::BucketBatchSampler(lengths, {.batch_size = 32})});
class BucketBatchSampler : public BatchSampler {
 public:
  /// `lengths` of all examples. Throws Error for a negative length, and for options below 1 (max_tokens: below 0).
  explicit BucketBatchSampler(std::vector<int64_t> lengths, const BucketBatchSamplerOptions& options = {});
  /// Batches in an epoch; with `max_tokens` those of the sorted order, of which a shuffled epoch may have some more or fewer.
  int64_t size() const override { return size_; }
  std::vector<Tensor> batches(const Generator& random) const override;

 private:
  std::vector<std::vector<int64_t>> cut(const std::vector<int64_t>& order, int64_t bucket) const;
  std::vector<int64_t> lengths_;
  BucketBatchSamplerOptions options_;
  int64_t size_ = 0;
};

}  // namespace lazuli::data
