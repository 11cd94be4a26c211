#include "lazuli/data/bucket_batch_sampler.h"

#include <algorithm>
#include <numeric>

#include "lazuli/core/error.h"
#include "lazuli/data/datasets.h"
#include "lazuli/ops/random/random.h"

namespace lazuli::data {

BucketBatchSampler::BucketBatchSampler(std::vector<int64_t> lengths, const BucketBatchSamplerOptions& options)
    : lengths_(std::move(lengths)), options_(options) {
  const auto at_least = [](const char* option, int64_t value, int64_t least) {
    if (value < least) fail("BucketBatchSampler", option, "at least " + std::to_string(least), std::to_string(value));
  };
  at_least("batch_size", options.batch_size, 1);
  at_least("bucket_batches", options.bucket_batches, 1);
  at_least("max_tokens", options.max_tokens, 0);
  for (int64_t length : lengths_) at_least("lengths", length, 0);
  std::vector<int64_t> order(lengths_.size());
  std::iota(order.begin(), order.end(), 0);
  size_ = int64_t(cut(order, int64_t(order.size())).size());
}

// The order in buckets, each sorted by length and cut where a batch is full.
std::vector<std::vector<int64_t>> BucketBatchSampler::cut(const std::vector<int64_t>& order, int64_t bucket) const {
  std::vector<std::vector<int64_t>> batches;
  std::vector<int64_t> batch;
  const auto close = [&](bool full) {
    if (!batch.empty() && (full || !options_.drop_last)) batches.push_back(batch);
    batch.clear();
  };
  for (size_t begin = 0; begin < order.size(); begin += size_t(bucket)) {
    std::vector<int64_t> sorted(order.begin() + ptrdiff_t(begin), order.begin() + ptrdiff_t(std::min(order.size(), begin + size_t(bucket))));
    std::stable_sort(sorted.begin(), sorted.end(), [&](int64_t a, int64_t b) { return lengths_[size_t(a)] < lengths_[size_t(b)]; });
    for (int64_t i : sorted) {
      const int64_t longest = lengths_[size_t(i)];  // sorted
      if (!batch.empty() && options_.max_tokens && longest > options_.max_tokens / int64_t(batch.size() + 1)) close(true);
      batch.push_back(i);
      if (int64_t(batch.size()) == options_.batch_size) close(true);
    }
    if (begin + size_t(bucket) < order.size()) close(true);
  }
  close(false);
  return batches;
}

std::vector<Tensor> BucketBatchSampler::batches(const Generator& random) const {
  const int64_t count = int64_t(lengths_.size());
  std::vector<int64_t> order(lengths_.size());
  std::iota(order.begin(), order.end(), 0);
  if (options_.shuffle && count) order = randperm(count, {}, random).to_vector<int64_t>();
  const bool one_bucket = !options_.shuffle || options_.batch_size > count / options_.bucket_batches;
  std::vector<std::vector<int64_t>> lists = cut(order, one_bucket ? count : options_.batch_size * options_.bucket_batches);
  std::vector<Tensor> result;
  if (!options_.shuffle || lists.empty()) {
    for (const auto& list : lists) result.push_back(detail::index_tensor(list));
    return result;
  }
  for (int64_t b : randperm(int64_t(lists.size()), {}, random).to_vector<int64_t>()) result.push_back(detail::index_tensor(lists[size_t(b)]));
  return result;
}

}  // namespace lazuli::data
