#pragma once
#include <vector>

#include "lazuli/core/tensor.h"

/// All steps of a recurrent layer in one direction by one slot call, forward and backward: unrecorded, for sequences of one length. core/slots/recurrent_slots.h has the slots.
namespace lazuli::recurrent {

enum class Kind : uint8_t { Tanh, Relu, Lstm, Gru };

struct State {
  Tensor h, c;  // c of an lstm only
};

/// What goes into the steps: from_x [t n, gates h] of the inputs alone, weight_hh, the bias that a gru adds to the part of the state (or undefined), the first state [n, h].
struct StepInputs {
  Kind kind;
  Tensor from_x, weight, bias;
  State first;
  bool reverse = false;
};

/// Whether one call serves `steps` of them: more than one, nothing is recorded or batched, all of one dtype and device.
bool one_call_serves(const StepInputs& in, size_t steps);

/// h of all steps [t n, h], the last state, and what the gradients need where `keep`.
struct AllSteps {
  Tensor out;
  State last;
  Tensor gates, c, tanh_c, from_h, states;  // states: h of all steps, of which nobody else has the memory
};
AllSteps all_steps(const StepInputs& in, bool keep);

/// Gradients of the inputs, from those of the last state and of h of all steps, where it is defined.
struct StepInputGrads {
  Tensor from_x, weight, bias;
  State first;
};
StepInputGrads all_steps_backward(const StepInputs& in, const AllSteps& done, const Tensor& grad_out, const State& grad_last);

}  // namespace lazuli::recurrent
