#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/pointwise/binary_gradient_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/pointwise/binary.h"
#include "lazuli/backends/cpu/vector_loop-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

template <class T, class F>
void Add(BinaryTable& table, BinaryOp op, Cost cost, F) {
  table.at(op, dtype_of<T>()) = {&VectorLoop<T, 2, F>, {dtype_of<T>(), dtype_of<T>()}, dtype_of<T>(), cost};
}

// g is the gradient of the result, x the input, y the result.
template <class T>
void FillCheap(BinaryTable& t) {
  constexpr Cost kCheap = Cost::Cheap;
  Add<T>(t, BinaryOp::ReluGrad, kCheap, [](auto d, const Params&, auto g, auto y) HWY_ATTR { return hn::IfThenZeroElse(hn::Le(y, hn::Zero(d)), g); });
  Add<T>(t, BinaryOp::SigmoidGrad, kCheap,
         [](auto d, const Params&, auto g, auto y) HWY_ATTR { return hn::Mul(g, hn::Mul(hn::Sub(Const(d, 1.0), y), y)); });
  Add<T>(t, BinaryOp::TanhGrad, kCheap,
         [](auto d, const Params&, auto g, auto y) HWY_ATTR { return hn::Mul(g, hn::NegMulAdd(y, y, Const(d, 1.0))); });
  Add<T>(t, BinaryOp::LeakyReluGrad, kCheap,
         [](auto d, const Params& p, auto g, auto x) HWY_ATTR { return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), g, hn::Mul(g, Const(d, p.p0))); });
  Add<T>(t, BinaryOp::HardtanhGrad, kCheap, [](auto d, const Params& p, auto g, auto x) HWY_ATTR {
    return hn::IfThenElseZero(hn::And(hn::Gt(x, Const(d, p.p0)), hn::Lt(x, Const(d, p.p1))), g);
  });
  Add<T>(t, BinaryOp::HardsigmoidGrad, kCheap, [](auto d, const Params&, auto g, auto x) HWY_ATTR {
    return hn::IfThenElseZero(hn::Lt(hn::Abs(x), Const(d, 3.0)), hn::Div(g, Const(d, 6.0)));
  });
  Add<T>(t, BinaryOp::HardswishGrad, kCheap, [](auto d, const Params&, auto g, auto x) HWY_ATTR {
    const auto three = Const(d, 3.0);
    const auto middle = hn::Mul(g, hn::Add(hn::Div(x, three), Const(d, 0.5)));
    return hn::IfThenZeroElse(hn::Le(x, hn::Neg(three)), hn::IfThenElse(hn::Ge(x, three), g, middle));
  });
  Add<T>(t, BinaryOp::ShrinkGrad, kCheap,
         [](auto d, const Params& p, auto g, auto x) HWY_ATTR { return hn::IfThenElseZero(hn::Gt(hn::Abs(x), Const(d, p.p0)), g); });
  Add<T>(t, BinaryOp::ThresholdGrad, kCheap,
         [](auto d, const Params& p, auto g, auto x) HWY_ATTR { return hn::IfThenZeroElse(hn::Le(x, Const(d, p.p0)), g); });
}

template <class T>
void FillMath(BinaryTable& t) {
  constexpr Cost kMath = Cost::Math;
  // g (cdf + x pdf), cdf = (1 + erf(x / sqrt 2)) / 2, pdf = e^(-x^2 / 2) / sqrt(2 pi)
  Add<T>(t, BinaryOp::GeluGrad, kMath, [](auto d, const Params&, auto g, auto x) HWY_ATTR {
    const auto half = Const(d, 0.5);
    const auto cdf = hn::MulAdd(half, vm::Erf(d, hn::Mul(x, Const(d, 0.70710678118654752440))), half);
    const auto pdf = hn::Mul(vm::Exp(d, hn::Mul(hn::Neg(half), hn::Mul(x, x))), Const(d, 0.39894228040143267794));
    return hn::Mul(g, hn::MulAdd(x, pdf, cdf));
  });
  // g (s + 2 x s (1 - s) u'), s = sigmoid(2 u), u as in the forward, u' = sqrt(2 / pi) (1 + 3 * 0.044715 x^2)
  Add<T>(t, BinaryOp::GeluTanhGrad, kMath, [](auto d, const Params&, auto g, auto x) HWY_ATTR {
    constexpr double kBeta = 0.79788456080286535588, kKappa = 0.044715;
    const auto one = Const(d, 1.0), x2 = hn::Mul(x, x);
    const auto s = vm::Sigmoid(d, hn::Mul(x, hn::MulAdd(x2, Const(d, 2 * kBeta * kKappa), Const(d, 2 * kBeta))));
    const auto du2 = hn::MulAdd(x2, Const(d, 6 * kBeta * kKappa), Const(d, 2 * kBeta));
    return hn::Mul(g, hn::MulAdd(hn::Mul(x, hn::Mul(s, hn::Sub(one, s))), du2, s));
  });
  Add<T>(t, BinaryOp::SiluGrad, kMath, [](auto d, const Params&, auto g, auto x) HWY_ATTR {
    const auto one = Const(d, 1.0), s = vm::Sigmoid(d, x);
    return hn::Mul(hn::Mul(g, s), hn::MulAdd(x, hn::Sub(one, s), one));
  });
  // g (t + x sigmoid(x) (1 - t^2)), t = tanh(log(1 + e^x))
  Add<T>(t, BinaryOp::MishGrad, kMath, [](auto d, const Params&, auto g, auto x) HWY_ATTR {
    const auto one = Const(d, 1.0), two = Const(d, 2.0);
    const auto e = vm::Exp(d, hn::IfThenElse(hn::Gt(x, Const(d, 20.0)), Const(d, 20.0), x));
    const auto n = hn::Mul(e, hn::Add(e, two));
    const auto tanh = hn::Div(n, hn::Add(n, two));
    const auto s = hn::Div(e, hn::Add(e, one));
    return hn::Mul(g, hn::MulAdd(hn::Mul(x, s), hn::NegMulAdd(tanh, tanh, one), tanh));
  });
  Add<T>(t, BinaryOp::SoftplusGrad, kMath, [](auto d, const Params& p, auto g, auto x) HWY_ATTR {
    const auto scaled = hn::Mul(x, Const(d, p.p0));
    return hn::IfThenElse(hn::Gt(scaled, Const(d, p.p1)), g, hn::Mul(g, vm::Sigmoid(d, scaled)));
  });
  Add<T>(t, BinaryOp::LogSigmoidGrad, kMath, [](auto d, const Params&, auto g, auto x) HWY_ATTR { return hn::Mul(g, vm::Sigmoid(d, hn::Neg(x))); });
  Add<T>(t, BinaryOp::EluGrad, kMath, [](auto d, const Params& p, auto g, auto x) HWY_ATTR {
    const auto negative = hn::Mul(Const(d, p.p0 * p.p1), vm::Exp(d, x));
    return hn::Mul(g, hn::IfThenElse(hn::Gt(x, hn::Zero(d)), Const(d, p.p1), negative));
  });
}

}  // namespace

void FillBinaryGradient(BinaryTable& table) {
  FillCheap<float>(table);
  FillCheap<double>(table);
  FillMath<float>(table);
  FillMath<double>(table);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillBinaryGradient);
void fill_binary_gradient(BinaryTable& table) { HWY_DYNAMIC_DISPATCH(FillBinaryGradient)(table); }
}  // namespace lazuli::cpu
#endif
