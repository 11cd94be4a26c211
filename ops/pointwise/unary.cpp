#include "lazuli/ops/pointwise/unary.h"

#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

namespace {
constexpr double kPi = 3.14159265358979323846, kLn2 = 0.69314718055994530942, kLn10 = 2.30258509299404568402;
constexpr DTypeRule kSame = DTypeRule::Same, kFloat = DTypeRule::Float;
Tensor reciprocal_root(const Tensor& x) { return rsqrt(x); }
}  // namespace

Tensor zero_like(const Tensor& grad) { return fill(grad.detach(), 0); }

Tensor zero_gradient(const char* name, Tensor out, const Tensor& x) {
  if (is_differentiable(out.dtype()))
    if (auto tape = Tape::recording(x)) tape.record(name, out, [](const Tensor& grad, Needs) { return Grads{zero_like(grad)}; });
  return out;
}

Tensor unary_step(Target target, const char* name, UnaryOp op, const Tensor& x) {
  Tensor out = pointwise(target, name, op, x);
  if (auto tape = Tape::recording(x)) tape.record(name, out, [](const Tensor& grad, Needs) { return Grads{zero_like(grad)}; });
  return out;
}

Tensor abs(Target target, const Tensor& self) {
  refuse_bool("abs", self);
  return unary_of_input(target, "abs", UnaryOp::Abs, self, kSame, [](const Tensor& grad, const Tensor& x) { return grad * sgn(x); });
}
Tensor abs(const Tensor& self) { return abs(Target(), self); }
Tensor& abs_(const Tensor& self) {
  refuse_complex("abs_", self);
  return in_place("abs_", self, SelfIs::Saved, abs);
}
Tensor sign(Target target, const Tensor& self) {
  refuse_complex("sign", self);
  return unary_step(target, "sign", UnaryOp::Sign, self);
}
Tensor sign(const Tensor& self) { return sign(Target(), self); }
Tensor& sign_(const Tensor& self) { return in_place("sign_", self, SelfIs::NotSaved, sign); }
Tensor sgn(const Tensor& self) {
  need_defined("sgn", self);
  if (!self.is_complex()) return sign(self);
  Tensor size = abs(self);
  const Tensor zero = size.detach() == 0;
  return masked_fill(self / where(zero, 1, size), zero, 0);  // with a gradient of 0 there, too
}
Tensor& sgn_(const Tensor& self) { return in_place_aside("sgn_", self, {}, sgn); }
Tensor signbit(const Tensor& self) {
  refuse_complex("signbit", self);
  return pointwise("signbit", UnaryOp::SignBit, self, DTypeRule::Bool);
}
Tensor square(Target target, const Tensor& self) {
  need_defined("square", self);
  if (self.dtype() == kBool) return square(to(self, kInt64));
  return unary_of_input(target, "square", UnaryOp::Square, self, kSame, [](const Tensor& grad, const Tensor& x) { return grad * (conj(x) * 2); });
}
Tensor square(const Tensor& self) { return square(Target(), self); }
Tensor& square_(const Tensor& self) { return in_place("square_", self, SelfIs::Saved, square); }

namespace {
Tensor rounding(Target target, const char* name, UnaryOp op, const Tensor& self) {
  need_defined(name, self);
  refuse_bool(name, self);
  refuse_complex(name, self);
  return unary_step(target, name, op, self);
}
}  // namespace
Tensor floor(Target target, const Tensor& self) { return rounding(target, "floor", UnaryOp::Floor, self); }
Tensor floor(const Tensor& self) { return floor(Target(), self); }
Tensor& floor_(const Tensor& self) { return in_place("floor_", self, SelfIs::NotSaved, floor); }
Tensor ceil(Target target, const Tensor& self) { return rounding(target, "ceil", UnaryOp::Ceil, self); }
Tensor ceil(const Tensor& self) { return ceil(Target(), self); }
Tensor& ceil_(const Tensor& self) { return in_place("ceil_", self, SelfIs::NotSaved, ceil); }
Tensor trunc(Target target, const Tensor& self) { return rounding(target, "trunc", UnaryOp::Trunc, self); }
Tensor trunc(const Tensor& self) { return trunc(Target(), self); }
Tensor& trunc_(const Tensor& self) { return in_place("trunc_", self, SelfIs::NotSaved, trunc); }
Tensor round(Target target, const Tensor& self, int64_t decimals) {
  if (decimals == 0 || is_integral(self.dtype())) return rounding(target, "round", UnaryOp::Round, self);
  if (self.dtype() == kFloat16 || self.dtype() == kBFloat16) return to(round(to(self, kFloat32), decimals), self.dtype());
  const Tensor shift = wrapped(std::pow(10.0, std::abs(double(decimals))), self);
  return decimals > 0 ? round(self * shift) / shift : round(self / shift) * shift;
}
Tensor round(const Tensor& self, int64_t decimals) { return round(Target(), self, decimals); }
Tensor& round_(const Tensor& self, int64_t decimals) {
  return in_place("round_", self, {}, SelfIs::NotSaved, [&](Target target, const Tensor& x) { return round(target, x, decimals); });
}
Tensor frac(Target target, const Tensor& self) {
  need_floating_point("frac", self);
  Tensor out = pointwise(target, "frac", UnaryOp::Frac, self);
  if (auto tape = Tape::recording(self)) tape.record("frac", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  return out;
}
Tensor frac(const Tensor& self) { return frac(Target(), self); }
Tensor& frac_(const Tensor& self) { return in_place("frac_", self, SelfIs::NotSaved, frac); }

FrexpResult frexp(const Tensor& self) {
  need_floating_point("frexp", self);
  Tensor mantissa = new_tensor(self.sizes(), self.dtype(), self.device()), exponent = new_tensor(self.sizes(), kInt32, self.device());
  if (batching::is_batched(self)) {
    const std::vector<BatchLevel> levels = batching::levels(self);
    const auto [of_all, powers] = frexp(batching::whole(self, levels));
    mantissa = batching::hide_all(of_all, levels);
    exponent = batching::hide_all(powers, levels);
  } else if (!self.device().is_meta()) {  // rare enough to have no kernel: done by the host
    host_function("frexp", {mantissa, exponent}, {self.detach()}, [](std::span<Tensor> out, std::span<const Tensor> in) {
      count_host_loop("frexp", in[0].device());
      const Tensor x = casted(dense(moved(in[0], kCPU)), kFloat64), m = new_tensor(x.sizes(), kFloat64), e = new_tensor(x.sizes(), kInt32);
      const double* of = x.const_data_ptr<double>();
      auto* fraction = static_cast<double*>(m.address());
      auto* power = static_cast<int32_t*>(e.address());
      for (int64_t i = 0; i < x.numel(); ++i) fraction[i] = std::frexp(of[i], &power[i]);
      copy_kernel(out[0].device(), out[0], moved(casted(m, out[0].dtype()), out[0].device()));
      copy_kernel(out[1].device(), out[1], moved(e, out[1].device()));
    });
  }
  if (auto tape = Tape::recording(self))
    tape.record("frexp", mantissa, [e = tape.save(exponent)](const Tensor& grad, Needs) { return Grads{grad / to(exp2(e.get()), grad.dtype())}; });
  return {mantissa, exponent};
}

Tensor with_options::nan_to_num(const Tensor& self, NanToNumOptions options) {
  need_defined("nan_to_num", self);
  const auto& [nan, posinf, neginf] = options;
  if (is_integral(self.dtype())) return clone(self);
  if (self.is_complex()) return complex(nan_to_num(real(self), options), nan_to_num(imag(self), options));
  double most = self.dtype() == kFloat64   ? 1.7976931348623157e308
                : self.dtype() == kFloat32 ? 3.4028234663852886e38
                : self.dtype() == kFloat16 ? 65504.0
                                           : 3.3895313892515355e38;
  Tensor out = where(isnan(self), nan.value_or(0), where(isposinf(self), posinf.value_or(most), where(isneginf(self), neginf.value_or(-most), self)));
  return out;
}
Tensor& with_options::nan_to_num_(const Tensor& self, NanToNumOptions options) {
  return in_place_aside("nan_to_num_", self, {}, [&](const Tensor& x) { return nan_to_num(x, options); });
}

Tensor bitwise_not(Target target, const Tensor& self) {
  need_integral("bitwise_not", self);
  return pointwise(target, "bitwise_not", UnaryOp::BitwiseNot, self);
}
Tensor bitwise_not(const Tensor& self) { return bitwise_not(Target(), self); }
Tensor& bitwise_not_(const Tensor& self) { return in_place("bitwise_not_", self, SelfIs::NotSaved, bitwise_not); }
Tensor logical_not(const Tensor& self) { return pointwise("logical_not", UnaryOp::LogicalNot, self, DTypeRule::Bool); }
Tensor& logical_not_(const Tensor& self) {
  return in_place("logical_not_", self, {}, SelfIs::NotSaved, [](Target target, const Tensor& x) {
    return zero_gradient("logical_not_", to(pointwise(target, "logical_not", UnaryOp::LogicalNot, x, DTypeRule::Bool), x.dtype()), x);
  });
}

Tensor reciprocal(Target target, const Tensor& self) {
  return unary_of_output(target, "reciprocal", UnaryOp::Reciprocal, self, kFloat,
                         [](const Tensor& grad, const Tensor& y) { return -grad * conj(y * y); });
}
Tensor reciprocal(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return reciprocal(cast(self));
  return reciprocal(Target(), self);
}
Tensor& reciprocal_(const Tensor& self) { return in_place("reciprocal_", self, SelfIs::NotSaved, reciprocal); }
Tensor sqrt(Target target, const Tensor& self) {
  return unary_of_output(target, "sqrt", UnaryOp::Sqrt, self, kFloat, [](const Tensor& grad, const Tensor& y) { return grad / (conj(y) * 2); });
}
Tensor sqrt(const Tensor& self) { return sqrt(Target(), self); }
Tensor& sqrt_(const Tensor& self) { return in_place("sqrt_", self, SelfIs::NotSaved, sqrt); }
Tensor rsqrt(Target target, const Tensor& self) {
  return unary_of_output(target, "rsqrt", UnaryOp::Rsqrt, self, kFloat,
                         [](const Tensor& grad, const Tensor& y) { return grad * -0.5 * conj(y * y * y); });
}
Tensor rsqrt(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return rsqrt(cast(self));
  return rsqrt(Target(), self);
}
Tensor& rsqrt_(const Tensor& self) { return in_place("rsqrt_", self, SelfIs::NotSaved, rsqrt); }
Tensor exp(Target target, const Tensor& self) {
  return unary_of_output(target, "exp", UnaryOp::Exp, self, kFloat, [](const Tensor& grad, const Tensor& y) { return grad * conj(y); });
}
Tensor exp(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return exp(cast(self));
  return exp(Target(), self);
}
Tensor& exp_(const Tensor& self) { return in_place("exp_", self, SelfIs::NotSaved, exp); }
Tensor exp2(Target target, const Tensor& self) {
  return unary_of_output(target, "exp2", UnaryOp::Exp2, self, kFloat, [](const Tensor& grad, const Tensor& y) { return grad * conj(y) * kLn2; });
}
Tensor exp2(const Tensor& self) { return exp2(Target(), self); }
Tensor& exp2_(const Tensor& self) { return in_place("exp2_", self, SelfIs::NotSaved, exp2); }
Tensor expm1(Target target, const Tensor& self) {
  return unary_of_output(target, "expm1", UnaryOp::Expm1, self, kFloat, [](const Tensor& grad, const Tensor& y) { return grad * (conj(y) + 1); });
}
Tensor expm1(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return expm1(cast(self));
  return expm1(Target(), self);
}
Tensor& expm1_(const Tensor& self) { return in_place("expm1_", self, SelfIs::NotSaved, expm1); }
Tensor log(Target target, const Tensor& self) {
  return unary_of_input(target, "log", UnaryOp::Log, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad / conj(x); });
}
Tensor log(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return log(cast(self));
  return log(Target(), self);
}
Tensor& log_(const Tensor& self) { return in_place("log_", self, SelfIs::Saved, log); }
Tensor log2(Target target, const Tensor& self) {
  return unary_of_input(target, "log2", UnaryOp::Log2, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad / (conj(x) * kLn2); });
}
Tensor log2(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return log2(cast(self));
  return log2(Target(), self);
}
Tensor& log2_(const Tensor& self) { return in_place("log2_", self, SelfIs::Saved, log2); }
Tensor log10(Target target, const Tensor& self) {
  return unary_of_input(target, "log10", UnaryOp::Log10, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad / (conj(x) * kLn10); });
}
Tensor log10(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return log10(cast(self));
  return log10(Target(), self);
}
Tensor& log10_(const Tensor& self) { return in_place("log10_", self, SelfIs::Saved, log10); }
Tensor log1p(Target target, const Tensor& self) {
  return unary_of_input(target, "log1p", UnaryOp::Log1p, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad / conj(x + 1); });
}
Tensor log1p(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return log1p(cast(self));
  return log1p(Target(), self);
}
Tensor& log1p_(const Tensor& self) { return in_place("log1p_", self, SelfIs::Saved, log1p); }

Tensor sin(Target target, const Tensor& self) {
  return unary_of_input(target, "sin", UnaryOp::Sin, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad * conj(cos(x)); });
}
Tensor sin(const Tensor& self) { return sin(Target(), self); }
Tensor& sin_(const Tensor& self) { return in_place("sin_", self, SelfIs::Saved, sin); }
Tensor cos(Target target, const Tensor& self) {
  return unary_of_input(target, "cos", UnaryOp::Cos, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad * -conj(sin(x)); });
}
Tensor cos(const Tensor& self) { return cos(Target(), self); }
Tensor& cos_(const Tensor& self) { return in_place("cos_", self, SelfIs::Saved, cos); }
Tensor tan(Target target, const Tensor& self) {
  return unary_of_output(target, "tan", UnaryOp::Tan, self, kFloat, [](const Tensor& grad, const Tensor& y) { return grad * conj(y * y + 1); });
}
Tensor tan(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return tan(cast(self));
  return tan(Target(), self);
}
Tensor& tan_(const Tensor& self) { return in_place("tan_", self, SelfIs::NotSaved, tan); }
Tensor asin(Target target, const Tensor& self) {
  return unary_of_input(target, "asin", UnaryOp::Asin, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad * conj(reciprocal_root((1 - x) * (1 + x))); });
}
Tensor asin(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return asin(cast(self));
  return asin(Target(), self);
}
Tensor& asin_(const Tensor& self) { return in_place("asin_", self, SelfIs::Saved, asin); }
Tensor acos(Target target, const Tensor& self) {
  return unary_of_input(target, "acos", UnaryOp::Acos, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad * -conj(reciprocal_root((1 - x) * (1 + x))); });
}
Tensor acos(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return acos(cast(self));
  return acos(Target(), self);
}
Tensor& acos_(const Tensor& self) { return in_place("acos_", self, SelfIs::Saved, acos); }
Tensor atan(Target target, const Tensor& self) {
  return unary_of_input(target, "atan", UnaryOp::Atan, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad / conj(x * x + 1); });
}
Tensor atan(const Tensor& self) { return atan(Target(), self); }
Tensor& atan_(const Tensor& self) { return in_place("atan_", self, SelfIs::Saved, atan); }
Tensor sinh(Target target, const Tensor& self) {
  return unary_of_input(target, "sinh", UnaryOp::Sinh, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad * conj(cosh(x)); });
}
Tensor sinh(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return sinh(cast(self));
  return sinh(Target(), self);
}
Tensor& sinh_(const Tensor& self) { return in_place("sinh_", self, SelfIs::Saved, sinh); }
Tensor cosh(Target target, const Tensor& self) {
  return unary_of_input(target, "cosh", UnaryOp::Cosh, self, kFloat, [](const Tensor& grad, const Tensor& x) { return grad * conj(sinh(x)); });
}
Tensor cosh(const Tensor& self) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return cosh(cast(self));
  return cosh(Target(), self);
}
Tensor& cosh_(const Tensor& self) { return in_place("cosh_", self, SelfIs::Saved, cosh); }
Tensor tanh(Target target, const Tensor& self) {
  return unary_of_output(target, "tanh", UnaryOp::Tanh, self, kFloat, [](const Tensor& grad, const Tensor& y) {
    return fused_gradient(BinaryOp::TanhGrad, grad, y, [](const Tensor& g, const Tensor& t) { return g * conj(1 - t * t); });
  });
}
Tensor tanh(const Tensor& self) { return tanh(Target(), self); }
Tensor& tanh_(const Tensor& self) { return in_place("tanh_", self, SelfIs::NotSaved, tanh); }
Tensor asinh(Target target, const Tensor& self) {
  return unary_of_input(target, "asinh", UnaryOp::Asinh, self, kFloat, [](const Tensor& grad, const Tensor& x) {
    return x.is_complex() ? grad * conj(reciprocal_root(x * x + 1)) : grad / hypot(x, wrapped(1, x));
  });
}
Tensor asinh(const Tensor& self) { return asinh(Target(), self); }
Tensor& asinh_(const Tensor& self) { return in_place("asinh_", self, SelfIs::Saved, asinh); }
Tensor acosh(Target target, const Tensor& self) {
  return unary_of_input(target, "acosh", UnaryOp::Acosh, self, kFloat, [](const Tensor& grad, const Tensor& x) {
    if (x.is_complex()) return grad * conj(reciprocal_root(x + 1) * reciprocal_root(x - 1));
    const Tensor size = abs(x);  // below -1 as PyTorch has it, where the function is none
    return grad * reciprocal_root(size - 1) * reciprocal_root(size + 1);
  });
}
Tensor acosh(const Tensor& self) { return acosh(Target(), self); }
Tensor& acosh_(const Tensor& self) { return in_place("acosh_", self, SelfIs::Saved, acosh); }
Tensor atanh(Target target, const Tensor& self) {
  return unary_of_input(target, "atanh", UnaryOp::Atanh, self, kFloat,
                        [](const Tensor& grad, const Tensor& x) { return grad / conj((1 - x) * (1 + x)); });
}
Tensor atanh(const Tensor& self) { return atanh(Target(), self); }
Tensor& atanh_(const Tensor& self) { return in_place("atanh_", self, SelfIs::Saved, atanh); }

Tensor deg2rad(const Tensor& self) {
  refuse_complex("deg2rad", self);
  return self * (kPi / 180);
}
Tensor& deg2rad_(const Tensor& self) {
  refuse_complex("deg2rad_", self);
  return mul_(self, kPi / 180);
}
Tensor rad2deg(const Tensor& self) {
  refuse_complex("rad2deg", self);
  return self * (180 / kPi);
}
Tensor& rad2deg_(const Tensor& self) {
  refuse_complex("rad2deg_", self);
  return mul_(self, 180 / kPi);
}
Tensor sinc(Target target, const Tensor& self) {
  need_defined("sinc", self);
  if (self.is_complex()) {
    Tensor at_zero = self == 0, x = where(at_zero, 1, self * kPi);
    return where(at_zero, 1, sin(x) / x);
  }
  return unary_of_input(target, "sinc", UnaryOp::Sinc, self, kFloat, [](const Tensor& grad, const Tensor& x) {
    // Near 0 its series: the difference has no digits left there, and the second derivative is to be right, too.
    Tensor scaled = x * kPi, near_zero = abs(scaled) < 0.1, safe = where(near_zero, 1, scaled), s = where(near_zero, scaled, 0), s2 = s * s;
    Tensor series = s * (s2 * (s2 * (s2 / 45360 - 1. / 840) + 1. / 30) - 1. / 3);
    return grad * (where(near_zero, series, (safe * cos(safe) - sin(safe)) / (safe * safe)) * kPi);
  });
}
Tensor sinc(const Tensor& self) { return sinc(Target(), self); }
Tensor& sinc_(const Tensor& self) { return in_place("sinc_", self, SelfIs::Saved, sinc); }
Tensor sigmoid(Target target, const Tensor& self) {
  return unary_of_output(target, "sigmoid", UnaryOp::Sigmoid, self, kFloat, [](const Tensor& grad, const Tensor& y) {
    return fused_gradient(BinaryOp::SigmoidGrad, grad, y, [](const Tensor& g, const Tensor& s) { return g * conj((1 - s) * s); });
  });
}
Tensor sigmoid(const Tensor& self) { return sigmoid(Target(), self); }
Tensor& sigmoid_(const Tensor& self) { return in_place("sigmoid_", self, SelfIs::NotSaved, sigmoid); }

void register_unary(OpTable& table) {
  table.add("abs(Tensor self) -> Tensor", &abs);
  table.add("abs_(Tensor(a!) self) -> Tensor(a!)", &abs_);
  table.add("sign(Tensor self) -> Tensor", &sign);
  table.add("sign_(Tensor(a!) self) -> Tensor(a!)", &sign_);
  table.add("sgn(Tensor self) -> Tensor", &sgn);
  table.add("sgn_(Tensor(a!) self) -> Tensor(a!)", &sgn_);
  table.add("square(Tensor self) -> Tensor", &square);
  table.add("square_(Tensor(a!) self) -> Tensor(a!)", &square_);
  table.add("floor(Tensor self) -> Tensor", &floor);
  table.add("floor_(Tensor(a!) self) -> Tensor(a!)", &floor_);
  table.add("ceil(Tensor self) -> Tensor", &ceil);
  table.add("ceil_(Tensor(a!) self) -> Tensor(a!)", &ceil_);
  table.add("trunc(Tensor self) -> Tensor", &trunc);
  table.add("trunc_(Tensor(a!) self) -> Tensor(a!)", &trunc_);
  table.add("frac(Tensor self) -> Tensor", &frac);
  table.add("frac_(Tensor(a!) self) -> Tensor(a!)", &frac_);
  table.add("bitwise_not(Tensor self) -> Tensor", &bitwise_not);
  table.add("bitwise_not_(Tensor(a!) self) -> Tensor(a!)", &bitwise_not_);
  table.add("logical_not(Tensor self) -> Tensor", &logical_not);
  table.add("logical_not_(Tensor(a!) self) -> Tensor(a!)", &logical_not_);
  table.add("reciprocal(Tensor self) -> Tensor", &reciprocal);
  table.add("reciprocal_(Tensor(a!) self) -> Tensor(a!)", &reciprocal_);
  table.add("sqrt(Tensor self) -> Tensor", &sqrt);
  table.add("sqrt_(Tensor(a!) self) -> Tensor(a!)", &sqrt_);
  table.add("rsqrt(Tensor self) -> Tensor", &rsqrt);
  table.add("rsqrt_(Tensor(a!) self) -> Tensor(a!)", &rsqrt_);
  table.add("exp(Tensor self) -> Tensor", &exp);
  table.add("exp_(Tensor(a!) self) -> Tensor(a!)", &exp_);
  table.add("exp2(Tensor self) -> Tensor", &exp2);
  table.add("exp2_(Tensor(a!) self) -> Tensor(a!)", &exp2_);
  table.add("expm1(Tensor self) -> Tensor", &expm1);
  table.add("expm1_(Tensor(a!) self) -> Tensor(a!)", &expm1_);
  table.add("log(Tensor self) -> Tensor", &log);
  table.add("log_(Tensor(a!) self) -> Tensor(a!)", &log_);
  table.add("log2(Tensor self) -> Tensor", &log2);
  table.add("log2_(Tensor(a!) self) -> Tensor(a!)", &log2_);
  table.add("log10(Tensor self) -> Tensor", &log10);
  table.add("log10_(Tensor(a!) self) -> Tensor(a!)", &log10_);
  table.add("log1p(Tensor self) -> Tensor", &log1p);
  table.add("log1p_(Tensor(a!) self) -> Tensor(a!)", &log1p_);
  table.add("sin(Tensor self) -> Tensor", &sin);
  table.add("sin_(Tensor(a!) self) -> Tensor(a!)", &sin_);
  table.add("cos(Tensor self) -> Tensor", &cos);
  table.add("cos_(Tensor(a!) self) -> Tensor(a!)", &cos_);
  table.add("tan(Tensor self) -> Tensor", &tan);
  table.add("tan_(Tensor(a!) self) -> Tensor(a!)", &tan_);
  table.add("asin(Tensor self) -> Tensor", &asin);
  table.add("asin_(Tensor(a!) self) -> Tensor(a!)", &asin_);
  table.add("acos(Tensor self) -> Tensor", &acos);
  table.add("acos_(Tensor(a!) self) -> Tensor(a!)", &acos_);
  table.add("atan(Tensor self) -> Tensor", &atan);
  table.add("atan_(Tensor(a!) self) -> Tensor(a!)", &atan_);
  table.add("sinh(Tensor self) -> Tensor", &sinh);
  table.add("sinh_(Tensor(a!) self) -> Tensor(a!)", &sinh_);
  table.add("cosh(Tensor self) -> Tensor", &cosh);
  table.add("cosh_(Tensor(a!) self) -> Tensor(a!)", &cosh_);
  table.add("tanh(Tensor self) -> Tensor", &tanh);
  table.add("tanh_(Tensor(a!) self) -> Tensor(a!)", &tanh_);
  table.add("asinh(Tensor self) -> Tensor", &asinh);
  table.add("asinh_(Tensor(a!) self) -> Tensor(a!)", &asinh_);
  table.add("acosh(Tensor self) -> Tensor", &acosh);
  table.add("acosh_(Tensor(a!) self) -> Tensor(a!)", &acosh_);
  table.add("atanh(Tensor self) -> Tensor", &atanh);
  table.add("atanh_(Tensor(a!) self) -> Tensor(a!)", &atanh_);
  table.add("deg2rad(Tensor self) -> Tensor", &deg2rad);
  table.add("deg2rad_(Tensor(a!) self) -> Tensor(a!)", &deg2rad_);
  table.add("rad2deg(Tensor self) -> Tensor", &rad2deg);
  table.add("rad2deg_(Tensor(a!) self) -> Tensor(a!)", &rad2deg_);
  table.add("sinc(Tensor self) -> Tensor", &sinc);
  table.add("sinc_(Tensor(a!) self) -> Tensor(a!)", &sinc_);
  table.add("sigmoid(Tensor self) -> Tensor", &sigmoid);
  table.add("sigmoid_(Tensor(a!) self) -> Tensor(a!)", &sigmoid_);
  table.add("signbit(Tensor self) -> Tensor", &signbit);
  table.add("round(Tensor self, *, int decimals=0) -> Tensor", &round);
  table.add("round_(Tensor(a!) self, *, int decimals=0) -> Tensor(a!)", &round_);
  table.add("frexp(Tensor self) -> (Tensor mantissa, Tensor exponent)", &frexp);
  table.add("nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor", &with_options::nan_to_num);
  table.add("nan_to_num_(Tensor(a!) self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor(a!)", &with_options::nan_to_num_);
  for (auto [alias, of] : {std::pair("absolute", "abs"),
                           {"fix", "trunc"},
                           {"arccos", "acos"},
                           {"arcsin", "asin"},
                           {"arctan", "atan"},
                           {"arccosh", "acosh"},
                           {"arcsinh", "asinh"},
                           {"arctanh", "atanh"},
                           {"special.expm1", "expm1"},
                           {"special.exp2", "exp2"},
                           {"special.log1p", "log1p"},
                           {"special.sinc", "sinc"},
                           {"special.round", "round"},
                           {"special.expit", "sigmoid"}})
    table.alias(alias, of);
}

}  // namespace lazuli
