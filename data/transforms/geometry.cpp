#include <algorithm>
#include <cmath>
#include <limits>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/data/transforms/checks.h"
#include "lazuli/ops/ops.h"

namespace lazuli::data::transforms {
namespace detail {

void check_image(const char* op, const Tensor& image, int64_t least) {
  if (!image.defined()) fail_undefined(op, "image");
  if (image.dim() < least)
    fail(op, "image", std::string("an image ") + (least == 2 ? "[.., height, width]" : "[.., channels, height, width]"),
         "sizes " + to_string(image.sizes()));
  if (image.is_complex()) fail(ErrorKind::Type, op, "image", "an image of real numbers", name(image.dtype()));
  if (image.size(-1) == 0 || image.size(-2) == 0) fail(op, "image", "an image with pixels", "sizes " + to_string(image.sizes()));
}

Shape height_and_width(const char* op, const char* argument, const Shape& size) {
  if (size.size() != 1 && size.size() != 2) fail(op, argument, "one size or height and width", to_string(size));
  for (int64_t s : size)
    if (s < 1) fail(op, argument, "sizes of at least 1", to_string(size));
  return {size[0], size.back()};
}

DType wide(DType dtype) { return dtype == kFloat64 ? kFloat64 : kFloat32; }
Tensor widened(const Tensor& image) { return image.to(wide(image.dtype())); }
Tensor narrowed(const Tensor& image, DType dtype) {
  if (is_floating_point(dtype)) return image.to(dtype);
  return dtype == kUInt8 ? image.round().clamp(0, 255).to(dtype) : image.round().to(dtype);
}

}  // namespace detail

namespace functional {

using namespace detail;

namespace {

// The same rows and columns of the image, by their numbers.
Tensor picked(const Tensor& image, int64_t dim, const std::vector<int64_t>& places) {
  Tensor index = new_tensor({int64_t(places.size())}, kInt64);
  std::copy(places.begin(), places.end(), static_cast<int64_t*>(index.address()));
  return index_select(image, dim, index.to(image.device()));
}

Tensor as_batch(const Tensor& image) {
  const int64_t h = image.size(-2), w = image.size(-1);
  if (image.dim() == 4) return image;
  return image.dim() < 4 ? image.reshape({1, image.dim() == 3 ? image.size(0) : 1, h, w}) : image.reshape({-1, image.size(-3), h, w});
}
Tensor as_before(const Tensor& batch, const Tensor& image) {
  Shape sizes = image.sizes();
  sizes[-2] = batch.size(-2);
  sizes[-1] = batch.size(-1);
  return batch.reshape(sizes);
}

// From a place in the output, counted from its middle, to the place in the image, counted from its middle.
struct Map {
  double xx, xy, x, yx, yy, y;
};
// The inverse of: shear, scale and turn about `center`, then move.
Map inverse_affine(std::array<double, 2> center, double angle, std::array<double, 2> translate, double scale, std::array<double, 2> shear) {
  constexpr double kDegree = 3.14159265358979323846 / 180;
  const double turn = angle * kDegree, sx = shear[0] * kDegree, sy = shear[1] * kDegree;
  const double a = std::cos(turn - sy) / std::cos(sy), b = -std::cos(turn - sy) * std::tan(sx) / std::cos(sy) - std::sin(turn);
  const double c = std::sin(turn - sy) / std::cos(sy), d = -std::sin(turn - sy) * std::tan(sx) / std::cos(sy) + std::cos(turn);
  Map m{d / scale, -b / scale, 0, -c / scale, a / scale, 0};
  const double cx = center[0] + translate[0], cy = center[1] + translate[1];
  m.x = center[0] - m.xx * cx - m.xy * cy;
  m.y = center[1] - m.yx * cx - m.yy * cy;
  return m;
}

// {height, width} that hold the whole image.
std::array<int64_t, 2> expanded(const Map& m, double width, double height) {
  double least[2] = {1e300, 1e300}, most[2] = {-1e300, -1e300};
  for (const auto& [sx, sy] : {std::array{-0.5, -0.5}, {-0.5, 0.5}, {0.5, 0.5}, {0.5, -0.5}}) {
    const double at[2] = {m.xx * sx * width + m.xy * sy * height + m.x + width / 2, m.yx * sx * width + m.yy * sy * height + m.y + height / 2};
    for (int k = 0; k < 2; ++k) least[k] = std::min(least[k], at[k]), most[k] = std::max(most[k], at[k]);
  }
  const auto trimmed = [](double v) { return std::trunc(v / 1e-4) * 1e-4; };  // rounding errors make no pixels
  std::array<int64_t, 2> size;
  for (int k = 0; k < 2; ++k) size[size_t(1 - k)] = int64_t(std::ceil(trimmed(most[k])) - std::floor(trimmed(least[k])));
  return size;
}

Tensor mapped(const Tensor& image, const Map& m, InterpolationMode interpolation, int64_t out_height, int64_t out_width, std::optional<double> fill) {
  const Tensor batch = widened(as_batch(image));
  const double height = double(image.size(-2)), width = double(image.size(-1));
  const TensorOptions like = batch.options();
  const Tensor xs = arange(out_width, like) - (double(out_width) - 1) / 2;
  const Tensor ys = (arange(out_height, like) - (double(out_height) - 1) / 2).unsqueeze(1);
  const Tensor gx = (xs * (m.xx * 2 / width) + (ys * m.xy + m.x) * (2 / width)), gy = (xs * (m.yx * 2 / height) + (ys * m.yy + m.y) * (2 / height));
  const Tensor grid = stack({gx, gy}, -1).unsqueeze(0).expand({batch.size(0), out_height, out_width, 2});
  const bool nearest = interpolation == InterpolationMode::Nearest || interpolation == InterpolationMode::NearestExact;
  const GridSampleOptions options{.mode = nearest ? "nearest" : interpolation == InterpolationMode::Bilinear ? "bilinear" : "bicubic"};
  Tensor out = grid_sample(batch, grid, options);
  if (fill) {
    const Tensor inside = grid_sample(ones({batch.size(0), 1, image.size(-2), image.size(-1)}, like), grid, options);
    out = nearest ? where(inside < 0.5, full({}, *fill, like), out) : out * inside + (1 - inside) * *fill;
  }
  return as_before(narrowed(out, image.dtype()), image);
}

std::array<double, 2> from_middle(const Tensor& image, std::optional<std::array<double, 2>> center) {
  if (!center) return {0, 0};
  return {(*center)[0] - double(image.size(-1)) / 2, (*center)[1] - double(image.size(-2)) / 2};
}

}  // namespace

Tensor crop(const Tensor& image, int64_t top, int64_t left, int64_t height, int64_t width) {
  no_grad guard;
  check_image("crop", image);
  constexpr int64_t kMost = int64_t(1) << 31;
  for (int64_t v : {height, width})
    if (v < 1 || v > kMost) fail("crop", v == height ? "height" : "width", "at least 1", std::to_string(v));
  for (int64_t v : {top, left})
    if (v < -kMost || v > kMost) fail("crop", v == top ? "top" : "left", "a place near the image", std::to_string(v));
  const auto part = [](const Tensor& t, int64_t dim, int64_t begin, int64_t size) {
    const int64_t from = std::clamp<int64_t>(begin, 0, t.size(dim)), to = std::clamp<int64_t>(begin + size, 0, t.size(dim));
    return t.narrow(dim, from, to - from);
  };
  const Tensor inside = part(part(image, -2, top, height), -1, left, width);
  if (inside.size(-2) == height && inside.size(-1) == width) return inside;
  Shape sizes = image.sizes();
  sizes[-2] = height;
  sizes[-1] = width;
  Tensor out = zeros(sizes, image.options());
  if (inside.numel()) part(part(out, -2, -top, image.size(-2)), -1, -left, image.size(-1)).copy_(inside);
  return out;
}

Tensor center_crop(const Tensor& image, const Shape& output_size) {
  check_image("center_crop", image);
  const Shape size = height_and_width("center_crop", "output_size", output_size);
  // Where the image is too small, the spare pixel of an odd difference comes at the end; else halves are rounded to even.
  const auto begin = [](int64_t have, int64_t want) { return have < want ? -((want - have) / 2) : int64_t(std::nearbyint(double(have - want) / 2)); };
  return crop(image, begin(image.size(-2), size[0]), begin(image.size(-1), size[1]), size[0], size[1]);
}

Tensor resized_crop(const Tensor& image, int64_t top, int64_t left, int64_t height, int64_t width, const Shape& size, InterpolationMode interpolation,
                    bool antialias) {
  return resize(crop(image, top, left, height, width), height_and_width("resized_crop", "size", size), interpolation, {}, antialias);
}

Tensor hflip(const Tensor& image) {
  no_grad guard;
  check_image("hflip", image);
  return flip(image, -1);
}
Tensor vflip(const Tensor& image) {
  no_grad guard;
  check_image("vflip", image);
  return flip(image, -2);
}

Tensor pad(const Tensor& image, const Shape& padding, double fill, std::string_view mode) {
  no_grad guard;
  check_image("pad", image);
  if (padding.size() != 1 && padding.size() != 2 && padding.size() != 4) fail("pad", "padding", "one, two or four numbers", to_string(padding));
  const int64_t n = padding.size(), left = padding[0], top = padding[n > 1 ? 1 : 0], right = padding[n == 4 ? 2 : 0],
                bottom = padding[n == 1 ? 0 : n - 1];
  const int64_t h = image.size(-2), w = image.size(-1);
  if (mode == "constant") return lazuli::pad(image, {left, right, top, bottom}, "constant", fill);
  if (mode != "edge" && mode != "reflect" && mode != "symmetric")
    fail("pad", "padding_mode", "constant, edge, reflect or symmetric", "'" + std::string(mode) + "'");
  const auto places = [&](int64_t size, int64_t before, int64_t after) {
    const int64_t most = mode == "edge" ? std::numeric_limits<int32_t>::max() : mode == "reflect" ? size - 1 : size;
    if (before < 0 || after < 0 || before > most || after > most)
      fail("pad", "padding", "from 0 to " + std::to_string(most) + " at an edge of " + std::to_string(size), to_string(padding));
    std::vector<int64_t> from;
    const int64_t skip = mode == "reflect" ? 1 : 0;
    for (int64_t i = -before; i < size + after; ++i)
      from.push_back(mode == "edge" ? std::clamp<int64_t>(i, 0, size - 1) : i < 0 ? -i - 1 + skip : i >= size ? 2 * size - 1 - i - skip : i);
    return from;
  };
  const std::vector<int64_t> rows = places(h, top, bottom), columns = places(w, left, right);
  return picked(picked(image, -2, rows), -1, columns);
}

Tensor resize(const Tensor& image, const Shape& size, InterpolationMode interpolation, std::optional<int64_t> max_size, bool antialias) {
  no_grad guard;
  check_image("resize", image);
  Shape out = height_and_width("resize", "size", size);
  const int64_t h = image.size(-2), w = image.size(-1);
  if (size.size() == 2 && max_size) fail("resize", "max_size", "none beside height and width", std::to_string(*max_size));
  if (size.size() == 1) {
    if (max_size && *max_size <= size[0])
      fail("resize", "max_size", "more than the shorter edge, " + std::to_string(size[0]), std::to_string(*max_size));
    const int64_t shorter = std::min(h, w), longer = std::max(h, w);
    int64_t new_shorter = size[0], new_longer = int64_t(double(size[0]) * double(longer) / double(shorter));
    if (max_size && new_longer > *max_size) {
      new_shorter = std::max<int64_t>(1, int64_t(double(*max_size) * double(new_shorter) / double(new_longer)));
      new_longer = *max_size;
    }
    out = h <= w ? Shape{new_shorter, new_longer} : Shape{new_longer, new_shorter};
  }
  if (out == Shape{h, w}) return image;
  constexpr const char* kModes[] = {"nearest", "nearest-exact", "bilinear", "bicubic"};
  const bool smooth = interpolation >= InterpolationMode::Bilinear;
  const Tensor batch = as_batch(image);
  InterpolateOptions options{.size = out, .mode = kModes[int(interpolation)], .antialias = smooth && antialias};
  if (smooth) options.align_corners = false;
  return as_before(narrowed(interpolate(smooth ? widened(batch) : batch, options), image.dtype()), image);
}

Tensor rotate(const Tensor& image, double angle, InterpolationMode interpolation, bool expand, std::optional<std::array<double, 2>> center,
              std::optional<double> fill) {
  no_grad guard;
  check_image("rotate", image);
  if (!std::isfinite(angle)) fail("rotate", "angle", "a finite number", std::to_string(angle));
  const Map map = inverse_affine(from_middle(image, center), -angle, {0, 0}, 1, {0, 0});
  std::array<int64_t, 2> size{image.size(-2), image.size(-1)};
  if (expand) size = expanded(map, double(size[1]), double(size[0]));
  return mapped(image, map, interpolation, size[0], size[1], fill);
}

Tensor affine(const Tensor& image, double angle, std::array<double, 2> translate, double scale, std::array<double, 2> shear,
              InterpolationMode interpolation, std::optional<double> fill, std::optional<std::array<double, 2>> center) {
  no_grad guard;
  check_image("affine", image);
  if (!(scale > 0)) fail("affine", "scale", "above 0", std::to_string(scale));
  if (!std::isfinite(angle + translate[0] + translate[1] + scale + shear[0] + shear[1])) fail("affine", "", "finite numbers", "others");
  return mapped(image, inverse_affine(from_middle(image, center), angle, translate, scale, shear), interpolation, image.size(-2), image.size(-1),
                fill);
}

Tensor erase(const Tensor& image, int64_t top, int64_t left, int64_t height, int64_t width, const Tensor& value) {
  no_grad guard;
  check_image("erase", image);
  if (top < 0 || left < 0 || height < 0 || width < 0 || height > image.size(-2) - top || width > image.size(-1) - left)
    fail(ErrorKind::Index, "erase", "", "a rectangle within " + to_string(image.sizes()),
         std::to_string(height) + " by " + std::to_string(width) + " at " + std::to_string(top) + ", " + std::to_string(left));
  Tensor out = image.clone();
  out.narrow(-2, top, height).narrow(-1, left, width).copy_(value);
  return out;
}

}  // namespace functional
}  // namespace lazuli::data::transforms
