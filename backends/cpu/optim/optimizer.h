#pragma once
#include "lazuli/core/slots/optimizer_step.h"

namespace lazuli::cpu {

/// One step over n elements of parameter, gradient and state; unused state is null.
template <class T>
struct OptimizerLoops {
  void (*sgd)(T* parameter, const T* grad, T* momentum_buffer, int64_t n, const SgdOptions& options) = nullptr;
  void (*adam)(T* parameter, const T* grad, T* average, T* average_square, T* max_square, int64_t n, const AdamOptions& options) = nullptr;
  void (*step[int(StepRule::Count_)])(T* parameter, const T* grad, T* first, T* second, T* third, int64_t n, const StepOptions& options) = {};
};
void fill_optimizer_loops(OptimizerLoops<float>& f32, OptimizerLoops<double>& f64);

}  // namespace lazuli::cpu
