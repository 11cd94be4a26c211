#pragma once
#include "lazuli/torch/optimizer.h"

/// What the library's optimizers keep for one parameter, by getters and setters: `static_cast<AdamParamState&>(*adam.state()[weight.unsafeGetTensorImpl()]).exp_avg()`.
namespace torch::optim {

class SGDParamState : public OptimizerCloneableParamState<SGDParamState> {
  TORCH_ARG(Tensor, momentum_buffer);

 public:
  template <class F>
  void each(F&& f) {
    f("momentum_buffer", momentum_buffer_);
  }
};
class AdamParamState : public OptimizerCloneableParamState<AdamParamState> {
  TORCH_ARG(int64_t, step) = 0;
  TORCH_ARG(Tensor, exp_avg);
  TORCH_ARG(Tensor, exp_avg_sq);
  TORCH_ARG(Tensor, max_exp_avg_sq);

 public:
  template <class F>
  void each(F&& f) {
    f("step", step_), f("exp_avg", exp_avg_), f("exp_avg_sq", exp_avg_sq_), f("max_exp_avg_sq", max_exp_avg_sq_);
  }
};
class AdamWParamState : public OptimizerCloneableParamState<AdamWParamState> {
  TORCH_ARG(int64_t, step) = 0;
  TORCH_ARG(Tensor, exp_avg);
  TORCH_ARG(Tensor, exp_avg_sq);
  TORCH_ARG(Tensor, max_exp_avg_sq);

 public:
  template <class F>
  void each(F&& f) {
    f("step", step_), f("exp_avg", exp_avg_), f("exp_avg_sq", exp_avg_sq_), f("max_exp_avg_sq", max_exp_avg_sq_);
  }
};
class AdagradParamState : public OptimizerCloneableParamState<AdagradParamState> {
  TORCH_ARG(Tensor, sum);
  TORCH_ARG(int64_t, step) = 0;

 public:
  template <class F>
  void each(F&& f) {
    f("sum", sum_), f("step", step_);
  }
};
class RMSpropParamState : public OptimizerCloneableParamState<RMSpropParamState> {
  TORCH_ARG(int64_t, step) = 0;
  TORCH_ARG(Tensor, square_avg);
  TORCH_ARG(Tensor, momentum_buffer);
  TORCH_ARG(Tensor, grad_avg);

 public:
  template <class F>
  void each(F&& f) {
    f("step", step_), f("square_avg", square_avg_), f("momentum_buffer", momentum_buffer_), f("grad_avg", grad_avg_);
  }
};

}  // namespace torch::optim
