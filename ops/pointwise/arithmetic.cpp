#include "lazuli/ops/pointwise/arithmetic.h"

#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

Tensor add(Target target, const Tensor& self, const Tensor& other, const Scalar& alpha);

namespace {

// Of a number that is no integer, which every dtype takes.
[[gnu::noinline]] void check_kind(const char* op, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  DType dtype = result_type(self, other);
  if (alpha.kind() == Scalar::Kind::Bool && dtype != kBool)
    fail(ErrorKind::Type, op, "alpha", "a number for a result of dtype " + std::string(name(dtype)), "a bool");
  if (alpha.is_floating_point() && is_integral(dtype)) fail(ErrorKind::Type, op, "alpha", "an integer for an integer result", to_string(alpha));
  if (alpha.is_complex() && !is_complex(dtype)) fail(ErrorKind::Type, op, "alpha", "a real number for a real result", to_string(alpha));
}

inline void check_alpha(const char* op, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  if (alpha.kind() != Scalar::Kind::Int) check_kind(op, self, other, alpha);
}

// self + alpha * other in one pass.
Tensor add_scaled(Target target, const char* op, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  DType dtype = result_type(self, other);
  if (dtype == kBool) return add(target, self, mul(other, Scalar(alpha.to<bool>())), 1);
  if (!is_floating_point(dtype)) return add(target, self, mul(to(other, dtype), alpha), 1);
  Tensor out = pointwise(target, op, TernaryOp::Addcmul, self, other, wrapped(1), {alpha.to<double>()});
  if (auto tape = Tape::recording(self, other))
    tape.record(op, out, [alpha](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? mul(grad, alpha) : Tensor()};
    });
  return out;
}

}  // namespace

Tensor add(Target target, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  need_defined("add", self, other);
  check_alpha("add", self, other, alpha);
  if (!alpha.equal(1)) [[unlikely]]
    return add_scaled(target, "add", self, other, alpha);
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("add", self, other, false);
  Tensor out = pointwise(target, "add", BinaryOp::Add, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("add", out, [](const Tensor& grad, Needs needs) { return Grads{needs[0] ? grad : Tensor(), needs[1] ? grad : Tensor()}; });
  return out;
}
Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha) { return add(Target(), self, other, alpha); }
Tensor& add_(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return in_place("add_", self, {&other}, SelfIs::NotSaved, [&](Target target, const Tensor& x) { return add(target, x, other, alpha); });
}

Tensor sub(Target target, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  need_defined("sub", self, other);
  if (self.dtype() == kBool || other.dtype() == kBool)
    fail(ErrorKind::Type, "sub", "self and other", "numbers (logical_xor or logical_not do it for bool)", "bool");
  check_alpha("sub", self, other, alpha);
  if (!alpha.equal(1)) [[unlikely]]
    return add_scaled(target, "sub", self, other, -alpha);
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("sub", self, other, false);
  Tensor out = pointwise(target, "sub", BinaryOp::Sub, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("sub", out, [](const Tensor& grad, Needs needs) { return Grads{needs[0] ? grad : Tensor(), needs[1] ? -grad : Tensor()}; });
  return out;
}
Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha) { return sub(Target(), self, other, alpha); }
Tensor& sub_(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return in_place("sub_", self, {&other}, SelfIs::NotSaved, [&](Target target, const Tensor& x) { return sub(target, x, other, alpha); });
}
Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  need_defined("rsub", self, "self", other, "other");
  return sub(other, self, alpha);
}

Tensor mul(Target target, const Tensor& self, const Tensor& other) {
  need_defined("mul", self, other);
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("mul", self, other, false);
  Tensor out = pointwise(target, "mul", BinaryOp::Mul, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("mul", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other, tape.needs(0))](const Tensor& grad, Needs needs) {
      if (linearizing())
        return linear_map(grad, needs, [a = keep(a.get()), b = keep(b.get())](const Grads& tangents) {
          return Grads{
              sum_of_tangents(tangents[0].defined() ? tangents[0] * b.get() : Tensor(), tangents[1].defined() ? a.get() * tangents[1] : Tensor())};
        });
      return Grads{needs[0] ? grad * conj(b.get()) : Tensor(), needs[1] ? grad * conj(a.get()) : Tensor()};
    });
  return out;
}
Tensor mul(const Tensor& self, const Tensor& other) { return mul(Target(), self, other); }
Tensor& mul_(const Tensor& self, const Tensor& other) {
  return in_place("mul_", self, {&other}, SelfIs::SavedForOthers, [&](Target target, const Tensor& x) { return mul(target, x, other); });
}

Tensor true_divide(Target target, const Tensor& self, const Tensor& other) {
  need_defined("true_divide", self, "self", other, "other");
  if (self.dtype() != other.dtype()) [[unlikely]]
    refuse_half_complex("div", self, other, true);
  Tensor out = pointwise(target, "div", BinaryOp::Div, self, other, DTypeRule::Float);
  if (auto tape = Tape::recording(self, other))
    tape.record("div", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other)](const Tensor& grad, Needs needs) {
      if (linearizing())
        return linear_map(grad, needs, [a = keep(a.get()), b = keep(b.get())](const Grads& tangents) {
          const Tensor divisor = b.get();
          if (!tangents[1].defined()) return Grads{tangents[0] / divisor};
          const Tensor along = tangents[1] * (a.get() / divisor);
          return Grads{(tangents[0].defined() ? tangents[0] - along : -along) / divisor};
        });
      Tensor divisor = conj(b.get());
      Tensor of_self = grad / divisor;
      return Grads{needs[0] ? of_self : Tensor(), needs[1] ? -of_self * conj(a.get() / b.get()) : Tensor()};
    });
  return out;
}
Tensor true_divide(const Tensor& self, const Tensor& other) { return true_divide(Target(), self, other); }

Tensor div(Target target, const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  need_defined("div", self, other);
  if (!rounding_mode) [[likely]]
    return true_divide(target, self, other);
  if (*rounding_mode != "trunc" && *rounding_mode != "floor")
    fail("div", "rounding_mode", "none, \"trunc\" or \"floor\"", "\"" + *rounding_mode + "\"");
  refuse_complex("div", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("div", "self and other", "numbers, for a division that rounds", kBool);
  Tensor out = pointwise(target, "div", *rounding_mode == "trunc" ? BinaryOp::DivTrunc : BinaryOp::DivFloor, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("div", out, [](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? zero_like(grad) : Tensor(), needs[1] ? zero_like(grad) : Tensor()};
    });
  return out;
}
Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  return div(Target(), self, other, std::move(rounding_mode));
}
Tensor& div_(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  SelfIs use = rounding_mode ? SelfIs::NotSaved : SelfIs::SavedForOthers;
  return in_place("div_", self, {&other}, use, [&](Target target, const Tensor& x) { return div(target, x, other, rounding_mode); });
}

Tensor floor_divide(Target target, const Tensor& self, const Tensor& other) {
  need_defined("floor_divide", self, other);
  refuse_complex("floor_divide", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("floor_divide", "self and other", "numbers", kBool);
  return div(target, self, other, "floor");
}
Tensor floor_divide(const Tensor& self, const Tensor& other) { return floor_divide(Target(), self, other); }
Tensor& floor_divide_(const Tensor& self, const Tensor& other) {
  return in_place("floor_divide_", self, {&other}, SelfIs::NotSaved, [&](Target target, const Tensor& x) { return floor_divide(target, x, other); });
}

Tensor remainder(Target target, const Tensor& self, const Tensor& other) {
  need_defined("remainder", self, other);
  refuse_complex("remainder", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("remainder", "self and other", "numbers", kBool);
  Tensor out = pointwise(target, "remainder", BinaryOp::Remainder, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("remainder", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other, tape.needs(1))](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? -grad * div(a.get(), b.get(), "floor") : Tensor()};
    });
  return out;
}
Tensor remainder(const Tensor& self, const Tensor& other) { return remainder(Target(), self, other); }
Tensor& remainder_(const Tensor& self, const Tensor& other) {
  return in_place("remainder_", self, {&other}, SelfIs::SavedForOthers, [&](Target target, const Tensor& x) { return remainder(target, x, other); });
}

Tensor fmod(Target target, const Tensor& self, const Tensor& other) {
  need_defined("fmod", self, other);
  refuse_complex("fmod", self, other);
  if (self.dtype() == kBool && other.dtype() == kBool) fail_dtype("fmod", "self and other", "numbers", kBool);
  Tensor out = pointwise(target, "fmod", BinaryOp::Fmod, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("fmod", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other, tape.needs(1))](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? -grad * div(a.get(), b.get(), "trunc") : Tensor()};
    });
  return out;
}
Tensor fmod(const Tensor& self, const Tensor& other) { return fmod(Target(), self, other); }
Tensor& fmod_(const Tensor& self, const Tensor& other) {
  return in_place("fmod_", self, {&other}, SelfIs::SavedForOthers, [&](Target target, const Tensor& x) { return fmod(target, x, other); });
}

Tensor neg(Target target, const Tensor& self) {
  refuse_bool("neg", self);
  Tensor out = pointwise(target, "neg", UnaryOp::Neg, self);
  if (auto tape = Tape::recording(self)) tape.record("neg", out, [](const Tensor& grad, Needs) { return Grads{-grad}; });
  return out;
}
Tensor neg(const Tensor& self) { return neg(Target(), self); }
Tensor& neg_(const Tensor& self) { return in_place("neg_", self, SelfIs::NotSaved, neg); }

Tensor positive(const Tensor& self) {
  refuse_bool("positive", self);
  return self;
}

// Numbers as operands: no tensor is made of them, but for the rare ones.
namespace {

bool is_plain(const char* op, const Tensor& self, const Scalar& number, const Scalar& alpha = 1) {
  need_defined(op, self);
  return !number.is_complex() && number.kind() != Scalar::Kind::Bool && self.dtype() != kBool && alpha.kind() == Scalar::Kind::Int && alpha.equal(1);
}
Tensor as_tensor(const Scalar& number, const Tensor& beside) { return wrapped(number, beside); }

Tensor add_number(Target target, const Tensor& self, const Scalar& other) {
  Tensor out = pointwise(target, "add", BinaryOp::Add, self, other);
  if (auto tape = Tape::recording(self)) tape.record("add", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  return out;
}
Tensor sub_number(Target target, const Tensor& self, const Scalar& other) {
  Tensor out = pointwise(target, "sub", BinaryOp::Sub, self, other);
  if (auto tape = Tape::recording(self)) tape.record("sub", out, [](const Tensor& grad, Needs) { return Grads{grad}; });
  return out;
}
Tensor mul_number(Target target, const Tensor& self, const Scalar& other) {
  Tensor out = pointwise(target, "mul", BinaryOp::Mul, self, other);
  if (auto tape = Tape::recording(self)) tape.record("mul", out, [other](const Tensor& grad, Needs) { return Grads{grad * other}; });
  return out;
}
Tensor div_number(Target target, const Tensor& self, const Scalar& other) {
  Tensor out = pointwise(target, "div", BinaryOp::Div, self, other, DTypeRule::Float);
  if (auto tape = Tape::recording(self)) tape.record("div", out, [other](const Tensor& grad, Needs) { return Grads{grad / other}; });
  return out;
}

}  // namespace

Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return is_plain("add", self, other, alpha) ? add_number(Target(), self, other) : add(self, as_tensor(other, self), alpha);
}
Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return is_plain("sub", self, other, alpha) ? sub_number(Target(), self, other) : sub(self, as_tensor(other, self), alpha);
}
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  if (!is_plain("rsub", self, other, alpha)) return sub(as_tensor(other, self), self, alpha);
  Tensor out = pointwise(Target(), "sub", BinaryOp::Sub, other, self);
  if (auto tape = Tape::recording(self)) tape.record("sub", out, [](const Tensor& grad, Needs) { return Grads{-grad}; });
  return out;
}
Tensor mul(const Tensor& self, const Scalar& other) {
  return is_plain("mul", self, other) ? mul_number(Target(), self, other) : mul(self, as_tensor(other, self));
}
Tensor true_divide(const Tensor& self, const Scalar& other) {
  return is_plain("div", self, other) ? div_number(Target(), self, other) : true_divide(self, as_tensor(other, self));
}
Tensor true_divide(const Scalar& self, const Tensor& other) {
  need_defined("div", other, "other");
  if (!is_plain("div", other, self)) return true_divide(as_tensor(self, other), other);
  Tensor out = pointwise(Target(), "div", BinaryOp::Div, self, other, DTypeRule::Float);
  if (auto tape = Tape::recording(other))
    tape.record("div", out, [self, b = tape.save(other)](const Tensor& grad, Needs) {
      return Grads{-(grad / conj(b.get())) * conj(true_divide(self, b.get()))};
    });
  return out;
}
Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode) {
  return rounding_mode ? div(self, as_tensor(other, self), std::move(rounding_mode)) : true_divide(self, other);
}
Tensor floor_divide(const Tensor& self, const Scalar& other) { return floor_divide(self, as_tensor(other, self)); }
Tensor remainder(const Tensor& self, const Scalar& other) { return remainder(self, as_tensor(other, self)); }
Tensor remainder(const Scalar& self, const Tensor& other) { return remainder(as_tensor(self, other), other); }
Tensor fmod(const Tensor& self, const Scalar& other) { return fmod(self, as_tensor(other, self)); }

namespace {
Tensor& with_number(const char* op, const Tensor& self, const Scalar& other, Tensor (*f)(Target, const Tensor&, const Scalar&)) {
  return in_place(op, self, {}, SelfIs::NotSaved, [&](Target target, const Tensor& x) { return f(target, x, other); });
}
}  // namespace

Tensor& add_(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return is_plain("add_", self, other, alpha) ? with_number("add_", self, other, add_number) : add_(self, as_tensor(other, self), alpha);
}
Tensor& sub_(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return is_plain("sub_", self, other, alpha) ? with_number("sub_", self, other, sub_number) : sub_(self, as_tensor(other, self), alpha);
}
Tensor& mul_(const Tensor& self, const Scalar& other) {
  return is_plain("mul_", self, other) ? with_number("mul_", self, other, mul_number) : mul_(self, as_tensor(other, self));
}
Tensor& div_(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode) {
  return !rounding_mode && is_plain("div_", self, other) ? with_number("div_", self, other, div_number)
                                                         : div_(self, as_tensor(other, self), std::move(rounding_mode));
}
Tensor& floor_divide_(const Tensor& self, const Scalar& other) { return floor_divide_(self, as_tensor(other, self)); }
Tensor& remainder_(const Tensor& self, const Scalar& other) { return remainder_(self, as_tensor(other, self)); }
Tensor& fmod_(const Tensor& self, const Scalar& other) { return fmod_(self, as_tensor(other, self)); }

Tensor& add_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return into("add_out", out, [&](Target target) { return add(target, self, other, alpha); });
}
Tensor& sub_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return into("sub_out", out, [&](Target target) { return sub(target, self, other, alpha); });
}
Tensor& mul_out(Tensor& out, const Tensor& self, const Tensor& other) {
  return into("mul_out", out, [&](Target target) { return mul(target, self, other); });
}
Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other) {
  return into("div_out", out, [&](Target target) { return true_divide(target, self, other); });
}

void register_arithmetic(OpTable& table) {
  using T = const Tensor&;
  using S = const Scalar&;
  table.add("add(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", static_cast<Tensor (*)(T, T, S)>(&add));
  table.add("add_(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T, S)>(&add_));
  table.add("sub(Tensor|Scalar self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", static_cast<Tensor (*)(T, T, S)>(&sub));
  table.add("sub_(Tensor(a!) self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T, S)>(&sub_));
  table.add("rsub(Tensor self, Tensor|Scalar other, *, Scalar alpha=1) -> Tensor", static_cast<Tensor (*)(T, T, S)>(&rsub));
  table.add("mul(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&mul));
  table.add("mul_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&mul_));
  table.add("div(Tensor|Scalar self, Tensor|Scalar other, *, str? rounding_mode=None) -> Tensor",
            static_cast<Tensor (*)(T, T, std::optional<std::string>)>(&div));
  table.add("div_(Tensor(a!) self, Tensor|Scalar other, *, str? rounding_mode=None) -> Tensor(a!)",
            static_cast<Tensor& (*)(const Tensor&, T, std::optional<std::string>)>(&div_));
  table.add("true_divide(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&true_divide));
  table.add("floor_divide(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&floor_divide));
  table.add("floor_divide_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&floor_divide_));
  table.add("remainder(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&remainder));
  table.add("remainder_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&remainder_));
  table.add("fmod(Tensor self, Tensor|Scalar other) -> Tensor", static_cast<Tensor (*)(T, T)>(&fmod));
  table.add("fmod_(Tensor(a!) self, Tensor|Scalar other) -> Tensor(a!)", static_cast<Tensor& (*)(const Tensor&, T)>(&fmod_));
  table.add("neg(Tensor self) -> Tensor", &neg);
  table.add("neg_(Tensor(a!) self) -> Tensor(a!)", &neg_);
  table.add("positive(Tensor self) -> Tensor", &positive);
  table.add("__radd__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__radd__", self, other);
    return add(other, self);
  });
  table.add("__rsub__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__rsub__", self, other);
    return sub(other, self);
  });
  table.add("__rmul__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__rmul__", self, other);
    return mul(other, self);
  });
  table.add("__rdiv__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__rdiv__", self, other);
    return true_divide(other, self);
  });
  table.add("__rmod__(Tensor self, Tensor|Scalar other) -> Tensor", [](T self, T other) {
    need_defined("__rmod__", self, other);
    return remainder(other, self);
  });
  table.alias("subtract", "sub");
  table.alias("multiply", "mul");
  table.alias("divide", "div");
  table.alias("negative", "neg");
}

}  // namespace lazuli
