#include "lazuli/core/slots/optimizer_step.h"

namespace lazuli {

std::string_view name(StepRule rule) {
  static constexpr std::string_view kNames[] = {
#define LAZULI_STEP(rule, ...) #rule,
#include "lazuli/core/slots/optimizer_step.def"
  };
  return rule < StepRule::Count_ ? kNames[int(rule)] : "?";
}

}  // namespace lazuli
