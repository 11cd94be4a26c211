#pragma once
#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/ops/network/loss_support.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"

/// Losses that compare element by element: a formula and its slopes, written once as generic functions, serve tensors (the composite, differentiable) and fused programs (one pass
/// over memory, with the mean or the sum in it). Not for users.
namespace lazuli::losses {

/// A value of a fused program, which takes the operators of tensors that the formulas use.
struct FusedValue {
  FusedProgram* program;
  int id;

  FusedValue of(UnaryOp op, Params p = {}) const { return {program, program->unary(op, id, p)}; }
  FusedValue of(BinaryOp op, const FusedValue& b) const { return {program, program->binary(op, id, b.id)}; }
  FusedValue of(BinaryOp op, const Scalar& b, bool number_first = false) const { return {program, program->binary_number(op, id, b, number_first)}; }

  friend FusedValue operator+(FusedValue a, FusedValue b) { return a.of(BinaryOp::Add, b); }
  friend FusedValue operator-(FusedValue a, FusedValue b) { return a.of(BinaryOp::Sub, b); }
  friend FusedValue operator*(FusedValue a, FusedValue b) { return a.of(BinaryOp::Mul, b); }
  friend FusedValue operator/(FusedValue a, FusedValue b) { return a.of(BinaryOp::Div, b); }
  friend FusedValue operator<(FusedValue a, FusedValue b) { return a.of(BinaryOp::Lt, b); }
  friend FusedValue operator+(FusedValue a, const Scalar& b) { return a.of(BinaryOp::Add, b); }
  friend FusedValue operator-(FusedValue a, const Scalar& b) { return a.of(BinaryOp::Sub, b); }
  friend FusedValue operator*(FusedValue a, const Scalar& b) { return a.of(BinaryOp::Mul, b); }
  friend FusedValue operator<(FusedValue a, const Scalar& b) { return a.of(BinaryOp::Lt, b); }
  friend FusedValue operator-(const Scalar& a, FusedValue b) { return b.of(BinaryOp::Sub, a, true); }
  friend FusedValue operator-(FusedValue a) { return a.of(UnaryOp::Neg); }
  friend FusedValue abs(FusedValue a) { return a.of(UnaryOp::Abs); }
  friend FusedValue exp(FusedValue a) { return a.of(UnaryOp::Exp); }
  friend FusedValue log(FusedValue a) { return a.of(UnaryOp::Log); }
  friend FusedValue log1p(FusedValue a) { return a.of(UnaryOp::Log1p); }
  friend FusedValue logsigmoid(FusedValue a) { return a.of(UnaryOp::LogSigmoid); }
  friend FusedValue sigmoid(FusedValue a) { return a.of(UnaryOp::Sigmoid); }
  friend FusedValue sign(FusedValue a) { return a.of(UnaryOp::Sign); }
  friend FusedValue square(FusedValue a) { return a.of(UnaryOp::Square); }
  friend FusedValue clamp_min(FusedValue a, const Scalar& least) { return a.of(BinaryOp::Maximum, least); }
  friend FusedValue clamp_max(FusedValue a, const Scalar& most) { return a.of(BinaryOp::Minimum, most); }
  friend FusedValue clamp(FusedValue a, const Scalar& low, const Scalar& high) {
    return a.of(UnaryOp::Hardtanh, {low.to<double>(), high.to<double>()});
  }
  friend FusedValue xlogy(FusedValue a, FusedValue b) { return a.of(BinaryOp::Xlogy, b); }
  friend FusedValue where(FusedValue condition, FusedValue a, FusedValue b) {
    return {a.program, a.program->ternary(TernaryOp::Where, condition.id, a.id, b.id)};
  }
};

/// A program over tensors of one size and dtype, which it shares with what comes out.
class OnePass {
 public:
  /// Whether a program is worth it, and can be: float32 or float64, of some size, without hidden dimensions.
  static bool pays(const Tensor& input, const Tensor& target);

  OnePass(std::initializer_list<Tensor> inputs);
  FusedValue value(int input) { return {&program_, input}; }
  void give(const FusedValue& value, Reduction reduction);
  std::vector<Tensor> run();

 private:
  FusedProgram program_;
  std::vector<Tensor> inputs_, outputs_;
  std::vector<bool> whole_;  // outputs without dimensions
};

/// reduced(loss(input, target)), recorded as one node; `slope_input` and `slope_target` give the loss's derivatives of both, element by element.
template <class Loss, class SlopeInput, class SlopeTarget>
Tensor elementwise(const char* name, const Tensor& input, const Tensor& target, Reduction reduction, Loss loss, SlopeInput slope_input,
                   SlopeTarget slope_target) {
  if (is_complex(input.dtype()) || is_complex(target.dtype()) || reduction == Reduction::BatchMean) return reduced(loss(input, target), reduction);
  Tensor out;
  double share = 1;
  {
    no_grad unrecorded;
    const Tensor x = input.detach(), t = target.detach();
    if (OnePass::pays(x, t)) {
      OnePass pass{x, t};
      pass.give(loss(pass.value(0), pass.value(1)), reduction);
      out = pass.run()[0];
      if (reduction == Reduction::Mean) share = 1 / double(x.numel());
    } else {
      const Tensor each = loss(x, t);
      out = reduced(each, reduction);
      if (reduction == Reduction::Mean) share = 1 / double(each.numel());
    }
  }
  if (auto tape = Tape::recording(input, target))
    tape.record(name, out, [=, x = tape.save(input), t = tape.save(target)](const Tensor& grad, Needs needs) {
      const Tensor a = x.get(), b = t.get(), g = share == 1 ? grad : grad * Scalar(share);
      if (is_grad_enabled() || !OnePass::pays(a, b) || g.dtype() != a.dtype())
        return Grads{needs[0] ? g * slope_input(a, b) : Tensor(), needs[1] ? g * slope_target(a, b) : Tensor()};
      OnePass pass{a, b, g};
      if (needs[0]) pass.give(pass.value(2) * slope_input(pass.value(0), pass.value(1)), Reduction::None);
      if (needs[1]) pass.give(pass.value(2) * slope_target(pass.value(0), pass.value(1)), Reduction::None);
      std::vector<Tensor> found = pass.run();
      return Grads{needs[0] ? found.front() : Tensor(), needs[1] ? found.back() : Tensor()};
    });
  return out;
}

}  // namespace lazuli::losses
