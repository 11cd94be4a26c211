#pragma once
#include "lazuli/nn/pooling.h"
#include "lazuli/typed/functions/network.h"
#include "lazuli/typed/layer.h"

/// Pools.
namespace lazuli::typed {

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

}  // namespace lazuli::typed
