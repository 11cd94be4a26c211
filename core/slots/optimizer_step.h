#pragma once
#include "lazuli/core/kernel.h"
#include "lazuli/core/slots/codes.h"

/// One slot for all optimizers that look at each element alone; core/slots/optimizer_step.def has their formulas.
namespace lazuli {

enum class StepRule : uint8_t {
#define LAZULI_STEP(rule, ...) rule,
#include "lazuli/core/slots/optimizer_step.def"
  Count_
};
std::string_view name(StepRule rule);

/// Numbers of one step, as the formulas have them: corrected for the step where they depend on it. First of all comes, for every rule:
///   g = maximize ? -grad : grad;  g += weight_decay p;  p *= shrink
struct StepOptions {
  double lr = 0, weight_decay = 0, shrink = 1, beta1 = 0, beta2 = 0, eps = 0, momentum = 0, correction = 1, least = 0, most = 0;
  bool maximize = false;
  static constexpr auto members() {
    using O = StepOptions;
    return std::tuple{Field{"lr", &O::lr},
                      Field{"weight_decay", &O::weight_decay},
                      Field{"shrink", &O::shrink},
                      Field{"beta1", &O::beta1},
                      Field{"beta2", &O::beta2},
                      Field{"eps", &O::eps},
                      Field{"momentum", &O::momentum},
                      Field{"correction", &O::correction},
                      Field{"least", &O::least},
                      Field{"most", &O::most},
                      Field{"maximize", &O::maximize}};
  }
};

// One pass over parameter, gradient and state, all of one size and contiguous, of floating dtypes; state that a rule does not keep is undefined.
inline constinit Kernel<void(StepRule rule, Tensor& parameter, const Tensor& grad, Tensor& first, Tensor& second, Tensor& third,
                             const StepOptions& options)>
    optimizer_step_kernel{"optimizer_step"};

}  // namespace lazuli
