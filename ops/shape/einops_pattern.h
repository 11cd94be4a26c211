#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/core/shape.h"

/// Patterns of rearrange, reduce and repeat, read. Not for users.
namespace lazuli::einops {

inline constexpr int kEllipsis = -1;

/// A name, or on the one side that may have them a number: then `size` is that number.
struct Axis {
  std::string name;
  int64_t size = -1;
  size_t place;  // in the text
};
/// One dimension: axes by number, the ellipsis as kEllipsis; none for 1 and ().
struct Group {
  std::vector<int> axes;
  size_t place;
};
struct Side {
  std::vector<Group> groups;
  bool has(int axis) const;
};
struct Pattern {
  std::string text;
  std::vector<Axis> axes;
  Side left, right;
};

/// What the pattern is for: which side may have names that the other has not.
enum class Purpose { Rearrange, Reduce, Repeat };
const char* name_of(Purpose purpose);

/// Reads, or finds among those kept. Throws Error that shows the place.
std::shared_ptr<const Pattern> pattern_of(Purpose purpose, std::string_view text);

/// The size of each axis, and those of the ellipsis, for a tensor of these sizes.
struct Sizes {
  std::vector<int64_t> axes;
  Shape ellipsis;
};
Sizes sizes_of(Purpose purpose, const Pattern& pattern, const Shape& sizes, const std::vector<std::pair<std::string, int64_t>>& given);

}  // namespace lazuli::einops
