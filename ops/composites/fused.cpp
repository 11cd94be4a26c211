#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

using Kind = FusedStep::Kind;

// One step as the call that it stands for.
void run_step(const FusedStep& step, Tensor& out, const std::vector<Tensor>& values) {
  const Tensor none;
  const auto operand = [&](int k) -> const Tensor& { return step.operand[k] == FusedStep::kNone ? none : values[step.operand[k]]; };
  const Device device = out.device();
  switch (step.kind) {
    case Kind::Number: return fill_kernel(device, out, step.number[0]);
    case Kind::Copy: return copy_kernel(device, out, operand(0));
    case Kind::Unary: return unary_kernel(device, UnaryOp(step.code), out, operand(0), step.params);
    case Kind::Binary: return binary_kernel(device, BinaryOp(step.code), out, operand(0), operand(1), step.params);
    case Kind::BinaryNumber: return binary_number_kernel(device, BinaryOp(step.code), out, operand(0), step.number[0], step.number_first);
    case Kind::Ternary: return ternary_kernel(device, TernaryOp(step.code), out, operand(0), operand(1), operand(2), step.params);
    case Kind::TernaryNumber:
      return ternary_number_kernel(device, TernaryOp(step.code), out, operand(0), operand(1), operand(2), step.number[0], step.number[1]);
    case Kind::Reduce: return reduce_kernel(device, ReduceOp(step.code), out, operand(0));
  }
}

}  // namespace

// Outputs are written when all is computed: what they overwrite may be an input.
void fused(Tensor& out0, Tensor& out1, Tensor& out2, Tensor& out3, Tensor& out4, Tensor& out5, Tensor& out6, Tensor& out7,
           std::span<const Tensor> inputs, const FusedProgram& program) {
  Tensor* const outputs[] = {&out0, &out1, &out2, &out3, &out4, &out5, &out6, &out7};
  const auto output_of = [&](int value) {
    for (int k = 0; k < program.output_count(); ++k)
      if (program.output_value(k) == value) return outputs[k];
    return static_cast<Tensor*>(nullptr);
  };
  std::vector<Tensor> values(inputs.begin(), inputs.end());
  const Tensor& like = inputs.empty() ? out0 : inputs[0];
  for (int i = 0; i < program.step_count(); ++i) {
    const FusedStep& step = program.step(i);
    const Tensor* output = output_of(program.input_count() + i);
    values.push_back(new_tensor(step.kind == Kind::Reduce && output ? output->sizes() : like.sizes(), step.dtype, like.device()));
    if (values.back().numel() && (step.kind != Kind::Reduce || output)) run_step(step, values.back(), values);
  }
  for (int k = 0; k < program.output_count(); ++k) write(*outputs[k], values[size_t(program.output_value(k))]);
}

void register_fused() { fused_kernel.set_composite(fused); }

}  // namespace lazuli::composites
