#pragma once
#include <limits>

#include "lazuli/core/by_position.h"
#include "lazuli/core/shape.h"

/// Numbers in braces for the windows of images: `max_pool2d(x, 3, {2, 1})` strides by 2 and 1. They set the first three members of such a struct of options, which have no names that
/// programs use; those with names follow.
namespace lazuli {

/// What those members hold where no braces set them.
inline constexpr int64_t not_in_braces = std::numeric_limits<int64_t>::min();

/// by_position, with the numbers in braces as the first of the members that have names.
template <class Options, class First, class... Rest>
Options windows_by_position(First&& first, const Rest&... rest) {
  if constexpr (std::is_same_v<First, Options>) {
    if (first.braces_0 != not_in_braces) {
      Shape numbers(first.braces_0);
      for (int64_t number : {first.braces_1, first.braces_2})
        if (number != not_in_braces) numbers.push_back(number);
      first.*line<0>(Options::members()).place = numbers;
    }
    return by_position<Options>(std::move(first), rest...);
  } else {
    return by_position<Options, not_in_braces, not_in_braces, not_in_braces>(std::move(first), rest...);
  }
}

}  // namespace lazuli
