#pragma once
#include <tuple>
#include <vector>

#include "lazuli/core/tensor.h"
#include "lazuli/ops/shape/einops.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/typed/rules/pack.h"

/// What pack and unpack do for a pattern that the compiler has read.
namespace lazuli::typed {

template <Text pattern>
struct PackCall {
  struct Plan {
    int before = 0, after = 0;  // dimensions before the `*`, and behind it
  };
  static constexpr Plan plan = [] {
    Plan plan;
    Writer quiet;
    rules::read_pack(quiet, pattern.view(), plan.before, plan.after);
    return plan;
  }();
  /// The packed tensor, and what stood for the `*`.
  static std::tuple<Tensor, std::vector<lazuli::Shape>> pack(std::vector<Tensor> tensors) {
    std::vector<lazuli::Shape> shapes;
    for (const Tensor& x : tensors)
      if (!x.defined() || x.dim() < plan.before + plan.after) return lazuli::pack(tensors, pattern.view());
    for (Tensor& x : tensors) {
      const int64_t middle = x.dim() - plan.before - plan.after;
      const lazuli::Shape inner(x.sizes().data() + plan.before, middle);
      shapes.push_back(inner);
      if (middle == 1) continue;
      lazuli::Shape sizes(x.sizes().data(), plan.before);
      sizes.push_back(inner.numel());
      for (int i = 0; i < plan.after; ++i) sizes.push_back(x.sizes().data()[plan.before + middle + i]);
      x = x.reshape(sizes);
    }
    return {lazuli::cat(tensors, plan.before), std::move(shapes)};
  }
  static std::vector<Tensor> unpack(const Tensor& x, const std::vector<lazuli::Shape>& shapes) {
    int64_t whole = 0;
    bool fits = x.defined() && x.dim() == plan.before + 1 + plan.after;
    for (const lazuli::Shape& shape : shapes)
      for (int64_t size : shape) fits = fits && size >= 0;
    for (const lazuli::Shape& shape : shapes) whole += fits ? shape.numel() : 0;
    if (!fits || whole != x.sizes().data()[plan.before]) return lazuli::unpack(x, shapes, pattern.view());
    std::vector<Tensor> parts;
    int64_t start = 0;
    for (const lazuli::Shape& shape : shapes) {
      const int64_t length = shape.numel();
      Tensor part = x.narrow(plan.before, start, length);
      start += length;
      if (shape.size() != 1) {
        lazuli::Shape sizes(x.sizes().data(), plan.before);
        for (int64_t size : shape) sizes.push_back(size);
        for (int i = 0; i < plan.after; ++i) sizes.push_back(x.sizes().data()[plan.before + 1 + i]);
        part = part.reshape(sizes);
      }
      parts.push_back(std::move(part));
    }
    return parts;
  }
};

}  // namespace lazuli::typed
