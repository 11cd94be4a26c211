#pragma once
#include <limits>

#include "lazuli/core/described.h"

/// Numbers in braces where a struct of options stands: `MaxPool2d({3, 3}, {2, 1})` and `max_pool2d(x, 3, {2, 1})` stride by 2 and 1, as PyTorch's second argument does. They would fill the
/// first members one by one, a stride of 2 and a padding of 1; so a struct whose first member is sizes begins with members that take them, which have no names that programs use:
///   int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // in_braces.h
/// What uses the struct calls `take_braces` first (by_position and nn's `checked` do). That none is left out, `requires_braces` tells.
namespace lazuli {

/// What those members hold where no braces set them.
inline constexpr int64_t not_in_braces = std::numeric_limits<int64_t>::min();

template <class Options>
concept TakesBraces = requires(Options& options) {
  options.braces_0;
};

namespace detail {
template <class Options>
using FirstMember = std::remove_cvref_t<decltype(std::declval<Options&>().*line<0>(Options::members()).place)>;
}

/// Whether its first member is sizes, which numbers in braces may be, and no members take them.
template <class Options>
constexpr bool requires_braces = !TakesBraces<Options> && std::is_convertible_v<Shape, detail::FirstMember<Options>>;

/// The numbers that stood in braces, which are then taken; none where there were no braces.
template <TakesBraces Options>
Shape numbers_in_braces(Options& options) {
  Shape numbers;
  for (int64_t* number : {&options.braces_0, &options.braces_1, &options.braces_2}) {
    if (*number != not_in_braces) numbers.push_back(*number);
    *number = not_in_braces;
  }
  return numbers;
}

/// Makes the numbers in braces the first of the members that have names. More than three are all kept: as sizes they are one too many, which the function tells.
template <TakesBraces Options, class Sizes>
void take_braces(Options& options, Sizes Options::*place) {
  Shape sizes = numbers_in_braces(options);
  if (sizes.empty()) return;
  Sizes& first = options.*place;
  const Options defaults;
  if (!(first == defaults.*place)) {
    if constexpr (requires { first.has_value(); }) sizes.push_back(first->back());
    else sizes.push_back(first.back());
  }
  first = sizes;
}
template <TakesBraces Options>
void take_braces(Options& options) {
  take_braces(options, line<0>(Options::members()).place);
}

}  // namespace lazuli
