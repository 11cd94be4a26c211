#pragma once
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/typed/tensor.h"

/// New typed tensors, `typed::zeros<Typed<float, typed::Dims<2, 3>>>()`: with a size for each extent that is no number, in order, `typed::randn<Images>(32)`.
namespace lazuli::typed {

namespace detail {
template <AnyTyped X>
inline constexpr int open_extents = [] {
  int count = 0;
  for (int i = 0; i < ShapeOfTensor<X>::rank; ++i) count += !is_fixed(ShapeOfTensor<X>::value.at[i]);
  return count;
}();
template <AnyTyped X, class... Sizes>
lazuli::Shape sizes_of(Sizes... sizes) {
  const int64_t given[] = {int64_t(sizes)..., 0};
  lazuli::Shape shape(ShapeOfTensor<X>::value.at, ShapeOfTensor<X>::rank);
  for (int i = 0, next = 0; i < ShapeOfTensor<X>::rank; ++i)
    if (!is_fixed(shape.data()[i])) shape.data()[i] = given[next++];
  return shape;
}
template <AnyTyped X>
CreationOptions options_of() {
  CreationOptions options;
  options.dtype = dtype_of_tensor<X>;
  if constexpr (device_code<WhereOf<X>> != kAnyDevice) options.device = Device(DeviceType(device_code<WhereOf<X>>));
  return options;
}
}  // namespace detail

/// A function that makes a typed tensor from sizes alone.
template <class F, class X>
concept TensorCreator = AnyTyped<X> && std::is_invocable_r_v<X, F>;

#define LAZULI_TYPED_CREATION(name)                                                             \
  template <AnyTyped X, std::integral... Sizes>                                                 \
  requires(sizeof...(Sizes) == detail::open_extents<X>) X name(Sizes... sizes) {                \
    return {Unchecked(), lazuli::name(detail::sizes_of<X>(sizes...), detail::options_of<X>())}; \
  }
LAZULI_TYPED_CREATION(zeros)
LAZULI_TYPED_CREATION(ones)
LAZULI_TYPED_CREATION(empty)
LAZULI_TYPED_CREATION(rand)
LAZULI_TYPED_CREATION(randn)
#undef LAZULI_TYPED_CREATION
template <AnyTyped X, std::integral... Sizes>
requires(sizeof...(Sizes) == detail::open_extents<X>) X full(const Scalar& value, Sizes... sizes) {
  return {Unchecked(), lazuli::full(detail::sizes_of<X>(sizes...), value, detail::options_of<X>())};
}

}  // namespace lazuli::typed

namespace lazuli {

/// The same shape with elements of another type, or on another device: `to<double>(x)`, `to<typed::OnCPU>(x)`.
template <class T, typed::AnyTyped X>
requires(typed::detail::device_code<T> == typed::detail::kAnyDevice) Typed<T, typed::ShapeOfTensor<X>, typed::WhereOf<X>> to(const X& x) {
  return {typed::Unchecked(), x.untyped().to(dtype_of<T>())};
}
template <class Where, typed::AnyTyped X>
requires(typed::detail::device_code<Where> !=
         typed::detail::kAnyDevice) Typed<typed::ElementOfTensor<X>, typed::ShapeOfTensor<X>, Where> to(const X& x) {
  return {typed::Unchecked(), x.untyped().to(Device(DeviceType(typed::detail::device_code<Where>)))};
}

}  // namespace lazuli
