#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct AdadeltaOptions {
  double lr = 1, rho = 0.9, eps = 1e-6, weight_decay = 0;
  bool maximize = false;
  template <class O = AdadeltaOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}), member("rho", &O::rho, {.least = 0, .most = 1}), member("eps", &O::eps, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}), member("maximize", &O::maximize)};
  }
};

/// Adadelta (Zeiler, 2012, https://arxiv.org/abs/1212.5701):
///   g += weight_decay p;  s = rho s + (1 - rho) g^2;  d = sqrt(a + eps) / sqrt(s + eps) * g;  a = rho a + (1 - rho) d^2;  p -= lr * d
class Adadelta : public OptimizerOf<Adadelta, AdadeltaOptions> {
 public:
  static constexpr const char* class_name = "Adadelta";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Adadelta(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .rho, .eps, .weight_decay, .maximize}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
