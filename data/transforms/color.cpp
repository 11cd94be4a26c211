#include <algorithm>
#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/data/transforms/checks.h"
#include "lazuli/ops/ops.h"

namespace lazuli::data::transforms::functional {

using namespace detail;

namespace {

void check_colors(const char* op, const Tensor& image) {
  check_image(op, image, 3);
  if (image.size(-3) != 1 && image.size(-3) != 3) fail(op, "image", "an image of 1 or 3 channels", "sizes " + to_string(image.sizes()));
  if (image.dtype() != kUInt8 && !image.is_floating_point())
    fail(ErrorKind::Type, op, "image", "an image of uint8 or floating point", name(image.dtype()));
}
void check_factor(const char* op, double factor) {
  if (!(factor >= 0 && factor < 1e30)) fail(op, "factor", "at least 0", std::to_string(factor));
}

// factor * image + (1 - factor) * other, within the range of the dtype; bytes are cut, not rounded.
Tensor blended(const Tensor& image, const Tensor& other, double factor) {
  Tensor out = widened(image) * factor;
  if (other.defined()) out.add_(other, 1 - factor);
  return out.clamp_(0, image.is_floating_point() ? 1 : 255).to(image.dtype());
}
// The gray of an image as it stands in its dtype, in the dtype that is computed with.
Tensor gray_of(const Tensor& image) { return widened(image.size(-3) == 3 ? rgb_to_grayscale(image) : image); }

// One pixel's hue moved, through HSV: https://en.wikipedia.org/wiki/HSL_and_HSV.
template <class T>
void move_hue(T& r, T& g, T& b, T factor) {
  const T most = std::max({r, g, b}), least = std::min({r, g, b}), range = most - least;
  if (range == 0) return;  // gray has no hue
  const T saturation = range / most, rc = (most - r) / range, gc = (most - g) / range, bc = (most - b) / range;
  T hue = most == r ? bc - gc : most == g ? 2 + rc - bc : 4 + gc - rc;
  hue = hue / 6 + 1 + factor;
  hue -= std::floor(hue);
  const T sector = std::floor(hue * 6), f = hue * 6 - sector;
  const auto part = [&](T x) { return std::clamp<T>(most * (1 - x), 0, 1); };
  const T p = part(saturation), q = part(saturation * f), t = part(saturation * (1 - f));
  switch (int(sector) % 6) {
    case 0: r = most, g = t, b = p; break;
    case 1: r = q, g = most, b = p; break;
    case 2: r = p, g = most, b = t; break;
    case 3: r = p, g = q, b = most; break;
    case 4: r = t, g = p, b = most; break;
    default: r = most, g = p, b = q;
  }
}
template <class T>
void move_hues(Tensor& images, double factor) {
  const int64_t pixels = images.size(-1) * images.size(-2);
  T* at = static_cast<T*>(images.address());
  for (int64_t image = images.numel() / (3 * pixels); image > 0; --image, at += 3 * pixels)
    for (int64_t p = 0; p < pixels; ++p) move_hue(at[p], at[p + pixels], at[p + 2 * pixels], T(factor));
}

}  // namespace

Tensor adjust_brightness(const Tensor& image, double factor) {
  no_grad guard;
  check_colors("adjust_brightness", image);
  check_factor("adjust_brightness", factor);
  return blended(image, {}, factor);
}
Tensor adjust_contrast(const Tensor& image, double factor) {
  no_grad guard;
  check_colors("adjust_contrast", image);
  check_factor("adjust_contrast", factor);
  return blended(image, mean(gray_of(image), Shape{-3, -2, -1}, true), factor);
}
Tensor adjust_saturation(const Tensor& image, double factor) {
  no_grad guard;
  check_colors("adjust_saturation", image);
  check_factor("adjust_saturation", factor);
  return image.size(-3) == 1 ? image : blended(image, gray_of(image), factor);
}
Tensor adjust_hue(const Tensor& image, double factor) {
  no_grad guard;
  check_colors("adjust_hue", image);
  if (!(factor >= -0.5 && factor <= 0.5)) fail("adjust_hue", "factor", "a number in [-0.5, 0.5]", std::to_string(factor));
  if (image.size(-3) == 1) return image;
  Tensor out = widened(image).to(kCPU).contiguous();
  out = image.is_floating_point() ? (out.is_same(image) || out.storage() == image.storage() ? out.clone() : out) : out / 255;
  if (out.dtype() == kFloat64) move_hues<double>(out, factor);
  else move_hues<float>(out, factor);
  return convert_image_dtype(out, image.dtype()).to(image.device());
}

Tensor rgb_to_grayscale(const Tensor& image, int64_t num_output_channels) {
  no_grad guard;
  check_colors("rgb_to_grayscale", image);
  if (num_output_channels != 1 && num_output_channels != 3)
    fail("rgb_to_grayscale", "num_output_channels", "1 or 3", std::to_string(num_output_channels));
  Tensor gray = image;
  if (image.size(-3) == 3) {
    const auto channel = [&](int64_t c) { return widened(image.narrow(-3, c, 1)); };
    gray = (channel(0) * 0.2989).add_(channel(1), 0.587).add_(channel(2), 0.114).to(image.dtype());
  }
  if (num_output_channels == 1) return gray;
  Shape sizes = image.sizes();
  sizes[-3] = 3;
  return gray.expand(sizes);
}

Tensor invert(const Tensor& image) {
  no_grad guard;
  check_image("invert", image);
  if (image.dtype() != kUInt8 && !image.is_floating_point())
    fail(ErrorKind::Type, "invert", "image", "an image of uint8 or floating point", name(image.dtype()));
  return image.is_floating_point() ? 1 - image : 255 - image;
}

Tensor normalize(const Tensor& image, const std::vector<double>& mean, const std::vector<double>& std) {
  no_grad guard;
  check_image("normalize", image, 3);
  if (!image.is_floating_point()) fail(ErrorKind::Type, "normalize", "image", "floating point (convert_image_dtype makes it)", name(image.dtype()));
  const auto column = [&](const char* argument, const std::vector<double>& values) {
    if (values.size() != 1 && int64_t(values.size()) != image.size(-3))
      fail("normalize", argument, "one number, or one for each of " + std::to_string(image.size(-3)) + " channels", std::to_string(values.size()));
    return tensor(values, kFloat64).to(wide(image.dtype())).to(image.device()).view({-1, 1, 1});
  };
  for (double s : std)
    if (!(std::abs(s) > 0)) fail("normalize", "std", "numbers other than 0", std::to_string(s));
  return ((widened(image) - column("mean", mean)) / column("std", std)).to(image.dtype());
}

Tensor convert_image_dtype(const Tensor& image, DType dtype) {
  no_grad guard;
  check_image("convert_image_dtype", image);
  const DType from = image.dtype();
  if (from == dtype) return image;
  const auto most = [](DType d) -> double {
    if (d == kUInt8) return 255;
    if (d == kInt8) return 127;
    if (d == kInt16) return 32767;
    if (d == kInt32) return 2147483647;
    if (d == kBool) return 1;
    return 9223372036854775807.0;
  };
  if (is_complex(dtype)) fail(ErrorKind::Type, "convert_image_dtype", "dtype", "a real dtype", name(dtype));
  if (image.is_floating_point()) {
    if (is_floating_point(dtype)) return image.to(dtype);
    if ((from == kFloat32 && (dtype == kInt32 || dtype == kInt64)) || (from == kFloat64 && dtype == kInt64))
      fail(ErrorKind::Type, "convert_image_dtype", "dtype", std::string("integers that ") + std::string(name(from)) + " holds exactly", name(dtype));
    return (widened(image) * (most(dtype) + 1 - 1e-3)).to(dtype);
  }
  if (is_floating_point(dtype)) return (image.to(wide(dtype)) / most(from)).to(dtype);
  const double ratio = (most(from) + 1) / (most(dtype) + 1);
  if (ratio >= 1) return floor_divide(image, Scalar(int64_t(ratio))).to(dtype);
  return image.to(dtype) * int64_t(1 / ratio);
}

}  // namespace lazuli::data::transforms::functional
