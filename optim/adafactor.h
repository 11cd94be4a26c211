#pragma once
#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

/// PyTorch's eps is (eps1, eps2); eps1 left out is the machine epsilon of the parameter's dtype.
struct AdafactorOptions {
  double lr = 1e-2, beta2_decay = -0.8;
  std::optional<double> eps1 = {};
  double eps2 = 1e-3, d = 1, weight_decay = 0;
  bool maximize = false;
  template <class O = AdafactorOptions>
  static constexpr auto members() {
    return Members{member("lr", &O::lr, {.least = 0}),     member("beta2_decay", &O::beta2_decay, {.most = 0}),
                   member("eps1", &O::eps1, {.least = 0}), member("eps2", &O::eps2, {.least = 0}),
                   member("d", &O::d, {.least = 1}),       member("weight_decay", &O::weight_decay, {.least = 0}),
                   member("maximize", &O::maximize)};
  }
};

/// Adafactor (Shazeer and Stern, 2018, https://arxiv.org/abs/1804.04235), which keeps one number a row and one a column for the second moment of what has two or more dimensions:
///   f = t^beta2_decay;  r += f (mean of g^2 over columns - r);  c += f (mean over rows - c);  v = r c / max(mean r, eps1);  u = g / max(sqrt v, eps1)
///   p *= 1 - lr weight_decay;  p -= max(eps2, rms p) min(lr, 1 / sqrt t) / max(1, rms u / d) * u, the rms of p from before the decay
/// Throws Error for complex parameters.
class Adafactor : public OptimizerOf<Adafactor, AdafactorOptions> {
 public:
  static constexpr const char* class_name = "Adafactor";
  using OptimizerOf::OptimizerOf;
  template <class = void>
  explicit Adafactor(const std::vector<Tensor>&, ...) = delete;  // (params, {.lr, .beta2_decay, .eps1, .eps2, .d, ..}), (params, lr) or (groups)
  static void check_parameter(const Tensor& param);

 protected:
  void update(size_t group, Tensor& param, const Tensor& grad, State& state) override;
  std::vector<StateName> state_names() const override;
};

}  // namespace lazuli::optim
