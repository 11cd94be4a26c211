#pragma once
#include <array>
#include <span>

#include "lazuli/core/described.h"
#include "lazuli/ops/index/indexing.h"
#include "lazuli/typed/functions/einops.h"
#include "lazuli/typed/functions/index.h"
#include "lazuli/typed/functions/linalg.h"
#include "lazuli/typed/functions/network.h"
#include "lazuli/typed/functions/pointwise.h"
#include "lazuli/typed/functions/reduce.h"
#include "lazuli/typed/functions/shape.h"

/// The rules as types: a shape, or the named error of a shape that a rule refuses. `MatmulShape<Dims<2, 3>, Dims<3, 4>>` is Dims<2, 4>. docs/typed.md lists them all.
namespace lazuli::typed {

// ---- shapes ----
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

// ---- dim arithmetic ----
template <class A>
inline constexpr int Rank = A::rank;
namespace detail {
constexpr Ruling edited(Writer&, const Extents& a, int64_t place, int64_t extent, int what) {
  Extents out = a;
  const int64_t d = place < 0 ? place + a.rank + (what == 0) : place;
  if (what == 0) out.insert(d, extent);
  else if (what == 1) out.remove(d);
  else if (what == 2) out.at[d] = extent;
  else if (what == 3) out.at[d] = times(a.at[d], extent);
  else out.at[d] = is_fixed(a.at[d]) ? a.at[d] / extent : dynamic;
  return out;
}
template <class A, int64_t place, int64_t extent, int what>
using Edited = ShapeOf<"dims", Ruled<&edited, A, Number<place>, Number<extent>, std::integral_constant<int, what>>>;
}  // namespace detail
template <class A, int64_t place, int64_t extent>
using InsertDim = detail::Edited<A, place, extent, 0>;
template <class A, int64_t place>
using RemoveDim = detail::Edited<A, place, 0, 1>;
template <class A, int64_t place, int64_t extent>
using ReplaceDim = detail::Edited<A, place, extent, 2>;
template <class A, int64_t place, int64_t factor>
using ScaleDim = detail::Edited<A, place, factor, 3>;
template <class A, int64_t place>
using DoubleDim = ScaleDim<A, place, 2>;
template <class A, int64_t place>
using HalfDim = detail::Edited<A, place, 2, 4>;
/// The dimension from the front that a negative one stands for.
template <class A, int64_t dim>
inline constexpr int64_t NegativeDim = dim < 0 ? dim + A::rank : dim;
template <int64_t n>
inline constexpr int64_t Double = times(n, 2);
template <int64_t n>
inline constexpr int64_t Triple = times(n, 3);
template <int64_t n>
inline constexpr int64_t Half = is_fixed(n) ? n / 2 : dynamic;
template <int64_t n, int64_t factor>
inline constexpr int64_t MultiplyBy = times(n, factor);
template <class A>
concept Is2D = A::rank == 2;
template <class A>
concept IsAtLeast1D = A::rank >= 1;
/// As many values of one type, compared and indexed: std::array.
template <class T, size_t length>
using TupleOfLength = std::array<T, length>;

// ---- errors as types ----
namespace detail {
template <class X>
inline constexpr bool is_error = false;
template <template <auto...> class Error, auto... message>
inline constexpr bool is_error<Error<message...>> = !is_typed<Error<message...>> && requires {
  sizeof...(message);
}
&&sizeof...(message) > 0;
template <int64_t... extents>
inline constexpr bool is_error<Dims<extents...>> = false;
}  // namespace detail
/// A rule's result that is no shape.
template <class X>
concept IsShapeError = detail::is_error<X>;
template <class X>
concept HasShapeError = IsShapeError<X>;
template <class X>
concept AssertNoShapeError = !IsShapeError<X>;
template <class X>
concept AssertNotError = !IsShapeError<X>;
/// The error, or else `Then`.
template <class X, class Then>
using CheckShapeError = std::conditional_t<IsShapeError<X>, X, Then>;
namespace detail {
template <class X>
struct MessageOf;
#if defined(__clang__) && __clang_major__ < 15
template <template <auto...> class Error, auto... message>
struct MessageOf<Error<message...>> {
  static constexpr char text[] = {message..., 0};
  static constexpr std::string_view value{text, sizeof...(message)};
};
#else
template <template <auto...> class Error, auto message>
struct MessageOf<Error<message>> {
  static constexpr std::string_view value = message.view();
};
#endif
}  // namespace detail
/// "matmul: inner dimensions do not match: [2, 3] x [4, 5]"
template <IsShapeError X>
inline constexpr std::string_view ShapeErrorMessage = detail::MessageOf<X>::value;
/// The registry's errors are thrown when the program runs (lazuli::Error), so that no type is one.
template <class X>
concept IsRegistryError = std::is_convertible_v<X*, Error*>;

// ---- checks ----
template <class A>
concept ValidateSquareMatrix = Ruled<&rules::square_matrix, A>::fine;
template <class A>
concept ValidateBatchedSquareMatrix = Ruled<&rules::batched_square, A>::fine;
template <class A, int64_t dim>
concept ValidateChunkDim = Ruled<&rules::along<Mistake::chunk_error_dim_out_of_range>, A, Number<dim>>::fine;
template <class A, int64_t dim>
concept ValidateSplitDim = Ruled<&rules::along<Mistake::split_error_dim_out_of_range>, A, Number<dim>>::fine;
template <class A, int64_t dim>
concept ValidateUnbindDim = Ruled<&rules::along<Mistake::unbind_error_dim_out_of_range>, A, Number<dim>>::fine;
template <class A>
concept ValidateScalar = Ruled<&rules::scalar, A>::fine;
namespace detail {
constexpr Ruling equation_alone(Writer& say, std::string_view text) {
  rules::Equation equation;
  return rules::read_equation(say, text, equation);
}
}  // namespace detail
template <Text equation>
concept ValidateEinsum = Ruled<&detail::equation_alone, Literal<equation>>::fine;
template <Text equation, int operands>
concept ValidateOperandCount = Ruled<&rules::einsum_equation, Literal<equation>, std::integral_constant<int, operands>>::fine;
template <Text equation, class... A>
concept ValidateRanks = Ruled<&rules::einsum_ranks, Literal<equation>, Several<A...>>::fine;
/// A device that the compiler can tell.
template <class Where>
concept ValidateDevice = detail::device_code<Where>
!= detail::kAnyDevice;

// ---- results ----
template <class T, class S, class Where = Anywhere>
using ShapedTensor = Typed<T, S, Where>;
namespace detail {
template <class T, class S, class Where>
struct CheckedTensor {
  using type = S;
};
template <class T, int64_t... extents, class Where>
struct CheckedTensor<T, Dims<extents...>, Where> {
  using type = Typed<T, Dims<extents...>, Where>;
};
}  // namespace detail
/// A typed tensor of a rule's shape, or the rule's error.
template <class T, class S, class Where = Anywhere>
using ShapeCheckedResult = typename detail::CheckedTensor<T, S, Where>::type;
namespace detail {
template <class X, class R>
struct DeviceChecked {
  static auto make() -> ShapeOf<"device", R>;
};
template <class X, class R>
requires(R::fine) struct DeviceChecked<X, R> {
  static auto make() -> X;
};
}  // namespace detail
/// The tensor on that device, or the error of one that lies elsewhere.
template <AnyTyped X, class Where>
using DeviceCheckedResult =
    decltype(detail::DeviceChecked<
             X, Ruled<&rules::device_is, DeviceArgument<detail::device_code<WhereOf<X>>>, DeviceArgument<detail::device_code<Where>>>>::make());
template <AnyTyped X>
using CPUOnlyResult = DeviceCheckedResult<X, OnCPU>;
template <AnyTyped X>
using WebGPUOnlyResult = decltype(detail::DeviceChecked<X, Ruled<&rules::device_is_gpu, DeviceArgument<detail::device_code<WhereOf<X>>>>>::make());
template <AnyTyped A, AnyTyped B>
using BinaryBroadcastResult = decltype(Binary<"broadcast", promoted_of<A, B>, &rules::broadcast, A, B>::make());
namespace detail {
template <bool fine>
struct ItemOf {
  template <AnyTyped X>
  static auto make() -> ElementOfTensor<X>;
};
template <>
struct ItemOf<false> {
  template <AnyTyped X>
  static auto make() -> decltype(ShapeOrError<false>::make<"item", ItemRuled<X>>());
};
}  // namespace detail
/// What item() gives: the element, or the error of a tensor of several.
template <AnyTyped X>
using ItemResult = decltype(detail::ItemOf<ItemRuled<X>::fine>::template make<X>());
/// Anything that is taken for a tensor.
template <class X>
concept TensorLike = std::is_convertible_v<const X&, const Tensor&>;
/// What the compiler knows of a typed tensor.
template <AnyTyped X>
struct TensorMeta {
  static constexpr DType dtype = dtype_of_tensor<X>;
  static constexpr Extents shape = ShapeOfTensor<X>::value;
  static constexpr int device = detail::device_code<WhereOf<X>>;  // of DeviceType, or -1
};
/// Elements in memory.
template <class T>
using TypedArray = std::span<T>;
template <DType dtype>
using TypedArrayFor = std::span<Element<dtype>>;
template <class T>
using TypedStorage = std::span<T>;
/// The elements of a contiguous tensor on the CPU, to be written.
template <AnyTyped X>
requires std::is_same_v<WhereOf<X>, OnCPU> TypedArray<ElementOfTensor<X>> elements(const X& x) {
  if (!x.is_contiguous()) fail("elements", "x", "a contiguous tensor", "strides " + to_string(x.strides()));
  return {x.template data_ptr<ElementOfTensor<X>>(), size_t(x.numel())};
}
template <AnyTyped X>
requires(!std::is_same_v<WhereOf<X>, OnCPU>) auto elements(const X&)
    -> decltype(detail::ShapeOrError<false>::make<
                "elements", Ruled<&rules::device_is, DeviceArgument<detail::device_code<WhereOf<X>>>, DeviceArgument<int(DeviceType::CPU)>>>());
/// Values and their places, of cummax and cummin.
template <AnyTyped X, int64_t dim>
using CumExtremeResult = decltype(cummax<dim>(std::declval<const X&>()));
template <class Values, class Indices>
std::tuple<Values, Indices> createCumExtremeResult(Values values, Indices indices) {
  return {std::move(values), std::move(indices)};
}
/// Counts and the edges of their bins.
template <class T, int64_t bins>
using HistogramResult = std::tuple<Typed<T, Dims<bins>>, Typed<T, Dims<plus(bins, 1)>>>;

// ---- the rules that an operator declares for its shape ----
struct SameShapeRule {
  template <class A>
  using of = A;
};
struct BroadcastShapeRule {
  template <class A, class B>
  using of = BroadcastShape<A, B>;
};
struct ReductionShapeRule {
  template <class A, bool keep = false, int64_t... dims>
  using of = ReductionShape<A, keep, dims...>;
};
struct MatmulShapeRule {
  template <class A, class B>
  using of = MatmulShape<A, B>;
};
struct MMShapeRule {
  template <class A, class B>
  using of = Matmul2DShape<A, B>;
};
struct MVShapeRule {
  template <class A, class B>
  using of = MvShape<A, B>;
};
struct DotShapeRule {
  template <class A, class B>
  using of = DotShape<A, B>;
};
template <class R>
concept ShapeRule = requires {
  typename R::template of<Dims<2>>;
}
|| requires { typename R::template of<Dims<2, 2>, Dims<2, 2>>; };

// ---- indices ----
using IndexSpec = IndexItem;
using SliceSpec = Slice;
using RangeSpec = Slice;
using MaskSpec = Tensor;     // of bool
using IndicesSpec = Tensor;  // of integers
/// An extent of a shape.
template <class A, int64_t dim>
inline constexpr int64_t At = A::value[dim];
using SublistElement = Subscript;
using SubscriptIndex = int64_t;
using AxesRecord = Axes;
using ReduceOperation = einops::ReduceOp;
using lazuli::Ellipsis;

}  // namespace lazuli::typed
