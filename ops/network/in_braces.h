#pragma once
#include "lazuli/core/shape.h"

/// What keeps numbers in braces, `max_pool2d(x, 3, {2, 1})`, from being the first members of a struct of options: they are one stride (or dilation) for each dimension.
namespace lazuli {

/// First in such a struct: nothing converts to it, so that the others are only set by name.
class ByName {
 public:
  constexpr ByName() {}
};

/// Two or three numbers in braces.
class InBraces {
 public:
  InBraces(int64_t height, int64_t width) : values_{height, width} {}
  InBraces(int64_t depth, int64_t height, int64_t width) : values_{depth, height, width} {}
  const Shape& operator*() const { return values_; }

 private:
  Shape values_;
};

}  // namespace lazuli
