#pragma once
#include <span>

#include "lazuli/typed/functions/functions.h"

/// What functions give and take: results or errors, elements in memory.
namespace lazuli::typed {

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

}  // namespace lazuli::typed
