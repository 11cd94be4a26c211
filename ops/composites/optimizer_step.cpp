#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

/// A tensor or a number as the formulas of core/slots/optimizer_step.def write it; in an operation at least one is a tensor.
struct Value {
  Tensor tensor;
  double value = 0;
  Value(const Tensor& t) : tensor(t) {}
  Value(double x) : value(x) {}
  Tensor like(const Tensor& other) const { return tensor.defined() ? tensor : number(value, other.dtype(), other.device()); }
};
struct Condition {
  Tensor mask, like;
};

Value combined(BinaryOp op, const Value& a, const Value& b) {
  const Tensor& known = a.tensor.defined() ? a.tensor : b.tensor;
  return apply(op, a.like(known), b.like(known));
}
Value operator+(const Value& a, const Value& b) { return combined(BinaryOp::Add, a, b); }
Value operator-(const Value& a, const Value& b) { return combined(BinaryOp::Sub, a, b); }
Value operator*(const Value& a, const Value& b) { return combined(BinaryOp::Mul, a, b); }
Value operator/(const Value& a, const Value& b) { return combined(BinaryOp::Div, a, b); }
Value operator-(const Value& a) { return apply(UnaryOp::Neg, a.tensor); }
Value sqrt(const Value& a) { return apply(UnaryOp::Sqrt, a.tensor); }
Value fabs(const Value& a) { return apply(UnaryOp::Abs, a.tensor); }
Value fmax(const Value& a, const Value& b) { return combined(BinaryOp::Maximum, a, b); }
Value fmin(const Value& a, const Value& b) { return combined(BinaryOp::Minimum, a, b); }
Condition operator>(const Value& a, const Value& b) { return {combined(BinaryOp::Gt, a, b).tensor, a.tensor}; }
Condition operator<(const Value& a, const Value& b) { return {combined(BinaryOp::Lt, a, b).tensor, a.tensor}; }
Condition operator==(const Value& a, const Value& b) { return {combined(BinaryOp::Eq, a, b).tensor, a.tensor}; }
Value choose(const Condition& condition, const Value& a, const Value& b) {
  return where(condition.mask, a.like(condition.like), b.like(condition.like));
}

// Each rule's formula, by its number.
using REAL = Value;
struct Formula {
  Value &p, g, &s, &t, &u;
  double lr, beta1, beta2, eps, momentum, correction, least, most;
#define LAZULI_STEP(rule, ...) void rule() __VA_ARGS__
#include "lazuli/core/slots/optimizer_step.def"
  void run(StepRule rule) {
    static constexpr void (Formula::*kFormulas[])() = {
#define LAZULI_STEP(rule, ...) &Formula::rule,
#include "lazuli/core/slots/optimizer_step.def"
    };
    (this->*kFormulas[int(rule)])();
  }
};

}  // namespace

// g = maximize ? -grad : grad;  g += weight_decay p;  p *= shrink;  then the rule's formula
void optimizer_step(StepRule rule, Tensor& parameter, const Tensor& grad, Tensor& first, Tensor& second, Tensor& third, const StepOptions& o) {
  if (!parameter.is_floating_point()) return optimizer_step_kernel.decline(parameter.device(), rule, parameter, grad, first, second, third, o);
  Value p = widened(parameter), g = casted(grad, p.tensor.dtype());
  const auto state = [&](const Tensor& from) -> Value {
    return from.defined() ? casted(from, p.tensor.dtype()) : number(0, p.tensor.dtype(), parameter.device());
  };
  Value s = state(first), t = state(second), u = state(third);
  if (o.maximize) g = -g;
  if (o.weight_decay != 0) g = g + o.weight_decay * p;
  if (o.shrink != 1) p = p * o.shrink;
  Formula{p, g, s, t, u, o.lr, o.beta1, o.beta2, o.eps, o.momentum, o.correction, o.least, o.most}.run(rule);
  write(parameter, p.tensor);
  if (first.defined()) write(first, s.tensor);
  if (second.defined()) write(second, t.tensor);
  if (third.defined()) write(third, u.tensor);
}

void register_optimizer_step() { optimizer_step_kernel.set_composite(optimizer_step); }

}  // namespace lazuli::composites
