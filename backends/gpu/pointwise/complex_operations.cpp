#include "lazuli/backends/gpu/pointwise/operations.h"

namespace lazuli::gpu {
namespace {

// 1 / (1 + e^-z), and z over the same
constexpr const char* kLogistic = R"gpu(
DEVICE COMPLEX one_plus_exp(COMPLEX z) {
  const COMPLEX e = complex_exp(complex_of(-z.re, -z.im));
  return complex_of(NUM(1.0) + e.re, e.im);
}
)gpu";

constexpr const char* kSinc = R"gpu(
DEVICE COMPLEX complex_sinc(COMPLEX z) {
  const COMPLEX angle = complex_scale(z, NUM(3.14159265358979323846));
  return complex_iszero(z) ? complex_of(NUM(1.0), NUM(0.0)) : complex_div(complex_sin(angle), angle);
}
)gpu";

// log(e^a + e^b), with the larger real part taken out
constexpr const char* kLogAddExp = R"gpu(
DEVICE COMPLEX complex_log_add_exp(COMPLEX a, COMPLEX b) {
  const COMPLEX high = a.re >= b.re ? a : b, low = a.re >= b.re ? b : a;
  if (fabs(high.re) == INFINITY && high.re == low.re) return high.re < 0 ? high : complex_log(complex_add(complex_exp(high), complex_exp(low)));
  return complex_add(high, complex_log1p(complex_exp(complex_sub(low, high))));
}
)gpu";

constexpr const char* kOneMinus = R"gpu(
DEVICE COMPLEX one_minus(COMPLEX z) { return complex_of(NUM(1.0) - z.re, -z.im); }
)gpu";

}  // namespace

void add_complex(UnaryOperations& t) {
  using enum UnaryOp;
  t[Positive].complex = {"a"};
  t[Neg].complex = {"complex_of(-a.re, -a.im)"};
  t[Conj].complex = {"complex_conj(a)"};
  t[Square].complex = {"complex_mul(a, a)"};
  t[Sign].complex = {"complex_iszero(a) ? a : complex_scale(a, NUM(1.0) / complex_abs(a))"};
  t[Reciprocal].complex = {"complex_div(complex_of(NUM(1.0), NUM(0.0)), a)"};
  t[Abs].complex = {"complex_abs(a)"};
  t[Angle].complex = {"complex_isnan(a) ? (REAL)NAN : atan2(a.im, a.re)"};
  t[Real].complex = {"a.re"};
  t[Imag].complex = {"a.im"};
  t[LogicalNot].complex = {"complex_iszero(a)"};
  t[IsNan].complex = {"complex_isnan(a)"};
  t[IsInf].complex = {"fabs(a.re) == INFINITY || fabs(a.im) == INFINITY"};
  t[IsFinite].complex = {"fabs(a.re) < INFINITY && fabs(a.im) < INFINITY"};
  t[Sqrt].complex = {"complex_sqrt(a)"};
  t[Rsqrt].complex = {"complex_div(complex_of(NUM(1.0), NUM(0.0)), complex_sqrt(a))"};
  t[Exp].complex = {"complex_exp(a)"};
  t[Exp2].complex = {"complex_exp(complex_scale(a, NUM(0.693147180559945309417)))"};
  t[Expm1].complex = {"complex_expm1(a)"};
  t[Log].complex = {"complex_log(a)"};
  t[Log2].complex = {"complex_scale(complex_log(a), NUM(1.44269504088896340736))"};
  t[Log10].complex = {"complex_scale(complex_log(a), NUM(0.43429448190325182765))"};
  t[Log1p].complex = {"complex_log1p(a)"};
  t[Sin].complex = {"complex_sin(a)"};
  t[Cos].complex = {"complex_cos(a)"};
  t[Tan].complex = {"complex_tan(a)"};
  t[Asin].complex = {"complex_asin(a)"};
  t[Acos].complex = {"complex_acos(a)"};
  t[Atan].complex = {"complex_atan(a)"};
  t[Sinh].complex = {"complex_sinh(a)"};
  t[Cosh].complex = {"complex_cosh(a)"};
  t[Tanh].complex = {"complex_tanh(a)"};
  t[Asinh].complex = {"complex_asinh(a)"};
  t[Acosh].complex = {"complex_acosh(a)"};
  t[Atanh].complex = {"complex_atanh(a)"};
  t[Sigmoid].complex = {"complex_div(complex_of(NUM(1.0), NUM(0.0)), one_plus_exp(a))", {kLogistic}};
  t[Silu].complex = {"complex_div(a, one_plus_exp(a))", {kLogistic}};
  t[Sinc].complex = {"complex_sinc(a)", {kSinc}};
}

void add_complex(BinaryOperations& t) {
  using enum BinaryOp;
  t[Add].complex = {"complex_add(a, b)"};
  t[Sub].complex = {"complex_sub(a, b)"};
  t[Mul].complex = {"complex_mul(a, b)"};
  t[Div].complex = {"complex_div(a, b)"};
  t[Pow].complex = {"complex_pow(a, b)"};
  t[LogAddExp].complex = {"complex_log_add_exp(a, b)", {kLogAddExp}};
  t[Xlogy].complex = {"complex_iszero(a) ? complex_of(NUM(0.0), NUM(0.0)) : complex_mul(a, complex_log(b))"};
  t[Eq].complex = {"a.re == b.re && a.im == b.im"};
  t[Ne].complex = {"a.re != b.re || a.im != b.im"};
  t[LogicalAnd].complex = {"!complex_iszero(a) && !complex_iszero(b)"};
  t[LogicalOr].complex = {"!complex_iszero(a) || !complex_iszero(b)"};
  t[LogicalXor].complex = {"complex_iszero(a) != complex_iszero(b)"};
  t[SigmoidGrad].complex = {"complex_mul(a, complex_conj(complex_mul(one_minus(b), b)))", {kOneMinus}};
  t[TanhGrad].complex = {"complex_mul(a, complex_conj(one_minus(complex_mul(b, b))))", {kOneMinus}};
}

}  // namespace lazuli::gpu
