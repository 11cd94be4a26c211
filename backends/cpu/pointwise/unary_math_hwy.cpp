#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/unary_math_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/angle-inl.h"
#include "lazuli/backends/cpu/pointwise/special_functions.h"
#include "lazuli/backends/cpu/pointwise/unary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

// float only: x P(w) with w = -log(1 - x^2), by two polynomials (M. Giles, Approximating the erfinv function, 2010; relative error 2.6e-7). Infinite at 1, NaN beyond.
template <class D, class V>
HWY_INLINE V Erfinv(D d, V x) {
  const V one = Const(d, 1.0);
  const V w = hn::Neg(vm::Log(d, hn::Mul(hn::Sub(one, x), hn::Add(one, x))));
  const V near = hn::Sub(w, Const(d, 2.5)), far = hn::Sub(hn::Sqrt(w), Const(d, 3.0));
  V p = Const(d, 2.81022636e-08), q = Const(d, -0.000200214257);
  for (const double c : {3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941})
    p = hn::MulAdd(p, near, Const(d, c));
  for (const double c : {0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682})
    q = hn::MulAdd(q, far, Const(d, c));
  const V y = hn::Mul(hn::IfThenElse(hn::Lt(w, Const(d, 5.0)), p, q), x);
  return hn::IfThenElse(hn::Eq(hn::Abs(x), one), hn::CopySign(hn::Inf(d), x), y);
}

#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
// double, x > 0. From 10 on: log x - 1/2x - sum B2k / (2k x^2k). Below: digamma(x) = digamma(x + 10) - sum of 1 / (x + k) for k < 10, made one fraction.
template <class D, class V>
HWY_INLINE V DigammaOfPositive(D d, V x) {
  const auto below = hn::Lt(x, Const(d, 10.0));
  V numerator = Const(d, 1.0), denominator = x;
  for (double k = 1; k < 10; ++k) {
    const V next = hn::Add(x, Const(d, k));
    numerator = hn::MulAdd(numerator, next, denominator);
    denominator = hn::Mul(denominator, next);
  }
  const V sum = hn::IfThenElseZero(below, hn::Div(numerator, denominator));
  const V z = hn::IfThenElse(below, hn::Add(x, Const(d, 10.0)), x), inverse = hn::Div(Const(d, 1.0), z), t = hn::Mul(inverse, inverse);
  V series = Const(d, 1.0 / 12);
  for (const double c : {691.0 / 32760, 1.0 / 132, 1.0 / 240, 1.0 / 252, 1.0 / 120, 1.0 / 12}) series = hn::NegMulAdd(series, t, Const(d, c));
  return hn::Sub(hn::Sub(hn::NegMulAdd(inverse, Const(d, 0.5), vm::Log(d, z)), hn::Mul(t, series)), sum);
}
// double, 0 < x < 1e37, to some 50 bits of the greatest of its terms: Stirling's series from 8 on, below it log gamma(x) = log gamma(x + 8) - log(x (x + 1) .. (x + 7)).
template <class D, class V>
HWY_INLINE V LgammaOfPositive(D d, V x) {
  const auto below = hn::Lt(x, Const(d, 8.0));
  V product = x;
  for (double k = 1; k < 8; ++k) product = hn::Mul(product, hn::Add(x, Const(d, k)));
  const V z = hn::IfThenElse(below, hn::Add(x, Const(d, 8.0)), x), inverse = hn::Div(Const(d, 1.0), z), t = hn::Mul(inverse, inverse);
  V series = Const(d, 1.0 / 156);
  for (const double c : {691.0 / 360360, 1.0 / 1188, 1.0 / 1680, 1.0 / 1260, 1.0 / 360, 1.0 / 12}) series = hn::NegMulAdd(series, t, Const(d, c));
  const V half_log_two_pi = Const(d, 0.91893853320467274178);
  const V stirling = hn::Add(hn::Sub(hn::Mul(hn::Sub(z, Const(d, 0.5)), hn::Log(d, z)), z), hn::MulAdd(inverse, series, half_log_two_pi));
  return hn::Sub(stirling, hn::IfThenElseZero(below, hn::Log(d, hn::IfThenElse(below, product, z))));
}

// f of the elements as doubles.
template <class D, class V, class F>
HWY_INLINE V InDouble(D d, V x, F f) {
  if constexpr (is_f32<D>) {
    const hn::Half<D> half;
    const hn::Rebind<double, decltype(half)> wide;
    const auto part = [&](auto v) HWY_ATTR { return hn::DemoteTo(half, f(wide, hn::PromoteTo(wide, v))); };
    return hn::Combine(d, part(hn::UpperHalf(half, x)), part(hn::LowerHalf(half, x)));
  } else {
    return f(d, x);
  }
}
template <class D, class V>
HWY_INLINE V Digamma(D d, V x) {
  const auto positive = [d](V a) HWY_ATTR { return InDouble(d, a, [](auto wide, auto v) HWY_ATTR { return DigammaOfPositive(wide, v); }); };
  return FastOr(d, x, hn::Gt(x, hn::Zero(d)), positive, [](Lane<D> a) { return Lane<D>(digamma(double(a))); });
}
// float: the terms cancel near 1 and 2.
template <class D, class V>
HWY_INLINE V Lgamma(D d, V x) {
  const auto away = [&](double from) HWY_ATTR { return hn::Gt(hn::Abs(hn::Sub(x, Const(d, from))), Const(d, 1e-3)); };
  const auto ordinary = hn::And(hn::And(hn::Gt(x, hn::Zero(d)), hn::Lt(x, Const(d, 1e36))), hn::And(away(1), away(2)));
  const auto positive = [d](V a) HWY_ATTR { return InDouble(d, a, [](auto wide, auto v) HWY_ATTR { return LgammaOfPositive(wide, v); }); };
  return FastOr(d, x, ordinary, positive, [](Lane<D> a) { return Lane<D>(log_gamma(double(a))); });
}
#endif

template <class T, class F>
void Add(UnaryTable& table, UnaryOp op, F) {
  table.at(op, dtype_of<T>()) = {&VectorLoop<T, 1, F>, {dtype_of<T>()}, dtype_of<T>(), Cost::Math};
}

template <class T>
void Fill(UnaryTable& t) {
  Add<T>(t, UnaryOp::Exp, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Exp(d, x); });
  Add<T>(t, UnaryOp::Exp2, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Exp2(d, x); });
  Add<T>(t, UnaryOp::Expm1, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Expm1(d, x); });
  Add<T>(t, UnaryOp::Log, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Log(d, x); });
  Add<T>(t, UnaryOp::Log2, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Log2(d, x); });
  Add<T>(t, UnaryOp::Log10, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Log10(d, x); });
  Add<T>(t, UnaryOp::Log1p, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Log1p(d, x); });
  Add<T>(t, UnaryOp::Sin, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Sin(d, x); });
  Add<T>(t, UnaryOp::Cos, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Cos(d, x); });
  Add<T>(t, UnaryOp::Tan, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Tan(d, x); });
  Add<T>(t, UnaryOp::Asin, [](auto d, const Params&, auto x) HWY_ATTR { return hn::Asin(d, x); });
  Add<T>(t, UnaryOp::Acos, [](auto d, const Params&, auto x) HWY_ATTR { return hn::Acos(d, x); });
  Add<T>(t, UnaryOp::Atan, [](auto d, const Params&, auto x) HWY_ATTR { return hn::Atan(d, x); });
  Add<T>(t, UnaryOp::Sinh, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Sinh(d, x); });
  Add<T>(t, UnaryOp::Cosh, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Cosh(d, x); });
  Add<T>(t, UnaryOp::Tanh, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Tanh(d, x); });
  Add<T>(t, UnaryOp::Asinh, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Asinh(d, x); });
  Add<T>(t, UnaryOp::Acosh, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Acosh(d, x); });
  Add<T>(t, UnaryOp::Atanh, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Atanh(d, x); });
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  Add<T>(t, UnaryOp::Digamma, [](auto d, const Params&, auto x) HWY_ATTR { return Digamma(d, x); });
#endif
  Add<T>(t, UnaryOp::Erf, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Erf(d, x); });
}

}  // namespace

void FillUnaryMath(UnaryTable& table) {
  Fill<float>(table);
  Fill<double>(table);
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  Add<float>(table, UnaryOp::Lgamma, [](auto d, const Params&, auto x) HWY_ATTR { return Lgamma(d, x); });
#endif
  Add<float>(table, UnaryOp::Erfinv, [](auto d, const Params&, auto x) HWY_ATTR { return Erfinv(d, x); });
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillUnaryMath);
void fill_unary_math(UnaryTable& table) { HWY_DYNAMIC_DISPATCH(FillUnaryMath)(table); }
}  // namespace lazuli::cpu
#endif
