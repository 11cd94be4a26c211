#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/parameters.h"
#include "lazuli/backends/gpu/pointwise/operations.h"
#include "lazuli/core/factory.h"

namespace lazuli::gpu {
namespace {

// NaN stays, and in a limit it wins.
constexpr const char* kClamp = R"gpu(
DEVICE REAL clamped(REAL a, REAL low, REAL high) {
  REAL x = a != a ? a : low != low ? low : a < low ? low : a;
  return x != x ? x : high != high ? high : x > high ? high : x;
}
)gpu";

// From the nearer end, so that weight 1 gives b exactly.
constexpr const char* kLerp = R"gpu(
DEVICE REAL between(REAL a, REAL b, REAL weight) {
  REAL d = b - a;
  return fabs(weight) < NUM(0.5) ? FMA(weight, d, a) : FMA(-d, NUM(1.0) - weight, b);
}
)gpu";
constexpr const char* kComplexLerp = R"gpu(
DEVICE COMPLEX between(COMPLEX a, COMPLEX b, COMPLEX weight) {
  COMPLEX d = complex_sub(b, a), rest = complex_sub(complex_of(NUM(1.0), NUM(0.0)), weight);
  if (weight.re * weight.re + weight.im * weight.im < NUM(0.25)) return complex_add(a, complex_mul(weight, d));
  return complex_sub(b, complex_mul(d, rest));
}
)gpu";

OperationsByKind operations_of(TernaryOp op) {
  switch (op) {
    case TernaryOp::Where: return {{"a ? b : c"}, {"a ? b : c"}, {"a ? b : c"}, {"a ? b : c"}};
    case TernaryOp::Addcmul:
      return {{},
              {"(O_COMPUTE)((uint64)a + (uint64)p0 * (uint64)b * (uint64)c)"},
              {"FMA(p0 * b, c, a)"},
              {"complex_add(a, complex_scale(complex_mul(b, c), p0))"}};
    case TernaryOp::Addcdiv: return {{}, {}, {"FMA(p0, b / c, a)"}, {"complex_add(a, complex_scale(complex_div(b, c), p0))"}};
    case TernaryOp::Lerp: return {{}, {}, {"between(a, b, c)", {kLerp}}, {"between(a, b, c)", {kComplexLerp}}};
    case TernaryOp::Clamp: return {{}, {"(a < b ? b : a) > c ? c : (a < b ? b : a)"}, {"clamped(a, b, c)", {kClamp}}, {}};
    default: return {};
  }
}

void ternary(TernaryOp op, Tensor& out, const Tensor& a, const Tensor& b, const Tensor& c, Params p) {
  const DType t = out.dtype();
  const Operation operation = operations_of(op).of(t);
  if (!operation.expression) {
    Tensor none = new_tensor({0}, t);
    ternary_kernel(kCPU, op, none, none, none, none, p);  // refuses the dtype
    return ternary_kernel.without_kernel(out.device(), op, out, a, b, c, p);
  }
  const Scalar p0 = is_integral(t) ? Scalar(int64_t(p.p0)) : Scalar(p.p0);
  pointwise(operation, out, {&a, &b, &c}, p0, 0, parameter_dtype(t));
}

}  // namespace

void register_ternary(DeviceType type) { ternary_kernel.set(type, &ternary); }

}  // namespace lazuli::gpu
