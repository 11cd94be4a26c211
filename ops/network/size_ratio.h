#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

class Value;

/// Ratios of output to input sizes, one for all spatial dimensions or one for each.
struct SizeRatio : std::vector<double> {
  SizeRatio() = default;
  SizeRatio(double ratio);
  /// Not an initializer_list, as in Shape.
  template <class... Ratio>
  requires(sizeof...(Ratio) > 1 && (std::is_convertible_v<Ratio, double> && ...)) SizeRatio(Ratio... ratios) : vector{double(ratios)...} {}
};
void from_value(const Value& value, SizeRatio& into);
/// As Python writes it: "0.5", "(0.5, 2.0)".
std::string written(const SizeRatio& ratio);

}  // namespace lazuli
