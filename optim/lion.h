#pragma once
#include "lazuli/optim/betas.h"
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct LionOptions {
  double lr = 1e-4;
  Betas betas = {0.9, 0.99};
  double beta1 = betas.first(), beta2 = betas.second(), weight_decay = 0;
  bool maximize = false;
  template <class O = LionOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}), member("beta1", &O::beta1, {.least = 0, .below = 1}),
                   member("beta2", &O::beta2, {.least = 0, .below = 1}), member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("maximize", &O::maximize)};
  }
};

/// Lion (Chen et al., 2023, https://arxiv.org/abs/2302.06675), which PyTorch does not have:
///   p *= 1 - lr weight_decay;  p -= lr sign(beta1 m + (1 - beta1) g);  m = beta2 m + (1 - beta2) g
class Lion : public OptimizerOf<Lion, LionOptions> {
 public:
  static constexpr const char* class_name = "Lion";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Lion(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta1, .beta2, .weight_decay, .maximize}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
