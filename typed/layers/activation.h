#pragma once
#include "lazuli/nn/activation.h"
#include "lazuli/nn/dropout.h"
#include "lazuli/typed/layer.h"
#include "lazuli/typed/rules/dims.h"

/// Activations, softmax and dropout: the shape stays.
namespace lazuli::typed {

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
