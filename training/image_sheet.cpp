#include "lazuli/training/image_sheet.h"

#include <algorithm>
#include <cmath>

#include "lazuli/core/error.h"

namespace lazuli::training {

namespace {

void check_images(const char* op, const Tensor& images, int64_t first) {
  const bool good =
      images.defined() && (images.dim() == first + 2 || (images.dim() == first + 3 && (images.size(first) == 1 || images.size(first) == 3)));
  if (!good || images.numel() == 0)
    fail(op, "images", first ? "images [n, h, w], [n, 1, h, w] or [n, 3, h, w]" : "an image [h, w], [1, h, w] or [3, h, w]",
         images.defined() ? to_string(images.sizes()) : "an undefined tensor");
}

uint8_t level(double value) { return uint8_t(std::lround(255 * std::clamp(std::isnan(value) ? 0.0 : value, 0.0, 1.0))); }

// Images [n, c, h, w] of 1 or 3 channels.
void draw(Canvas& canvas, const Tensor& images, int columns, int scale, int gap) {
  const int count = int(images.size(0)), channels = int(images.size(1)), height = int(images.size(2)), width = int(images.size(3));
  const std::vector<double> pixels = images.to_vector<double>();
  const double unit = images.is_floating_point() ? 1 : 255;
  for (int i = 0; i < count; ++i)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        auto channel = [&](int c) { return level(pixels[size_t(((i * channels + c) * height + y) * width + x)] / unit); };
        const Colour colour = channels == 1 ? Colour{channel(0), channel(0), channel(0)} : Colour{channel(0), channel(1), channel(2)};
        canvas.rectangle(gap + i % columns * (width * scale + gap) + x * scale, gap + i / columns * (height * scale + gap) + y * scale, scale, scale,
                         colour);
      }
}

}  // namespace

Canvas image_sheet(const Tensor& images, int64_t columns, int scale) {
  check_images("image_sheet", images, 1);
  if (columns < 1) fail("image_sheet", "columns", "at least 1", std::to_string(columns));
  if (scale < 1) fail("image_sheet", "scale", "at least 1", std::to_string(scale));
  constexpr int kGap = 4;
  const Tensor shown = images.dim() == 3 ? images.unsqueeze(1) : images;
  const int64_t rows = (shown.size(0) + columns - 1) / columns;
  Canvas canvas(int(columns * (shown.size(3) * scale + kGap)) + kGap, int(rows * (shown.size(2) * scale + kGap)) + kGap, kGrid);
  draw(canvas, shown, int(columns), scale, kGap);
  return canvas;
}

void write_image_sheet(const Tensor& images, int64_t columns, const std::string& path, int scale) { image_sheet(images, columns, scale).write(path); }

Canvas image_canvas(const Tensor& image) {
  check_images("image_canvas", image, 0);
  const Tensor shown = (image.dim() == 2 ? image.unsqueeze(0) : image).unsqueeze(0);
  Canvas canvas(int(shown.size(3)), int(shown.size(2)));
  draw(canvas, shown, 1, 1, 0);
  return canvas;
}

}  // namespace lazuli::training
