#pragma once
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/ops/base/pointwise.h"

/// The form that most functions of one tensor have: one kernel, and a gradient written with either the input or the result.
namespace lazuli {

/// formula(grad, kept), which of a real function is what it does to a tangent as well.
template <class F>
Grads elementwise_gradient(const Tensor& grad, Needs needs, const Tensor& kept, F formula) {
  if (linearizing() && !kept.is_complex() && !grad.is_complex())
    return linear_map(grad, needs, [kept = keep(kept), formula](const Grads& tangents) { return Grads{formula(tangents[0], kept.get())}; });
  return Grads{formula(grad, kept)};
}

/// op(x), whose gradient `formula(grad, x)` needs the input.
template <class F>
Tensor unary_of_input(Target target, const char* name, UnaryOp op, const Tensor& x, DTypeRule rule, F formula, Params p = {}) {
  Tensor out = pointwise(target, name, op, x, rule, p);
  if (auto tape = Tape::recording(x))
    tape.record(name, out,
                [x = tape.save(x), formula](const Tensor& grad, Needs needs) { return elementwise_gradient(grad, needs, x.get(), formula); });
  return out;
}
/// op(x), whose gradient `formula(grad, result)` needs the result.
template <class F>
Tensor unary_of_output(Target target, const char* name, UnaryOp op, const Tensor& x, DTypeRule rule, F formula, Params p = {}) {
  Tensor out = pointwise(target, name, op, x, rule, p);
  if (auto tape = Tape::recording(x))
    tape.record(name, out, [y = tape.save_output(out), formula](const Tensor& grad, Needs needs) {
      return elementwise_gradient(grad, needs, y.get(), formula);
    });
  return out;
}
/// What a formula that is right with either keeps: the input, so that the result may be written to, or, where the input is written over, the result.
enum class Keeps : uint8_t { Input, Result };
template <class F>
Tensor unary_of(Keeps keeps, Target target, const char* name, UnaryOp op, const Tensor& x, DTypeRule rule, F formula, Params p = {}) {
  return keeps == Keeps::Input ? unary_of_input(target, name, op, x, rule, formula, p) : unary_of_output(target, name, op, x, rule, formula, p);
}
/// The same for functions without an in-place form.
template <class F>
Tensor unary_of_input(const char* name, UnaryOp op, const Tensor& x, DTypeRule rule, F formula, Params p = {}) {
  return unary_of_input(Target(), name, op, x, rule, formula, p);
}
/// A gradient of zero, which depends on nothing.
Tensor zero_like(const Tensor& grad);
/// A step function: its gradient is zero.
Tensor unary_step(Target target, const char* name, UnaryOp op, const Tensor& x);
/// `out`, which depends on x in steps only; for results of comparisons that are written over x.
Tensor zero_gradient(const char* name, Tensor out, const Tensor& x);

/// The gradient of an activation: its kernel, or, where the gradient itself is to be differentiated (or has no kernel: complex), `composite(grad, b)`.
template <class F>
Tensor fused_gradient(BinaryOp op, const Tensor& grad, const Tensor& b, F composite, Params p = {}) {
  if (modes.grad || grad.dtype() != b.dtype() || b.is_complex()) return composite(grad, b);
  return pointwise("backward", op, grad, b, DTypeRule::Same, p);
}

}  // namespace lazuli
