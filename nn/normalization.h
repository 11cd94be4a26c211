#pragma once
#include "lazuli/nn/module/module.h"

/// Normalizations over features (over the batch: nn/batchnorm.h, nn/instancenorm.h); ops/network/normalization.h has the formulas.
namespace lazuli::nn {

struct LayerNormOptions {
  double eps = 1e-5;
  bool elementwise_affine = true;
  bool bias = true;
};
/// Over the last dimensions, of sizes `normalized_shape`.
class LayerNorm : public TensorModule {
 public:
  using Options = LayerNormOptions;
  explicit LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options = {});
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  Shape normalized_shape;
  LayerNormOptions options;
  Parameter weight, bias;
};

struct RMSNormOptions {
  std::optional<double> eps = {};  // none: that of the dtype
  bool elementwise_affine = true;
};
class RMSNorm : public TensorModule {
 public:
  using Options = RMSNormOptions;
  explicit RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options = {});
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  Shape normalized_shape;
  RMSNormOptions options;
  Parameter weight;
};

struct GroupNormOptions {
  double eps = 1e-5;
  bool affine = true;
};
/// Over groups of the channels (dimension 1). Throws Error when num_groups does not divide num_channels.
class GroupNorm : public TensorModule {
 public:
  using Options = GroupNormOptions;
  GroupNorm(int64_t num_groups, int64_t num_channels, const GroupNormOptions& options = {});
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  int64_t num_groups, num_channels;
  GroupNormOptions options;
  Parameter weight, bias;
};

struct LocalResponseNormOptions {
  double alpha = 1e-4, beta = 0.75, k = 1;
};
class LocalResponseNorm : public TensorModule {
 public:
  using Options = LocalResponseNormOptions;
  explicit LocalResponseNorm(int64_t neighbours, const LocalResponseNormOptions& o = {}) : size(neighbours), options(o) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  int64_t size;
  LocalResponseNormOptions options;
};

}  // namespace lazuli::nn
