#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "lazuli/core/tensor.h"

/// Images [.., channels, height, width], of bytes or floating point, cut, moved, resized and coloured: torchvision.transforms.functional on tensors. Nothing is recorded for gradients. What is
/// computed in between is float32 (float64 for such images), and bytes are rounded back. Each throws Error for an image of fewer than two dimensions (colours: than three).
namespace lazuli::data::transforms {

enum class InterpolationMode : uint8_t { Nearest, NearestExact, Bilinear, Bicubic };

namespace functional {

/// `height` by `width` from row `top` and column `left` on; what lies outside of the image is 0.
Tensor crop(const Tensor& image, int64_t top, int64_t left, int64_t height, int64_t width);
/// From the middle. Sizes are {height, width}, or one for both.
Tensor center_crop(const Tensor& image, const Shape& output_size);
Tensor resized_crop(const Tensor& image, int64_t top, int64_t left, int64_t height, int64_t width, const Shape& size,
                    InterpolationMode interpolation = InterpolationMode::Bilinear, bool antialias = true);
Tensor hflip(const Tensor& image);
Tensor vflip(const Tensor& image);
/// `padding`: one number, {horizontal, vertical} or {left, top, right, bottom}; negative ones crop where the mode is "constant". Modes: "constant", "edge", "reflect" (without the outermost
/// pixels) and "symmetric" (with them).
Tensor pad(const Tensor& image, const Shape& padding, double fill = 0, std::string_view padding_mode = "constant");
/// To {height, width}, or with the shorter edge of the one size given and the longer one in proportion (at most `max_size`).
Tensor resize(const Tensor& image, const Shape& size, InterpolationMode interpolation = InterpolationMode::Bilinear,
              std::optional<int64_t> max_size = {}, bool antialias = true);
/// By `angle` degrees counter-clockwise about `center` ({x, y} from the upper left corner; else the middle); with `expand` the output holds the whole turned image. What lies outside is 0, or
/// `fill`, into which the edges then fade.
Tensor rotate(const Tensor& image, double angle, InterpolationMode interpolation = InterpolationMode::Nearest, bool expand = false,
              std::optional<std::array<double, 2>> center = {}, std::optional<double> fill = {});
/// Turned by `angle` degrees clockwise, made larger by `scale`, sheared by `shear` degrees along x and y, and moved by `translate` pixels.
Tensor affine(const Tensor& image, double angle, std::array<double, 2> translate, double scale, std::array<double, 2> shear,
              InterpolationMode interpolation = InterpolationMode::Nearest, std::optional<double> fill = {},
              std::optional<std::array<double, 2>> center = {});
/// Sets a rectangle to `value`, which is broadcast.
Tensor erase(const Tensor& image, int64_t top, int64_t left, int64_t height, int64_t width, const Tensor& value);

// Colours: of images of 1 or 3 channels, from 0 to 1 in floating point.
/// image * factor; clamped, as the next ones are.
Tensor adjust_brightness(const Tensor& image, double factor);
/// Between the mean of its gray (0), itself (1), and beyond.
Tensor adjust_contrast(const Tensor& image, double factor);
/// Between its gray (0), itself (1), and beyond.
Tensor adjust_saturation(const Tensor& image, double factor);
/// The hue moved along the circle by `factor` turns, from -0.5 to 0.5.
Tensor adjust_hue(const Tensor& image, double factor);
/// 0.2989 red + 0.587 green + 0.114 blue, in 1 or 3 like channels.
Tensor rgb_to_grayscale(const Tensor& image, int64_t num_output_channels = 1);
Tensor invert(const Tensor& image);
/// (image - mean) / std for each channel, or with one number for all. Throws Error for bytes and for a std of 0.
Tensor normalize(const Tensor& image, const std::vector<double>& mean, const std::vector<double>& std);
/// Between dtypes, 1 in floating point being the largest number of the integers.
Tensor convert_image_dtype(const Tensor& image, DType dtype = kFloat32);

}  // namespace functional
}  // namespace lazuli::data::transforms
