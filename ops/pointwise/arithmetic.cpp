#include "lazuli/ops/pointwise/arithmetic.h"

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/inplace.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

void check_alpha(const char* op, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  if (alpha.kind() == Scalar::Kind::Int) return;
  DType dtype = result_type(self, other);
  if (alpha.kind() == Scalar::Kind::Bool && dtype != kBool)
    fail(ErrorKind::Type, op, "alpha", "a number for a result of dtype " + std::string(name(dtype)), "a bool");
  if (alpha.is_floating_point() && is_integral(dtype)) fail(ErrorKind::Type, op, "alpha", "an integer for an integer result", to_string(alpha));
  if (alpha.is_complex() && !is_complex(dtype)) fail(ErrorKind::Type, op, "alpha", "a real number for a real result", to_string(alpha));
}

// self + alpha * other in one pass.
Tensor add_scaled(const char* op, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  DType dtype = result_type(self, other);
  if (!is_floating_point(dtype)) return add(self, mul(to(other, dtype), alpha));
  Tensor out = pointwise(op, TernaryOp::Addcmul, self, other, wrapped(1), {alpha.to<double>()});
  if (auto tape = Tape::recording(self, other))
    tape.record(op, out, [alpha](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? mul(grad, alpha) : Tensor()};
    });
  return out;
}

// An in-place sum whose scaled operand has to be made first, so that it does not take the place of the result.
bool scales_apart(const Tensor& self, const Scalar& alpha) { return !alpha.equal(1) && !is_floating_point(self.dtype()); }

}  // namespace

Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  check_alpha("add", self, other, alpha);
  if (!alpha.equal(1)) [[unlikely]]
    return add_scaled("add", self, other, alpha);
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("add", self, other, false);
  Tensor out = pointwise("add", BinaryOp::Add, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("add", out, [](const Tensor& grad, Needs needs) { return Grads{needs[0] ? grad : Tensor(), needs[1] ? grad : Tensor()}; });
  return out;
}

Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  if (self.dtype() == kBool || other.dtype() == kBool)
    fail(ErrorKind::Type, "sub", "self and other", "numbers (logical_xor or logical_not do it for bool)", "bool");
  check_alpha("sub", self, other, alpha);
  if (!alpha.equal(1)) [[unlikely]]
    return add_scaled("sub", self, other, -alpha);
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("sub", self, other, false);
  Tensor out = pointwise("sub", BinaryOp::Sub, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("sub", out, [](const Tensor& grad, Needs needs) { return Grads{needs[0] ? grad : Tensor(), needs[1] ? -grad : Tensor()}; });
  return out;
}
Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha) { return sub(other, self, alpha); }

Tensor mul(const Tensor& self, const Tensor& other) {
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("mul", self, other, false);
  Tensor out = pointwise("mul", BinaryOp::Mul, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("mul", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other, tape.needs(0))](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad * conj(b.get()) : Tensor(), needs[1] ? grad * conj(a.get()) : Tensor()};
    });
  return out;
}

Tensor true_divide(const Tensor& self, const Tensor& other) {
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("div", self, other, true);
  Tensor out = pointwise("div", BinaryOp::Div, self, other, DTypeRule::Float);
  if (auto tape = Tape::recording(self, other))
    tape.record("div", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other)](const Tensor& grad, Needs needs) {
      Tensor divisor = conj(b.get());
      Tensor of_self = grad / divisor;
      return Grads{needs[0] ? of_self : Tensor(), needs[1] ? -of_self * conj(a.get() / b.get()) : Tensor()};
    });
  return out;
}

Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  if (!rounding_mode) [[likely]]
    return true_divide(self, other);
  if (*rounding_mode != "trunc" && *rounding_mode != "floor")
    fail("div", "rounding_mode", "none, \"trunc\" or \"floor\"", "\"" + *rounding_mode + "\"");
  refuse_complex("div", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("div", "self and other", "numbers, for a division that rounds", kBool);
  Tensor out = pointwise("div", *rounding_mode == "trunc" ? BinaryOp::DivTrunc : BinaryOp::DivFloor, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("div", out, [](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? zero_like(grad) : Tensor(), needs[1] ? zero_like(grad) : Tensor()};
    });
  return out;
}

Tensor floor_divide(const Tensor& self, const Tensor& other) {
  refuse_complex("floor_divide", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("floor_divide", "self and other", "numbers", kBool);
  return div(self, other, "floor");
}

Tensor remainder(const Tensor& self, const Tensor& other) {
  refuse_complex("remainder", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("remainder", "self and other", "numbers", kBool);
  Tensor out = pointwise("remainder", BinaryOp::Remainder, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("remainder", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other, tape.needs(1))](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? -grad * div(a.get(), b.get(), "floor") : Tensor()};
    });
  return out;
}

Tensor fmod(const Tensor& self, const Tensor& other) {
  refuse_complex("fmod", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("fmod", "self and other", "numbers", kBool);
  Tensor out = pointwise("fmod", BinaryOp::Fmod, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("fmod", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other, tape.needs(1))](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? -grad * div(a.get(), b.get(), "trunc") : Tensor()};
    });
  return out;
}

Tensor neg(const Tensor& self) {
  refuse_bool("neg", self);
  Tensor out = pointwise("neg", UnaryOp::Neg, self);
  if (auto tape = Tape::recording(self)) tape.record("neg", out, [](const Tensor& grad, Needs) { return Grads{-grad}; });
  return out;
}

Tensor positive(const Tensor& self) {
  refuse_bool("positive", self);
  return self;
}

Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha) { return add(self, wrapped(other, self.device()), alpha); }
Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha) { return sub(self, wrapped(other, self.device()), alpha); }
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha) { return sub(wrapped(other, self.device()), self, alpha); }
Tensor mul(const Tensor& self, const Scalar& other) { return mul(self, wrapped(other, self.device())); }
Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode) {
  return div(self, wrapped(other, self.device()), std::move(rounding_mode));
}
Tensor true_divide(const Tensor& self, const Scalar& other) { return true_divide(self, wrapped(other, self.device())); }
Tensor floor_divide(const Tensor& self, const Scalar& other) { return floor_divide(self, wrapped(other, self.device())); }
Tensor remainder(const Tensor& self, const Scalar& other) { return remainder(self, wrapped(other, self.device())); }
Tensor remainder(const Scalar& self, const Tensor& other) { return remainder(wrapped(self, other.device()), other); }
Tensor fmod(const Tensor& self, const Scalar& other) { return fmod(self, wrapped(other, self.device())); }

Tensor& add_(Tensor& self, const Tensor& other, const Scalar& alpha) {
  if (scales_apart(self, alpha)) {
    check_alpha("add_", self, other, alpha);
    return add_(self, mul(other, alpha));
  }
  return inplace_primitive(
      "add_", self, [&](const Tensor& x) { return add(x, other, alpha); }, other.requires_grad());
}
Tensor& sub_(Tensor& self, const Tensor& other, const Scalar& alpha) {
  if (scales_apart(self, alpha)) {
    check_alpha("sub_", self, other, alpha);
    return sub_(self, mul(other, alpha));
  }
  return inplace_primitive(
      "sub_", self, [&](const Tensor& x) { return sub(x, other, alpha); }, other.requires_grad());
}
Tensor& mul_(Tensor& self, const Tensor& other) {
  SelfIs use = other.requires_grad() ? SelfIs::Saved : SelfIs::NotSaved;
  return inplace_primitive(
      "mul_", self, [&](const Tensor& x) { return mul(x, other); }, other.requires_grad(), use);
}
Tensor& div_(Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  SelfIs use = other.requires_grad() && !rounding_mode ? SelfIs::Saved : SelfIs::NotSaved;
  return inplace_primitive(
      "div_", self, [&](const Tensor& x) { return div(x, other, rounding_mode); }, other.requires_grad(), use);
}
Tensor& floor_divide_(Tensor& self, const Tensor& other) {
  return inplace_primitive(
      "floor_divide_", self, [&](const Tensor& x) { return floor_divide(x, other); }, other.requires_grad());
}
Tensor& remainder_(Tensor& self, const Tensor& other) {
  SelfIs use = other.requires_grad() ? SelfIs::Saved : SelfIs::NotSaved;
  return inplace_primitive(
      "remainder_", self, [&](const Tensor& x) { return remainder(x, other); }, other.requires_grad(), use);
}
Tensor& fmod_(Tensor& self, const Tensor& other) {
  SelfIs use = other.requires_grad() ? SelfIs::Saved : SelfIs::NotSaved;
  return inplace_primitive(
      "fmod_", self, [&](const Tensor& x) { return fmod(x, other); }, other.requires_grad(), use);
}
Tensor& neg_(Tensor& self) { return inplace_primitive("neg_", self, neg); }

Tensor& add_(Tensor& self, const Scalar& other, const Scalar& alpha) { return add_(self, wrapped(other, self.device()), alpha); }
Tensor& sub_(Tensor& self, const Scalar& other, const Scalar& alpha) { return sub_(self, wrapped(other, self.device()), alpha); }
Tensor& mul_(Tensor& self, const Scalar& other) { return mul_(self, wrapped(other, self.device())); }
Tensor& div_(Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode) {
  return div_(self, wrapped(other, self.device()), std::move(rounding_mode));
}
Tensor& floor_divide_(Tensor& self, const Scalar& other) { return floor_divide_(self, wrapped(other, self.device())); }
Tensor& remainder_(Tensor& self, const Scalar& other) { return remainder_(self, wrapped(other, self.device())); }
Tensor& fmod_(Tensor& self, const Scalar& other) { return fmod_(self, wrapped(other, self.device())); }

Tensor& add_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return into("add_out", out, [&] { return add(self, other, alpha); });
}
Tensor& sub_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return into("sub_out", out, [&] { return sub(self, other, alpha); });
}
Tensor& mul_out(Tensor& out, const Tensor& self, const Tensor& other) {
  return into("mul_out", out, [&] { return mul(self, other); });
}
Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other) {
  return into("div_out", out, [&] { return true_divide(self, other); });
}

void register_arithmetic(OpTable& table) {
  using T = const Tensor&;
  using S = const Scalar&;
  table.add("add(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", static_cast<Tensor (*)(T, T, S)>(&add));
  table.add("add_(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)", static_cast<Tensor& (*)(Tensor&, T, S)>(&add_));
  table.add("sub(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", static_cast<Tensor (*)(T, T, S)>(&sub));
  table.add("sub_(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)", static_cast<Tensor& (*)(Tensor&, T, S)>(&sub_));
  table.add("rsub(Tensor self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", static_cast<Tensor (*)(T, T, S)>(&rsub));
  table.add("mul(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&mul));
  table.add("mul_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(Tensor&, T)>(&mul_));
  table.add("div(Tensor|Scalar self, Tensor|Scalar other, *, str? rounding_mode=None) -> Tensor",
            static_cast<Tensor (*)(T, T, std::optional<std::string>)>(&div));
  table.add("div_(Tensor(a!) self, Tensor|Scalar other, *, str? rounding_mode=None) -> Tensor(a!)",
            static_cast<Tensor& (*)(Tensor&, T, std::optional<std::string>)>(&div_));
  table.add("true_divide(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&true_divide));
  table.add("floor_divide(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&floor_divide));
  table.add("floor_divide_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(Tensor&, T)>(&floor_divide_));
  table.add("remainder(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&remainder));
  table.add("remainder_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(Tensor&, T)>(&remainder_));
  table.add("fmod(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&fmod));
  table.add("fmod_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(Tensor&, T)>(&fmod_));
  table.add("neg(Tensor self) -> Tensor", &neg);
  table.add("neg_(Tensor(a!) self) -> Tensor(a!)", &neg_);
  table.add("positive(Tensor self) -> Tensor", &positive);
  table.add("__radd__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) { return add(other, self); });
  table.add("__rsub__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) { return sub(other, self); });
  table.add("__rmul__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) { return mul(other, self); });
  table.add("__rdiv__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) { return true_divide(other, self); });
  table.add("__rmod__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) { return remainder(other, self); });
  table.alias("subtract", "sub");
  table.alias("multiply", "mul");
  table.alias("divide", "div");
  table.alias("negative", "neg");
}

}  // namespace lazuli
