#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "lazuli/core/tensor.h"

/// Einstein notation for shapes (Rogozhnikov, Einops: clear and reliable tensor manipulations, 2022). A pattern names the dimensions before and after, "b c h w -> b (c h) w":
/// names in parentheses are one dimension, the last name running fastest; `...` stands for any dimensions; 1 is a dimension of size 1. Sizes that do not follow from the tensor are given
/// beside it, `{{"h", 2}}`. Nothing is copied where strides can say it. All throw Error with the pattern and a mark under what is wrong, and, for an unknown name, the nearest known one.
namespace lazuli {
namespace einops {

/// Names with their sizes.
using Axes = std::vector<std::pair<std::string, int64_t>>;
enum class ReduceOp : uint8_t { sum, mean, max, min, prod, any, all };

/// Patterns that were read are kept, the 256 used last.
void clear_cache();
size_t cache_size();

}  // namespace einops

/// Moves, splits and joins dimensions: both sides have the same names. Several tensors of one shape are stacked first.
///   rearrange(images, "b c (h p) (w q) -> b (h w) (c p q)", {{"p", 16}, {"q", 16}})
Tensor rearrange(const Tensor& self, std::string_view pattern, const einops::Axes& axes = {});
Tensor rearrange(const std::vector<Tensor>& tensors, std::string_view pattern, const einops::Axes& axes = {});
Tensor rearrange(...) = delete;  // rearrange(x, pattern, [axes]) or rearrange(tensors, pattern, [axes])
/// The same, with dimensions that the right side does not name reduced; numbers on the left are sizes without a name. `op` by name: "sum", "mean", "max", "min", "prod", "any", "all".
///   reduce(x, "b c (h 2) (w 2) -> b c h w", einops::ReduceOp::max)
Tensor reduce(const Tensor& self, std::string_view pattern, einops::ReduceOp op, const einops::Axes& axes = {});
Tensor reduce(const Tensor& self, std::string_view pattern, std::string_view op, const einops::Axes& axes = {});
Tensor reduce(...) = delete;  // reduce(x, pattern, op, [axes])
/// The same, with new names (or numbers) on the right along which values repeat.
///   repeat(x, "h w -> h (w copies)", {{"copies", 3}})
Tensor repeat(const Tensor& self, std::string_view pattern, const einops::Axes& axes = {});
Tensor repeat(...) = delete;  // repeat(x, repeats) or repeat(x, pattern, [axes])

/// Joins tensors of which all but some dimensions agree: `*` in the pattern stands for those, of each tensor any number, which become one. Also returns their sizes for `unpack`.
///   auto [packed, shapes] = pack({image, features}, "b * c");
std::tuple<Tensor, std::vector<Shape>> pack(const std::vector<Tensor>& tensors, std::string_view pattern);
/// The parts of a packed tensor, of the sizes that `pack` gave; one of all may be -1: what is left.
std::vector<Tensor> unpack(const Tensor& self, const std::vector<Shape>& packed_shapes, std::string_view pattern);

}  // namespace lazuli
