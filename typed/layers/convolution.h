#pragma once
#include "lazuli/nn/convolution.h"
#include "lazuli/typed/functions/network.h"
#include "lazuli/typed/layer.h"

/// Convolutions.
namespace lazuli::typed {

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

}  // namespace lazuli::typed
