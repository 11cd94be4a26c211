#pragma once
#include <vector>

#include "lazuli/optim/optimizer.h"

namespace lazuli::optim {

/// The learning rates of an optimizer's groups; where a number is wanted, the first group's: `double lr = scheduler.get_last_lr();`.
class GroupRates : public std::vector<double> {
 public:
  /// Those that it has now.
  explicit GroupRates(const Optimizer& optimizer);
  operator double() const { return front(); }
};
/// "[0.01, 0.1]".
std::string to_string(const GroupRates& rates);

}  // namespace lazuli::optim
