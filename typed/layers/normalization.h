#pragma once
#include "lazuli/nn/batchnorm.h"
#include "lazuli/nn/normalization.h"
#include "lazuli/typed/layer.h"
#include "lazuli/typed/rules/network.h"

/// Norms.
namespace lazuli::typed {

#define LAZULI_TYPED_BATCH_NORM(name, least, most)                                                                \
  template <int64_t features>                                                                                     \
  class name : public Layer<name<features>, nn::name> {                                                           \
   public:                                                                                                        \
    explicit name(const nn::BatchNormOptions& options = {}) : Layer<name, nn::name>(features, options) {}         \
    static nn::name made(const nn::BatchNormOptions& options = {}) { return nn::name(features, options); }        \
    name remade() const { return name(this->options); }                                                           \
    template <AnyTyped X>                                                                                         \
    using Output = Floating<#name, &rules::has_channels, X, Number<features>, Number<least>, Number<most>>;       \
  };                                                                                                              \
  /** In a Sequential that knows its input the norm of the input's features, elsewhere the lazy module. */        \
  class Lazy##name : public Layer<Lazy##name, nn::Lazy##name> {                                                   \
   public:                                                                                                        \
    using Layer::Layer;                                                                                           \
    Lazy##name remade() const { return Lazy##name(this->options); }                                               \
    template <AnyTyped X>                                                                                         \
    using Output = Floating<"Lazy" #name, &rules::has_channels, X, Number<dynamic>, Number<least>, Number<most>>; \
    template <AnyTyped X>                                                                                         \
    using Sized = lazuli::typed::name<ShapeOfTensor<X>::value[1]>;                                                \
  }
LAZULI_TYPED_BATCH_NORM(BatchNorm1d, 2, 3);
LAZULI_TYPED_BATCH_NORM(BatchNorm2d, 4, 4);
LAZULI_TYPED_BATCH_NORM(BatchNorm3d, 5, 5);
#undef LAZULI_TYPED_BATCH_NORM

template <int64_t... features>
class LayerNorm : public Layer<LayerNorm<features...>, nn::LayerNorm> {
 public:
  explicit LayerNorm(const nn::LayerNormOptions& options = {}) : Layer<LayerNorm, nn::LayerNorm>(lazuli::Shape{features...}, options) {}
  static nn::LayerNorm made(const nn::LayerNormOptions& options = {}) { return nn::LayerNorm(lazuli::Shape{features...}, options); }
  LayerNorm remade() const { return LayerNorm(this->options); }
  template <AnyTyped X>
  using Output = Floating<"LayerNorm", &rules::ends_with, X, Ints<features...>>;
};
template <int64_t... features>
class RMSNorm : public Layer<RMSNorm<features...>, nn::RMSNorm> {
 public:
  explicit RMSNorm(const nn::RMSNormOptions& options = {}) : Layer<RMSNorm, nn::RMSNorm>(lazuli::Shape{features...}, options) {}
  static nn::RMSNorm made(const nn::RMSNormOptions& options = {}) { return nn::RMSNorm(lazuli::Shape{features...}, options); }
  RMSNorm remade() const { return RMSNorm(this->options); }
  template <AnyTyped X>
  using Output = Floating<"RMSNorm", &rules::ends_with, X, Ints<features...>>;
};
template <int64_t groups, int64_t channels>
class GroupNorm : public Layer<GroupNorm<groups, channels>, nn::GroupNorm> {
  static constexpr bool divided = groups > 0 && channels % groups == 0;
  static_assert(divided, "GroupNorm: channels are a multiple of groups");

 public:
  explicit GroupNorm(const nn::GroupNormOptions& options = {}) : Layer<GroupNorm, nn::GroupNorm>(groups, channels, options) {}
  static nn::GroupNorm made(const nn::GroupNormOptions& options = {}) { return nn::GroupNorm(groups, channels, options); }
  GroupNorm remade() const { return GroupNorm(this->options); }
  template <AnyTyped X>
  using Output = Floating<"GroupNorm", &rules::has_channels, X, Number<channels>, Number<2>, Number<12>>;
};

}  // namespace lazuli::typed
