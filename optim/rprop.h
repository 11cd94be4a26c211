#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

/// PyTorch's etas are (eta_minus, eta_plus), its step_sizes (step_size_min, step_size_max).
struct RpropOptions {
  double lr = 1e-2, eta_minus = 0.5, eta_plus = 1.2, step_size_min = 1e-6, step_size_max = 50;
  bool maximize = false;
  template <class O = RpropOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("eta_minus", &O::eta_minus, {.above = 0, .below = 1}),
                   member("eta_plus", &O::eta_plus, {.above = 1}),
                   member("step_size_min", &O::step_size_min, {.least = 0}),
                   member("step_size_max", &O::step_size_max, {.least = 0}),
                   member("maximize", &O::maximize)};
  }
  void check(const char* optimizer) const;
};

/// Resilient backpropagation (Riedmiller and Braun, 1993), for gradients of the whole data: each element has a step size of its own, lr at first, which grows by eta_plus while its
/// gradient keeps its sign and shrinks by eta_minus (and that step is left out) when the sign changes:  p -= sign(g) * step_size
class Rprop : public OptimizerOf<Rprop, RpropOptions> {
 public:
  static constexpr const char* class_name = "Rprop";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Rprop(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .eta_minus, .eta_plus, .step_size_min, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
