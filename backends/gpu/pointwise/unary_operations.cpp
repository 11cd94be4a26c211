#include "lazuli/backends/gpu/pointwise/activation_text.h"
#include "lazuli/backends/gpu/pointwise/operations.h"
#include "lazuli/backends/gpu/pointwise/special_text.h"

namespace lazuli::gpu {
namespace {

void add_simple(UnaryOperations& t) {
  using enum UnaryOp;
  for (UnaryOp op : {Positive, Conj, Real}) t[op].real = {"a"};
  t[Neg].real = {"-a"};
  t[Abs].real = {"fabs(a)"};
  t[Square].real = {"a * a"};
  t[Sign].real = {"(REAL)((a > 0) - (a < 0))"};  // 0 for NaN
  t[Floor].real = {"floor(a)"};
  t[Ceil].real = {"ceil(a)"};
  t[Round].real = {"rint(a)"};
  t[Trunc].real = {"trunc(a)"};
  t[Frac].real = {"a - trunc(a)"};
  t[Reciprocal].real = {"NUM(1.0) / a"};
  t[Sqrt].real = {"sqrt(a)"};
  t[Rsqrt].real = {"NUM(1.0) / sqrt(a)"};
  t[Angle].real = {"a != a ? a : a < 0 ? NUM(3.14159265358979323846) : NUM(0.0)"};
  t[LogicalNot].real = {"a == 0"};
  t[IsNan].real = {"a != a"};
  t[IsInf].real = {"fabs(a) == INFINITY"};
  t[IsFinite].real = {"fabs(a) < INFINITY"};
  t[IsNegInf].real = {"a == -INFINITY"};
  t[IsPosInf].real = {"a == INFINITY"};
  t[SignBit].real = {"signbit(a) != 0"};
}

void add_math(UnaryOperations& t) {
  using enum UnaryOp;
  t[Exp].real = {"exp(a)"};
  t[Exp2].real = {"exp2(a)"};
  t[Expm1].real = {"expm1(a)"};
  t[Log].real = {"log(a)"};
  t[Log2].real = {"log2(a)"};
  t[Log10].real = {"log10(a)"};
  t[Log1p].real = {"log1p(a)"};
  t[Sin].real = {"sin(a)"};
  t[Cos].real = {"cos(a)"};
  t[Tan].real = {"tan(a)"};
  t[Asin].real = {"asin(a)"};
  t[Acos].real = {"acos(a)"};
  t[Atan].real = {"atan(a)"};
  t[Sinh].real = {"sinh(a)"};
  t[Cosh].real = {"cosh(a)"};
  t[Tanh].real = {"tanh(a)"};
  t[Asinh].real = {"asinh(a)"};
  t[Acosh].real = {"acosh(a)"};
  t[Atanh].real = {"atanh(a)"};
  t[Sigmoid].real = {"logistic(a)", {kSigmoid}};
}

void add_special(UnaryOperations& t) {
  using enum UnaryOp;
  t[Erf].real = {"erf(a)"};
  t[Erfc].real = {"erfc(a)"};
  t[Erfinv].real = {"inverse_erf(a)", {kConstants, kErfinv}};
  t[Lgamma].real = {"lgamma(a)"};
  t[Digamma].real = {"digamma_of(a)", {kConstants, kDigamma}};
  t[Sinc].real = {"a == 0 ? NUM(1.0) : sinpi(a) / (NUM(3.14159265358979323846) * a)"};
  t[I0].real = {"bessel_plain(0, a)", {kConstants, kBessel}};
  t[I0e].real = {"bessel_scaled(0, a)", {kConstants, kBessel}};
  t[I1].real = {"bessel_plain(1, a)", {kConstants, kBessel}};
  t[I1e].real = {"bessel_scaled(1, a)", {kConstants, kBessel}};
  t[Erfcx].real = {"scaled_erfc(a)", {kConstants, kErfcx}};
  t[Ndtri].real = {"inverse_normal(a)", {kConstants, kErfcx, kNormal}};
  t[LogNdtr].real = {"log_normal(a)", {kConstants, kErfcx, kNormal}};
}

void add_activations(UnaryOperations& t) {
  using enum UnaryOp;
  // Comparisons, unlike fmax and fmin, keep NaN.
  t[Relu].real = {"a < 0 ? NUM(0.0) : a"};
  t[Relu6].real = {"a < 0 ? NUM(0.0) : a > 6 ? NUM(6.0) : a"};
  t[LeakyRelu].real = {"a > 0 ? a : a * p0"};
  t[Hardtanh].real = {"a < p0 ? p0 : a > p1 ? p1 : a"};
  t[Hardsigmoid].real = {"(a < -3 ? NUM(0.0) : a > 3 ? NUM(6.0) : a + NUM(3.0)) / NUM(6.0)"};
  t[Hardswish].real = {"a * (a < -3 ? NUM(0.0) : a > 3 ? NUM(6.0) : a + NUM(3.0)) / NUM(6.0)"};
  t[Softsign].real = {"a / (NUM(1.0) + fabs(a))"};
  t[Hardshrink].real = {"fabs(a) <= p0 ? NUM(0.0) : a"};
  t[Softshrink].real = {"a > p0 ? a - p0 : a < -p0 ? a + p0 : a * NUM(0.0)"};
  t[Threshold].real = {"a <= p0 ? p1 : a"};
  t[Gelu].real = {"a * gelu_cdf(a)", {kGelu}};
  t[GeluTanh].real = {"a * gelu_tanh_gate(a)", {kSigmoid, kGeluTanh}};
  t[Silu].real = {"a / (NUM(1.0) + exp(-a))"};
  t[Mish].real = {"a * mish_tanh(mish_exp(a))", {kMish}};
  t[Softplus].real = {"a * p0 > p1 ? a : log_one_plus_exp(a * p0) / p0", {kLogOnePlusExp}};
  t[LogSigmoid].real = {"(a > 0 ? NUM(0.0) : a) - log1p(exp(-fabs(a)))"};
  t[Elu].real = {"a < 0 ? expm1(a) * p0 : a * p1"};  // p0: alpha scale, p1: scale
}

// Arithmetic of integers wraps.
void add_integers(UnaryOperations& t) {
  using enum UnaryOp;
  for (UnaryOp op : {Conj, Real, Positive, Floor, Ceil, Round, Trunc}) t[op].integer = {"a"};
  for (UnaryOp op : {IsNan, IsInf, IsNegInf, IsPosInf}) t[op].integer = {"0"};
  t[IsFinite].integer = {"1"};
  t[Abs].integer = {"(O_COMPUTE)(a < 0 ? (uint64)0 - (uint64)a : (uint64)a)"};
  t[Sign].integer = {"(O_COMPUTE)((a > 0) - (a < 0))"};
  t[LogicalNot].integer = {"a == 0"};
  t[SignBit].integer = {"a < 0"};
  t[BitwiseNot].integer = {"(O_COMPUTE)~a"};
  t[Neg].integer = {"(O_COMPUTE)((uint64)0 - (uint64)a)"};
  t[Square].integer = {"(O_COMPUTE)((uint64)a * (uint64)a)"};
  t[Relu].integer = {"a > 0 ? a : (O_COMPUTE)0"};
  t[Relu6].integer = {"a < 0 ? (O_COMPUTE)0 : a > 6 ? (O_COMPUTE)6 : a"};
  t[Hardtanh].integer = {"a < p0 ? (O_COMPUTE)p0 : a > p1 ? (O_COMPUTE)p1 : a"};
  t[Threshold].integer = {"a <= p0 ? (O_COMPUTE)p1 : a"};
  for (UnaryOp op : {Abs, Sign, Conj, Real, Square}) t[op].boolean = {"a"};
  for (UnaryOp op : {IsNan, IsInf, IsNegInf, IsPosInf, SignBit}) t[op].boolean = {"0"};
  for (UnaryOp op : {LogicalNot, BitwiseNot}) t[op].boolean = {"a == 0"};
  t[IsFinite].boolean = {"1"};
}

UnaryOperations make_operations() {
  UnaryOperations t;
  add_simple(t);
  add_math(t);
  add_special(t);
  add_activations(t);
  add_complex(t);
  add_integers(t);
  return t;
}

}  // namespace

const OperationsByKind& unary_operation(UnaryOp op) {
  static const UnaryOperations operations = make_operations();
  return operations.of[int(op)];
}

}  // namespace lazuli::gpu
