#include "plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "lazuli/core/file.h"

#if LAZULI_HAVE_PNG
#include <png.h>
#endif

using namespace lazuli;

#if LAZULI_HAVE_PNG
namespace {

struct Colour {
  uint8_t red, green, blue;
};
constexpr Colour kWhite{255, 255, 255}, kInk{40, 40, 48}, kGrid{226, 228, 232}, kTrain{38, 97, 156}, kTest{214, 96, 36};

// Five columns by seven rows, the leftmost column in the highest of five bits.
struct Glyph {
  char character;
  std::array<uint8_t, 7> rows;
};
constexpr Glyph kFont[] = {
    {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},    {'2', {14, 17, 1, 2, 4, 8, 31}},   {'3', {31, 2, 4, 2, 1, 17, 14}},
    {'4', {2, 6, 10, 18, 31, 2, 2}},     {'5', {31, 16, 30, 1, 1, 17, 14}}, {'6', {6, 8, 16, 30, 17, 17, 14}}, {'7', {31, 1, 2, 4, 8, 8, 8}},
    {'8', {14, 17, 17, 14, 17, 17, 14}}, {'9', {14, 17, 17, 15, 1, 2, 12}}, {'.', {0, 0, 0, 0, 0, 12, 12}},    {'%', {24, 25, 2, 4, 8, 19, 3}},
    {'-', {0, 0, 0, 31, 0, 0, 0}},       {'a', {0, 0, 14, 1, 15, 17, 15}},  {'c', {0, 0, 14, 16, 16, 17, 14}}, {'e', {0, 0, 14, 17, 31, 16, 14}},
    {'h', {16, 16, 22, 25, 17, 17, 17}}, {'i', {4, 0, 12, 4, 4, 4, 14}},    {'l', {12, 4, 4, 4, 4, 4, 14}},    {'n', {0, 0, 22, 25, 17, 17, 17}},
    {'o', {0, 0, 14, 17, 17, 17, 14}},   {'p', {0, 0, 30, 17, 30, 16, 16}}, {'r', {0, 0, 22, 25, 16, 16, 16}}, {'s', {0, 0, 14, 16, 14, 1, 30}},
    {'t', {8, 8, 28, 8, 8, 9, 6}},       {'u', {0, 0, 17, 17, 17, 19, 13}}, {'y', {0, 0, 17, 17, 15, 1, 14}},
};

class Canvas {
 public:
  Canvas(int width, int height) : width_(width), height_(height), pixels_(size_t(width * height), kWhite) {}

  void dot(int x, int y, Colour c) {
    if (x >= 0 && y >= 0 && x < width_ && y < height_) pixels_[size_t(y * width_ + x)] = c;
  }
  void line(double x0, double y0, double x1, double y1, Colour c, int thickness = 1) {
    int steps = int(std::max({std::fabs(x1 - x0), std::fabs(y1 - y0), 1.0}) * 2);
    for (int s = 0; s <= steps; ++s) {
      double t = double(s) / steps;
      for (int dx = 0; dx < thickness; ++dx)
        for (int dy = 0; dy < thickness; ++dy) dot(int(std::lround(x0 + (x1 - x0) * t)) + dx, int(std::lround(y0 + (y1 - y0) * t)) + dy, c);
    }
  }
  static int text_width(const std::string& text) { return int(text.size()) * 12; }
  void text(int x, int y, const std::string& text, Colour c) {
    for (char character : text) {
      for (const Glyph& glyph : kFont)
        if (glyph.character == character)
          for (int row = 0; row < 14; ++row)
            for (int column = 0; column < 10; ++column)
              if (glyph.rows[size_t(row / 2)] >> (4 - column / 2) & 1) dot(x + column, y + row, c);
      x += 12;
    }
  }
  void write(const std::string& path) const {
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    image.width = png_uint_32(width_);
    image.height = png_uint_32(height_);
    image.format = PNG_FORMAT_RGB;
    png_alloc_size_t size = 0;
    std::vector<char> bytes(PNG_IMAGE_PNG_SIZE_MAX(image));
    size = bytes.size();
    if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels_.data(), 0, nullptr))
      fail(ErrorKind::File, "plot", "path", "a picture that libpng can encode", image.message);
    files::write_file("plot", path, {{bytes.data(), size}});
  }

 private:
  int width_, height_;
  std::vector<Colour> pixels_;
};

/// Round steps (1, 2 or 5 times a power of ten) that cut the range into at most five parts.
double tick_step(double range) {
  double rough = range / 5, power = std::pow(10, std::floor(std::log10(rough)));
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

std::string label(double value, double step) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.*f", std::max(0, int(-std::floor(std::log10(step) + 1e-9))), value);
  return text;
}

void panel(Canvas& canvas, int left, const char* title, const std::vector<double>& train, const std::vector<double>& test, const char* unit) {
  constexpr int kTop = 60, kWidth = 440, kHeight = 300;
  double low = INFINITY, high = -INFINITY;
  for (const auto* curve : {&train, &test})
    for (double v : *curve)
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  if (!(low <= high)) low = 0, high = 1;
  double margin = std::max((high - low) * 0.08, 1e-6);
  low -= margin, high += margin;
  auto x_of = [&](double epoch) { return left + (train.size() > 1 ? (epoch - 1) / double(train.size() - 1) * kWidth : kWidth / 2.0); };
  auto y_of = [&](double v) { return kTop + kHeight - (v - low) / (high - low) * kHeight; };

  double step = tick_step(high - low);
  for (double v = std::ceil(low / step) * step; v <= high; v += step) {
    std::string text = label(v, step) + unit;
    canvas.line(left, y_of(v), left + kWidth, y_of(v), kGrid);
    canvas.text(left - 8 - Canvas::text_width(text), int(y_of(v)) - 7, text, kInk);
  }
  double epoch_step = std::max(1.0, tick_step(double(train.size())));
  for (double e = train.size() > 1 ? epoch_step : 1; e <= double(train.size()); e += epoch_step) {
    std::string text = label(e, 1);
    canvas.line(x_of(e), kTop + kHeight, x_of(e), kTop + kHeight + 6, kInk);
    canvas.text(int(x_of(e)) - Canvas::text_width(text) / 2, kTop + kHeight + 10, text, kInk);
  }
  canvas.line(left, kTop, left, kTop + kHeight, kInk);
  canvas.line(left, kTop + kHeight, left + kWidth, kTop + kHeight, kInk);
  canvas.text(left, 24, title, kInk);
  canvas.text(left + kWidth - 140, 24, "train", kTrain);
  canvas.text(left + kWidth - 60, 24, "test", kTest);
  canvas.text(left + kWidth / 2 - 30, kTop + kHeight + 32, "epoch", kInk);
  auto draw = [&](const std::vector<double>& curve, Colour c) {
    for (size_t i = 0; i < curve.size(); ++i) {
      if (!std::isfinite(curve[i])) continue;
      double x = x_of(double(i + 1)), y = y_of(curve[i]);
      for (int d = -2; d <= 2; ++d) canvas.line(x - 2, y + d, x + 2, y + d, c);
      if (i && std::isfinite(curve[i - 1])) canvas.line(x_of(double(i)), y_of(curve[i - 1]), x, y, c, 2);
    }
  };
  draw(train, kTrain);
  draw(test, kTest);
}

}  // namespace

void plot(const std::vector<EpochResult>& history, const std::string& path) {
  std::vector<double> train_loss, test_loss, train_accuracy, test_accuracy;
  for (const EpochResult& e : history) {
    train_loss.push_back(e.train_loss);
    test_loss.push_back(e.test_loss);
    train_accuracy.push_back(100 * e.train_accuracy);
    test_accuracy.push_back(100 * e.test_accuracy);
  }
  Canvas canvas(1160, 420);
  panel(canvas, 90, "loss", train_loss, test_loss, "");
  panel(canvas, 680, "accuracy", train_accuracy, test_accuracy, "%");
  canvas.write(path);
}

#else

void plot(const std::vector<EpochResult>&, const std::string&) { fail(ErrorKind::NotSupported, "plot", "", "a build with libpng", "one without"); }

#endif
