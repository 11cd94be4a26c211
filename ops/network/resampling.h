#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/ops/network/size_ratio.h"

/// Images at other sizes and places.
namespace lazuli {

struct InterpolateOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  OptionalShape size = {};                     // of the output's spatial dimensions, one for all or one for each
  std::optional<SizeRatio> scale_factor = {};  // or how many times the input's; exactly one of both
  std::string mode = "nearest";
  std::optional<bool> align_corners = {};
  std::optional<bool> recompute_scale_factor = {};
  bool antialias = false;
  template <class O = InterpolateOptions>
  static constexpr auto members() {
    return Members{member("size", &O::size, {.least = 1}),
                   member("scale_factor", &O::scale_factor),
                   member("mode", &O::mode),
                   member("align_corners", &O::align_corners),
                   member("recompute_scale_factor", &O::recompute_scale_factor),
                   member("antialias", &O::antialias)};
  }
};
/// Images [n, channels, spatial..] at another size. Modes:
///   "nearest"         the place floor(o / scale); "nearest-exact" floor((o + 1/2) / scale), as image libraries have it;
///   "linear", "bilinear", "trilinear"  (one, two, three dimensions) between the two neighbours in each;
///   "bicubic"         (two dimensions) between four (Keys 1981, a = -3/4);
///   "area"            adaptive average pooling.
/// Places of output and input correspond by their edges, or with align_corners by the middles of the outermost ones (the last two groups of modes). `recompute_scale_factor`: the size that
/// scale_factor gives tells the scale, not scale_factor itself. `antialias` (bilinear, bicubic): shrinking, the filter is made wider.
/// `interpolate(x, {32, 48})` gives these sizes. Floating point; nearest modes of any dtype, linear and cubic ones of uint8 too, rounded. Throws Error for an unknown mode, a mode for other ranks, sizes below 1, and options that the
/// mode does not have.
Tensor interpolate(const Tensor& input, InterpolateOptions options);
Tensor upsample(const Tensor& input, InterpolateOptions options);
/// interpolate with mode "nearest", and "bilinear" with align_corners.
Tensor upsample_nearest(const Tensor& input, const OptionalShape& size = {}, const std::optional<SizeRatio>& scale_factor = {});
Tensor upsample_bilinear(const Tensor& input, const OptionalShape& size = {}, const std::optional<SizeRatio>& scale_factor = {});

struct GridSampleOptions {
  std::string mode = "bilinear";
  std::string padding_mode = "zeros";
  bool align_corners = false;
  template <class O = GridSampleOptions>
  static constexpr auto members() {
    return Members{member("mode", &O::mode), member("padding_mode", &O::padding_mode), member("align_corners", &O::align_corners)};
  }
};
namespace with_options {
Tensor grid_sample(const Tensor& input, const Tensor& grid, GridSampleOptions options);
}
/// The input [n, c, spatial..] (two or three dimensions) at the places of `grid` [n, places.., 2 or 3], which has x, y (and z) from -1, the edge (with align_corners: the middle of the
/// outermost place), to 1: [n, c, places..]. mode: "bilinear", "nearest" or "bicubic"; what is read outside, by padding_mode: 0 for "zeros", the outermost place for "border", or
/// "reflection" at the edges. Floating point, of one dtype. Throws Error for sizes that do not fit and unknown modes.
template <class Mode = GridSampleOptions>
Tensor grid_sample(const Tensor& input, const Tensor& grid, Mode mode = {}, const std::string& padding_mode = "zeros", bool align_corners = false) {
  return with_options::grid_sample(input, grid, by_position<GridSampleOptions>(std::move(mode), padding_mode, align_corners));
}
/// The grid for grid_sample that shows images of `size` ([n, c, height, width] or [n, c, depth, height, width]) under affine maps theta [n, 2, 3] (or [n, 3, 4]).
Tensor affine_grid(const Tensor& theta, const Shape& size, bool align_corners = false);

}  // namespace lazuli
