#pragma once
#include "lazuli/ops/network/attention.h"
#include "lazuli/ops/network/convolution.h"
#include "lazuli/ops/network/loss.h"
#include "lazuli/ops/network/normalization.h"
#include "lazuli/ops/network/pooling.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/functions/reduce.h"
#include "lazuli/typed/rules/network.h"
#include "lazuli/typed/rules/window.h"

/// Convolutions, pools, norms, attention and losses of typed tensors: `conv2d<Window{.stride = 2}>(x, w)`, `max_pool2d<2>(x)`.
namespace lazuli {

namespace typed {
template <int n>
lazuli::Shape as_list(const Sizes& sizes, int64_t otherwise) {
  lazuli::Shape list = lazuli::Shape::filled(n, otherwise);
  for (int i = 0; i < n; ++i) list.data()[i] = sizes.of(i, otherwise);
  return list;
}
inline ConvolutionPadding as_padding(const Sizes& padding, int n) {
  if (padding.same) return "same";
  lazuli::Shape list = lazuli::Shape::filled(n, 0);
  for (int i = 0; i < n; ++i) list.data()[i] = padding.of(i, 0);
  return list;
}
template <int n>
ConvFunctionOptions conv_options(const Window& w, const OptionalTensor& bias) {
  return {.bias = bias,
          .stride = as_list<n>(w.stride, 1),
          .padding = as_padding(w.padding, n),
          .dilation = as_list<n>(w.dilation, 1),
          .groups = w.groups};
}
template <int n>
ConvTransposeFunctionOptions conv_transpose_options(const Window& w, const OptionalTensor& bias) {
  return {.bias = bias,
          .stride = as_list<n>(w.stride, 1),
          .padding = as_list<n>(w.padding, 0),
          .output_padding = as_list<n>(w.output_padding, 0),
          .groups = w.groups,
          .dilation = as_list<n>(w.dilation, 1)};
}
template <int n>
MaxPoolFunctionOptions max_pool_options(const Window& w, const Sizes& kernel) {
  return {.stride = as_list<n>(w.stride.count ? w.stride : kernel, 1),
          .padding = as_list<n>(w.padding, 0),
          .dilation = as_list<n>(w.dilation, 1),
          .ceil_mode = w.ceil_mode};
}
template <class Options, int n>
Options avg_pool_options(const Window& w, const Sizes& kernel) {
  Options o;
  o.stride = as_list<n>(w.stride.count ? w.stride : kernel, 1);
  o.padding = as_list<n>(w.padding, 0);
  o.ceil_mode = w.ceil_mode;
  o.count_include_pad = w.count_include_pad;
  return o;
}
template <int n>
AdaptiveSize adaptive_size(const Sizes& sizes) {
  AdaptiveSize list;
  for (int i = 0; i < n; ++i) list.push_back(sizes.of(i, -1) < 0 ? std::optional<int64_t>() : sizes.of(i, -1));
  return list;
}
}  // namespace typed

#define LAZULI_TYPED_CONVOLUTION(name, n, rule)                                                          \
  LAZULI_TYPED_FUNCTION(name, (typed::Window w = typed::Window{}, typed::AnyTyped X, typed::AnyTyped W), \
                        (typed::BinaryAlike<#name, &typed::rules::rule<n>, X, W, typed::WindowType<w>>), \
                        (const X& input, const W& weight, const OptionalTensor& bias = {}),              \
                        lazuli::name(typed::untyped(input), typed::untyped(weight), typed::rule##_options<n>(w, bias)))
LAZULI_TYPED_CONVOLUTION(conv1d, 1, conv);
LAZULI_TYPED_CONVOLUTION(conv2d, 2, conv);
LAZULI_TYPED_CONVOLUTION(conv3d, 3, conv);
LAZULI_TYPED_CONVOLUTION(conv_transpose1d, 1, conv_transpose);
LAZULI_TYPED_CONVOLUTION(conv_transpose2d, 2, conv_transpose);
LAZULI_TYPED_CONVOLUTION(conv_transpose3d, 3, conv_transpose);
#undef LAZULI_TYPED_CONVOLUTION

#define LAZULI_TYPED_POOL(name, n, options)                                                                                                          \
  LAZULI_TYPED_FUNCTION(name, (typed::Sizes kernel, typed::Window w = typed::Window{}, typed::AnyTyped X),                                           \
                        (typed::Unary<#name, typed::dtype_of_tensor<X>, &typed::rules::pool<n>, X, typed::SizesType<kernel>, typed::WindowType<w>>), \
                        (const X& input), lazuli::name(typed::untyped(input), typed::as_list<n>(kernel, 1), LAZULI_TYPED_PLAIN options(w, kernel)))
LAZULI_TYPED_POOL(max_pool1d, 1, (typed::max_pool_options<1>));
LAZULI_TYPED_POOL(max_pool2d, 2, (typed::max_pool_options<2>));
LAZULI_TYPED_POOL(max_pool3d, 3, (typed::max_pool_options<3>));
LAZULI_TYPED_POOL(avg_pool1d, 1, (typed::avg_pool_options<AvgPool1dOptions, 1>));
LAZULI_TYPED_POOL(avg_pool2d, 2, (typed::avg_pool_options<AvgPoolOptions, 2>));
LAZULI_TYPED_POOL(avg_pool3d, 3, (typed::avg_pool_options<AvgPoolOptions, 3>));
#undef LAZULI_TYPED_POOL
#define LAZULI_TYPED_ADAPTIVE_POOL(name, n)                                                                                           \
  LAZULI_TYPED_FUNCTION(name, (typed::Sizes size, typed::AnyTyped X),                                                                 \
                        (typed::Unary<#name, typed::dtype_of_tensor<X>, &typed::rules::adaptive_pool<n>, X, typed::SizesType<size>>), \
                        (const X& input), lazuli::name(typed::untyped(input), typed::adaptive_size<n>(size)))
LAZULI_TYPED_ADAPTIVE_POOL(adaptive_max_pool1d, 1);
LAZULI_TYPED_ADAPTIVE_POOL(adaptive_max_pool2d, 2);
LAZULI_TYPED_ADAPTIVE_POOL(adaptive_max_pool3d, 3);
LAZULI_TYPED_ADAPTIVE_POOL(adaptive_avg_pool1d, 1);
LAZULI_TYPED_ADAPTIVE_POOL(adaptive_avg_pool2d, 2);
LAZULI_TYPED_ADAPTIVE_POOL(adaptive_avg_pool3d, 3);
#undef LAZULI_TYPED_ADAPTIVE_POOL

/// layer_norm<features..>(x, {.weight = w})
LAZULI_TYPED_FUNCTION(layer_norm, (int64_t... features, typed::AnyTyped X),
                      (typed::Unary<"layer_norm", typed::dtype_of_tensor<X>, &typed::rules::ends_with, X, typed::Ints<features...>>),
                      (const X& input, LayerNormFunctionOptions options = {}),
                      lazuli::layer_norm(typed::untyped(input), typed::dims_list<features...>(), std::move(options)));
LAZULI_TYPED_FUNCTION(rms_norm, (int64_t... features, typed::AnyTyped X),
                      (typed::Unary<"rms_norm", typed::dtype_of_tensor<X>, &typed::rules::ends_with, X, typed::Ints<features...>>),
                      (const X& input, const OptionalTensor& weight = {}, std::optional<double> eps = {}),
                      lazuli::rms_norm(typed::untyped(input), typed::dims_list<features...>(), weight, eps));
/// group_norm<groups>(x)
LAZULI_TYPED_FUNCTION(group_norm, (int64_t groups, typed::AnyTyped X),
                      (typed::Unary<"group_norm", typed::dtype_of_tensor<X>, &typed::rules::groups_of_channels, X, typed::Number<groups>>),
                      (const X& input, GroupNormFunctionOptions options = {}), lazuli::group_norm(typed::untyped(input), groups, std::move(options)));

namespace typed {
template <AnyTyped Q, AnyTyped K, AnyTyped V>
using Attended = Result<
    "scaled_dot_product_attention",
    FirstRefusal<OneDevice<WhereOf<Q>, WhereOf<K>>, OneDevice<WhereOf<K>, WhereOf<V>>, SameDType<ElementOfTensor<Q>, ElementOfTensor<K>>,
                 SameDType<ElementOfTensor<K>, ElementOfTensor<V>>, Ruled<&rules::attention, ShapeOfTensor<Q>, ShapeOfTensor<K>, ShapeOfTensor<V>>>,
    ElementOfTensor<Q>, Together<WhereOf<Q>, TogetherOf<K, V>>>;
}  // namespace typed
LAZULI_TYPED_FUNCTION(scaled_dot_product_attention, (typed::AnyTyped Q, typed::AnyTyped K, typed::AnyTyped V), (typed::Attended<Q, K, V>),
                      (const Q& query, const K& key, const V& value, const OptionalTensor& attn_mask = {}, double dropout_p = 0,
                       bool is_causal = false, std::optional<double> scale = {}),
                      lazuli::scaled_dot_product_attention(typed::untyped(query), typed::untyped(key), typed::untyped(value), attn_mask, dropout_p,
                                                           is_causal, scale));

namespace typed {
/// A loss of a target of its kind: with Reduction::None one number a sample, else one.
template <Text op, auto rule, bool classes, Reduction reduction, AnyTyped X, AnyTyped Y>
using Loss = Result<op,
                    FirstRefusal<DTypeIs<ElementOfTensor<X>, rules::Wanted::floating>, OneDevice<WhereOf<X>, WhereOf<Y>>,
                                 Ruled<rule, ShapeOfTensor<X>, ShapeOfTensor<Y>, DTypeArgument<dtype_of_tensor<X>>, DTypeArgument<dtype_of_tensor<Y>>,
                                       Flag<reduction == Reduction::None>>>,
                    ElementOfTensor<X>, TogetherOf<X, Y>>;
}  // namespace typed
#define LAZULI_TYPED_LOSS_OF_CLASSES(name, rule, Options)                                                                                          \
  LAZULI_TYPED_FUNCTION(name, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y),                                       \
                        (typed::Loss<#name, &typed::rules::rule, true, reduction, X, Y>), (const X& input, const Y& target, Options options = {}), \
                        (options.reduction = reduction, lazuli::name(typed::untyped(input), typed::untyped(target), std::move(options))))
LAZULI_TYPED_LOSS_OF_CLASSES(cross_entropy, class_loss_or_probabilities, CrossEntropyLossOptions);
LAZULI_TYPED_LOSS_OF_CLASSES(nll_loss, class_loss, NLLLossOptions);
LAZULI_TYPED_LOSS_OF_CLASSES(binary_cross_entropy_with_logits, loss_of_one_shape, BCEWithLogitsLossOptions);
#undef LAZULI_TYPED_LOSS_OF_CLASSES
#define LAZULI_TYPED_LOSS(name)                                                                                                            \
  LAZULI_TYPED_FUNCTION(name, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y),                               \
                        (typed::Loss<#name, &typed::rules::loss_of_one_shape, false, reduction, X, Y>), (const X& input, const Y& target), \
                        lazuli::name(typed::untyped(input), typed::untyped(target), LAZULI_TYPED_REDUCTION_ARGUMENT))
#define LAZULI_TYPED_REDUCTION_ARGUMENT reduction
LAZULI_TYPED_LOSS(mse_loss);
LAZULI_TYPED_LOSS(l1_loss);
LAZULI_TYPED_LOSS(smooth_l1_loss);
LAZULI_TYPED_LOSS(huber_loss);
LAZULI_TYPED_LOSS(kl_div);
#undef LAZULI_TYPED_REDUCTION_ARGUMENT
#define LAZULI_TYPED_REDUCTION_ARGUMENT none, reduction
LAZULI_TYPED_LOSS(binary_cross_entropy);
#undef LAZULI_TYPED_REDUCTION_ARGUMENT
#undef LAZULI_TYPED_LOSS

}  // namespace lazuli
