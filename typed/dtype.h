#pragma once
#include <concepts>
#include <type_traits>

#include "lazuli/core/dtype.h"
#include "lazuli/core/number.h"
#include "lazuli/typed/ruled.h"

/// Element types: which one a result has, and which ones an operator takes.
namespace lazuli::typed {

/// As `promote_types`, at compile time.
constexpr DType promoted(DType a, DType b) {
  if (a == b) return a;
  DTypeProperties low = kDTypes[int(a)], high = kDTypes[int(b)];
  if (low.kind > high.kind || (low.kind == high.kind && low.item_size > high.item_size)) {
    const DTypeProperties swapped = low;
    low = high;
    high = swapped;
  }
  if (high.kind == DTypeKind::Complex) return low.kind < DTypeKind::Float ? high.dtype : complex_dtype(promoted(low.real, high.real));
  const bool same_category = low.kind == high.kind || (low.kind == DTypeKind::Unsigned && high.kind == DTypeKind::Signed);
  return same_category && low.item_size >= high.item_size ? low.wider : high.dtype;
}
/// bool, integers, floats, complex.
constexpr int category(DType t) { return is_complex(t) ? 3 : is_floating_point(t) ? 2 : t == kBool ? 0 : 1; }
/// Of two tensors: one without dimensions decides only when it is of a higher category.
constexpr DType promoted(DType a, int rank_a, DType b, int rank_b) {
  if ((rank_a == 0) == (rank_b == 0)) return promoted(a, b);
  const DType dimensioned = rank_a ? a : b, single = rank_a ? b : a;
  return category(single) > category(dimensioned) ? promoted(dimensioned, single) : dimensioned;
}
/// Integers and bool become float32.
constexpr DType floating(DType t) { return is_integral(t) ? kFloat32 : t; }
/// Sums and products of integers and bool are int64.
constexpr DType summed(DType t) { return is_integral(t) ? kInt64 : t; }

/// The C++ type of a dtype's elements.
template <DType>
struct ElementOf;
#define LAZULI_TYPED_ELEMENT(dtype, element) \
  template <>                                \
  struct ElementOf<dtype> {                  \
    using type = element;                    \
  }
LAZULI_TYPED_ELEMENT(kBool, bool);
LAZULI_TYPED_ELEMENT(kUInt8, uint8_t);
LAZULI_TYPED_ELEMENT(kInt8, int8_t);
LAZULI_TYPED_ELEMENT(kInt16, int16_t);
LAZULI_TYPED_ELEMENT(kInt32, int32_t);
LAZULI_TYPED_ELEMENT(kInt64, int64_t);
LAZULI_TYPED_ELEMENT(kFloat16, lazuli::Half);
LAZULI_TYPED_ELEMENT(kBFloat16, lazuli::BFloat16);
LAZULI_TYPED_ELEMENT(kFloat32, float);
LAZULI_TYPED_ELEMENT(kFloat64, double);
LAZULI_TYPED_ELEMENT(kComplex64, Complex<float>);
LAZULI_TYPED_ELEMENT(kComplex128, Complex<double>);
#undef LAZULI_TYPED_ELEMENT
template <DType dtype>
using Element = typename ElementOf<dtype>::type;

/// The rules that an operator declares for its result's dtype: `UnaryDType<FloatDTypeRule, int64_t>` is float.
struct SameDTypeRule {
  static constexpr DType of(DType a, DType = kBool) { return a; }
};
struct FloatDTypeRule {
  static constexpr DType of(DType a) { return floating(a); }
  static constexpr DType of(DType a, DType b) { return floating(promoted(a, b)); }
};
struct BooleanDTypeRule {
  static constexpr DType of(DType, DType = kBool) { return kBool; }
};
struct PromoteDTypeRule {
  static constexpr DType of(DType a) { return a; }
  static constexpr DType of(DType a, DType b) { return promoted(a, b); }
};
template <class R>
concept DTypeRule = requires {
  { R::of(kFloat32) } -> std::same_as<DType>;
};
template <DTypeRule R, class T>
using UnaryDType = Element<R::of(dtype_of<T>())>;
template <DTypeRule R, class A, class B>
using BinaryDType = Element<R::of(dtype_of<A>(), dtype_of<B>())>;

namespace rules {

constexpr Ruling same_dtype(Writer& say, DType a, DType b) {
  if (a == b) return {};
  say << "operands are of one dtype, got " << kDTypes[int(a)].name << " and " << kDTypes[int(b)].name;
  return Mistake::dtype_error_requires;
}
enum class Wanted { integer, index, floating, boolean, differentiable };
constexpr Ruling dtype_is(Writer& say, DType a, Wanted wanted) {
  const bool fits = wanted == Wanted::integer          ? is_integral(a)
                    : wanted == Wanted::index          ? a == kInt64 || a == kInt32
                    : wanted == Wanted::floating       ? is_floating_point(a)
                    : wanted == Wanted::differentiable ? is_differentiable(a)
                                                       : a == kBool;
  if (fits) return {};
  say << "needs "
      << (wanted == Wanted::integer          ? "integers or bool"
          : wanted == Wanted::index          ? "indices (int64 or int32)"
          : wanted == Wanted::floating       ? "floating point numbers"
          : wanted == Wanted::differentiable ? "floating point or complex numbers"
                                             : "bool")
      << ", got " << kDTypes[int(a)].name;
  return Mistake::dtype_error_requires;
}

}  // namespace rules

template <DType dtype>
using DTypeArgument = std::integral_constant<DType, dtype>;
template <class A, class B>
using SameDType = Ruled<rules::same_dtype, DTypeArgument<dtype_of<A>()>, DTypeArgument<dtype_of<B>()>>;
template <class T, rules::Wanted wanted>
using DTypeIs = Ruled<rules::dtype_is, DTypeArgument<dtype_of<T>()>, std::integral_constant<rules::Wanted, wanted>>;

}  // namespace lazuli::typed
