#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

struct RMSpropOptions {
  double lr = 1e-2, alpha = 0.99, eps = 1e-8, weight_decay = 0, momentum = 0;
  /// Divides by an estimate of the gradient's standard deviation and not of its root mean square.
  bool centered = false;
  bool maximize = false;
  template <class O = RMSpropOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),
                   member("alpha", &O::alpha, {.least = 0}),
                   member("eps", &O::eps, {.least = 0}),
                   member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("momentum", &O::momentum, {.least = 0}),
                   member("centered", &O::centered),
                   member("maximize", &O::maximize)};
  }
};

/// RMSprop (Hinton, https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf; centered: Graves, 2013, https://arxiv.org/abs/1308.0850):
///   g += weight_decay p;  s = alpha s + (1 - alpha) g^2;  a = centered ? alpha a + (1 - alpha) g : 0;  b = momentum b + g / (sqrt(s - a^2) + eps);  p -= lr * b
class RMSprop : public OptimizerOf<RMSprop, RMSpropOptions> {
 public:
  static constexpr const char* class_name = "RMSprop";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit RMSprop(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .alpha, .eps, .weight_decay, ..}), (params, lr) or (groups)

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
