#pragma once
#include <initializer_list>

#include "lazuli/typed/rules/shape.h"

/// Convolutions and pooling over `n` spatial dimensions: input [batch, channels, spatial..], or without batch.
namespace lazuli::typed {

/// One number for each spatial dimension, or one for all; of a padding also "same" and "valid".
struct Sizes {
  int64_t at[3] = {};
  int count = 0;  // 0: the default
  bool same = false;
  constexpr Sizes() = default;
  constexpr Sizes(int64_t all) : at{all}, count(1) {}
  constexpr Sizes(int all) : Sizes(int64_t(all)) {}
  constexpr Sizes(std::initializer_list<int64_t> each) : count(int(each.size())) {
    int i = 0;
    for (int64_t size : each) at[i++] = size;
  }
  constexpr Sizes(const char* word) : count(1), same(std::string_view(word) == "same") {}
  constexpr int64_t of(int i, int64_t otherwise) const { return count == 0 ? otherwise : at[count == 1 ? 0 : i]; }
  constexpr bool operator==(const Sizes&) const = default;
};

/// How a convolution's or pool's window moves, as a template argument: `typed::Conv2d<3, 64, 7, Window{.stride = 2, .padding = 3}>`.
struct Window {
  Sizes stride = {};  // of convolutions 1, of pools the kernel's size
  Sizes padding = 0, dilation = 1;
  Sizes output_padding = 0;  // of transposed convolutions
  int64_t groups = 1;
  bool bias = true;
  bool ceil_mode = false;         // of pools
  bool count_include_pad = true;  // of average pools
  constexpr bool operator==(const Window&) const = default;
};
template <Window window>
struct WindowType {
  static constexpr Window value = window;
};
template <Sizes sizes>
struct SizesType {
  static constexpr Sizes value = sizes;
};

namespace rules {

constexpr Ruling wrong_image(Writer& say, const Extents& input, int n) {
  say << "needs [batch, channels, " << n << " spatial dimensions] or the same without batch, got " << input;
  return Mistake::shape_error_mismatch;
}
/// The places of a window along one extent; -1 where it does not fit.
constexpr int64_t places(int64_t size, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation, bool ceil_mode) {
  const int64_t room = size + 2 * padding - dilation * (kernel - 1) - 1;
  if (room < 0) return -1;
  int64_t count = (room + (ceil_mode ? stride - 1 : 0)) / stride + 1;
  if (ceil_mode && (count - 1) * stride >= size + padding) --count;
  return count;
}
constexpr Ruling windows(Writer& say, const Extents& input, int n, Sizes kernel, const Window& w, int64_t default_stride) {
  Extents out = input;
  for (int i = 0; i < n; ++i) {
    int64_t& size = out[i - n];
    const int64_t k = kernel.of(i, 1), stride = w.stride.of(i, default_stride < 0 ? k : default_stride), dilation = w.dilation.of(i, 1);
    if (!is_fixed(size)) {
      const int64_t lost = dilation * (k - 1) - 2 * w.padding.of(i, 0);
      if (!(w.padding.same || (stride == 1 && lost == 0))) size = dynamic;
      continue;
    }
    if (w.padding.same) continue;
    const int64_t count = places(size, k, stride, w.padding.of(i, 0), dilation, w.ceil_mode);
    if (count < 0) {
      say << "a window of " << dilation * (k - 1) + 1 << " does not fit " << input << " with padding " << w.padding.of(i, 0);
      return Mistake::window_error_no_output;
    }
    size = count;
  }
  return out;
}
/// weight [out, in / groups, kernel..]
template <int n>
constexpr Ruling conv(Writer& say, const Extents& input, const Extents& weight, Window w) {
  if (input.rank != n + 1 && input.rank != n + 2) return wrong_image(say, input, n);
  if (weight.rank != n + 2) {
    say << "needs a weight [out, in / groups, " << n << " kernel sizes], got " << weight;
    return Mistake::shape_error_mismatch;
  }
  const int64_t channels = input[-1 - n];
  if ((is_fixed(channels) && is_fixed(weight.at[1]) && channels != weight.at[1] * w.groups) || (is_fixed(weight.at[0]) && weight.at[0] % w.groups)) {
    say << "channels do not match: input " << input << " and weight " << weight;
    if (w.groups != 1) say << " in " << w.groups << " groups";
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Sizes kernel;
  kernel.count = n;
  for (int i = 0; i < n; ++i) kernel.at[i] = weight.at[2 + i];
  Ruling out = windows(say, input, n, kernel, w, 1);
  if (out.mistake == Mistake::none) out.shape[-1 - n] = weight.at[0];
  return out;
}
/// weight [in, out / groups, kernel..]
template <int n>
constexpr Ruling conv_transpose(Writer& say, const Extents& input, const Extents& weight, Window w) {
  if (input.rank != n + 1 && input.rank != n + 2) return wrong_image(say, input, n);
  if (weight.rank != n + 2 || !may_equal(input[-1 - n], weight.at[0])) {
    say << "channels do not match: input " << input << " and weight " << weight << " [in, out / groups, kernel..]";
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Extents out = input;
  out[-1 - n] = times(weight.at[1], w.groups);
  for (int i = 0; i < n; ++i) {
    int64_t& size = out[i - n];
    if (is_fixed(size) && is_fixed(weight.at[2 + i]))
      size = (size - 1) * w.stride.of(i, 1) - 2 * w.padding.of(i, 0) + w.dilation.of(i, 1) * (weight.at[2 + i] - 1) + w.output_padding.of(i, 0) + 1;
    else size = dynamic;
    if (is_fixed(size) && size <= 0) {
      say << "no output for " << input << " and weight " << weight;
      return Mistake::window_error_no_output;
    }
  }
  return out;
}
template <int n>
constexpr Ruling pool(Writer& say, const Extents& input, Sizes kernel, Window w) {
  if (input.rank != n + 1 && input.rank != n + 2) return wrong_image(say, input, n);
  return windows(say, input, n, kernel, w, -1);
}
/// A size of -1: that of the input.
template <int n>
constexpr Ruling adaptive_pool(Writer& say, const Extents& input, Sizes size) {
  if (input.rank != n + 1 && input.rank != n + 2) return wrong_image(say, input, n);
  Extents out = input;
  for (int i = 0; i < n; ++i)
    if (size.of(i, -1) >= 0) out[i - n] = size.of(i, -1);
  return out;
}
/// [n, c, h, w] -> [n, c kernel, places]
constexpr Ruling unfold(Writer& say, const Extents& input, Sizes kernel, Window w) {
  const Ruling image = pool<2>(say, input, kernel, w);
  if (image.mistake != Mistake::none) return image;
  Extents out = image.shape;
  const int64_t places = times(out[-1], out[-2]);
  out.rank -= 1;
  out[-1] = places;
  out[-2] = times(input[-3], kernel.of(0, 1) * kernel.of(1, 1));
  return out;
}
/// [.., c r^2, h, w] -> [.., c, h r, w r], and back.
constexpr Ruling pixel_shuffle(Writer& say, const Extents& input, int64_t factor) {
  if (input.rank < 3 || (is_fixed(input[-3]) && input[-3] % (factor * factor) != 0)) {
    say << "needs [.., channels, height, width] with channels divisible by " << factor * factor << ", got " << input;
    return Mistake::shape_error_mismatch;
  }
  Extents out = input;
  out[-3] = is_fixed(input[-3]) ? input[-3] / (factor * factor) : dynamic;
  out[-2] = times(input[-2], factor);
  out[-1] = times(input[-1], factor);
  return out;
}

/// Back from [n, c kernel, places] to images of `size`.
constexpr Ruling fold(Writer& say, const Extents& input, Sizes size, Sizes kernel, Window w) {
  Extents image = input.first(input.rank > 1 ? input.rank - 2 : 0);
  const int64_t kernel_size = kernel.of(0, 1) * kernel.of(1, 1);
  if ((input.rank == 2 || input.rank == 3) && (!is_fixed(input[-2]) || input[-2] % kernel_size == 0)) {
    image.push(is_fixed(input[-2]) ? input[-2] / kernel_size : dynamic).push(size.of(0, 1)).push(size.of(1, 1));
    const Ruling places = pool<2>(say, image, kernel, w);
    if (places.mistake != Mistake::none) return places;
    if (may_equal(times(places.shape[-2], places.shape[-1]), input[-1])) return image;
  }
  say << "needs columns [n, channels * " << kernel_size << ", places] of images [" << size.of(0, 1) << ", " << size.of(1, 1) << "], got " << input;
  return Mistake::shape_error_mismatch;
}
/// [.., c, h r, w r] -> [.., c r^2, h, w]
constexpr Ruling pixel_unshuffle(Writer& say, const Extents& input, int64_t factor) {
  if (input.rank < 3 || (is_fixed(input[-2]) && input[-2] % factor) || (is_fixed(input[-1]) && input[-1] % factor)) {
    say << "needs [.., channels, height, width] with both divisible by " << factor << ", got " << input;
    return Mistake::shape_error_mismatch;
  }
  Extents out = input;
  out[-3] = times(input[-3], factor * factor);
  out[-2] = is_fixed(input[-2]) ? input[-2] / factor : dynamic;
  out[-1] = is_fixed(input[-1]) ? input[-1] / factor : dynamic;
  return out;
}
/// The places from which a pool of that window came; of several sizes that give the same pool, the one that is said.
template <int n>
constexpr Ruling unpool(Writer& say, const Extents& input, Sizes kernel, Window w, Sizes said) {
  if (input.rank != n + 1 && input.rank != n + 2) return wrong_image(say, input, n);
  Extents out = input;
  for (int i = 0; i < n; ++i) {
    int64_t& size = out[i - n];
    if (said.count) size = said.of(i, 1);
    else if (is_fixed(size)) size = (size - 1) * w.stride.of(i, kernel.of(i, 1)) - 2 * w.padding.of(i, 0) + kernel.of(i, 1);
  }
  return out;
}
/// With the places of the greatest as a second result.
template <int n>
constexpr Ruling pool_with_places(Writer& say, const Extents& input, Sizes kernel, Window w) {
  Ruling out = pool<n>(say, input, kernel, w);
  out.second = out.shape;
  return out;
}
template <int n>
constexpr Ruling adaptive_pool_with_places(Writer& say, const Extents& input, Sizes size) {
  Ruling out = adaptive_pool<n>(say, input, size);
  out.second = out.shape;
  return out;
}
/// Images [n, channels, spatial..] at another size, or so many times as large.
constexpr Ruling resized(Writer& say, const Extents& input, Sizes size) {
  if (input.rank < 3 || input.rank > 5 || (size.count != 1 && size.count != input.rank - 2)) {
    say << "needs [n, channels, one to three spatial dimensions] and a size for each of these, got " << input;
    return Mistake::shape_error_mismatch;
  }
  Extents out = input;
  for (int i = 2; i < input.rank; ++i) out.at[i] = size.of(i - 2, 1);
  return out;
}
constexpr Ruling scaled(Writer& say, const Extents& input, Sizes factor) {
  Ruling out = resized(say, input, factor);
  if (out.mistake == Mistake::none)
    for (int i = 2; i < input.rank; ++i) out.shape.at[i] = times(input.at[i], factor.of(i - 2, 1));
  return out;
}
/// input [n, c, spatial..] and grid [n, places.., spatial] -> [n, c, places..]
constexpr Ruling grid_sample(Writer& say, const Extents& input, const Extents& grid) {
  const int spatial = input.rank - 2;
  if ((spatial != 2 && spatial != 3) || grid.rank != input.rank || !may_equal(grid[-1], spatial) || !may_equal(grid.at[0], input.at[0])) {
    say << "needs an input [n, c, height, width] and a grid [n, places, places, 2], or one dimension more, got " << input << " and " << grid;
    return Mistake::shape_error_mismatch;
  }
  Extents out = input;
  out.at[0] = either(input.at[0], grid.at[0]);
  for (int i = 0; i < spatial; ++i) out.at[2 + i] = grid.at[1 + i];
  return out;
}
/// Maps [n, 2, 3] or [n, 3, 4] and the images' size [n, c, spatial..] -> [n, spatial.., 2 or 3]
constexpr Ruling affine_grid(Writer& say, const Extents& theta, const Extents& size) {
  const int spatial = size.rank - 2;
  if (theta.rank != 3 || (spatial != 2 && spatial != 3) || !may_equal(theta.at[1], spatial) || !may_equal(theta.at[2], spatial + 1) ||
      !may_equal(theta.at[0], size.at[0])) {
    say << "needs maps [n, 2, 3] for images [n, c, height, width], or [n, 3, 4] for one dimension more, got " << theta << " and " << size;
    return Mistake::shape_error_mismatch;
  }
  Extents out(size.at[0]);
  for (int i = 0; i < spatial; ++i) out.push(size.at[2 + i]);
  return out.push(spatial);
}
/// input [t, n, in], weight [kernel, in, out] -> [t, n, out]
constexpr Ruling conv_tbc(Writer& say, const Extents& input, const Extents& weight, int64_t padding) {
  if (input.rank != 3 || weight.rank != 3 || !may_equal(input.at[2], weight.at[1])) {
    say << "needs an input [t, n, in] and a weight [kernel, in, out], got " << input << " and " << weight;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  const int64_t t = is_fixed(input.at[0]) && is_fixed(weight.at[0]) ? input.at[0] + 2 * padding - weight.at[0] + 1 : dynamic;
  return Extents(t, input.at[1], weight.at[2]);
}

}  // namespace rules
}  // namespace lazuli::typed
