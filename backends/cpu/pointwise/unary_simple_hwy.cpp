#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/unary_simple_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/unary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T, class F>
void Add(UnaryTable& table, UnaryOp op, F) {
  table.at(op, dtype_of<T>()) = {&VectorLoop<T, 1, F>, {dtype_of<T>()}, dtype_of<T>(), Cost::Cheap};
}
template <class T, class F>
void AddTest(UnaryTable& table, UnaryOp op, F) {
  table.at(op, dtype_of<T>()) = {&SimpleLoop<bool, T, 1, F>, {dtype_of<T>()}, kBool, Cost::Cheap};
}

template <class T>
void Fill(UnaryTable& t) {
  using enum UnaryOp;
  const auto identity = [](auto, const Params&, auto x) HWY_ATTR { return x; };
  Add<T>(t, Positive, identity);
  Add<T>(t, Conj, identity);
  Add<T>(t, Real, identity);
  Add<T>(t, Neg, [](auto, const Params&, auto x) HWY_ATTR { return hn::Neg(x); });
  Add<T>(t, Abs, [](auto, const Params&, auto x) HWY_ATTR { return hn::Abs(x); });
  Add<T>(t, Square, [](auto, const Params&, auto x) HWY_ATTR { return hn::Mul(x, x); });
  // 0 for NaN, as PyTorch has it
  Add<T>(t, Sign, [](auto d, const Params&, auto x) HWY_ATTR {
    const auto one = Const(d, 1.0), zero = hn::Zero(d);
    return hn::Sub(hn::IfThenElseZero(hn::Gt(x, zero), one), hn::IfThenElseZero(hn::Lt(x, zero), one));
  });
  Add<T>(t, Floor, [](auto, const Params&, auto x) HWY_ATTR { return hn::Floor(x); });
  Add<T>(t, Ceil, [](auto, const Params&, auto x) HWY_ATTR { return hn::Ceil(x); });
  Add<T>(t, Round, [](auto, const Params&, auto x) HWY_ATTR { return hn::Round(x); });
  Add<T>(t, Trunc, [](auto, const Params&, auto x) HWY_ATTR { return hn::Trunc(x); });
  Add<T>(t, Frac, [](auto, const Params&, auto x) HWY_ATTR { return hn::Sub(x, hn::Trunc(x)); });
  Add<T>(t, Reciprocal, [](auto d, const Params&, auto x) HWY_ATTR { return hn::Div(Const(d, 1.0), x); });
  Add<T>(t, Sqrt, [](auto, const Params&, auto x) HWY_ATTR { return hn::Sqrt(x); });
  Add<T>(t, Rsqrt, [](auto d, const Params&, auto x) HWY_ATTR { return hn::Div(Const(d, 1.0), hn::Sqrt(x)); });
  Add<T>(t, Angle, [](auto d, const Params&, auto x) HWY_ATTR {
    return KeepNaN(d, x, hn::IfThenElseZero(hn::Lt(x, hn::Zero(d)), Const(d, 3.14159265358979323846)));
  });

  constexpr T infinity = T(__builtin_inf());
  AddTest<T>(t, LogicalNot, [](const Params&, T x) HWY_ATTR { return x == 0; });
  AddTest<T>(t, IsNan, [](const Params&, T x) HWY_ATTR { return x != x; });
  AddTest<T>(t, IsInf, [](const Params&, T x) HWY_ATTR { return x == infinity || x == -infinity; });
  AddTest<T>(t, IsFinite, [](const Params&, T x) HWY_ATTR { return (x < 0 ? -x : x) < infinity; });
  AddTest<T>(t, IsNegInf, [](const Params&, T x) HWY_ATTR { return x == -infinity; });
  AddTest<T>(t, IsPosInf, [](const Params&, T x) HWY_ATTR { return x == infinity; });
  AddTest<T>(t, SignBit, [](const Params&, T x) HWY_ATTR { return __builtin_signbit(x) != 0; });
}

}  // namespace

void FillUnarySimple(UnaryTable& table) {
  Fill<float>(table);
  Fill<double>(table);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillUnarySimple);
void fill_unary_simple(UnaryTable& table) { HWY_DYNAMIC_DISPATCH(FillUnarySimple)(table); }
}  // namespace lazuli::cpu
#endif
