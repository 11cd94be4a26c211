#pragma once
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/network/normalization.h"

/// Normalizations over features (over the batch: nn/batchnorm.h, nn/instancenorm.h); ops/network/normalization.h has the formulas.
namespace lazuli::nn {

using lazuli::LocalResponseNormOptions;

struct LayerNormOptions {
  double eps = 1e-5;
  bool elementwise_affine = true;
  bool bias = true;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = LayerNormOptions>
  static constexpr auto members() {
    return Members{member("eps", &O::eps), member("elementwise_affine", &O::elementwise_affine), member("bias", &O::bias)};
  }
};
/// Over the last dimensions, of sizes `normalized_shape`.
class LayerNorm : public WithOptions<LayerNormOptions> {
 public:
  template <class M = LayerNorm>
  static constexpr auto arguments() {
    return Members{member("normalized_shape", &M::normalized_shape)};
  }
  explicit LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options = {});
  template <class... A>
  requires detail::ByPosition<LayerNormOptions, A...> LayerNorm(const Shape& normalized_shape, const A&... options)
      : LayerNorm(normalized_shape, detail::positional<LayerNormOptions>(options...)) {}
  /// Sizes in braces, `LayerNorm({28, 28})`.
  template <size_t N>
  explicit LayerNorm(const int64_t (&normalized_shape)[N], const LayerNormOptions& options = {}) : LayerNorm(Shape(normalized_shape), options) {}
  template <class = void>
  explicit LayerNorm(const Shape&, ...) = delete;                     // LayerNorm(normalized_shape, {.eps, .elementwise_affine, .bias})
  explicit LayerNorm(const detail::NotA<Shape> auto&, ...) = delete;  // LayerNorm(normalized_shape, {.eps, .elementwise_affine, .bias})
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  Shape normalized_shape;
  Parameter weight, bias;
};

struct RMSNormOptions {
  std::optional<double> eps = {};  // none: that of the dtype
  bool elementwise_affine = true;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = RMSNormOptions>
  static constexpr auto members() {
    return Members{member("eps", &O::eps), member("elementwise_affine", &O::elementwise_affine)};
  }
};
class RMSNorm : public WithOptions<RMSNormOptions> {
 public:
  template <class M = RMSNorm>
  static constexpr auto arguments() {
    return Members{member("normalized_shape", &M::normalized_shape)};
  }
  explicit RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options = {});
  /// Sizes in braces, `RMSNorm({28, 28})`.
  template <size_t N>
  explicit RMSNorm(const int64_t (&normalized_shape)[N], const RMSNormOptions& options = {}) : RMSNorm(Shape(normalized_shape), options) {}
  template <class... A>
  requires detail::ByPosition<RMSNormOptions, A...> RMSNorm(const Shape& normalized_shape, const A&... options)
      : RMSNorm(normalized_shape, detail::positional<RMSNormOptions>(options...)) {}
  template <class = void>
  explicit RMSNorm(const Shape&, ...) = delete;                     // RMSNorm(normalized_shape, {.eps, .elementwise_affine})
  explicit RMSNorm(const detail::NotA<Shape> auto&, ...) = delete;  // RMSNorm(normalized_shape, {.eps, .elementwise_affine})
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  Shape normalized_shape;
  Parameter weight;
};

struct GroupNormOptions {
  double eps = 1e-5;
  bool affine = true;
  bool bias = true;  // false: no bias where affine
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = GroupNormOptions>
  static constexpr auto members() {
    return Members{member("eps", &O::eps), member("affine", &O::affine), member("bias", &O::bias)};
  }
};
/// Over groups of the channels (dimension 1). Throws Error when num_groups does not divide num_channels.
class GroupNorm : public WithOptions<GroupNormOptions> {
 public:
  template <class M = GroupNorm>
  static constexpr auto arguments() {
    return Members{member("num_groups", &M::num_groups), member("num_channels", &M::num_channels)};
  }
  GroupNorm(int64_t num_groups, int64_t num_channels, const GroupNormOptions& options = {});
  template <class... A>
  requires detail::ByPosition<GroupNormOptions, A...> GroupNorm(int64_t num_groups, int64_t num_channels, const A&... options)
      : GroupNorm(num_groups, num_channels, detail::positional<GroupNormOptions>(options...)) {}
  explicit GroupNorm(...) = delete;  // GroupNorm(num_groups, num_channels, {.eps, .affine, .bias})
  Tensor forward(const Tensor& input) override;
  void reset_parameters();
  std::string extra_repr() const override;
  int64_t num_groups, num_channels;
  Parameter weight, bias;
};

class LocalResponseNorm : public WithOptions<LocalResponseNormOptions> {
 public:
  template <class M = LocalResponseNorm>
  static constexpr auto arguments() {
    return Members{member("size", &M::size, {.least = 1})};
  }
  explicit LocalResponseNorm(int64_t neighbours, const LocalResponseNormOptions& o = {}) : WithOptions(o), size(neighbours) {}
  explicit LocalResponseNorm(...) = delete;  // LocalResponseNorm(neighbours, {.alpha, .beta, .k})
  Tensor forward(const Tensor& input) override;
  std::string extra_repr() const override;
  int64_t size;
};

}  // namespace lazuli::nn
