#pragma once
#include "lazuli/typed/functions/functions.h"

/// The rules as types: a shape, or the named error of a shape that a rule refuses. `MatmulShape<Dims<2, 3>, Dims<3, 4>>` is Dims<2, 4>.
namespace lazuli::typed {

template <int64_t... extents>
using Shape = Dims<extents...>;
namespace detail {
template <size_t... i>
auto dynamic_of(std::index_sequence<i...>) -> Dims<(dynamic + 0 * int64_t(i))...>;
}
/// Of that rank, with extents that are known when the program runs.
template <int rank>
using DynamicShape = decltype(detail::dynamic_of(std::make_index_sequence<rank>()));

template <class A>
using IdentityShape = A;
template <class A, class B>
using BroadcastShape = ShapeOf<"broadcast", Ruled<&rules::broadcast, A, B>>;
template <class A, class B>
using MatmulShape = ShapeOf<"matmul", Ruled<&rules::matmul, A, B>>;
template <class A, class B>
using Matmul2DShape = ShapeOf<"mm", Ruled<&rules::mm, A, B>>;
template <class A, class B>
using MvShape = ShapeOf<"mv", Ruled<&rules::mv, A, B>>;
template <class A, class B>
using DotShape = ShapeOf<"dot", Ruled<&rules::dot, A, B>>;
template <class A, class B>
using OuterShape = ShapeOf<"outer", Ruled<&rules::outer, A, B>>;
template <int64_t dim, class... A>
using CatShape = ShapeOf<"cat", Ruled<&rules::cat, Several<A...>, Number<dim>>>;
template <int64_t dim, class... A>
using StackShape = ShapeOf<"stack", Ruled<&rules::stack, Several<A...>, Number<dim>>>;
template <class A, int64_t... sizes>
using ReshapeShape = ShapeOf<"reshape", Ruled<&rules::reshape, A, Ints<sizes...>>>;
template <class A, int64_t start = 0, int64_t end = -1>
using FlattenShape = ShapeOf<"flatten", Ruled<&rules::flatten, A, Number<start>, Number<end>>>;
template <class A, int64_t... dims>
using PermuteShape = ShapeOf<"permute", Ruled<&rules::permute, A, Ints<dims...>>>;
template <class A>
using TransposeShape = ShapeOf<"t", Ruled<&rules::t, A>>;
template <class A, int64_t dim0, int64_t dim1>
using TransposeDimsShape = ShapeOf<"transpose", Ruled<&rules::transpose, A, Number<dim0>, Number<dim1>>>;
template <class A, int64_t dim0, int64_t dim1>
using TransposeDimsShapeChecked = TransposeDimsShape<A, dim0, dim1>;
template <class A>
using MatrixTransposeShape = ShapeOf<"mT", Ruled<&rules::matrix_transpose, A>>;
template <class A, int64_t... dims>
using SqueezeShape = ShapeOf<"squeeze", Ruled<&rules::squeeze, A, Ints<dims...>>>;
template <class A, int64_t dim>
using UnsqueezeShape = ShapeOf<"unsqueeze", Ruled<&rules::unsqueeze, A, Number<dim>>>;
template <class A, int64_t... sizes>
using ExpandShape = ShapeOf<"expand", Ruled<&rules::expand, A, Ints<sizes...>>>;
template <class A, int64_t... sizes>
using SafeExpandShape = ExpandShape<A, sizes...>;
template <class A, int64_t dim, int64_t start = 0, int64_t end = to_the_end, int64_t step = 1>
using SliceShape = ShapeOf<"slice", Ruled<&rules::slice, A, Number<dim>, Number<start>, Number<end>, Number<step>>>;
template <class A, int64_t dim, int64_t index>
using SelectShape = ShapeOf<"select", Ruled<&rules::select, A, Number<dim>, Number<index>>>;
template <class A, int64_t dim, int64_t start, int64_t length>
using NarrowShape = ShapeOf<"narrow", Ruled<&rules::narrow, A, Number<dim>, Number<start>, Number<length>>>;
template <class A, int64_t... indices>
using AtShape = ShapeOf<"at", Ruled<&rules::at, A, Ints<indices...>>>;
template <class A, int64_t... dims>
using FlipShape = ShapeOf<"flip", Ruled<&rules::along_all, A, Ints<dims...>>>;
template <class A, int64_t... repeats>
using TileShape = ShapeOf<"tile", Ruled<&rules::tile, A, Ints<repeats...>>>;
template <class A, int64_t offset = 0>
using DiagShape = ShapeOf<"diag", Ruled<&rules::diag, A, Number<offset>>>;
template <class A, int64_t dim>
using CumShape = ShapeOf<"cumsum", Ruled<&rules::along<>, A, Number<dim>>>;
template <class A, int64_t dim>
using SoftmaxShape = ShapeOf<"softmax", Ruled<&rules::along<Mistake::softmax_error_dim_out_of_range>, A, Number<dim>>>;
template <class A, int64_t dim, class Index>
using GatherShape = ShapeOf<"gather", Ruled<&rules::gather, A, Number<dim>, Index>>;
template <class A, int64_t dim, class Index>
using ScatterShape = ShapeOf<"scatter", Ruled<&rules::scatter_value, A, Number<dim>, Index>>;
template <class A, int64_t dim, class Index>
using IndexSelectShape = ShapeOf<"index_select", Ruled<&rules::index_select, A, Number<dim>, Index>>;
/// Over `dims`, none of them: all.
template <class A, bool keep = false, int64_t... dims>
using ReductionShape = ShapeOf<"reduction", Ruled<&rules::reduction, A, Ints<dims...>, Flag<keep>>>;

template <class A>
using CholeskyShape = ShapeOf<"linalg.cholesky", Ruled<&rules::batched_square, A>>;
template <class A>
using InverseShape = ShapeOf<"inverse", Ruled<&rules::batched_square, A>>;
template <class A>
using DetShape = ShapeOf<"det", Ruled<&rules::det, A>>;
template <class A>
using TraceShape = ShapeOf<"trace", Ruled<&rules::trace, A>>;
namespace detail {
template <bool fine>
struct ShapesOf {
  template <Text op, class R, int... which>
  static auto make() -> std::tuple<ShapeOf<op, R, which>...>;
};
template <>
struct ShapesOf<false> {
  template <Text op, class R, int...>
  static auto make() -> ShapeOf<op, R>;
};
}  // namespace detail
/// Eigenvalues and eigenvectors.
template <class A>
using EigShape = decltype(detail::ShapesOf<Ruled<&rules::eig, A>::fine>::template make<"linalg.eig", Ruled<&rules::eig, A>, 0, 1>());
/// P, L and U.
template <class A>
using LUShape = decltype(detail::ShapesOf<Ruled<&rules::lu, A>::fine>::template make<"linalg.lu", Ruled<&rules::lu, A>, 0, 1, 2>());
/// U, S and V^H.
template <class A, bool full = true>
using SVDShape =
    decltype(detail::ShapesOf<Ruled<&rules::svd, A, Flag<full>>::fine>::template make<"linalg.svd", Ruled<&rules::svd, A, Flag<full>>, 0, 1, 2>());

template <class A, class Weight, Window w = Window{}>
using Conv1dShape = ShapeOf<"conv1d", Ruled<&rules::conv<1>, A, Weight, WindowType<w>>>;
template <class A, class Weight, Window w = Window{}>
using Conv2dShape = ShapeOf<"conv2d", Ruled<&rules::conv<2>, A, Weight, WindowType<w>>>;
template <class A, class Weight, Window w = Window{}>
using Conv3dShape = ShapeOf<"conv3d", Ruled<&rules::conv<3>, A, Weight, WindowType<w>>>;
template <class A, class Weight, Window w = Window{}>
using ConvTranspose2dShape = ShapeOf<"conv_transpose2d", Ruled<&rules::conv_transpose<2>, A, Weight, WindowType<w>>>;
template <class A, Sizes kernel, Window w = Window{}>
using Pool1dShape = ShapeOf<"pool1d", Ruled<&rules::pool<1>, A, SizesType<kernel>, WindowType<w>>>;
template <class A, Sizes kernel, Window w = Window{}>
using Pool2dShape = ShapeOf<"pool2d", Ruled<&rules::pool<2>, A, SizesType<kernel>, WindowType<w>>>;
template <class A, Sizes kernel, Window w = Window{}>
using Pool3dShape = ShapeOf<"pool3d", Ruled<&rules::pool<3>, A, SizesType<kernel>, WindowType<w>>>;
template <class A, Sizes size>
using AdaptivePool1dShape = ShapeOf<"adaptive_pool1d", Ruled<&rules::adaptive_pool<1>, A, SizesType<size>>>;
template <class A, Sizes size>
using AdaptivePool2dShape = ShapeOf<"adaptive_pool2d", Ruled<&rules::adaptive_pool<2>, A, SizesType<size>>>;

template <Text equation, class... A>
using EinsumOutputShape = ShapeOf<"einsum", Ruled<&rules::einsum, Literal<equation>, Several<A...>>>;
template <Text equation, class... A>
using ValidatedEinsumShape = EinsumOutputShape<equation, A...>;
namespace detail {
template <Text op, rules::Purpose purpose, class A, Text pattern, Text lengths>
using EinopsShape = ShapeOf<op, Ruled<&rules::einops_transform, A, PurposeType<purpose>, Literal<pattern>, LengthsOfText<lengths>>>;
}
template <class A, Text pattern, Text lengths = "">
using RearrangeShape = detail::EinopsShape<"rearrange", rules::Purpose::rearrange, A, pattern, lengths>;
template <class A, Text pattern, Text lengths = "">
using ReduceShape = detail::EinopsShape<"reduce", rules::Purpose::reduce, A, pattern, lengths>;
template <class A, Text pattern, Text lengths = "">
using RepeatShape = detail::EinopsShape<"repeat", rules::Purpose::repeat, A, pattern, lengths>;
template <class A, Text pattern, Text lengths = "">
using ValidatedRearrangeShape = RearrangeShape<A, pattern, lengths>;
template <class A, Text pattern, Text lengths = "">
using ValidatedReduceShape = ReduceShape<A, pattern, lengths>;
template <class A, Text pattern, Text lengths = "">
using ValidatedRepeatShape = RepeatShape<A, pattern, lengths>;
template <Text pattern, class... A>
using PackShape = ShapeOf<"pack", Ruled<&rules::pack, Several<A...>, Literal<pattern>>>;
/// The part `which` of a packed tensor.
template <class A, Text pattern, int64_t which, class... Parts>
using UnpackShape = ShapeOf<"unpack", Ruled<&rules::unpack, A, Literal<pattern>, Several<Parts...>, Number<which>>>;

}  // namespace lazuli::typed
