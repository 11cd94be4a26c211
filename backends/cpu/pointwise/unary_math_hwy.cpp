#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/unary_math_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
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
  Add<T>(t, UnaryOp::Erf, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Erf(d, x); });
}

}  // namespace

void FillUnaryMath(UnaryTable& table) {
  Fill<float>(table);
  Fill<double>(table);
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
