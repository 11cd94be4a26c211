#pragma once
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/core/tensor.h"

namespace lazuli::optim {

/// Complex tensors as their real and imaginary parts (a view), others as they are.
Tensor real_view(const Tensor& t);

/// One pass over a parameter, its gradient and state (null where the rule keeps none). Complex ones are stepped as pairs of real numbers, as PyTorch does.
void elementwise_step(StepRule rule, const Tensor& param, const Tensor& grad, std::initializer_list<Tensor*> state, const StepOptions& options);

}  // namespace lazuli::optim
