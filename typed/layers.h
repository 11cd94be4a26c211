#pragma once
#include "lazuli/nn/activation.h"
#include "lazuli/nn/attention.h"
#include "lazuli/nn/batchnorm.h"
#include "lazuli/nn/convolution.h"
#include "lazuli/nn/dropout.h"
#include "lazuli/nn/embedding.h"
#include "lazuli/nn/flatten.h"
#include "lazuli/nn/linear.h"
#include "lazuli/nn/normalization.h"
#include "lazuli/nn/pooling.h"
#include "lazuli/nn/transformer.h"
#include "lazuli/typed/functions/network.h"
#include "lazuli/typed/layer.h"
#include "lazuli/typed/rules/index.h"
#include "lazuli/typed/rules/matmul.h"

/// Typed modules: those of nn with their sizes as template arguments, `typed::Linear<784, 512>`, `typed::Conv2d<3, 64, 7, Window{.stride = 2, .padding = 3}>`. What is no size stays an option.
namespace lazuli::typed {

/// A result of the input's dtype and device, for floating point inputs.
template <Text op, auto rule, AnyTyped X, class... Arguments>
using Floating =
    Result<op, FirstRefusal<DTypeIs<ElementOfTensor<X>, rules::Wanted::floating>, RuledOf<rule, X, Arguments...>>, ElementOfTensor<X>, WhereOf<X>>;

template <int64_t in, int64_t out>
class Linear : public Layer<Linear<in, out>, nn::Linear> {
 public:
  explicit Linear(const nn::LinearOptions& options = {}) : Layer<Linear, nn::Linear>(in, out, options) {}
  static nn::Linear made(const nn::LinearOptions& options = {}) { return nn::Linear(in, out, options); }
  Linear remade() const { return Linear(this->options); }
  template <AnyTyped X>
  using Output = Floating<"Linear", &rules::linear, X, Ints<out, in>>;
};
/// In a Sequential that knows its input a Linear of the input's features, elsewhere nn::LazyLinear.
template <int64_t out>
class LazyLinear : public Layer<LazyLinear<out>, nn::LazyLinear> {
 public:
  explicit LazyLinear(const nn::LinearOptions& options = {}) : Layer<LazyLinear, nn::LazyLinear>(out, options) {}
  static nn::LazyLinear made(const nn::LinearOptions& options = {}) { return nn::LazyLinear(out, options); }
  LazyLinear remade() const { return LazyLinear(this->options); }
  template <AnyTyped X>
  using Output = Floating<"LazyLinear", &rules::linear, X, Ints<out, dynamic>>;
  template <AnyTyped X>
  using Sized = Linear<ShapeOfTensor<X>::value[-1], out>;
};

template <int64_t rows, int64_t features>
class Embedding : public Layer<Embedding<rows, features>, nn::Embedding> {
 public:
  explicit Embedding(const EmbeddingOptions& options = {}) : Layer<Embedding, nn::Embedding>(rows, features, options) {}
  static nn::Embedding made(const EmbeddingOptions& options = {}) { return nn::Embedding(rows, features, options); }
  Embedding remade() const { return Embedding(this->options); }
  template <AnyTyped X>
  using Output =
      Result<"Embedding", FirstRefusal<DTypeIs<ElementOfTensor<X>, rules::Wanted::index>, RuledOf<&rules::embedding, X, Ints<rows, features>>>, float,
             WhereOf<X>>;
};

template <int n>
nn::ConvOptions module_options(const Window& w) {
  return {.stride = as_list<n>(w.stride, 1),
          .padding = as_padding(w.padding, n),
          .dilation = as_list<n>(w.dilation, 1),
          .groups = w.groups,
          .bias = w.bias};
}
template <int n>
nn::ConvTransposeOptions transposed_module_options(const Window& w) {
  return {.stride = as_list<n>(w.stride, 1),
          .padding = as_list<n>(w.padding, 0),
          .output_padding = as_list<n>(w.output_padding, 0),
          .groups = w.groups,
          .bias = w.bias,
          .dilation = as_list<n>(w.dilation, 1)};
}
namespace detail {
/// The weight of a convolution of `n` dimensions: of the channels a, b / groups and the kernel's sizes.
template <int n, int64_t a, int64_t b, Sizes kernel>
struct WeightOf;
template <int64_t a, int64_t b, Sizes k>
struct WeightOf<1, a, b, k> {
  using type = Dims<a, b, k.of(0, 1)>;
};
template <int64_t a, int64_t b, Sizes k>
struct WeightOf<2, a, b, k> {
  using type = Dims<a, b, k.of(0, 1), k.of(1, 1)>;
};
template <int64_t a, int64_t b, Sizes k>
struct WeightOf<3, a, b, k> {
  using type = Dims<a, b, k.of(0, 1), k.of(1, 1), k.of(2, 1)>;
};
}  // namespace detail

#define LAZULI_TYPED_CONVOLUTION(name, n)                                                                                                        \
  template <int64_t in, int64_t out, Sizes kernel, Window window = Window{}>                                                                     \
  class name : public Layer<name<in, out, kernel, window>, nn::name> {                                                                           \
   public:                                                                                                                                       \
    name() : Layer<name, nn::name>(in, out, as_list<n>(kernel, 1), module_options<n>(window)) {}                                                 \
    static nn::name made() { return nn::name(in, out, as_list<n>(kernel, 1), module_options<n>(window)); }                                       \
    name remade() const { return name(); }                                                                                                       \
    template <AnyTyped X>                                                                                                                        \
    using Output = Floating<#name, &rules::conv<n>, X, typename detail::WeightOf<n, out, in / window.groups, kernel>::type, WindowType<window>>; \
  };                                                                                                                                             \
  /** In a Sequential that knows its input the convolution of the input's channels, elsewhere the lazy module. */                                \
  template <int64_t out, Sizes kernel, Window window = Window{}>                                                                                 \
  class Lazy##name : public Layer<Lazy##name<out, kernel, window>, nn::Lazy##name> {                                                             \
   public:                                                                                                                                       \
    Lazy##name() : Layer<Lazy##name, nn::Lazy##name>(out, as_list<n>(kernel, 1), module_options<n>(window)) {}                                   \
    static nn::Lazy##name made() { return nn::Lazy##name(out, as_list<n>(kernel, 1), module_options<n>(window)); }                               \
    Lazy##name remade() const { return Lazy##name(); }                                                                                           \
    template <AnyTyped X>                                                                                                                        \
    using Output = Floating<"Lazy" #name, &rules::conv<n>, X, typename detail::WeightOf<n, out, dynamic, kernel>::type, WindowType<window>>;     \
    template <AnyTyped X>                                                                                                                        \
    using Sized = name<ShapeOfTensor<X>::value[-1 - n], out, kernel, window>;                                                                    \
  }
LAZULI_TYPED_CONVOLUTION(Conv1d, 1);
LAZULI_TYPED_CONVOLUTION(Conv2d, 2);
LAZULI_TYPED_CONVOLUTION(Conv3d, 3);
#undef LAZULI_TYPED_CONVOLUTION
#define LAZULI_TYPED_CONVOLUTION(name, n)                                                                                                       \
  template <int64_t in, int64_t out, Sizes kernel, Window window = Window{}>                                                                    \
  class name : public Layer<name<in, out, kernel, window>, nn::name> {                                                                          \
   public:                                                                                                                                      \
    name() : Layer<name, nn::name>(in, out, as_list<n>(kernel, 1), transposed_module_options<n>(window)) {}                                     \
    static nn::name made() { return nn::name(in, out, as_list<n>(kernel, 1), transposed_module_options<n>(window)); }                           \
    name remade() const { return name(); }                                                                                                      \
    template <AnyTyped X>                                                                                                                       \
    using Output =                                                                                                                              \
        Floating<#name, &rules::conv_transpose<n>, X, typename detail::WeightOf<n, in, out / window.groups, kernel>::type, WindowType<window>>; \
  }
LAZULI_TYPED_CONVOLUTION(ConvTranspose1d, 1);
LAZULI_TYPED_CONVOLUTION(ConvTranspose2d, 2);
LAZULI_TYPED_CONVOLUTION(ConvTranspose3d, 3);
#undef LAZULI_TYPED_CONVOLUTION

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
 public:
  explicit GroupNorm(const nn::GroupNormOptions& options = {}) : Layer<GroupNorm, nn::GroupNorm>(groups, channels, options) {}
  static nn::GroupNorm made(const nn::GroupNormOptions& options = {}) { return nn::GroupNorm(groups, channels, options); }
  GroupNorm remade() const { return GroupNorm(this->options); }
  template <AnyTyped X>
  using Output = Floating<"GroupNorm", &rules::has_channels, X, Number<channels>, Number<2>, Number<12>>;
};

#define LAZULI_TYPED_POOL(name, n, pool_options)                                               \
  template <Sizes kernel, Window window = Window{}>                                            \
  class name : public Layer<name<kernel, window>, nn::name> {                                  \
   public:                                                                                     \
    name() : Layer<name, nn::name>(as_list<n>(kernel, 1), pool_options) {}                     \
    static nn::name made() { return nn::name(as_list<n>(kernel, 1), pool_options); }           \
    name remade() const { return name(); }                                                     \
    template <AnyTyped X>                                                                      \
    using Output = Floating<#name, &rules::pool<n>, X, SizesType<kernel>, WindowType<window>>; \
  }
template <int n>
nn::MaxPoolOptions max_pool_module_options(const Window& w, const Sizes& kernel) {
  nn::MaxPoolOptions o;
  o.stride = as_list<n>(w.stride.count ? w.stride : kernel, 1);
  o.padding = as_list<n>(w.padding, 0);
  o.dilation = as_list<n>(w.dilation, 1);
  o.ceil_mode = w.ceil_mode;
  return o;
}
LAZULI_TYPED_POOL(MaxPool1d, 1, max_pool_module_options<1>(window, kernel));
LAZULI_TYPED_POOL(MaxPool2d, 2, max_pool_module_options<2>(window, kernel));
LAZULI_TYPED_POOL(MaxPool3d, 3, max_pool_module_options<3>(window, kernel));
LAZULI_TYPED_POOL(AvgPool1d, 1, (avg_pool_options<AvgPool1dOptions, 1>(window, kernel)));
LAZULI_TYPED_POOL(AvgPool2d, 2, (avg_pool_options<AvgPoolOptions, 2>(window, kernel)));
LAZULI_TYPED_POOL(AvgPool3d, 3, (avg_pool_options<AvgPoolOptions, 3>(window, kernel)));
#undef LAZULI_TYPED_POOL
#define LAZULI_TYPED_POOL(name, n)                                                \
  template <Sizes size>                                                           \
  class name : public Layer<name<size>, nn::name> {                               \
   public:                                                                        \
    name() : Layer<name, nn::name>(adaptive_size<n>(size)) {}                     \
    static nn::name made() { return nn::name(adaptive_size<n>(size)); }           \
    name remade() const { return name(); }                                        \
    template <AnyTyped X>                                                         \
    using Output = Floating<#name, &rules::adaptive_pool<n>, X, SizesType<size>>; \
  }
LAZULI_TYPED_POOL(AdaptiveAvgPool1d, 1);
LAZULI_TYPED_POOL(AdaptiveAvgPool2d, 2);
LAZULI_TYPED_POOL(AdaptiveAvgPool3d, 3);
LAZULI_TYPED_POOL(AdaptiveMaxPool1d, 1);
LAZULI_TYPED_POOL(AdaptiveMaxPool2d, 2);
LAZULI_TYPED_POOL(AdaptiveMaxPool3d, 3);
#undef LAZULI_TYPED_POOL

template <int64_t start = 1, int64_t end = -1>
class Flatten : public Layer<Flatten<start, end>, nn::Flatten> {
 public:
  Flatten() : Layer<Flatten, nn::Flatten>(start, end) {}
  static nn::Flatten made() { return nn::Flatten(start, end); }
  Flatten remade() const { return Flatten(); }
  template <AnyTyped X>
  using Output = Unary<"Flatten", dtype_of_tensor<X>, &rules::flatten, X, Number<start>, Number<end>>;
};
template <int64_t dim, int64_t... sizes>
class Unflatten : public Layer<Unflatten<dim, sizes...>, nn::Unflatten> {
 public:
  Unflatten() : Layer<Unflatten, nn::Unflatten>(dim, lazuli::Shape{sizes...}) {}
  static nn::Unflatten made() { return nn::Unflatten(dim, lazuli::Shape{sizes...}); }
  Unflatten remade() const { return Unflatten(); }
  template <AnyTyped X>
  using Output = Unary<"Unflatten", dtype_of_tensor<X>, &rules::unflatten, X, Number<dim>, Ints<sizes...>>;
};

#define LAZULI_TYPED_SAME_SHAPE(name)                                 \
  class name : public Layer<name, nn::name> {                         \
   public:                                                            \
    using Layer::Layer;                                               \
    template <AnyTyped X>                                             \
    using Output = Unary<#name, dtype_of_tensor<X>, &rules::same, X>; \
  }
LAZULI_TYPED_SAME_SHAPE(Identity);
LAZULI_TYPED_SAME_SHAPE(ReLU);
LAZULI_TYPED_SAME_SHAPE(ReLU6);
LAZULI_TYPED_SAME_SHAPE(SELU);
LAZULI_TYPED_SAME_SHAPE(SiLU);
LAZULI_TYPED_SAME_SHAPE(Mish);
LAZULI_TYPED_SAME_SHAPE(Hardsigmoid);
LAZULI_TYPED_SAME_SHAPE(Hardswish);
LAZULI_TYPED_SAME_SHAPE(Hardtanh);
LAZULI_TYPED_SAME_SHAPE(ELU);
LAZULI_TYPED_SAME_SHAPE(CELU);
LAZULI_TYPED_SAME_SHAPE(LeakyReLU);
LAZULI_TYPED_SAME_SHAPE(GELU);
LAZULI_TYPED_SAME_SHAPE(Sigmoid);
LAZULI_TYPED_SAME_SHAPE(Tanh);
LAZULI_TYPED_SAME_SHAPE(LogSigmoid);
LAZULI_TYPED_SAME_SHAPE(Softplus);
LAZULI_TYPED_SAME_SHAPE(Softsign);
LAZULI_TYPED_SAME_SHAPE(Tanhshrink);
LAZULI_TYPED_SAME_SHAPE(Hardshrink);
LAZULI_TYPED_SAME_SHAPE(Softshrink);
LAZULI_TYPED_SAME_SHAPE(PReLU);
LAZULI_TYPED_SAME_SHAPE(Dropout);
LAZULI_TYPED_SAME_SHAPE(Dropout1d);
LAZULI_TYPED_SAME_SHAPE(Dropout2d);
LAZULI_TYPED_SAME_SHAPE(Dropout3d);
LAZULI_TYPED_SAME_SHAPE(AlphaDropout);
#undef LAZULI_TYPED_SAME_SHAPE
#define LAZULI_TYPED_SOFTMAX(name)                                                                                           \
  template <int64_t dim>                                                                                                     \
  class name : public Layer<name<dim>, nn::name> {                                                                           \
   public:                                                                                                                   \
    name() : Layer<name, nn::name>(dim) {}                                                                                   \
    static nn::name made() { return nn::name(dim); }                                                                         \
    name remade() const { return name(); }                                                                                   \
    template <AnyTyped X>                                                                                                    \
    using Output = Unary<#name, dtype_of_tensor<X>, &rules::along<Mistake::softmax_error_dim_out_of_range>, X, Number<dim>>; \
  }
LAZULI_TYPED_SOFTMAX(Softmax);
LAZULI_TYPED_SOFTMAX(LogSoftmax);
LAZULI_TYPED_SOFTMAX(Softmin);
#undef LAZULI_TYPED_SOFTMAX

}  // namespace lazuli::typed
