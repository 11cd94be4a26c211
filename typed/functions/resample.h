#pragma once
#include "lazuli/ops/network/folding.h"
#include "lazuli/ops/network/resampling.h"
#include "lazuli/typed/functions/network.h"

/// Typed images at other sizes and places, as columns of windows and back.
namespace lazuli {

namespace typed {
/// interpolate<typed::ScaleFactor{2}>(x): so many times as large.
struct ScaleFactor {
  Sizes times = 1;
  constexpr bool operator==(const ScaleFactor&) const = default;
};
template <Text op, AnyTyped X, Sizes size>
struct Resized : Unary<op, dtype_of_tensor<X>, &rules::resized, X, SizesType<size>> {};
template <Text op, AnyTyped X, Sizes factor>
struct Scaled : Unary<op, dtype_of_tensor<X>, &rules::scaled, X, SizesType<factor>> {};
template <Sizes sizes, AnyTyped X>
lazuli::Shape spatial_list() {
  return ShapeOfTensor<X>::rank == 3 ? as_list<1>(sizes, 1) : ShapeOfTensor<X>::rank == 4 ? as_list<2>(sizes, 1) : as_list<3>(sizes, 1);
}
inline FoldOptions fold_options(const Window& w) {
  FoldOptions options;
  options.dilation = as_list<2>(w.dilation, 1);
  options.padding = as_list<2>(w.padding, 0);
  options.stride = as_list<2>(w.stride, 1);
  return options;
}
/// The window of fold and unfold, whose stride is 1 unless it is said.
constexpr Window strided(Window w) {
  if (w.stride.count == 0) w.stride = 1;
  return w;
}
}  // namespace typed

/// interpolate<typed::Sizes{32, 48}>(x, {.mode = "bilinear"})
#define LAZULI_TYPED_RESIZED(name)                                                                                                 \
  LAZULI_TYPED_FUNCTION(name, (typed::Sizes size, typed::AnyTyped X), (typed::Resized<#name, X, size>),                            \
                        (const X& input, InterpolateOptions options = {}),                                                         \
                        (options.size = typed::spatial_list<size, X>(), lazuli::name(typed::untyped(input), std::move(options)))); \
  LAZULI_TYPED_FUNCTION(name, (typed::ScaleFactor factor, typed::AnyTyped X), (typed::Scaled<#name, X, factor.times>),             \
                        (const X& input, InterpolateOptions options = {}),                                                         \
                        (options.scale_factor = typed::ratios<factor.times, X>(), lazuli::name(typed::untyped(input), std::move(options))))
namespace typed {
template <Sizes factor, AnyTyped X>
SizeRatio ratios() {
  SizeRatio all;
  for (int64_t times : spatial_list<factor, X>()) all.push_back(double(times));
  return all;
}
}  // namespace typed
LAZULI_TYPED_RESIZED(interpolate);
LAZULI_TYPED_RESIZED(upsample);
#undef LAZULI_TYPED_RESIZED
#define LAZULI_TYPED_RESIZED(name)                                                                                        \
  LAZULI_TYPED_FUNCTION(name, (typed::Sizes size, typed::AnyTyped X), (typed::Resized<#name, X, size>), (const X& input), \
                        lazuli::name(typed::untyped(input), typed::spatial_list<size, X>()))
LAZULI_TYPED_RESIZED(upsample_nearest);
LAZULI_TYPED_RESIZED(upsample_bilinear);
#undef LAZULI_TYPED_RESIZED
LAZULI_TYPED_FUNCTION(grid_sample, (typed::AnyTyped X, typed::AnyTyped G), (typed::BinaryAlike<"grid_sample", &typed::rules::grid_sample, X, G>),
                      (const X& input, const G& grid, const GridSampleOptions& options = {}),
                      lazuli::grid_sample(typed::untyped(input), typed::untyped(grid), options));
/// affine_grid<n, c, height, width>(theta)
LAZULI_TYPED_FUNCTION(affine_grid, (int64_t... size, typed::AnyTyped X),
                      (typed::Unary<"affine_grid", typed::dtype_of_tensor<X>, &typed::rules::affine_grid, X, typed::Ints<size...>>),
                      (const X& theta, bool align_corners = false),
                      lazuli::affine_grid(typed::untyped(theta), typed::sizes_like<typed::Ints<size...>>(theta), align_corners));
/// unfold<kernel, Window{..}>(images), fold<size, kernel, Window{..}>(columns)
LAZULI_TYPED_FUNCTION(
    unfold, (typed::Sizes kernel, typed::Window w = typed::Window{}, typed::AnyTyped X),
    (typed::Unary<"unfold", typed::dtype_of_tensor<X>, &typed::rules::unfold, X, typed::SizesType<kernel>, typed::WindowType<typed::strided(w)>>),
    (const X& input), lazuli::unfold(typed::untyped(input), typed::as_list<2>(kernel, 1), typed::fold_options(w)));
LAZULI_TYPED_FUNCTION(fold, (typed::Sizes size, typed::Sizes kernel, typed::Window w = typed::Window{}, typed::AnyTyped X),
                      (typed::Unary<"fold", typed::dtype_of_tensor<X>, &typed::rules::fold, X, typed::SizesType<size>, typed::SizesType<kernel>,
                                    typed::WindowType<typed::strided(w)>>),
                      (const X& input),
                      lazuli::fold(typed::untyped(input), typed::as_list<2>(size, 1), typed::as_list<2>(kernel, 1), typed::fold_options(w)));
#define LAZULI_TYPED_SHUFFLE(name, rule)                                                                                                   \
  LAZULI_TYPED_FUNCTION(name, (int64_t factor, typed::AnyTyped X),                                                                         \
                        (typed::Unary<#name, typed::dtype_of_tensor<X>, &typed::rules::rule, X, typed::Number<factor>>), (const X& input), \
                        lazuli::name(typed::untyped(input), factor))
LAZULI_TYPED_SHUFFLE(pixel_shuffle, pixel_shuffle);
LAZULI_TYPED_SHUFFLE(pixel_unshuffle, pixel_unshuffle);
LAZULI_TYPED_SHUFFLE(channel_shuffle, groups_of_channels);
#undef LAZULI_TYPED_SHUFFLE

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(unfold, "unfold<kernel, Window>(input) or unfold<dim, size, step>(x)");
LAZULI_TYPED_REFUSED_VALUES(interpolate, "interpolate<size>(input, options = {}) or interpolate<factor>(input, options = {})");
LAZULI_TYPED_REFUSED_VALUES(upsample, "upsample<size>(input, options = {}) or upsample<factor>(input, options = {})");
LAZULI_TYPED_REFUSED_VALUES(upsample_nearest, "upsample_nearest<size>(input)");
LAZULI_TYPED_REFUSED_VALUES(upsample_bilinear, "upsample_bilinear<size>(input)");
LAZULI_TYPED_REFUSED(grid_sample, "grid_sample(input, grid, options = {})");
LAZULI_TYPED_REFUSED_VALUES(affine_grid, "affine_grid<size..>(theta, align_corners = false)");
LAZULI_TYPED_REFUSED_VALUES(fold, "fold<size, kernel, Window>(input)");
LAZULI_TYPED_REFUSED_VALUES(pixel_shuffle, "pixel_shuffle<factor>(input)");
LAZULI_TYPED_REFUSED_VALUES(pixel_unshuffle, "pixel_unshuffle<factor>(input)");
LAZULI_TYPED_REFUSED_VALUES(channel_shuffle, "channel_shuffle<factor>(input)");

}  // namespace lazuli
