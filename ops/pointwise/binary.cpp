#include "lazuli/ops/pointwise/binary.h"

#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/extremum.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

constexpr DTypeRule kFloat = DTypeRule::Float;
constexpr double kLn2 = 0.69314718055994530942;

// A C++ number as the operand that it is.
Tensor number(const Scalar& value, const Tensor& beside) { return wrapped(value, beside); }

[[noreturn]] void no_derivative(const char* op, const char* argument) {
  fail(ErrorKind::NotSupported, op, argument, "an argument that does not require grad: this operator has no derivative with respect to it");
}

}  // namespace

// d/da = b a^(b-1), 0 where b is 0; d/db = a^b log(a), 0 where a is 0 and b is not negative (the limit).
Tensor pow(Target target, const Tensor& self, const Tensor& exponent) {
  need_defined("pow", self, "self", exponent, "exponent");
  if (self.dtype() == kBool && exponent.dtype() == kBool) fail_dtype("pow", "self and exponent", "a number in at least one place", kBool);
  if (self.dtype() != exponent.dtype()) [[unlikely]]
    refuse_half_complex("pow", self, exponent, true);
  Tensor out = pointwise(target, "pow", BinaryOp::Pow, self, exponent);
  if (auto tape = Tape::recording(self, exponent))
    tape.record(
        "pow", out,
        [a = tape.save(self), b = tape.save(exponent), y = tape.needs(1) ? tape.save_output(out) : SavedTensor()](const Tensor& grad, Needs needs) {
          Tensor base = a.get(), power = b.get(), of_base, of_power;
          if (needs[0]) {
            Tensor less = pow(base, power - 1);  // at a power of 0 the derivative by the power is that of the formula, where that is finite
            of_base = where((power == 0) & logical_not(isfinite(less)), 0, grad * conj(power * less));
          }
          if (needs[1]) {
            Tensor limit = (base == 0) & ((power.is_complex() ? real(power) : power) >= 0);
            of_power = where(limit, 0, grad * conj(y.get() * log(base)));
          }
          return Grads{of_base, of_power};
        });
  return out;
}
Tensor pow(const Tensor& self, const Tensor& exponent) {
  if (const Casting cast{Cast::Float32OnGpu, self, exponent}) return pow(cast(self), cast(exponent));
  return pow(Target(), self, exponent);
}
Tensor& pow_(const Tensor& self, const Tensor& exponent) {
  need_defined("pow_", self, "self", exponent, "exponent");
  return in_place("pow_", self, exponent, SelfIs::Saved, pow);
}

namespace {
// Powers that are functions of one tensor.
const UnaryOp* power_with_kernel(const Scalar& exponent) {
  static constexpr UnaryOp kSquare = UnaryOp::Square, kSqrt = UnaryOp::Sqrt, kRsqrt = UnaryOp::Rsqrt, kReciprocal = UnaryOp::Reciprocal;
  return exponent.equal(2) ? &kSquare : exponent.equal(0.5) ? &kSqrt : exponent.equal(-0.5) ? &kRsqrt : exponent.equal(-1) ? &kReciprocal : nullptr;
}
}  // namespace

Tensor pow(Target target, const Tensor& self, const Scalar& exponent) {
  need_defined("pow", self);
  if (self.dtype() == kBool && exponent.kind() == Scalar::Kind::Bool) return exponent.to<bool>() ? clone(self) : fill(self, true);
  if (is_integral(self.dtype()) && exponent.kind() == Scalar::Kind::Int && exponent.to<int64_t>() < 0)
    fail("pow", "exponent", "an exponent that is not negative, for integers", to_string(exponent));
  Tensor out;
  if (const UnaryOp* op = power_with_kernel(exponent); op && is_differentiable(self.dtype()) && (!exponent.is_complex() || self.is_complex())) {
    out = pointwise(target, "pow", *op, self);
  } else {
    if (exponent.is_complex()) refuse_half_complex("pow", self, number(exponent, self), true);
    out = exponent.is_complex() ? pointwise(target, "pow", BinaryOp::Pow, self, number(exponent, self))
                                : pointwise(target, "pow", BinaryOp::Pow, self, exponent);
  }
  if (auto tape = Tape::recording(self))
    tape.record("pow", out, [a = tape.save(self, !exponent.equal(0) && !exponent.equal(1)), exponent](const Tensor& grad, Needs) {
      if (exponent.equal(0)) return Grads{zero_like(grad)};
      if (exponent.equal(1)) return Grads{grad};
      if (exponent.is_complex())
        return Grads{grad * conj(pow(a.get(), Scalar(complex128(exponent.to<complex128>().re - 1, exponent.to<complex128>().im))) * exponent)};
      double less = exponent.to<double>() - 1;
      return Grads{grad * conj(less == 1 ? a.get() * exponent : pow(a.get(), less) * exponent)};
    });
  return out;
}
Tensor pow(const Tensor& self, const Scalar& exponent) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return pow(cast(self), exponent);
  return pow(Target(), self, exponent);
}
Tensor& pow_(const Tensor& self, const Scalar& exponent) {
  return in_place("pow_", self, {}, SelfIs::Saved, [&](Target target, const Tensor& x) { return pow(target, x, exponent); });
}

Tensor pow(const Scalar& self, const Tensor& exponent) {
  if (const Casting cast{Cast::Float32OnGpu, exponent}) return pow(self, cast(exponent));
  need_defined("pow", exponent, "exponent");
  if (self.kind() == Scalar::Kind::Bool && exponent.dtype() == kBool) fail_dtype("pow", "self and exponent", "a number in at least one place", kBool);
  if (self.is_complex()) refuse_half_complex("pow", number(self, exponent), exponent, true);
  Tensor out = self.is_complex() ? pointwise("pow", BinaryOp::Pow, number(self, exponent), exponent)
                                 : pointwise(Target(), "pow", BinaryOp::Pow, self, exponent);
  if (auto tape = Tape::recording(exponent))
    tape.record("pow", out, [self, b = tape.save(exponent, self.equal(0)), y = tape.save_output(out)](const Tensor& grad, Needs) {
      Tensor of_power = grad * conj(y.get() * log(number(self, grad)));
      if (!self.equal(0)) return Grads{of_power};
      Tensor power = b.get();
      return Grads{where((power.is_complex() ? real(power) : power) >= 0, 0, of_power)};
    });
  return out;
}

namespace {
DType wide_type(DType t) { return is_complex(t) ? kComplex128 : kFloat64; }
}  // namespace
Tensor float_power(const Tensor& self, const Tensor& exponent) {
  need_defined("float_power", self, "self", exponent, "exponent");
  // Numbers as numbers: what a formula makes of one alone (exponent - 1) would have the default dtype.
  if (exponent.body()->wrapped_number) return float_power(self, exponent.item());
  if (self.body()->wrapped_number) return float_power(self.item(), exponent);
  DType wide = wide_type(result_type(self, exponent));
  return pow(to(self, wide), to(exponent, wide));
}
Tensor float_power(const Tensor& self, const Scalar& exponent) {
  DType wide = wide_type(result_type(self, exponent));
  return pow(to(self, wide), is_complex(wide) ? Scalar(exponent.to<complex128>()) : Scalar(exponent.to<double>()));
}
Tensor float_power(const Scalar& self, const Tensor& exponent) {
  DType wide = wide_type(result_type(self, exponent));
  return pow(is_complex(wide) ? Scalar(self.to<complex128>()) : Scalar(self.to<double>()), to(exponent, wide));
}
namespace {
void check_wide(const Tensor& self, DType wide) {
  if (self.dtype() != wide) fail(ErrorKind::Type, "float_power_", "self", "the result's dtype, " + std::string(name(wide)), name(self.dtype()));
}
}  // namespace
Tensor& float_power_(const Tensor& self, const Tensor& exponent) {
  need_defined("float_power_", self, "self", exponent, "exponent");
  check_wide(self, wide_type(result_type(self, exponent)));
  return in_place_aside("float_power_", self, {&exponent}, [&](const Tensor& x) { return float_power(x, exponent); });
}
Tensor& float_power_(const Tensor& self, const Scalar& exponent) {
  check_wide(self, wide_type(result_type(self, exponent)));
  return in_place_aside("float_power_", self, {}, [&](const Tensor& x) { return float_power(x, exponent); });
}

Tensor atan2(Target target, const Tensor& self, const Tensor& other) {
  refuse_complex("atan2", self, other);
  Tensor out = pointwise(target, "atan2", BinaryOp::Atan2, self, other, kFloat);
  if (auto tape = Tape::recording(self, other))
    tape.record("atan2", out, [a = tape.save(self), b = tape.save(other)](const Tensor& grad, Needs needs) {
      // Divided twice: the square of the radius may be beyond the range. At 0 the angle jumps, and no direction is better.
      Tensor y = a.get(), x = b.get(), length = hypot(y, x), at_zero = length == 0, radius = masked_fill(length, at_zero, 1);
      Tensor scaled = masked_fill(grad / radius, at_zero, 0);
      return Grads{needs[0] ? scaled * (x / radius) : Tensor(), needs[1] ? -scaled * (y / radius) : Tensor()};
    });
  return out;
}
Tensor atan2(const Tensor& self, const Tensor& other) {
  if (const Casting cast{Cast::WidestOnGpu, self, other}) return atan2(cast(self), cast(other));
  return atan2(Target(), self, other);
}
Tensor& atan2_(const Tensor& self, const Tensor& other) { return in_place("atan2_", self, other, SelfIs::Saved, atan2); }

Tensor detail::extremum(Target target, const char* name, BinaryOp op, const Tensor& self, const Tensor& other) {
  Tensor out = pointwise(target, name, op, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record(name, out, [op, a = tape.save(self), b = tape.save(other)](const Tensor& grad, Needs needs) {
      Tensor x = a.get(), y = b.get(), shared = where(x == y, grad / 2, grad);
      Tensor first_loses = op == BinaryOp::Maximum ? x < y : x > y, second_loses = op == BinaryOp::Maximum ? x > y : x < y;
      return Grads{needs[0] ? masked_fill(shared, first_loses, 0) : Tensor(), needs[1] ? masked_fill(shared, second_loses, 0) : Tensor()};
    });
  return out;
}

namespace {

Tensor extremum(const char* name, BinaryOp op, const Tensor& self, const Tensor& other) {
  refuse_complex(name, self, other);
  return detail::extremum(Target(), name, op, self, other);
}

// The same where NaN is passed over: beside one, or two, the first operand that is a number (or else the first) has the gradient.
Tensor extremum_of_numbers(const char* name, BinaryOp op, const Tensor& self, const Tensor& other) {
  refuse_complex(name, self, other);
  Tensor out = pointwise(name, op, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record(name, out, [op, a = tape.save(self), b = tape.save(other)](const Tensor& grad, Needs needs) {
      Tensor x = a.get(), y = b.get(), shared = where(x == y, grad / 2, grad), first = (op == BinaryOp::Fmax ? x >= y : x <= y) | isnan(y);
      return Grads{needs[0] ? where(first, shared, 0) : Tensor(), needs[1] ? where(first & (x != y), 0, shared) : Tensor()};
    });
  return out;
}

}  // namespace

Tensor maximum(const Tensor& self, const Tensor& other) { return extremum("maximum", BinaryOp::Maximum, self, other); }
Tensor minimum(const Tensor& self, const Tensor& other) { return extremum("minimum", BinaryOp::Minimum, self, other); }
Tensor fmax(const Tensor& self, const Tensor& other) { return extremum_of_numbers("fmax", BinaryOp::Fmax, self, other); }
Tensor fmin(const Tensor& self, const Tensor& other) { return extremum_of_numbers("fmin", BinaryOp::Fmin, self, other); }

Tensor hypot(Target target, const Tensor& self, const Tensor& other) {
  if (DType t = result_type(self, other); !is_floating_point(t)) fail_dtype("hypot", "self and other", "a floating point tensor", t);
  Tensor out = pointwise(target, "hypot", BinaryOp::Hypot, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record(
        "hypot", out,
        [a = tape.save(self, tape.needs(0)), b = tape.save(other, tape.needs(1)), y = tape.save_output(out)](const Tensor& grad, Needs needs) {
          Tensor length = y.get(), divisor = masked_fill(length, length == 0, 1);  // both are 0 there
          return Grads{needs[0] ? grad * (a.get() / divisor) : Tensor(), needs[1] ? grad * (b.get() / divisor) : Tensor()};
        });
  return out;
}
Tensor hypot(const Tensor& self, const Tensor& other) { return hypot(Target(), self, other); }
Tensor& hypot_(const Tensor& self, const Tensor& other) { return in_place("hypot_", self, other, SelfIs::Saved, hypot); }

Tensor copysign(Target target, const Tensor& self, const Tensor& other) {
  refuse_complex("copysign", self, other);
  Tensor out = pointwise(target, "copysign", BinaryOp::Copysign, self, other, kFloat);
  if (auto tape = Tape::recording(self, other))
    tape.record("copysign", out,
                [a = tape.save(self, tape.needs(0)), y = tape.needs(0) ? tape.save_output(out) : SavedTensor()](const Tensor& grad, Needs needs) {
                  Tensor of_self;
                  if (needs[0]) {
                    Tensor x = a.get(), at_zero = x == 0;
                    of_self = where(at_zero, 0, grad * (y.get() / where(at_zero, 1, x)));
                  }
                  return Grads{of_self, needs[1] ? zero_like(grad) : Tensor()};
                });
  return out;
}
Tensor copysign(const Tensor& self, const Tensor& other) { return copysign(Target(), self, other); }
Tensor& copysign_(const Tensor& self, const Tensor& other) { return in_place("copysign_", self, other, SelfIs::Saved, copysign); }
Tensor copysign(const Tensor& self, const Scalar& other) { return copysign(self, number(other, self)); }
Tensor& copysign_(const Tensor& self, const Scalar& other) { return copysign_(self, number(other, self)); }

Tensor nextafter(Target target, const Tensor& self, const Tensor& other) {
  if (DType t = result_type(self, other); !is_floating_point(t)) fail_dtype("nextafter", "self and other", "a floating point tensor", t);
  Tensor out = pointwise(target, "nextafter", BinaryOp::Nextafter, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("nextafter", out, [a = tape.save(self), b = tape.save(other)](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? where(a.get() == b.get(), 0, grad) : Tensor(), needs[1] ? zero_like(grad) : Tensor()};
    });
  return out;
}
Tensor nextafter(const Tensor& self, const Tensor& other) { return nextafter(Target(), self, other); }
Tensor& nextafter_(const Tensor& self, const Tensor& other) { return in_place("nextafter_", self, other, SelfIs::Saved, nextafter); }

Tensor heaviside(Target target, const Tensor& self, const Tensor& values) {
  need_defined("heaviside", self, "self", values, "values");
  refuse_complex("heaviside", self);
  if (self.dtype() != values.dtype())
    fail(ErrorKind::Type, "heaviside", "values", "the dtype of self, " + std::string(name(self.dtype())), name(values.dtype()));
  Tensor out = pointwise(target, "heaviside", BinaryOp::Heaviside, self, values);
  if (auto tape = Tape::recording(self, values))
    tape.record("heaviside", out, [](const Tensor&, Needs) -> Grads { no_derivative("heaviside", "self"); });
  return out;
}
Tensor heaviside(const Tensor& self, const Tensor& values) { return heaviside(Target(), self, values); }
Tensor& heaviside_(const Tensor& self, const Tensor& values) {
  need_defined("heaviside_", self, "self", values, "values");
  return in_place("heaviside_", self, values, SelfIs::Saved, heaviside);
}

// By integers in self's type: 2^other would be of the default dtype, and out of the type's range before the product is; so by its two halves, and in float32 where self is narrower.
Tensor ldexp(const Tensor& self, const Tensor& other) {
  need_defined("ldexp", self, "self", other, "other");
  if (!is_floating_point(self.dtype()) || !is_integral(other.dtype())) return mul(self, pow(Scalar(2.0), other));
  DType wide = self.dtype() == kFloat64 ? kFloat64 : kFloat32;
  Tensor power = to(other, wide), half = trunc(power / 2);
  return to(mul(mul(to(self, wide), pow(Scalar(2.0), half)), pow(Scalar(2.0), power - half)), self.dtype());
}
Tensor& ldexp_(const Tensor& self, const Tensor& other) {
  need_defined("ldexp_", self, "self", other, "other");
  return in_place_aside("ldexp_", self, {&other}, [&](const Tensor& x) { return ldexp(x, other); });
}

namespace {
// grad * (weight of each operand): the softmax of the two.
Tensor log_of_sum(const char* name, BinaryOp op, const Tensor& self, const Tensor& other, double base) {
  DType t = result_type(self, other);
  if (is_complex(t) && base != 2) {  // around the operand of greater real part
    Tensor swap = real(to(self, t)) < real(to(other, t)), high = where(swap, other, self), low = where(swap, self, other);
    return high + log1p(exp(low - high));
  }
  if (!is_floating_point(t)) fail_dtype(name, "self and other", "a floating point tensor", t);
  Tensor out = pointwise(name, op, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record(name, out, [base, a = tape.save(self), b = tape.save(other)](const Tensor& grad, Needs needs) {
      auto share = [&](const Tensor& x, const Tensor& y) {  // half each where they are equal, infinities too
        Tensor more = masked_fill(x - y, (x == y) & (abs(x) == INFINITY), 0);
        return grad * sigmoid(base == 2 ? more * kLn2 : more);
      };
      return Grads{needs[0] ? share(a.get(), b.get()) : Tensor(), needs[1] ? share(b.get(), a.get()) : Tensor()};
    });
  return out;
}
}  // namespace
Tensor logaddexp(const Tensor& self, const Tensor& other) { return log_of_sum("logaddexp", BinaryOp::LogAddExp, self, other, 0); }
Tensor logaddexp2(const Tensor& self, const Tensor& other) { return log_of_sum("logaddexp2", BinaryOp::LogAddExp2, self, other, 2); }

Tensor xlogy(Target target, const Tensor& self, const Tensor& other) {
  refuse_complex("xlogy", self, other);
  Tensor out = pointwise(target, "xlogy", BinaryOp::Xlogy, self, other, kFloat);
  if (auto tape = Tape::recording(self, other))
    tape.record("xlogy", out, [a = tape.save(self), b = tape.save(other)](const Tensor& grad, Needs needs) {
      Tensor x = a.get(), y = b.get();
      return Grads{needs[0] ? masked_fill(xlogy(grad, y), (x == 0) & (y <= 0), 0) : Tensor(),
                   needs[1] ? masked_fill(grad * x / y, (x == 0) & (y == 0), 0) : Tensor()};
    });
  return out;
}
Tensor xlogy(const Tensor& self, const Tensor& other) { return xlogy(Target(), self, other); }
Tensor& xlogy_(const Tensor& self, const Tensor& other) { return in_place("xlogy_", self, other, SelfIs::Saved, xlogy); }
Tensor xlogy(const Tensor& self, const Scalar& other) { return xlogy(self, number(other, self)); }
Tensor& xlogy_(const Tensor& self, const Scalar& other) { return xlogy_(self, number(other, self)); }
Tensor xlogy(const Scalar& self, const Tensor& other) { return xlogy(number(self, other), other); }

namespace {
Tensor of_integers(Target target, const char* name, BinaryOp op, const Tensor& self, const Tensor& other, bool takes_bool) {
  need_integral(name, self);
  need_integral(name, other, "other");
  if (!takes_bool && self.dtype() == kBool && other.dtype() == kBool) fail_dtype(name, "self and other", "tensors of integers", kBool);
  return pointwise(target, name, op, self, other);
}
Tensor logical(Target target, const char* name, BinaryOp op, const Tensor& self, const Tensor& other) {
  if (self.dtype() != other.dtype()) refuse_half_complex(name, self, other, true);
  return pointwise(target, name, op, self, other, DTypeRule::Bool);
}
Tensor& logical_in_place(const char* name, BinaryOp op, const Tensor& self, const Tensor& other) {
  return in_place(name, self, {}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& x) { return zero_gradient(name, to(logical(target, name, op, x, other), x.dtype()), x); });
}
}  // namespace

Tensor gcd(Target target, const Tensor& self, const Tensor& other) { return of_integers(target, "gcd", BinaryOp::Gcd, self, other, false); }
Tensor gcd(const Tensor& self, const Tensor& other) { return gcd(Target(), self, other); }
Tensor& gcd_(const Tensor& self, const Tensor& other) { return in_place("gcd_", self, other, SelfIs::NotSaved, gcd); }
Tensor lcm(Target target, const Tensor& self, const Tensor& other) { return of_integers(target, "lcm", BinaryOp::Lcm, self, other, false); }
Tensor lcm(const Tensor& self, const Tensor& other) { return lcm(Target(), self, other); }
Tensor& lcm_(const Tensor& self, const Tensor& other) { return in_place("lcm_", self, other, SelfIs::NotSaved, lcm); }
Tensor bitwise_and(Target target, const Tensor& self, const Tensor& other) {
  return of_integers(target, "bitwise_and", BinaryOp::BitwiseAnd, self, other, true);
}
Tensor bitwise_and(const Tensor& self, const Tensor& other) { return bitwise_and(Target(), self, other); }
Tensor& bitwise_and_(const Tensor& self, const Tensor& other) { return in_place("bitwise_and_", self, other, SelfIs::NotSaved, bitwise_and); }
Tensor bitwise_or(Target target, const Tensor& self, const Tensor& other) {
  return of_integers(target, "bitwise_or", BinaryOp::BitwiseOr, self, other, true);
}
Tensor bitwise_or(const Tensor& self, const Tensor& other) { return bitwise_or(Target(), self, other); }
Tensor& bitwise_or_(const Tensor& self, const Tensor& other) { return in_place("bitwise_or_", self, other, SelfIs::NotSaved, bitwise_or); }
Tensor bitwise_xor(Target target, const Tensor& self, const Tensor& other) {
  return of_integers(target, "bitwise_xor", BinaryOp::BitwiseXor, self, other, true);
}
Tensor bitwise_xor(const Tensor& self, const Tensor& other) { return bitwise_xor(Target(), self, other); }
Tensor& bitwise_xor_(const Tensor& self, const Tensor& other) { return in_place("bitwise_xor_", self, other, SelfIs::NotSaved, bitwise_xor); }
Tensor bitwise_left_shift(Target target, const Tensor& self, const Tensor& other) {
  return of_integers(target, "bitwise_left_shift", BinaryOp::LeftShift, self, other, false);
}
Tensor bitwise_left_shift(const Tensor& self, const Tensor& other) { return bitwise_left_shift(Target(), self, other); }
Tensor& bitwise_left_shift_(const Tensor& self, const Tensor& other) {
  return in_place("bitwise_left_shift_", self, other, SelfIs::NotSaved, bitwise_left_shift);
}
Tensor bitwise_right_shift(Target target, const Tensor& self, const Tensor& other) {
  return of_integers(target, "bitwise_right_shift", BinaryOp::RightShift, self, other, false);
}
Tensor bitwise_right_shift(const Tensor& self, const Tensor& other) { return bitwise_right_shift(Target(), self, other); }
Tensor& bitwise_right_shift_(const Tensor& self, const Tensor& other) {
  return in_place("bitwise_right_shift_", self, other, SelfIs::NotSaved, bitwise_right_shift);
}
Tensor bitwise_and(const Tensor& self, const Scalar& other) { return bitwise_and(self, number(other, self)); }
Tensor& bitwise_and_(const Tensor& self, const Scalar& other) { return bitwise_and_(self, number(other, self)); }
Tensor bitwise_or(const Tensor& self, const Scalar& other) { return bitwise_or(self, number(other, self)); }
Tensor& bitwise_or_(const Tensor& self, const Scalar& other) { return bitwise_or_(self, number(other, self)); }
Tensor bitwise_xor(const Tensor& self, const Scalar& other) { return bitwise_xor(self, number(other, self)); }
Tensor& bitwise_xor_(const Tensor& self, const Scalar& other) { return bitwise_xor_(self, number(other, self)); }
Tensor bitwise_left_shift(const Tensor& self, const Scalar& other) { return bitwise_left_shift(self, number(other, self)); }
Tensor& bitwise_left_shift_(const Tensor& self, const Scalar& other) { return bitwise_left_shift_(self, number(other, self)); }
Tensor bitwise_right_shift(const Tensor& self, const Scalar& other) { return bitwise_right_shift(self, number(other, self)); }
Tensor& bitwise_right_shift_(const Tensor& self, const Scalar& other) { return bitwise_right_shift_(self, number(other, self)); }
Tensor logical_and(const Tensor& self, const Tensor& other) {
  need_defined("logical_and", self, "self", other, "other");
  return logical(Target(), "logical_and", BinaryOp::LogicalAnd, self, other);
}
Tensor& logical_and_(const Tensor& self, const Tensor& other) {
  need_defined("logical_and_", self, "self", other, "other");
  return logical_in_place("logical_and_", BinaryOp::LogicalAnd, self, other);
}
Tensor logical_or(const Tensor& self, const Tensor& other) {
  need_defined("logical_or", self, "self", other, "other");
  return logical(Target(), "logical_or", BinaryOp::LogicalOr, self, other);
}
Tensor& logical_or_(const Tensor& self, const Tensor& other) {
  need_defined("logical_or_", self, "self", other, "other");
  return logical_in_place("logical_or_", BinaryOp::LogicalOr, self, other);
}
Tensor logical_xor(const Tensor& self, const Tensor& other) {
  need_defined("logical_xor", self, "self", other, "other");
  return logical(Target(), "logical_xor", BinaryOp::LogicalXor, self, other);
}
Tensor& logical_xor_(const Tensor& self, const Tensor& other) {
  need_defined("logical_xor_", self, "self", other, "other");
  return logical_in_place("logical_xor_", BinaryOp::LogicalXor, self, other);
}

void register_binary(OpTable& table) {
  using T = const Tensor&;
  using S = const Scalar&;
  using TT = Tensor (*)(T, T);
  using In = Tensor& (*)(const Tensor&, T);
  table.add("pow(Tensor self, Scalar exponent) -> Tensor", static_cast<Tensor (*)(T, S)>(&pow));
  table.add("pow(Scalar self, Tensor exponent) -> Tensor", static_cast<Tensor (*)(S, T)>(&pow));
  table.add("pow(Tensor self, Tensor exponent) -> Tensor", static_cast<TT>(&pow));
  table.add("pow_(Tensor(a!) self, Scalar exponent) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, S)>(&pow_));
  table.add("pow_(Tensor(a!) self, Tensor exponent) -> Tensor(a!)", static_cast<In>(&pow_));
  table.add("float_power(Tensor|Scalar self, Tensor|Scalar exponent) -> Tensor", static_cast<TT>(&float_power));
  table.add("float_power_(Tensor(a!) self, Tensor|Scalar exponent) -> Tensor(a!)", static_cast<In>(&float_power_));
  table.add("atan2(Tensor self, Tensor other) -> Tensor", &atan2);
  table.add("atan2_(Tensor(a!) self, Tensor other) -> Tensor(a!)", &atan2_);
  table.add("maximum(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&maximum));
  table.add("minimum(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&minimum));
  table.add("fmax(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&fmax));
  table.add("fmin(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&fmin));
  table.add("hypot(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&hypot));
  table.add("hypot_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&hypot_));
  table.add("nextafter(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&nextafter));
  table.add("nextafter_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&nextafter_));
  table.add("gcd(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&gcd));
  table.add("gcd_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&gcd_));
  table.add("lcm(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&lcm));
  table.add("lcm_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&lcm_));
  table.add("logical_and(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&logical_and));
  table.add("logical_and_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&logical_and_));
  table.add("logical_or(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&logical_or));
  table.add("logical_or_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&logical_or_));
  table.add("logical_xor(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&logical_xor));
  table.add("logical_xor_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&logical_xor_));
  table.add("heaviside(Tensor self, Tensor values) -> Tensor", static_cast<TT>(&heaviside));
  table.add("heaviside_(Tensor(a!) self, Tensor values) -> Tensor(a!)", static_cast<In>(&heaviside_));
  table.add("ldexp(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&ldexp));
  table.add("ldexp_(Tensor(a!) self, Tensor other) -> Tensor(a!)", static_cast<In>(&ldexp_));
  table.add("logaddexp(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&logaddexp));
  table.add("logaddexp2(Tensor self, Tensor other) -> Tensor", static_cast<TT>(&logaddexp2));
  table.add("copysign(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&copysign));
  table.add("copysign_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<In>(&copysign_));
  table.add("xlogy(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&xlogy));
  table.add("xlogy_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<In>(&xlogy_));
  table.add("bitwise_and(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&bitwise_and));
  table.add("bitwise_and_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<In>(&bitwise_and_));
  table.add("bitwise_or(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&bitwise_or));
  table.add("bitwise_or_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<In>(&bitwise_or_));
  table.add("bitwise_xor(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&bitwise_xor));
  table.add("bitwise_xor_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<In>(&bitwise_xor_));
  table.add("bitwise_left_shift(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&bitwise_left_shift));
  table.add("bitwise_left_shift_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<In>(&bitwise_left_shift_));
  table.add("bitwise_right_shift(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<TT>(&bitwise_right_shift));
  table.add("bitwise_right_shift_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<In>(&bitwise_right_shift_));
  table.add("__rpow__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__rpow__", self, other);
    return pow(other, self);
  });
  table.add("__rand__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__rand__", self, other);
    return bitwise_and(other, self);
  });
  table.add("__ror__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__ror__", self, other);
    return bitwise_or(other, self);
  });
  table.add("__rxor__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__rxor__", self, other);
    return bitwise_xor(other, self);
  });
  for (auto [alias, of] : {std::pair("arctan2", "atan2"),
                           {"special.xlogy", "xlogy"},
                           {"__and__", "bitwise_and"},
                           {"__or__", "bitwise_or"},
                           {"__xor__", "bitwise_xor"},
                           {"__lshift__", "bitwise_left_shift"},
                           {"__rshift__", "bitwise_right_shift"}})
    table.alias(alias, of);
}

}  // namespace lazuli
