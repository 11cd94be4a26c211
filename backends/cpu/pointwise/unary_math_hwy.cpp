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
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillUnaryMath);
void fill_unary_math(UnaryTable& table) { HWY_DYNAMIC_DISPATCH(FillUnaryMath)(table); }
}  // namespace lazuli::cpu
#endif
