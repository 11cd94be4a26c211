#pragma once
#include "lazuli/ops/network/attention.h"
#include "lazuli/ops/network/convolution.h"
#include "lazuli/ops/network/normalization.h"
#include "lazuli/ops/network/pooling.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/functions/reduce.h"
#include "lazuli/typed/rules/network.h"
#include "lazuli/typed/rules/window.h"

/// Convolutions, pools, norms and attention of typed tensors: `conv2d<Window{.stride = 2}>(x, w)`, `max_pool2d<2>(x)`.
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
/// conv_tbc<padding>(input, weight, bias)
LAZULI_TYPED_FUNCTION(conv_tbc, (int64_t padding = 0, typed::AnyTyped X, typed::AnyTyped W),
                      (typed::BinaryAlike<"conv_tbc", &typed::rules::conv_tbc, X, W, typed::Number<padding>>),
                      (const X& input, const W& weight, const Tensor& bias),
                      lazuli::conv_tbc(typed::untyped(input), typed::untyped(weight), bias, padding));

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
namespace typed {
template <Text op, auto rule, AnyTyped X, class... Arguments>
struct Places : TwoResults<op, RuledOf<rule, X, Arguments...>, ElementOfTensor<X>, int64_t, WhereOf<X>> {};
template <int n>
LPPoolOptions lp_pool_options(const Window& w, const Sizes& kernel) {
  LPPoolOptions options;
  options.stride = as_list<n>(w.stride.count ? w.stride : kernel, 1);
  options.ceil_mode = w.ceil_mode;
  return options;
}
template <int n>
MaxUnpoolFunctionOptions unpool_options(const Window& w, const Sizes& kernel, const Sizes& size) {
  MaxUnpoolFunctionOptions options;
  options.stride = as_list<n>(w.stride.count ? w.stride : kernel, 1);
  options.padding = as_list<n>(w.padding, 0);
  if (size.count) options.output_size = as_list<n>(size, 0);
  return options;
}
}  // namespace typed
#define LAZULI_TYPED_POOL(n)                                                                                                                     \
  LAZULI_TYPED_FUNCTION(                                                                                                                         \
      max_pool##n##d_with_indices, (typed::Sizes kernel, typed::Window w = typed::Window{}, typed::AnyTyped X),                                  \
      (typed::Places<"max_pool" #n "d_with_indices", &typed::rules::pool_with_places<n>, X, typed::SizesType<kernel>, typed::WindowType<w>>),    \
      (const X& input),                                                                                                                          \
      lazuli::max_pool##n##d_with_indices(typed::untyped(input), typed::as_list<n>(kernel, 1), typed::max_pool_options<n>(w, kernel)));          \
  LAZULI_TYPED_FUNCTION(                                                                                                                         \
      adaptive_max_pool##n##d_with_indices, (typed::Sizes size, typed::AnyTyped X),                                                              \
      (typed::Places<"adaptive_max_pool" #n "d_with_indices", &typed::rules::adaptive_pool_with_places<n>, X, typed::SizesType<size>>),          \
      (const X& input), lazuli::adaptive_max_pool##n##d_with_indices(typed::untyped(input), typed::adaptive_size<n>(size)));                     \
  LAZULI_TYPED_FUNCTION(                                                                                                                         \
      lp_pool##n##d, (typed::Sizes kernel, typed::Window w = typed::Window{}, typed::AnyTyped X),                                                \
      (typed::Unary<"lp_pool" #n "d", typed::dtype_of_tensor<X>, &typed::rules::pool<n>, X, typed::SizesType<kernel>, typed::WindowType<w>>),    \
      (const X& input, double norm_type),                                                                                                        \
      lazuli::lp_pool##n##d(typed::untyped(input), norm_type, typed::as_list<n>(kernel, 1), typed::lp_pool_options<n>(w, kernel)));              \
  LAZULI_TYPED_FUNCTION(                                                                                                                         \
      max_unpool##n##d,                                                                                                                          \
      (typed::Sizes kernel, typed::Window w = typed::Window{}, typed::Sizes size = typed::Sizes{}, typed::AnyTyped X, typed::AnyTyped I),        \
      (typed::Unary<"max_unpool" #n "d", typed::dtype_of_tensor<X>, &typed::rules::unpool<n>, X, typed::SizesType<kernel>, typed::WindowType<w>, \
                    typed::SizesType<size>>),                                                                                                    \
      (const X& input, const I& indices),                                                                                                        \
      lazuli::max_unpool##n##d(typed::untyped(input), typed::untyped(indices), typed::as_list<n>(kernel, 1),                                     \
                               typed::unpool_options<n>(w, kernel, size)))
LAZULI_TYPED_POOL(1);
LAZULI_TYPED_POOL(2);
LAZULI_TYPED_POOL(3);
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
struct Attended : Result<"scaled_dot_product_attention",
                         FirstRefusal<OneDevice<WhereOf<Q>, WhereOf<K>>, OneDevice<WhereOf<K>, WhereOf<V>>,
                                      SameDType<ElementOfTensor<Q>, ElementOfTensor<K>>, SameDType<ElementOfTensor<K>, ElementOfTensor<V>>,
                                      Ruled<&rules::attention, ShapeOfTensor<Q>, ShapeOfTensor<K>, ShapeOfTensor<V>>>,
                         ElementOfTensor<Q>, Together<WhereOf<Q>, TogetherOf<K, V>>> {};
}  // namespace typed
LAZULI_TYPED_FUNCTION(scaled_dot_product_attention, (typed::AnyTyped Q, typed::AnyTyped K, typed::AnyTyped V), (typed::Attended<Q, K, V>),
                      (const Q& query, const K& key, const V& value, ScaledDotProductAttentionOptions options = {}),
                      lazuli::scaled_dot_product_attention(typed::untyped(query), typed::untyped(key), typed::untyped(value), std::move(options)));

namespace typed {
/// [batch, channels, ..] as it is.
template <Text op, int64_t least, AnyTyped X, DType dtype = dtype_of_tensor<X>>
struct Channelled : Unary<op, dtype, &rules::has_channels, X, Number<dynamic>, Number<least>, Number<Extents::kMost>> {};
}  // namespace typed
LAZULI_TYPED_FUNCTION(batch_norm, (typed::AnyTyped X), (typed::Channelled<"batch_norm", 1, X>),
                      (const X& input, const OptionalTensor& running_mean, const OptionalTensor& running_var,
                       const BatchNormFunctionOptions& options = {}),
                      lazuli::batch_norm(typed::untyped(input), running_mean, running_var, options));
LAZULI_TYPED_FUNCTION(instance_norm, (typed::AnyTyped X), (typed::Channelled<"instance_norm", 2, X>),
                      (const X& input, const InstanceNormFunctionOptions& options = {}), lazuli::instance_norm(typed::untyped(input), options));
LAZULI_TYPED_FUNCTION(local_response_norm, (typed::AnyTyped X),
                      (typed::Channelled<"local_response_norm", 3, X, typed::floating(typed::dtype_of_tensor<X>)>),
                      (const X& input, int64_t size, const LocalResponseNormOptions& options = {}),
                      lazuli::local_response_norm(typed::untyped(input), size, options));
/// normalize<dim>(x, p)
LAZULI_TYPED_FUNCTION(normalize, (int64_t dim = 1, typed::AnyTyped X),
                      (typed::Unary<"normalize", typed::dtype_of_tensor<X>, &typed::rules::along<>, X, typed::Number<dim>>),
                      (const X& input, double p = 2, double eps = 1e-12), lazuli::normalize(typed::untyped(input), {p, dim, eps}));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(conv1d, "conv1d<Window>(input, weight, bias = {})");
LAZULI_TYPED_REFUSED_VALUES(conv2d, "conv2d<Window>(input, weight, bias = {})");
LAZULI_TYPED_REFUSED_VALUES(conv3d, "conv3d<Window>(input, weight, bias = {})");
LAZULI_TYPED_REFUSED_VALUES(conv_transpose1d, "conv_transpose1d<Window>(input, weight, bias = {})");
LAZULI_TYPED_REFUSED_VALUES(conv_transpose2d, "conv_transpose2d<Window>(input, weight, bias = {})");
LAZULI_TYPED_REFUSED_VALUES(conv_transpose3d, "conv_transpose3d<Window>(input, weight, bias = {})");
LAZULI_TYPED_REFUSED_VALUES(conv_tbc, "conv_tbc<padding = 0>(input, weight, bias)");
LAZULI_TYPED_REFUSED_VALUES(max_pool1d, "max_pool1d<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(max_pool2d, "max_pool2d<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(max_pool3d, "max_pool3d<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(avg_pool1d, "avg_pool1d<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(avg_pool2d, "avg_pool2d<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(avg_pool3d, "avg_pool3d<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(max_pool1d_with_indices, "max_pool1d_with_indices<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_max_pool1d_with_indices, "adaptive_max_pool1d_with_indices<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(lp_pool1d, "lp_pool1d<kernel, Window>(input, norm_type)");
LAZULI_TYPED_REFUSED_VALUES(max_unpool1d, "max_unpool1d<kernel, Window, size>(input, indices)");
LAZULI_TYPED_REFUSED_VALUES(max_pool2d_with_indices, "max_pool2d_with_indices<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_max_pool2d_with_indices, "adaptive_max_pool2d_with_indices<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(lp_pool2d, "lp_pool2d<kernel, Window>(input, norm_type)");
LAZULI_TYPED_REFUSED_VALUES(max_unpool2d, "max_unpool2d<kernel, Window, size>(input, indices)");
LAZULI_TYPED_REFUSED_VALUES(max_pool3d_with_indices, "max_pool3d_with_indices<kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_max_pool3d_with_indices, "adaptive_max_pool3d_with_indices<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(lp_pool3d, "lp_pool3d<kernel, Window>(input, norm_type)");
LAZULI_TYPED_REFUSED_VALUES(max_unpool3d, "max_unpool3d<kernel, Window, size>(input, indices)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_max_pool1d, "adaptive_max_pool1d<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_max_pool2d, "adaptive_max_pool2d<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_max_pool3d, "adaptive_max_pool3d<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_avg_pool1d, "adaptive_avg_pool1d<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_avg_pool2d, "adaptive_avg_pool2d<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(adaptive_avg_pool3d, "adaptive_avg_pool3d<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(layer_norm, "layer_norm<features..>(input, options = {})");
LAZULI_TYPED_REFUSED_VALUES(rms_norm, "rms_norm<features..>(input, weight = {}, eps = {})");
LAZULI_TYPED_REFUSED_VALUES(group_norm, "group_norm<groups>(input, options = {})");
LAZULI_TYPED_REFUSED(scaled_dot_product_attention, "scaled_dot_product_attention(query, key, value, options = {})");
LAZULI_TYPED_REFUSED(batch_norm, "batch_norm(input, running_mean, running_var, options = {})");
LAZULI_TYPED_REFUSED(instance_norm, "instance_norm(input, options = {})");
LAZULI_TYPED_REFUSED(local_response_norm, "local_response_norm(input, size, options = {})");
LAZULI_TYPED_REFUSED_VALUES(normalize, "normalize<dim = 1>(input, p = 2, eps = 1e-12)");

}  // namespace lazuli
