#include "lazuli/ops/pointwise/ternary.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/numeric_limits.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/extremum.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {
Tensor number(const Scalar& value, const Tensor& beside) { return wrapped(value, beside); }
}  // namespace

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  need_defined("where", condition, "condition", self, "self", other, "other");
  if (condition.dtype() != kBool && condition.dtype() != kUInt8) fail_dtype("where", "condition", "a bool tensor", condition.dtype());
  Tensor out = pointwise("where", TernaryOp::Where, condition, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("where", out, [c = tape.save(condition)](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? where(c.get(), grad, 0) : Tensor(), needs[1] ? where(c.get(), 0, grad) : Tensor()};
    });
  return out;
}
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other) {
  need_defined("where", condition, "condition", self, "self");
  return where(condition, self, number(other, self));
}
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other) {
  need_defined("where", condition, "condition", other, "other");
  return where(condition, number(self, other), other);
}
Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other) {
  need_defined("where", condition, "condition");
  return where(condition, number(self, condition), number(other, condition));
}

std::vector<Tensor> where(const Tensor& condition) {
  need_defined("where", condition, "condition");
  if (condition.device().is_meta()) fail(ErrorKind::NotSupported, "where", "condition", "a tensor with data", "a meta tensor");
  Tensor in = dense(condition), count = new_tensor({}, kInt64, in.device());
  if (in.dim() == 0) in = alias(in, {1}, {1}, in.storage_offset());
  count_nonzero_kernel(in.device(), count, in);
  int64_t n = count.item<int64_t>();
  Tensor rows = new_tensor({n, in.dim()}, kInt64, in.device());
  if (rows.numel()) nonzero_kernel(in.device(), rows, in);
  std::vector<Tensor> columns;
  for (int64_t i = 0; i < in.dim(); ++i) columns.push_back(dense(alias(rows, {n}, {in.dim()}, i)));
  return columns;
}

namespace {

// PyTorch computes in the promoted type of all three where the limits are tensors; numbers widen self like other numbers do.
Tensor clamped(Target target, const char* name, const Tensor& self, const Tensor& lower, const Tensor& upper) {
  if (!lower.defined() && !upper.defined()) fail(name, "min", "at least one of min and max", "neither");
  for (const Tensor* t : {&self, &lower, &upper})
    if (t->defined()) refuse_complex(name, *t, t == &self ? "self" : t == &lower ? "min" : "max");
  const Tensor& limit = lower.defined() ? lower : upper;
  const bool one = !lower.defined() || !upper.defined(), numbers = limit.body()->wrapped_number;
  const BinaryOp op = lower.defined() ? BinaryOp::Maximum : BinaryOp::Minimum;
  if (one && !numbers) return detail::extremum(target, name, op, self, limit);
  Tensor out = one ? pointwise(target, name, op, self, limit) : pointwise(target, name, TernaryOp::Clamp, self, lower, upper);
  if (auto tape = Tape::recording(self, lower, upper))
    tape.record(name, out, [x = tape.save(self), lower = tape.save(lower), upper = tape.save(upper), numbers](const Tensor& grad, Needs needs) {
      Tensor in = x.get(), low = lower.get(), high = upper.get(), of_self, of_low, of_high;
      // At a number, the value is at the corner: no gradient. What equals a limit that is a tensor shares it with that one.
      if (numbers) return Grads{where(!high.defined() ? in > low : !low.defined() ? in < high : (in > low) & (in < high), grad, 0)};
      const Tensor below = in<low, above = in> high, apart = low < high, half = grad * 0.5;
      if (needs[0]) of_self = where(below | above, 0, where(((in == low) | (in == high)) & apart, half, grad));
      if (needs[1]) of_low = where(below & (low <= high), grad, where((in == low) & apart, half, 0));
      if (needs[2]) of_high = where((above & (low <= high)) | (low > high), grad, where((in == high) & apart, half, 0));
      return Grads{of_self, of_low, of_high};
    });
  return out;
}

// For integers a limit beyond the numbers that the dtype holds is the last of them; one that leaves no number is refused.
Tensor limit(const char* op, const std::optional<Scalar>& value, const Tensor& self, bool lower) {
  if (!value) return Tensor();
  const DTypeKind kind = kind_of(self.dtype());
  if (!value->is_integral() || (kind != DTypeKind::Signed && kind != DTypeKind::Unsigned)) return number(*value, self);
  const iinfo held(self.dtype());
  const auto v = value->to<int64_t>();
  if (lower ? v > held.max : v < held.min)
    fail(ErrorKind::Type, op, lower ? "min" : "max", "a number that fits " + std::string(name(self.dtype())), to_string(*value));
  return number(std::clamp(v, held.min, held.max), self);
}
Tensor& clamp_in_place(const char* in_place_op, const char* op, const Tensor& self, const std::optional<Scalar>& min,
                       const std::optional<Scalar>& max) {
  return in_place(in_place_op, self, {}, SelfIs::Saved,
                  [&](Target target, const Tensor& x) { return clamped(target, op, x, limit(op, min, x, true), limit(op, max, x, false)); });
}
Tensor& clamp_in_place(const char* in_place_op, const char* op, const Tensor& self, const Tensor& min, const Tensor& max) {
  return in_place(in_place_op, self, {&min, &max}, SelfIs::Saved, [&](Target target, const Tensor& x) { return clamped(target, op, x, min, max); });
}

}  // namespace

Tensor clamp(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) {
  need_defined("clamp", self);
  return clamped(Target(), "clamp", self, limit("clamp", min, self, true), limit("clamp", max, self, false));
}
Tensor clamp(const Tensor& self, const OptionalTensor& min, const OptionalTensor& max) {
  need_defined("clamp", self);
  return clamped(Target(), "clamp", self, min.value_or(Tensor()), max.value_or(Tensor()));
}
Tensor& clamp_(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) { return clamp_in_place("clamp_", "clamp", self, min, max); }
Tensor& clamp_(const Tensor& self, const OptionalTensor& min, const OptionalTensor& max) {
  return clamp_in_place("clamp_", "clamp", self, min.value_or(Tensor()), max.value_or(Tensor()));
}
Tensor clamp_min(const Tensor& self, const Scalar& min) {
  need_defined("clamp_min", self);
  return clamped(Target(), "clamp_min", self, limit("clamp_min", min, self, true), Tensor());
}
Tensor clamp_min(const Tensor& self, const Tensor& min) {
  need_defined("clamp_min", self, "self", min, "min");
  return clamped(Target(), "clamp_min", self, min, Tensor());
}
Tensor clamp_max(const Tensor& self, const Scalar& max) {
  need_defined("clamp_max", self);
  return clamped(Target(), "clamp_max", self, Tensor(), limit("clamp_max", max, self, false));
}
Tensor clamp_max(const Tensor& self, const Tensor& max) {
  need_defined("clamp_max", self, "self", max, "max");
  return clamped(Target(), "clamp_max", self, Tensor(), max);
}
Tensor& clamp_min_(const Tensor& self, const Scalar& min) {
  need_defined("clamp_min_", self);
  return clamp_in_place("clamp_min_", "clamp_min", self, std::optional<Scalar>(min), {});
}
Tensor& clamp_min_(const Tensor& self, const Tensor& min) {
  need_defined("clamp_min_", self, "self", min, "min");
  return clamp_in_place("clamp_min_", "clamp_min", self, min, Tensor());
}
Tensor& clamp_max_(const Tensor& self, const Scalar& max) {
  need_defined("clamp_max_", self);
  return clamp_in_place("clamp_max_", "clamp_max", self, {}, std::optional<Scalar>(max));
}
Tensor& clamp_max_(const Tensor& self, const Tensor& max) {
  need_defined("clamp_max_", self, "self", max, "max");
  return clamp_in_place("clamp_max_", "clamp_max", self, Tensor(), max);
}

Tensor lerp(Target target, const Tensor& self, const Tensor& end, const Tensor& weight) {
  need_defined("lerp", self, "self", end, "end", weight, "weight");
  if (end.dtype() != self.dtype()) fail(ErrorKind::Type, "lerp", "end", "the dtype of self, " + std::string(name(self.dtype())), name(end.dtype()));
  if (weight.dtype() != self.dtype() && weight.dim() > 0)
    fail(ErrorKind::Type, "lerp", "weight", "the dtype of self, " + std::string(name(self.dtype())), name(weight.dtype()));
  const DType dtype = weight.body()->wrapped_number ? self.dtype() : result_type({&self, &end, &weight});
  if (!is_differentiable(dtype)) fail_dtype("lerp", "self", "a floating point or complex tensor", self.dtype());
  Tensor out = pointwise(target, "lerp", TernaryOp::Lerp, self, end, weight);
  if (auto tape = Tape::recording(self, end, weight))
    tape.record("lerp", out,
                [a = tape.save(self, tape.needs(2)), b = tape.save(end, tape.needs(2)), w = tape.save(weight)](const Tensor& grad, Needs needs) {
                  Tensor share = conj(w.get());
                  return Grads{needs[0] ? grad * (1 - share) : Tensor(), needs[1] ? grad * share : Tensor(),
                               needs[2] ? grad * conj(b.get() - a.get()) : Tensor()};
                });
  return out;
}
Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight) { return lerp(Target(), self, end, weight); }
Tensor& lerp_(const Tensor& self, const Tensor& end, const Tensor& weight) {
  return in_place("lerp_", self, {&end, &weight}, weight.requires_grad() ? SelfIs::Saved : SelfIs::NotSaved,
                  [&](Target target, const Tensor& x) { return lerp(target, x, end, weight); });
}
Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight) { return lerp(self, end, number(weight, self)); }
Tensor& lerp_(const Tensor& self, const Tensor& end, const Scalar& weight) { return lerp_(self, end, number(weight, self)); }

Tensor addcmul(Target target, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  need_defined("addcmul", self, "self", tensor1, "tensor1", tensor2, "tensor2");
  DType dtype = result_type({&self, &tensor1, &tensor2});
  if (is_integral(dtype) && !value.is_integral()) fail(ErrorKind::Type, "addcmul", "value", "an integer for integer tensors", to_string(value));
  const bool inexact = value.is_integral() && std::abs(value.to<double>()) >= 0x1p53;  // as a parameter it is a double
  if (value.is_complex() || dtype == kBool || inexact) return add(self, mul(mul(tensor1, tensor2), value));
  Tensor out = pointwise(target, "addcmul", TernaryOp::Addcmul, self, tensor1, tensor2, {value.to<double>()});
  if (auto tape = Tape::recording(self, tensor1, tensor2))
    tape.record("addcmul", out,
                [value, a = tape.save(tensor1, tape.needs(2)), b = tape.save(tensor2, tape.needs(1))](const Tensor& grad, Needs needs) {
                  return Grads{needs[0] ? grad : Tensor(), needs[1] ? grad * conj(b.get() * value) : Tensor(),
                               needs[2] ? grad * conj(a.get() * value) : Tensor()};
                });
  return out;
}
Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  if (const Casting cast{Cast::WidestOnGpu, self, tensor1, tensor2}) return addcmul(cast(self), cast(tensor1), cast(tensor2), value);
  return addcmul(Target(), self, tensor1, tensor2, value);
}
Tensor& addcmul_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  need_defined("addcmul_", self, "self", tensor1, "tensor1", tensor2, "tensor2");
  return in_place("addcmul_", self, {&tensor1, &tensor2}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& x) { return addcmul(target, x, tensor1, tensor2, value); });
}

Tensor addcdiv(Target target, const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  need_defined("addcdiv", self, "self", tensor1, "tensor1", tensor2, "tensor2");
  if (is_integral(tensor1.dtype()) && is_integral(tensor2.dtype()))
    fail_dtype("addcdiv", "tensor1 and tensor2", "a floating point or complex tensor in at least one place", tensor1.dtype());
  if (value.is_complex()) return add(self, mul(div(tensor1, tensor2), value));
  Tensor out = pointwise(target, "addcdiv", TernaryOp::Addcdiv, self, tensor1, tensor2, {value.to<double>()});
  if (auto tape = Tape::recording(self, tensor1, tensor2))
    tape.record("addcdiv", out, [value, a = tape.save(tensor1, tape.needs(2)), b = tape.save(tensor2)](const Tensor& grad, Needs needs) {
      Tensor divisor = b.get(), factor = conj(value / divisor);
      return Grads{needs[0] ? grad : Tensor(), needs[1] ? grad * factor : Tensor(), needs[2] ? -grad * factor * conj(a.get() / divisor) : Tensor()};
    });
  return out;
}
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  if (const Casting cast{Cast::WidestOnGpu, self, tensor1, tensor2}) return addcdiv(cast(self), cast(tensor1), cast(tensor2), value);
  return addcdiv(Target(), self, tensor1, tensor2, value);
}
Tensor& addcdiv_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  need_defined("addcdiv_", self, "self", tensor1, "tensor1", tensor2, "tensor2");
  return in_place("addcdiv_", self, {&tensor1, &tensor2}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& x) { return addcdiv(target, x, tensor1, tensor2, value); });
}

namespace {
Tensor as_element(const Tensor& value, DType dtype) {
  if (!value.body()->wrapped_number || value.device().is_meta()) return casted(value, dtype);
  Tensor number = number_tensor(load_scalar(value.address(), value.dtype()), dtype);
  number.body()->wrapped_number = true;
  return number;
}
}  // namespace

Tensor masked_fill(Target target, const Tensor& self, const Tensor& mask, const Tensor& value) {
  need_defined("masked_fill", self, "self", mask, "mask", value, "value");
  if (mask.dtype() != kBool) fail_dtype("masked_fill", "mask", "a bool tensor", mask.dtype());
  if (value.dim() != 0) fail("masked_fill", "value", "a number or a 0-d tensor", to_string(value.sizes()));
  if (!value.device().is_meta()) {
    if (value.body()->wrapped_number) check_fits("masked_fill", "value", load_scalar(value.address(), value.dtype()), self.dtype());
    else if (value.is_complex() && !self.is_complex()) check_fits("masked_fill", "value", value.item(), self.dtype());
  }
  Tensor out = pointwise(target, "masked_fill", TernaryOp::Where, mask, as_element(value, self.dtype()), self);
  if (auto tape = Tape::recording(self, value))
    tape.record("masked_fill", out, [m = tape.save(mask)](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? masked_fill(grad, m.get(), 0) : Tensor(), needs[1] ? where(m.get(), grad, 0) : Tensor()};
    });
  return out;
}
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value) { return masked_fill(Target(), self, mask, value); }
Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Tensor& value) {
  need_defined("masked_fill_", self, "self", mask, "mask", value, "value");
  return in_place("masked_fill_", self, {&value}, SelfIs::NotSaved,
                  [&](Target target, const Tensor& x) { return masked_fill(target, x, mask, value); });
}
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value) { return masked_fill(self, mask, number(value, self)); }
Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Scalar& value) { return masked_fill_(self, mask, number(value, self)); }

void register_ternary(OpTable& table) {
  using T = const Tensor&;
  using S = const Scalar&;
  using In = const Tensor&;
  table.add("where(Tensor condition) -> Tensor[]", static_cast<std::vector<Tensor> (*)(T)>(&where));
  table.add("where(Tensor condition, Tensor self, Tensor other) -> Tensor", static_cast<Tensor (*)(T, T, T)>(&where));
  table.add("where(Tensor condition, Tensor self, Scalar other) -> Tensor", static_cast<Tensor (*)(T, T, S)>(&where));
  table.add("where(Tensor condition, Scalar self, Tensor other) -> Tensor", static_cast<Tensor (*)(T, S, T)>(&where));
  table.add("where(Tensor condition, Scalar self, Scalar other) -> Tensor", static_cast<Tensor (*)(T, S, S)>(&where));
  table.add("clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor",
            static_cast<Tensor (*)(T, std::optional<Scalar>, std::optional<Scalar>)>(&clamp));
  table.add("clamp(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor",
            static_cast<Tensor (*)(T, const OptionalTensor&, const OptionalTensor&)>(&clamp));
  table.add("clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)",
            static_cast<Tensor& (*)(In, std::optional<Scalar>, std::optional<Scalar>)>(&clamp_));
  table.add("clamp_(Tensor(a!) self, Tensor? min=None, Tensor? max=None) -> Tensor(a!)",
            static_cast<Tensor& (*)(In, const OptionalTensor&, const OptionalTensor&)>(&clamp_));
  table.add("clamp_min(Tensor self, Scalar min) -> Tensor", static_cast<Tensor (*)(T, S)>(&clamp_min));
  table.add("clamp_min(Tensor self, Tensor min) -> Tensor", static_cast<Tensor (*)(T, T)>(&clamp_min));
  table.add("clamp_max(Tensor self, Scalar max) -> Tensor", static_cast<Tensor (*)(T, S)>(&clamp_max));
  table.add("clamp_max(Tensor self, Tensor max) -> Tensor", static_cast<Tensor (*)(T, T)>(&clamp_max));
  table.add("clamp_min_(Tensor(a!) self, Scalar min) -> Tensor(a!)", static_cast<Tensor& (*)(In, S)>(&clamp_min_));
  table.add("clamp_min_(Tensor(a!) self, Tensor min) -> Tensor(a!)", static_cast<Tensor& (*)(In, T)>(&clamp_min_));
  table.add("clamp_max_(Tensor(a!) self, Scalar max) -> Tensor(a!)", static_cast<Tensor& (*)(In, S)>(&clamp_max_));
  table.add("clamp_max_(Tensor(a!) self, Tensor max) -> Tensor(a!)", static_cast<Tensor& (*)(In, T)>(&clamp_max_));
  table.alias("clip", "clamp");
  table.alias("clip_", "clamp_");
  table.add("lerp(Tensor self, Tensor end, Tensor|Scalar weight) -> Tensor", static_cast<Tensor (*)(T, T, T)>(&lerp));
  table.add("lerp_(Tensor(a!) self, Tensor end, Tensor|Scalar weight) -> Tensor(a!)", static_cast<Tensor& (*)(In, T, T)>(&lerp_));
  table.add("addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", &addcmul);
  table.add("addcmul_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)", &addcmul_);
  table.add("addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor", &addcdiv);
  table.add("addcdiv_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)", &addcdiv_);
  table.add("masked_fill(Tensor self, Tensor mask, Tensor|Scalar value) -> Tensor", static_cast<Tensor (*)(T, T, T)>(&masked_fill));
  table.add("masked_fill_(Tensor(a!) self, Tensor mask, Tensor|Scalar value) -> Tensor(a!)", static_cast<Tensor& (*)(In, T, T)>(&masked_fill_));
}

}  // namespace lazuli
