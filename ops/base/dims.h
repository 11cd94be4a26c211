#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// The dimensions that an operator works over: none of them named (`none` or `{}`) means all. Converts from one integer, braces, a Shape, or an
/// optional one.
struct Dims : Shape {
  using Shape::Shape;
  Dims() = default;
  Dims(const Shape& dims) : Shape(dims) {}
  Dims(std::nullopt_t) {}
  Dims(const std::optional<Shape>& dims) : Shape(dims ? *dims : Shape()) {}
};

}  // namespace lazuli
