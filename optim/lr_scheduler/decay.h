#pragma once
#include "lazuli/optim/lr_scheduler/scheduler.h"

namespace lazuli::optim {

struct StepLROptions {
  std::optional<int64_t> step_size = {};  // has to be given
  double gamma = 0.1;
};
/// base * gamma^(step / step_size), rounded down.
class StepLR : public LRScheduler {
 public:
  StepLR(Optimizer& optimizer, int64_t step_size, double gamma = 0.1);
  StepLR(Optimizer& optimizer, const StepLROptions& o) : StepLR(optimizer, detail::option_given("StepLR", "step_size", o.step_size), o.gamma) {}
  StepLR(Optimizer& optimizer, int64_t step_size, const StepLROptions& rest)
      : StepLR(optimizer, step_size, detail::without("step_size", &StepLROptions::step_size, rest).gamma) {}
  explicit StepLR(...) = delete;  // StepLR(optimizer, step_size, [gamma])
  double lr_at(int64_t step, double base_lr) const override;

 private:
  int64_t step_size_;
  double gamma_;
};

struct MultiStepLROptions {
  double gamma = 0.1;
};
/// base * gamma^n, n the number of milestones that are reached; one that is listed twice counts twice.
class MultiStepLR : public LRScheduler {
 public:
  MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma = 0.1);
  MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, const MultiStepLROptions& rest)
      : MultiStepLR(optimizer, std::move(milestones), rest.gamma) {}
  explicit MultiStepLR(...) = delete;  // MultiStepLR(optimizer, milestones, [gamma])
  double lr_at(int64_t step, double base_lr) const override;

 private:
  std::vector<int64_t> milestones_;
  double gamma_;
};

struct ConstantLROptions {
  double factor = 1.0 / 3;
  int64_t total_iters = 5;
};
/// factor * base for total_iters steps, then base; for good where total_iters is 0, as in PyTorch.
class ConstantLR : public LRScheduler {
 public:
  explicit ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, int64_t total_iters = 5);
  ConstantLR(Optimizer& optimizer, const ConstantLROptions& o) : ConstantLR(optimizer, o.factor, o.total_iters) {}
  explicit ConstantLR(...) = delete;  // ConstantLR(optimizer, [factor], [total_iters])
  double lr_at(int64_t step, double base_lr) const override;

 private:
  double factor_;
  int64_t total_iters_;
};

struct LinearLROptions {
  double start_factor = 1.0 / 3, end_factor = 1;
  int64_t total_iters = 5;
};
/// From start_factor * base to end_factor * base over total_iters steps, then constant.
class LinearLR : public LRScheduler {
 public:
  explicit LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int64_t total_iters = 5);
  LinearLR(Optimizer& optimizer, const LinearLROptions& o) : LinearLR(optimizer, o.start_factor, o.end_factor, o.total_iters) {}
  explicit LinearLR(...) = delete;  // LinearLR(optimizer, [start_factor], [end_factor], [total_iters])
  double lr_at(int64_t step, double base_lr) const override;

 private:
  double start_factor_, end_factor_;
  int64_t total_iters_;
};

struct ExponentialLROptions {
  std::optional<double> gamma = {};  // has to be given
};
/// base * gamma^step.
class ExponentialLR : public LRScheduler {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma);
  ExponentialLR(Optimizer& optimizer, const ExponentialLROptions& o)
      : ExponentialLR(optimizer, detail::option_given("ExponentialLR", "gamma", o.gamma)) {}
  explicit ExponentialLR(...) = delete;  // ExponentialLR(optimizer, gamma)
  double lr_at(int64_t step, double base_lr) const override;

 private:
  double gamma_;
};

struct PolynomialLROptions {
  int64_t total_iters = 5;
  double power = 1;
};
/// base * (1 - step / total_iters)^power, then 0.
class PolynomialLR : public LRScheduler {
 public:
  explicit PolynomialLR(Optimizer& optimizer, int64_t total_iters = 5, double power = 1);
  PolynomialLR(Optimizer& optimizer, const PolynomialLROptions& o) : PolynomialLR(optimizer, o.total_iters, o.power) {}
  explicit PolynomialLR(...) = delete;  // PolynomialLR(optimizer, [total_iters], [power])
  double lr_at(int64_t step, double base_lr) const override;

 private:
  int64_t total_iters_;
  double power_;
};

/// base * lr_lambda(step), with one function for all groups or one for each. What others set in between is overwritten. The functions are not part of the state.
class LambdaLR : public LRScheduler {
 public:
  using Function = std::function<double(int64_t step)>;
  LambdaLR(Optimizer& optimizer, Function lr_lambda);
  LambdaLR(Optimizer& optimizer, std::vector<Function> lr_lambdas);
  explicit LambdaLR(...) = delete;  // LambdaLR(optimizer, lr_lambda) or LambdaLR(optimizer, lr_lambdas)
  /// By the first group's function.
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double group_lr_at(size_t group, int64_t step, double base_lr) const override;
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;

 private:
  std::vector<Function> lambdas_;
};

/// The rate before * lr_lambda(step): base at step 0; in a SequentialLR, behind others, their rate * lr_lambda(0).
class MultiplicativeLR : public LRScheduler {
 public:
  using Function = LambdaLR::Function;
  MultiplicativeLR(Optimizer& optimizer, Function lr_lambda);
  MultiplicativeLR(Optimizer& optimizer, std::vector<Function> lr_lambdas);
  explicit MultiplicativeLR(...) = delete;  // MultiplicativeLR(optimizer, lr_lambda) or MultiplicativeLR(optimizer, lr_lambdas)
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double group_lr_at(size_t group, int64_t step, double base_lr) const override;
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;
  double restart_lr(size_t group, double lr) const override { return lr * lambdas_[group](0); }

 private:
  std::vector<Function> lambdas_;
};

}  // namespace lazuli::optim
