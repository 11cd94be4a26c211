#pragma once
#include "lazuli/nn/batchnorm.h"

namespace lazuli::nn {

/// Batch norm of [batch, features, ..], of any rank from 2 on. With several processes it would take the statistics of all of their batches; in one process it is BatchNorm.
class SyncBatchNorm : public BatchNorm {
 public:
  explicit SyncBatchNorm(int64_t num_features, const BatchNormOptions& options = {}) : BatchNorm(num_features, options) {}

 protected:
  void check_rank(const Tensor& input) const override { FeatureNorm::check_rank(input, 2, 64); }
};

}  // namespace lazuli::nn
