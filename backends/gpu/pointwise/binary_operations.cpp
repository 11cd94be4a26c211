#include "lazuli/backends/gpu/pointwise/activation_text.h"
#include "lazuli/backends/gpu/pointwise/operations.h"
#include "lazuli/backends/gpu/pointwise/special_text.h"

namespace lazuli::gpu {
namespace {

// Python's: the remainder has the sign of the divisor, and the floor is the exact quotient's even where a / b rounds up to an integer.
constexpr const char* kFloorDivision = R"gpu(
DEVICE REAL modulo(REAL a, REAL b) {
  REAL r = fmod(a, b);
  return r != 0 && (b < 0) != (r < 0) ? r + b : r;
}
DEVICE REAL floor_divide(REAL a, REAL b) {
  if (b == 0) return a / b;
  REAL r = fmod(a, b), q = (a - r) / b, whole;
  if (r != 0 && (b < 0) != (r < 0)) q -= NUM(1.0);
  if (q == 0) return copysign(NUM(0.0), a / b);
  whole = floor(q);
  return q - whole > NUM(0.5) ? whole + NUM(1.0) : whole;
}
)gpu";

// max + log1p(e^-|a - b|); equal infinities stay
constexpr const char* kLogAddExp = R"gpu(
DEVICE REAL greater_of(REAL a, REAL b) { return a != a ? a : b != b ? b : a < b ? b : a; }
DEVICE REAL log_add_exp(REAL a, REAL b) {
  return a == b && fabs(a) == INFINITY ? a : greater_of(a, b) + log1p(exp(-fabs(a - b)));
}
DEVICE REAL log_add_exp2(REAL a, REAL b) {
  return a == b && fabs(a) == INFINITY ? a : greater_of(a, b) + log1p(exp2(-fabs(a - b))) * NUM(1.44269504088896340736);
}
)gpu";

// Of a half type with `digits` bits of mantissa and `least` as the least normal exponent, in float.
constexpr const char* kHalves = R"gpu(
DEVICE float half_rounded(float x, int digits) {
  const uint32 u = FLOAT_BITS(x), dropped = 23 - digits;
  return x != x ? x : BITS_FLOAT((u + ((1u << (dropped - 1)) - 1u) + ((u >> dropped) & 1u)) & ~((1u << dropped) - 1u));
}
DEVICE float half_next(float a, float b, int digits, int least) {
  const float size = fabs(a);
  const uint32 u = FLOAT_BITS(size);
  const int exponent = (int)(u >> 23) - 127, outward = (a < b) == (a > 0), whole_power = (u & 0x7fffffu) == 0;
  float step, next;
  if (a != a) return a;
  if (b != b || a == b) return b;
  if (a == 0) return copysign(ldexp(1.0f, least - digits), b);
  if (size == INFINITY) return copysign(ldexp(2.0f - ldexp(1.0f, -digits), 1 - least), a);
  step = ldexp(1.0f, (exponent < least ? least : exponent) - digits - (!outward && whole_power && exponent > least));
  next = outward ? size + step : size - step;
  return copysign(next, a);
}
)gpu";

void add_arithmetic(BinaryOperations& t) {
  using enum BinaryOp;
  t[Add].real = {"a + b"};
  t[Sub].real = {"a - b"};
  t[Mul].real = {"a * b"};
  t[Div].real = {"a / b"};
  t[DivTrunc].real = {"trunc(a / b)"};
  t[DivTrunc].float16 = {"trunc(half_rounded(a / b, 10))", {kHalves}};  // the quotient is rounded to the half type before it is cut
  t[DivTrunc].bfloat16 = {"trunc(half_rounded(a / b, 7))", {kHalves}};
  t[DivFloor].real = {"floor_divide(a, b)", {kFloorDivision}};
  t[Remainder].real = {"modulo(a, b)", {kFloorDivision}};
  t[Fmod].real = {"fmod(a, b)"};
  t[Pow].real = {"pow(a, b)"};
  t[Maximum].real = {"a != a ? a : b != b ? b : a < b ? b : a"};
  t[Minimum].real = {"a != a ? a : b != b ? b : b < a ? b : a"};
  t[Fmax].real = {"a != a ? b : b != b ? a : a < b ? b : a"};
  t[Fmin].real = {"a != a ? b : b != b ? a : b < a ? b : a"};
  t[Atan2].real = {"atan2(a, b)"};
  t[Hypot].real = {"hypot(a, b)"};
  t[Copysign].real = {"copysign(a, b)"};
  t[Nextafter].real = {"nextafter(a, b)"};
  t[Nextafter].float16 = {"half_next(a, b, 10, -14)", {kHalves}};
  t[Nextafter].bfloat16 = {"half_next(a, b, 7, -126)", {kHalves}};
  t[Heaviside].real = {"a == 0 ? b : (REAL)(a > 0)"};
  t[LogAddExp].real = {"log_add_exp(a, b)", {kLogAddExp}};
  t[LogAddExp2].real = {"log_add_exp2(a, b)", {kLogAddExp}};
  t[Xlogy].real = {"b != b ? b : a == 0 ? NUM(0.0) : a * log(b)"};
  t[Xlog1py].real = {"b != b ? b : a == 0 ? NUM(0.0) : a * log1p(b)"};
  t[Complex].real = {"complex_of(a, b)"};
  t[Polar].real = {"complex_of(a * cos(b), a * sin(b))"};
}

void add_comparisons(BinaryOperations& t) {
  using enum BinaryOp;
  auto all = [&](BinaryOp op, const char* text) { t[op].real = t[op].integer = t[op].boolean = {text}; };
  all(Eq, "a == b");
  all(Ne, "a != b");
  all(Lt, "a < b");
  all(Le, "a <= b");
  all(Gt, "a > b");
  all(Ge, "a >= b");
  all(LogicalAnd, "(a != 0) && (b != 0)");
  all(LogicalOr, "(a != 0) || (b != 0)");
  all(LogicalXor, "(a != 0) != (b != 0)");
}

// a: gradient of the result, b: the input or the result
void add_gradients(BinaryOperations& t) {
  using enum BinaryOp;
  t[ReluGrad].real = {"b <= 0 ? NUM(0.0) : a"};
  t[SigmoidGrad].real = {"a * ((NUM(1.0) - b) * b)"};
  t[TanhGrad].real = {"a * (NUM(1.0) - b * b)"};
  t[LeakyReluGrad].real = {"b > 0 ? a : a * p0"};
  t[HardtanhGrad].real = {"b <= p0 || b >= p1 ? NUM(0.0) : a"};
  t[HardsigmoidGrad].real = {"fabs(b) < 3 ? a / NUM(6.0) : NUM(0.0)"};
  t[HardswishGrad].real = {"b <= -3 ? NUM(0.0) : b < 3 ? a * (b / NUM(3.0) + NUM(0.5)) : a"};
  t[ShrinkGrad].real = {"fabs(b) <= p0 ? NUM(0.0) : a"};
  t[ThresholdGrad].real = {"b <= p0 ? NUM(0.0) : a"};
  t[GeluGrad].real = {"a * gelu_gradient(b)", {kGelu}};
  t[GeluTanhGrad].real = {"a * gelu_tanh_gradient(b)", {kSigmoid, kGeluTanh}};
  t[SiluGrad].real = {"a * silu_gradient(b)",
                      {kSigmoid, "DEVICE REAL silu_gradient(REAL x) { REAL s = logistic(x); return s * (x * (NUM(1.0) - s) + NUM(1.0)); }\n"}};
  t[MishGrad].real = {"a * mish_gradient(b)", {kMish}};
  t[SoftplusGrad].real = {"b * p0 > p1 ? a : a * logistic(b * p0)", {kSigmoid}};
  t[LogSigmoidGrad].real = {"a * logistic(-b)", {kSigmoid}};
  t[EluGrad].real = {"a * (b <= 0 ? p0 * exp(b) : p1)"};  // p0: alpha scale, p1: scale
}

// In float64 where the device has it: exponents as large as a log x cost float32 its digits.
void add_special(BinaryOperations& t) {
  using enum BinaryOp;
  t[Igamma].real = {"incomplete_gamma(a, b, 0)", {kConstants, kIncompleteGamma}, false, true};
  t[Igammac].real = {"incomplete_gamma(a, b, 1)", {kConstants, kIncompleteGamma}, false, true};
  t[Zeta].real = {"hurwitz_zeta(a, b)", {kConstants, kZeta}, false, true};
  t[Polygamma].real = {"polygamma_of(a, b)", {kConstants, kDigamma, kZeta, kPolygamma}, false, true};
}

// The least integer over -1 wraps instead of trapping.
constexpr const char* kIntegerDivision = R"gpu(
DEVICE A_COMPUTE quotient(A_COMPUTE a, A_COMPUTE b) {
#if A_KIND == KIND_SIGNED
  if (b == -1) return (A_COMPUTE)((uint64)0 - (uint64)a);
#endif
  return a / b;
}
DEVICE A_COMPUTE integer_rest(A_COMPUTE a, A_COMPUTE b) {
#if A_KIND == KIND_SIGNED
  if (b == -1) return 0;
#endif
  return a % b;
}
DEVICE A_COMPUTE floor_quotient(A_COMPUTE a, A_COMPUTE b) {
  A_COMPUTE r = integer_rest(a, b);
  return (A_COMPUTE)(quotient(a, b) - (r != 0 && (r < 0) != (b < 0)));
}
DEVICE A_COMPUTE floor_rest(A_COMPUTE a, A_COMPUTE b) {
  A_COMPUTE r = integer_rest(a, b);
  return r != 0 && (r < 0) != (b < 0) ? (A_COMPUTE)(r + b) : r;
}
)gpu";

constexpr const char* kIntegerPower = R"gpu(
DEVICE A_COMPUTE power(A_COMPUTE base, A_COMPUTE exponent) {
  uint64 result = 1, factor = (uint64)base, e = (uint64)exponent;
  if (exponent < 0) return base == 1 ? (A_COMPUTE)1 : base == (A_COMPUTE)-1 ? (A_COMPUTE)(exponent % 2 == 0 ? 1 : -1) : (A_COMPUTE)0;
  for (; e != 0; e >>= 1, factor *= factor)
    if (e & 1) result *= factor;
  return (A_COMPUTE)result;
}
)gpu";

constexpr const char* kGcd = R"gpu(
DEVICE uint64 magnitude(A_COMPUTE x) { return x < 0 ? (uint64)0 - (uint64)x : (uint64)x; }
DEVICE uint64 greatest_divisor(uint64 a, uint64 b) {
  while (b != 0) {
    uint64 r = a % b;
    a = b;
    b = r;
  }
  return a;
}
DEVICE A_COMPUTE least_multiple(A_COMPUTE a, A_COMPUTE b) {
  uint64 g = greatest_divisor(magnitude(a), magnitude(b));
  return g == 0 ? (A_COMPUTE)0 : (A_COMPUTE)(magnitude(a) / g * magnitude(b));
}
)gpu";

// A shift by less than 0 or by all bits gives 0; to the right, the sign.
constexpr const char* kShifts = R"gpu(
#define BITS ((int64)sizeof(A) * 8)
#define MOST_RIGHT (BITS - (A_KIND == KIND_SIGNED))
DEVICE A_COMPUTE shifted_left(A_COMPUTE a, A_COMPUTE b) { return b < 0 || b >= BITS ? (A_COMPUTE)0 : (A_COMPUTE)((uint64)a << (int)b); }
DEVICE A_COMPUTE shifted_right(A_COMPUTE a, A_COMPUTE b) { return (A_COMPUTE)((int64)a >> (b < 0 || b >= MOST_RIGHT ? (int)MOST_RIGHT : (int)b)); }
)gpu";

// Arithmetic of integers wraps.
void add_integers(BinaryOperations& t) {
  using enum BinaryOp;
  auto both = [&](BinaryOp op, const char* text) { t[op].integer = t[op].boolean = {text}; };
  both(BitwiseAnd, "(O_COMPUTE)(a & b)");
  both(BitwiseOr, "(O_COMPUTE)(a | b)");
  both(BitwiseXor, "(O_COMPUTE)(a ^ b)");
  both(Maximum, "a < b ? b : a");
  both(Fmax, "a < b ? b : a");
  both(Minimum, "b < a ? b : a");
  both(Fmin, "b < a ? b : a");
  both(Heaviside, "a == 0 ? b : (O_COMPUTE)(a > 0)");
  t[Add].boolean = {"a | b"};
  t[Mul].boolean = {"a & b"};
  t[Add].integer = {"(O_COMPUTE)((uint64)a + (uint64)b)"};
  t[Sub].integer = {"(O_COMPUTE)((uint64)a - (uint64)b)"};
  t[Mul].integer = {"(O_COMPUTE)((uint64)a * (uint64)b)"};
  t[DivTrunc].integer = {"quotient(a, b)", {kIntegerDivision}, true};
  t[DivFloor].integer = {"floor_quotient(a, b)", {kIntegerDivision}, true};
  t[Remainder].integer = {"floor_rest(a, b)", {kIntegerDivision}, true};
  t[Fmod].integer = {"integer_rest(a, b)", {kIntegerDivision}, true};
  t[Pow].integer = {"power(a, b)", {kIntegerPower}};
  t[Gcd].integer = {"(O_COMPUTE)greatest_divisor(magnitude(a), magnitude(b))", {kGcd}};
  t[Lcm].integer = {"least_multiple(a, b)", {kGcd}};
  t[LeftShift].integer = {"shifted_left(a, b)", {kShifts}};
  t[RightShift].integer = {"shifted_right(a, b)", {kShifts}};
  t[ReluGrad].integer = {"b <= 0 ? (O_COMPUTE)0 : a"};
  t[ThresholdGrad].integer = {"b <= p0 ? (O_COMPUTE)0 : a"};
}

BinaryOperations make_operations() {
  BinaryOperations t;
  add_arithmetic(t);
  add_comparisons(t);
  add_gradients(t);
  add_special(t);
  add_integers(t);
  add_complex(t);
  return t;
}

}  // namespace

const OperationsByKind& binary_operation(BinaryOp op) {
  static const BinaryOperations operations = make_operations();
  return operations.of[int(op)];
}

}  // namespace lazuli::gpu
