#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct AdagradOptions {
  double lr = 1e-2, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0, eps = 1e-10;
  bool maximize = false;
  template <class O = AdagradOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("lr_decay", &O::lr_decay, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("initial_accumulator_value", &O::initial_accumulator_value, {.least = 0}),
                   member("eps", &O::eps, {.least = 0}),
                   member("maximize", &O::maximize)};
  }
};

/// Adagrad (Duchi et al., 2011, https://jmlr.org/papers/v12/duchi11a.html):
///   g += weight_decay p;  s += g^2 (s = initial_accumulator_value at first);  p -= lr / (1 + (t - 1) lr_decay) * g / (sqrt(s) + eps)
class Adagrad : public OptimizerOf<Adagrad, AdagradOptions> {
 public:
  static constexpr const char* class_name = "Adagrad";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Adagrad(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .lr_decay, .weight_decay, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
