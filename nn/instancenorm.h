#pragma once
#include "lazuli/nn/batchnorm.h"

namespace lazuli::nn {

struct InstanceNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;
  bool affine = false;
  bool track_running_stats = false;
  bool bias = true;  // with affine
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = InstanceNormOptions>
  static constexpr auto members() {
    return Members{member("eps", &O::eps), member("momentum", &O::momentum), member("affine", &O::affine),
                   member("track_running_stats", &O::track_running_stats), member("bias", &O::bias)};
  }
};
/// The lazy ones have other defaults, as in PyTorch.
struct LazyInstanceNormOptions {
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;
  bool affine = true;
  bool track_running_stats = true;
  bool bias = true;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  operator InstanceNormOptions() const { return {eps, momentum, affine, track_running_stats, bias, device, dtype}; }
  template <class O = LazyInstanceNormOptions>
  static constexpr auto members() {
    return Members{member("eps", &O::eps), member("momentum", &O::momentum), member("affine", &O::affine),
                   member("track_running_stats", &O::track_running_stats), member("bias", &O::bias)};
  }
};

/// y = (x - mean) / sqrt(var + eps) * weight + bias with the statistics of each sample and feature. With running statistics, these are used in evaluation.
/// Base of InstanceNorm1d, 2d and 3d. Inputs may lack the batch dimension.
class InstanceNorm : public FeatureNorm {
 public:
  using Options = InstanceNormOptions;
  Tensor forward(const Tensor& input) override;

 protected:
  InstanceNorm(int64_t num_features, const InstanceNormOptions& options);
  InstanceNorm(Lazy, const InstanceNormOptions& options);
  virtual int64_t batched_rank() const = 0;
  template <class O>
  O made_of() const {
    return {options.eps, options.momentum, options.affine, options.track_running_stats, options.bias, options.device, options.dtype};
  }
  void check_rank(const Tensor& input) const override { FeatureNorm::check_rank(input, batched_rank() - 1, batched_rank()); }
  int64_t features_of(const Tensor& input) const override { return input.size(input.dim() == batched_rank() ? 1 : 0); }
};

/// Of [batch, features, length] or [features, length].
class InstanceNorm1d : public InstanceNorm {
 public:
  explicit InstanceNorm1d(int64_t num_features, const InstanceNormOptions& options = {}) : InstanceNorm(num_features, options) {}
  explicit InstanceNorm1d(...) = delete;  // InstanceNorm1d(num_features, {.eps, .momentum, .affine, .track_running_stats, .bias})
  InstanceNorm1d remade() const { return InstanceNorm1d(num_features, made_of<InstanceNormOptions>()); }

 protected:
  using InstanceNorm::InstanceNorm;
  int64_t batched_rank() const override { return 3; }
};
/// Of [batch, features, height, width] or [features, height, width].
class InstanceNorm2d : public InstanceNorm {
 public:
  explicit InstanceNorm2d(int64_t num_features, const InstanceNormOptions& options = {}) : InstanceNorm(num_features, options) {}
  explicit InstanceNorm2d(...) = delete;  // InstanceNorm2d(num_features, {.eps, .momentum, .affine, .track_running_stats, .bias})
  InstanceNorm2d remade() const { return InstanceNorm2d(num_features, made_of<InstanceNormOptions>()); }

 protected:
  using InstanceNorm::InstanceNorm;
  int64_t batched_rank() const override { return 4; }
};
/// Of [batch, features, depth, height, width] or [features, depth, height, width].
class InstanceNorm3d : public InstanceNorm {
 public:
  explicit InstanceNorm3d(int64_t num_features, const InstanceNormOptions& options = {}) : InstanceNorm(num_features, options) {}
  explicit InstanceNorm3d(...) = delete;  // InstanceNorm3d(num_features, {.eps, .momentum, .affine, .track_running_stats, .bias})
  InstanceNorm3d remade() const { return InstanceNorm3d(num_features, made_of<InstanceNormOptions>()); }

 protected:
  using InstanceNorm::InstanceNorm;
  int64_t batched_rank() const override { return 5; }
};

class LazyInstanceNorm1d : public LazyFeatureNorm<InstanceNorm1d, LazyInstanceNormOptions> {
 public:
  using LazyFeatureNorm::LazyFeatureNorm;
  template <class = void>
  explicit LazyInstanceNorm1d(...) = delete;  // LazyInstanceNorm1d({.eps, .momentum, .affine, .track_running_stats, .bias})
  LazyInstanceNorm1d remade() const { return LazyInstanceNorm1d(made_of<LazyInstanceNormOptions>()); }
};
class LazyInstanceNorm2d : public LazyFeatureNorm<InstanceNorm2d, LazyInstanceNormOptions> {
 public:
  using LazyFeatureNorm::LazyFeatureNorm;
  template <class = void>
  explicit LazyInstanceNorm2d(...) = delete;  // LazyInstanceNorm2d({.eps, .momentum, .affine, .track_running_stats, .bias})
  LazyInstanceNorm2d remade() const { return LazyInstanceNorm2d(made_of<LazyInstanceNormOptions>()); }
};
class LazyInstanceNorm3d : public LazyFeatureNorm<InstanceNorm3d, LazyInstanceNormOptions> {
 public:
  using LazyFeatureNorm::LazyFeatureNorm;
  template <class = void>
  explicit LazyInstanceNorm3d(...) = delete;  // LazyInstanceNorm3d({.eps, .momentum, .affine, .track_running_stats, .bias})
  LazyInstanceNorm3d remade() const { return LazyInstanceNorm3d(made_of<LazyInstanceNormOptions>()); }
};
extern template class LazyFeatureNorm<InstanceNorm1d, LazyInstanceNormOptions>;
extern template class LazyFeatureNorm<InstanceNorm2d, LazyInstanceNormOptions>;
extern template class LazyFeatureNorm<InstanceNorm3d, LazyInstanceNormOptions>;

}  // namespace lazuli::nn
