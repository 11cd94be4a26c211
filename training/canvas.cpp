#include "lazuli/training/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/core/file.h"

#if LAZULI_HAVE_PNG
#include <png.h>
#endif

namespace lazuli::training {

namespace {

// Five columns by seven rows, the leftmost column in the highest of five bits.
struct Glyph {
  char character;
  std::array<uint8_t, 7> rows;
};
constexpr Glyph kFont[] = {
    {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},    {'2', {14, 17, 1, 2, 4, 8, 31}},     {'3', {31, 2, 4, 2, 1, 17, 14}},
    {'4', {2, 6, 10, 18, 31, 2, 2}},     {'5', {31, 16, 30, 1, 1, 17, 14}}, {'6', {6, 8, 16, 30, 17, 17, 14}},   {'7', {31, 1, 2, 4, 8, 8, 8}},
    {'8', {14, 17, 17, 14, 17, 17, 14}}, {'9', {14, 17, 17, 15, 1, 2, 12}}, {'.', {0, 0, 0, 0, 0, 12, 12}},      {'%', {24, 25, 2, 4, 8, 19, 3}},
    {'-', {0, 0, 0, 31, 0, 0, 0}},       {'a', {0, 0, 14, 1, 15, 17, 15}},  {'b', {16, 16, 30, 17, 17, 17, 30}}, {'c', {0, 0, 14, 16, 16, 17, 14}},
    {'d', {1, 1, 15, 17, 17, 17, 15}},   {'e', {0, 0, 14, 17, 31, 16, 14}}, {'f', {6, 9, 8, 28, 8, 8, 8}},       {'g', {0, 0, 15, 17, 15, 1, 14}},
    {'h', {16, 16, 22, 25, 17, 17, 17}}, {'i', {4, 0, 12, 4, 4, 4, 14}},    {'j', {2, 0, 6, 2, 2, 18, 12}},      {'k', {16, 16, 18, 20, 24, 20, 18}},
    {'l', {12, 4, 4, 4, 4, 4, 14}},      {'m', {0, 0, 26, 21, 21, 21, 21}}, {'n', {0, 0, 22, 25, 17, 17, 17}},   {'o', {0, 0, 14, 17, 17, 17, 14}},
    {'p', {0, 0, 30, 17, 30, 16, 16}},   {'q', {0, 0, 15, 17, 15, 1, 1}},   {'r', {0, 0, 22, 25, 16, 16, 16}},   {'s', {0, 0, 14, 16, 14, 1, 30}},
    {'t', {8, 8, 28, 8, 8, 9, 6}},       {'u', {0, 0, 17, 17, 17, 19, 13}}, {'v', {0, 0, 17, 17, 17, 10, 4}},    {'w', {0, 0, 17, 17, 21, 21, 10}},
    {'x', {0, 0, 17, 10, 4, 10, 17}},    {'y', {0, 0, 17, 17, 15, 1, 14}},  {'z', {0, 0, 31, 2, 4, 8, 31}},
};

}  // namespace

Canvas::Canvas(int width, int height, Colour background) : width_(width), height_(height), pixels_(size_t(width) * size_t(height), background) {}

void Canvas::dot(int x, int y, Colour c) {
  if (x >= 0 && y >= 0 && x < width_ && y < height_) pixels_[size_t(y) * size_t(width_) + size_t(x)] = c;
}

void Canvas::line(double x0, double y0, double x1, double y1, Colour c, int thickness) {
  int steps = int(std::max({std::fabs(x1 - x0), std::fabs(y1 - y0), 1.0}) * 2);
  for (int s = 0; s <= steps; ++s) {
    double t = double(s) / steps;
    for (int dx = 0; dx < thickness; ++dx)
      for (int dy = 0; dy < thickness; ++dy) dot(int(std::lround(x0 + (x1 - x0) * t)) + dx, int(std::lround(y0 + (y1 - y0) * t)) + dy, c);
  }
}

void Canvas::rectangle(int x, int y, int width, int height, Colour c) {
  for (int row = y; row < y + height; ++row)
    for (int column = x; column < x + width; ++column) dot(column, row, c);
}

void Canvas::text(int x, int y, const std::string& text, Colour c) {
  for (char character : text) {
    if (character >= 'A' && character <= 'Z') character = char(character - 'A' + 'a');
    for (const Glyph& glyph : kFont)
      if (glyph.character == character)
        for (int row = 0; row < 14; ++row)
          for (int column = 0; column < 10; ++column)
            if (glyph.rows[size_t(row / 2)] >> (4 - column / 2) & 1) dot(x + column, y + row, c);
    x += 12;
  }
}

void Canvas::write(const std::string& path) const {
  const std::string bytes = png();
  files::write_file("plot", path, {{bytes.data(), bytes.size()}});
}

#if LAZULI_HAVE_PNG

std::string Canvas::png() const {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = png_uint_32(width_);
  image.height = png_uint_32(height_);
  image.format = PNG_FORMAT_RGB;
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = bytes.size();
  if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels_.data(), 0, nullptr))
    fail(ErrorKind::File, "plot", "", "a picture that libpng can encode", image.message);
  bytes.resize(size);
  return bytes;
}

#else

std::string Canvas::png() const { fail(ErrorKind::NotSupported, "plot", "", "a build with libpng", "one without"); }

#endif

}  // namespace lazuli::training
