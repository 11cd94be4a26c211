#pragma once
#include "lazuli/nn/module/options.h"

/// Normalizations over features (over the batch: nn/batchnorm.h, nn/instancenorm.h); ops/network/normalization.h has the formulas.
namespace lazuli::nn {

struct LayerNormOptions {
  double eps = 1e-5;
  bool elementwise_affine = true;
  bool bias = true;
  static constexpr auto members() {
    return std::tuple{member("eps", &LayerNormOptions::eps), member("elementwise_affine", &LayerNormOptions::elementwise_affine),
                      member("bias", &LayerNormOptions::bias)};
  }
};
/// Over the last dimensions, of sizes `normalized_shape`.
class LayerNorm : public WithOptions<LayerNormOptions> {
 public:
  static constexpr auto arguments() { return std::tuple{member("normalized_shape", &LayerNorm::normalized_shape)}; }
  explicit LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options = {});
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  Shape normalized_shape;
  Parameter weight, bias;
};

struct RMSNormOptions {
  std::optional<double> eps = {};  // none: that of the dtype
  bool elementwise_affine = true;
  static constexpr auto members() {
    return std::tuple{member("eps", &RMSNormOptions::eps), member("elementwise_affine", &RMSNormOptions::elementwise_affine)};
  }
};
class RMSNorm : public WithOptions<RMSNormOptions> {
 public:
  static constexpr auto arguments() { return std::tuple{member("normalized_shape", &RMSNorm::normalized_shape)}; }
  explicit RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options = {});
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  Shape normalized_shape;
  Parameter weight;
};

struct GroupNormOptions {
  double eps = 1e-5;
  bool affine = true;
  static constexpr auto members() { return std::tuple{member("eps", &GroupNormOptions::eps), member("affine", &GroupNormOptions::affine)}; }
};
/// Over groups of the channels (dimension 1). Throws Error when num_groups does not divide num_channels.
class GroupNorm : public WithOptions<GroupNormOptions> {
 public:
  static constexpr auto arguments() {
    return std::tuple{member("num_groups", &GroupNorm::num_groups), member("num_channels", &GroupNorm::num_channels)};
  }
  GroupNorm(int64_t num_groups, int64_t num_channels, const GroupNormOptions& options = {});
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  int64_t num_groups, num_channels;
  Parameter weight, bias;
};

struct LocalResponseNormOptions {
  double alpha = 1e-4, beta = 0.75, k = 1;
  static constexpr auto members() {
    return std::tuple{member("alpha", &LocalResponseNormOptions::alpha), member("beta", &LocalResponseNormOptions::beta),
                      member("k", &LocalResponseNormOptions::k)};
  }
};
class LocalResponseNorm : public WithOptions<LocalResponseNormOptions> {
 public:
  static constexpr auto arguments() { return std::tuple{member("size", &LocalResponseNorm::size, {.least = 1})}; }
  explicit LocalResponseNorm(int64_t neighbours, const LocalResponseNormOptions& o = {}) : WithOptions(o), size(neighbours) {}
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  int64_t size;
};

}  // namespace lazuli::nn
