#pragma once
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/tensor.h"

namespace lazuli::optim {

/// Complex tensors as their real and imaginary parts (a view), others as they are.
Tensor real_view(const Tensor& t);

/// One pass over a parameter, its gradient and state (null where the rule keeps none). Complex ones are stepped as pairs of real numbers, as PyTorch does.
void elementwise_step(StepRule rule, const Tensor& param, const Tensor& grad, std::initializer_list<Tensor*> state,
                      const EachStep<StepOptions>& options);
/// A tensor without dimensions that is `number()`: now, and anew in each replay of a recorded step.
Tensor number_of_step(DType dtype, Device device, std::function<double()> number);
/// Runs `f`, which gives new state its first values: no part of a recorded step.
template <class F>
void initialized(F&& f) {
  if (StepObserver* observer = lazuli::detail::step_observer) observer->initialize(f);
  else f();
}
/// Where this no longer holds, a recorded step is recorded again: what else than numbers it does would be another.
inline void while_it_holds(std::function<bool()> holds) {
  if (StepObserver* observer = lazuli::detail::step_observer) observer->guard(std::move(holds));
}
/// Runs `f`, which changes these numbers of the state, now and in each replay of a recorded step.
void in_each_step(const char* optimizer, std::vector<double*> numbers, std::function<void()> f);

}  // namespace lazuli::optim
