#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct SGDOptions {
  double lr = 1e-3, momentum = 0, dampening = 0, weight_decay = 0;
  bool nesterov = false, maximize = false;
  template <class O = SGDOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}), member("momentum", &O::momentum, {.least = 0}),
                   member("dampening", &O::dampening), member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("nesterov", &O::nesterov),   member("maximize", &O::maximize)};
  }
  void check(const char* optimizer) const;
};

/// Stochastic gradient descent (https://pytorch.org/docs/stable/generated/torch.optim.SGD.html):
///   g += weight_decay * p;  b = momentum * b + (1 - dampening) * g (b = g at first);  p -= lr * (nesterov ? g + momentum * b : momentum ? b : g)
/// `nesterov` needs a momentum and no dampening.
class SGD : public OptimizerOf<SGD, SGDOptions> {
 public:
  static constexpr const char* class_name = "SGD";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit SGD(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .momentum, .dampening, .weight_decay, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
