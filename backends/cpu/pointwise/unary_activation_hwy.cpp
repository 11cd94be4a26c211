#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/unary_activation_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/unary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T, class F>
void Add(UnaryTable& table, UnaryOp op, Cost cost, F) {
  table.at(op, dtype_of<T>()) = {&VectorLoop<T, 1, F>, {dtype_of<T>()}, dtype_of<T>(), cost};
}

// NaN stays.
template <class V>
HWY_INLINE V ClampTo(V x, V low, V high) {
  return hn::IfThenElse(hn::Lt(x, low), low, hn::IfThenElse(hn::Gt(x, high), high, x));
}

template <class T>
void FillCheap(UnaryTable& t) {
  constexpr Cost kCheap = Cost::Cheap;
  // The comparison, unlike a maximum, keeps NaN.
  Add<T>(t, UnaryOp::Relu, kCheap, [](auto d, const Params&, auto x) HWY_ATTR { return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x); });
  Add<T>(t, UnaryOp::Relu6, kCheap, [](auto d, const Params&, auto x) HWY_ATTR { return ClampTo(x, hn::Zero(d), Const(d, 6.0)); });
  Add<T>(t, UnaryOp::LeakyRelu, kCheap,
         [](auto d, const Params& p, auto x) HWY_ATTR { return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), x, hn::Mul(x, Const(d, p.p0))); });
  Add<T>(t, UnaryOp::Hardtanh, kCheap, [](auto d, const Params& p, auto x) HWY_ATTR { return ClampTo(x, Const(d, p.p0), Const(d, p.p1)); });
  Add<T>(t, UnaryOp::Hardsigmoid, kCheap, [](auto d, const Params&, auto x) HWY_ATTR {
    return hn::Div(ClampTo(hn::Add(x, Const(d, 3.0)), hn::Zero(d), Const(d, 6.0)), Const(d, 6.0));
  });
  Add<T>(t, UnaryOp::Hardswish, kCheap, [](auto d, const Params&, auto x) HWY_ATTR {
    return hn::Div(hn::Mul(x, ClampTo(hn::Add(x, Const(d, 3.0)), hn::Zero(d), Const(d, 6.0))), Const(d, 6.0));
  });
  Add<T>(t, UnaryOp::Softsign, kCheap, [](auto d, const Params&, auto x) HWY_ATTR { return hn::Div(x, hn::Add(Const(d, 1.0), hn::Abs(x))); });
  Add<T>(t, UnaryOp::Hardshrink, kCheap,
         [](auto d, const Params& p, auto x) HWY_ATTR { return hn::IfThenZeroElse(hn::Le(hn::Abs(x), Const(d, p.p0)), x); });
  Add<T>(t, UnaryOp::Softshrink, kCheap, [](auto d, const Params& p, auto x) HWY_ATTR {
    const auto lambda = Const(d, p.p0);
    const auto inside = hn::Mul(x, hn::Zero(d));  // NaN stays
    return hn::IfThenElse(hn::Gt(x, lambda), hn::Sub(x, lambda), hn::IfThenElse(hn::Lt(x, hn::Neg(lambda)), hn::Add(x, lambda), inside));
  });
  Add<T>(t, UnaryOp::Threshold, kCheap,
         [](auto d, const Params& p, auto x) HWY_ATTR { return hn::IfThenElse(hn::Le(x, Const(d, p.p0)), Const(d, p.p1), x); });
}

template <class T>
void FillMath(UnaryTable& t) {
  constexpr Cost kMath = Cost::Math;
  Add<T>(t, UnaryOp::Sigmoid, kMath, [](auto d, const Params&, auto x) HWY_ATTR { return vm::Sigmoid(d, x); });
  // x (1 + erf(x / sqrt 2)) / 2
  Add<T>(t, UnaryOp::Gelu, kMath, [](auto d, const Params&, auto x) HWY_ATTR {
    const auto half = hn::Mul(x, Const(d, 0.5));
    return hn::MulAdd(half, vm::Erf(d, hn::Mul(x, Const(d, 0.70710678118654752440))), half);
  });
  // x (1 + tanh u) / 2 = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3)
  Add<T>(t, UnaryOp::GeluTanh, kMath, [](auto d, const Params&, auto x) HWY_ATTR {
    const auto u2 = hn::Mul(x, hn::MulAdd(hn::Mul(x, x), Const(d, 2 * 0.79788456080286535588 * 0.044715), Const(d, 2 * 0.79788456080286535588)));
    return hn::Mul(x, vm::Sigmoid(d, u2));
  });
  Add<T>(t, UnaryOp::Silu, kMath, [](auto d, const Params&, auto x) HWY_ATTR { return hn::Div(x, hn::Add(Const(d, 1.0), vm::Exp(d, hn::Neg(x)))); });
  // x tanh(log(1 + e)) = x n / (n + 2), n = e (e + 2), e = e^x; the fraction is 1 from x = 20 on
  Add<T>(t, UnaryOp::Mish, kMath, [](auto d, const Params&, auto x) HWY_ATTR {
    const auto two = Const(d, 2.0);
    const auto e = vm::Exp(d, hn::IfThenElse(hn::Gt(x, Const(d, 20.0)), Const(d, 20.0), x));
    const auto n = hn::Mul(e, hn::Add(e, two));
    return hn::Mul(x, hn::Div(n, hn::Add(n, two)));
  });
  // log(1 + e^(beta x)) / beta; x itself where beta x > threshold
  Add<T>(t, UnaryOp::Softplus, kMath, [](auto d, const Params& p, auto x) HWY_ATTR {
    const auto beta = Const(d, p.p0), scaled = hn::Mul(x, beta);
    return hn::IfThenElse(hn::Gt(scaled, Const(d, p.p1)), x, hn::Div(vm::LogOnePlusExp(d, scaled), beta));
  });
  // -log(1 + e^-x)
  Add<T>(t, UnaryOp::LogSigmoid, kMath, [](auto d, const Params&, auto x) HWY_ATTR {
    const auto tail = vm::Log1pOfFraction(d, vm::Exp(d, hn::Neg(hn::Abs(x))));
    return hn::Sub(hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Zero(d), x), tail);
  });
  // scale x, or scale alpha (e^x - 1) for x < 0
  Add<T>(t, UnaryOp::Elu, kMath, [](auto d, const Params& p, auto x) HWY_ATTR {
    const auto positive = hn::Mul(x, Const(d, p.p1));
    const auto below = hn::Lt(x, hn::Zero(d));
    if (hn::AllFalse(d, below)) return positive;
    return hn::IfThenElse(below, hn::Mul(vm::Expm1Core(d, x), Const(d, p.p0 * p.p1)), positive);
  });
}

}  // namespace

void FillUnaryActivation(UnaryTable& table) {
  FillCheap<float>(table);
  FillCheap<double>(table);
  FillMath<float>(table);
  FillMath<double>(table);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillUnaryActivation);
void fill_unary_activation(UnaryTable& table) { HWY_DYNAMIC_DISPATCH(FillUnaryActivation)(table); }
}  // namespace lazuli::cpu
#endif
