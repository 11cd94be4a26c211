#pragma once
#include <string>
#include <vector>

#include "lazuli/core/error.h"

namespace lazuli::optim {

inline int64_t at_least(int64_t least, const char* scheduler, const char* argument, int64_t value) {
  if (value < least) fail(scheduler, argument, "at least " + std::to_string(least), std::to_string(value));
  return value;
}

/// One for all groups, or one for each.
template <class T>
std::vector<T> for_groups(const char* scheduler, const char* argument, std::vector<T> values, size_t groups) {
  if (values.size() == 1) values.resize(groups, values[0]);
  if (values.size() != groups) fail(scheduler, argument, "one for each of " + std::to_string(groups) + " groups", std::to_string(values.size()));
  return values;
}

}  // namespace lazuli::optim
