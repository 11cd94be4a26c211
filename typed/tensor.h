#pragma once
#include "lazuli/core/tensor.h"
#include "lazuli/typed/device.h"
#include "lazuli/typed/dtype.h"
#include "lazuli/typed/ruled.h"

namespace lazuli {

namespace typed {

/// What says that a tensor has been checked, or comes from a function whose rule says its shape.
struct Unchecked {};

namespace detail {
template <class Shape, class To>
inline constexpr bool widens = false;
template <int64_t... from, int64_t... to>
requires(sizeof...(from) == sizeof...(to)) inline constexpr bool widens<Dims<from...>, Dims<to...>> = ((to == dynamic || from == to) && ...);
/// Autocast and another default dtype give results of a dtype that the type does not say: they are cast to the one that it says.
inline Tensor of_dtype(Tensor&& tensor, DType dtype) {
  if (!tensor.defined() || tensor.dtype() == dtype) return std::move(tensor);
  return tensor.to(dtype);
}
}  // namespace detail
}  // namespace typed

/// A tensor whose element type, shape and, if wanted, device the compiler knows: a Tensor and nothing more, which it is wherever one is taken. `typed_cast` makes one from a Tensor.
///
///   Typed<float, typed::Dims<32, 784>>    Typed<float, typed::Dims<typed::dim("batch"), 784>>    Typed<int64_t, typed::Dims<typed::dynamic>, typed::OnCPU>
///
/// Functions of typed tensors are those of the library under their own names: they check, give a typed result and call the untyped one. What becomes of dimensions is a template argument,
/// `sum<1>(x)`, `reshape<32, -1>(x)`; with it as a plain argument, as methods and for functions without a rule, the result is a Tensor.
template <class Element, class Extents, class Where = typed::Anywhere>
class Typed : public Tensor {
  static_assert(Extents::sizes, "Typed: an extent is a number from 0, a name (dim) or dynamic");

 public:
  using element_type = Element;
  using shape_type = Extents;
  using device_type = Where;

  /// Undefined, as a Tensor.
  Typed() = default;
  Typed(typed::Unchecked, Tensor&& tensor) : Tensor(typed::detail::of_dtype(std::move(tensor), dtype_of<Element>())) {}
  Typed(typed::Unchecked, const Tensor& tensor) : Typed(typed::Unchecked(), Tensor(tensor)) {}
  /// Forgetting names and numbers.
  template <class From, class Device>
  requires(!std::is_same_v<Typed, Typed<Element, From, Device>> && typed::detail::widens<From, Extents> &&
           (std::is_same_v<Where, typed::Anywhere> || std::is_same_v<Where, Device>)) Typed(const Typed<Element, From, Device>& from)
      : Tensor(from) {}

  const Tensor& untyped() const { return *this; }
  Typed grad() const { return {typed::Unchecked(), Tensor::grad()}; }
  Typed detach() const { return {typed::Unchecked(), Tensor::detach()}; }
  Typed clone() const { return {typed::Unchecked(), Tensor::clone()}; }
  Typed contiguous() const { return {typed::Unchecked(), Tensor::contiguous()}; }
  const Typed& requires_grad_(bool requires_grad = true) const {
    Tensor::requires_grad_(requires_grad);
    return *this;
  }
};

namespace typed {

using lazuli::Typed;

template <class X>
inline constexpr bool is_typed = false;
template <class T, class S, class W>
inline constexpr bool is_typed<Typed<T, S, W>> = true;
template <class X>
concept AnyTyped = is_typed<X>;

template <AnyTyped X>
using ElementOfTensor = typename X::element_type;
template <AnyTyped X>
using ShapeOfTensor = typename X::shape_type;
template <AnyTyped X>
using WhereOf = typename X::device_type;
template <AnyTyped X>
inline constexpr DType dtype_of_tensor = dtype_of<typename X::element_type>();

/// A tensor as the untyped function takes it.
inline const Tensor& untyped(const Tensor& x) { return x; }

namespace detail {
template <bool fine>
struct ResultType {
  template <Text op, class R, class T, class Where>
  static auto one() -> Typed<T, ShapeOf<op, R>, Where>;
  template <Text op, class R, class T, class U, class Where>
  static auto two() -> std::tuple<Typed<T, ShapeOf<op, R>, Where>, Typed<U, ShapeOf<op, R, 1>, Where>>;
  template <Text op, class R, class T, class U, class V, class Where>
  static auto three() -> std::tuple<Typed<T, ShapeOf<op, R>, Where>, Typed<U, ShapeOf<op, R, 1>, Where>, Typed<V, ShapeOf<op, R, 2>, Where>>;
};
template <>
struct ResultType<false> {
  template <Text op, class R, class T, class Where>
  static auto one() -> decltype(ShapeOrError<false>::template make<op, R>());
  template <Text op, class R, class T, class U, class Where>
  static auto two() -> decltype(ShapeOrError<false>::template make<op, R>());
  template <Text op, class R, class T, class U, class V, class Where>
  static auto three() -> decltype(ShapeOrError<false>::template make<op, R>());
};
}  // namespace detail

/// The type of an operator's result, or its error: `op` with the rule R, elements of type T, on Where.
template <Text op, class R, class T, class Where>
struct Result {
  using Rule = R;
  using Place = Where;
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::ResultType<fine>::template one<op, R, T, Where>());
  static auto from(Tensor&& tensor) { return decltype(make())(Unchecked(), std::move(tensor)); }
};
/// Two results, of the elements T and U.
template <Text op, class R, class T, class U, class Where>
struct TwoResults {
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::ResultType<fine>::template two<op, R, T, U, Where>());
  template <class Pair>
  static auto from(Pair&& pair) {
    auto& [first, second] = pair;
    return decltype(make()){{Unchecked(), std::move(first)}, {Unchecked(), std::move(second)}};
  }
};

/// Three results, of the elements T, U and V.
template <Text op, class R, class T, class U, class V, class Where>
struct ThreeResults {
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::ResultType<fine>::template three<op, R, T, U, V, Where>());
  template <class Triple>
  static auto from(Triple&& triple) {
    auto& [first, second, third] = triple;
    return decltype(make()){{Unchecked(), std::move(first)}, {Unchecked(), std::move(second)}, {Unchecked(), std::move(third)}};
  }
};

}  // namespace typed
}  // namespace lazuli
