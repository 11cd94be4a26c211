#pragma once
#include "lazuli/core/tensor.h"

/// All steps of a recurrent layer in one direction by one slot call, forward and backward: unrecorded. core/slots/recurrent_slots.h has the slots.
namespace lazuli::recurrent {

enum class Kind : uint8_t { Tanh, Relu, Lstm, Gru };

struct State {
  Tensor h, c;  // c of an lstm only
};

/// What goes into the steps beside what the inputs give: weight_hh, the bias that a gru adds to the part of the state and the projection of an lstm (or undefined), and the state before them [n, h].
struct StepInputs {
  Kind kind;
  Tensor weight, bias, projection;
  State first;
  Shape batch_sizes;  // how many sequences have a step; empty: all have all
  bool reverse = false;
};

/// h of all steps [rows, h], the state after them, and what the gradients need.
struct AllSteps {
  Tensor out;
  State last;
  Tensor gates, c, tanh_c, from_h, states;  // states: h of all steps, of which nobody else has the memory
};
/// `from_x` [rows, gates h] is what the inputs give; its memory becomes that of the gates or the states. Without `keep` there is nothing for the gradients.
AllSteps all_steps(const StepInputs& in, Tensor from_x, bool keep);

/// Gradients of what went in, from those of the last state and of h of all steps, where it is defined.
struct AllStepsGrads {
  Tensor from_x, weight, bias, projection;
  State first;
};
AllStepsGrads all_steps_backward(const StepInputs& in, const AllSteps& done, const Tensor& grad_out, const State& grad_last);

}  // namespace lazuli::recurrent
