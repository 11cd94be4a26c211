#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

/// `max_eval` left out is max_iter * 5 / 4; `line_search_fn`: "strong_wolfe", or left out for steps of length lr.
struct LBFGSOptions {
  double lr = 1;
  int64_t max_iter = 20;
  std::optional<int64_t> max_eval = {};
  double tolerance_grad = 1e-7, tolerance_change = 1e-9;
  int64_t history_size = 100;
  std::optional<std::string> line_search_fn = {};
  bool maximize = false;
  template <class O = LBFGSOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("max_iter", &O::max_iter, {.least = 1}),
                   member("max_eval", &O::max_eval, {.least = 1}),
                   member("tolerance_grad", &O::tolerance_grad, {.least = 0}),
                   member("tolerance_change", &O::tolerance_change, {.least = 0}),
                   member("history_size", &O::history_size, {.least = 1}),
                   member("line_search_fn", &O::line_search_fn),
                   member("maximize", &O::maximize)};
  }
  void check(const char* optimizer) const;
};

/// L-BFGS (Nocedal, 1980; Nocedal and Wright, Numerical Optimization, algorithms 7.4, 3.5 and 3.6): up to max_iter iterations a step, each along the gradient times an estimate of the inverse
/// Hessian from the last history_size changes. Stops early where the largest gradient is at most tolerance_grad, or step and loss change by no more than tolerance_change.
/// One group only. The state is that of all parameters together, in their order, under the first one's name.
class LBFGS : public OptimizerOf<LBFGS, LBFGSOptions> {
 public:
  static constexpr const char* class_name = "LBFGS";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit LBFGS(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .max_iter, .max_eval, .tolerance_grad, ..}), (params, lr) or (groups)
  /// Throws Error: it asks for the loss several times.
  void step() override;
  /// The loss before the step.
  Tensor step(const std::function<Tensor()>& closure) override;

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;

 private:
  struct Search;
};

}  // namespace lazuli::optim
