#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct ASGDOptions {
  double lr = 1e-2, lambd = 1e-4, alpha = 0.75, t0 = 1e6, weight_decay = 0;
  bool maximize = false;
  template <class O = ASGDOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("lambd", &O::lambd, {.least = 0}),
                   member("alpha", &O::alpha, {.least = 0}),
                   member("t0", &O::t0, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("maximize", &O::maximize)};
  }
};

/// Averaged stochastic gradient descent (Polyak and Juditsky, 1992); "ax" in the state is the average, from step t0 on:
///   g += weight_decay p;  p = (1 - lambd eta) p - eta g;  ax += mu (p - ax);  then eta = lr / (1 + lambd lr t)^alpha (lr at first), mu = 1 / max(1, t - t0)
class ASGD : public OptimizerOf<ASGD, ASGDOptions> {
 public:
  static constexpr const char* class_name = "ASGD";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit ASGD(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .lambd, .alpha, .t0, .weight_decay, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
