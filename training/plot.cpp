#include "lazuli/training/plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "lazuli/core/error.h"

namespace lazuli::training {

namespace {

constexpr int kTop = 60, kHeight = 300, kLeftMargin = 90, kRightMargin = 60;
constexpr Colour kColours[] = {{38, 97, 156}, {214, 96, 36}, {44, 140, 80}, {140, 70, 150}};

struct Range {
  double low = INFINITY, high = -INFINITY;
  void add(double v) {
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  }
  double size() const { return high - low; }
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

void draw(Canvas& canvas, int left, int width, const Panel& panel) {
  Range x, y;
  for (const PlottedCurve& curve : panel.curves)
    for (size_t i = 0; i < curve.y.size(); ++i) {
      x.add(curve.first + curve.spacing * double(i));
      y.add(curve.y[i]);
    }
  if (!(x.low <= x.high)) x = {0, 1};
  if (!(y.low <= y.high)) y = {0, 1};
  if (x.size() == 0) x = {x.low - 0.5, x.high + 0.5};
  const double margin = std::max(y.size() * 0.08, 1e-6);
  y = {y.low - margin, y.high + margin};
  auto x_of = [&](double v) { return left + (v - x.low) / x.size() * width; };
  auto y_of = [&](double v) { return kTop + kHeight - (v - y.low) / y.size() * kHeight; };

  double step = tick_step(y.size());
  for (double v = std::ceil(y.low / step) * step; v <= y.high; v += step) {
    std::string text = label(v, step) + panel.unit;
    canvas.line(left, y_of(v), left + width, y_of(v), kGrid);
    canvas.text(left - 8 - Canvas::text_width(text), int(y_of(v)) - 7, text, kInk);
  }
  step = std::max(1.0, tick_step(x.size()));
  for (double v = std::ceil(x.low / step) * step; v <= x.high; v += step) {
    std::string text = label(v, 1);
    canvas.line(x_of(v), kTop + kHeight, x_of(v), kTop + kHeight + 6, kInk);
    canvas.text(int(x_of(v)) - Canvas::text_width(text) / 2, kTop + kHeight + 10, text, kInk);
  }
  canvas.line(left, kTop, left, kTop + kHeight, kInk);
  canvas.line(left, kTop + kHeight, left + width, kTop + kHeight, kInk);
  canvas.text(left, 24, panel.title, kInk);
  canvas.text(left + (width - Canvas::text_width(panel.x_label)) / 2, kTop + kHeight + 32, panel.x_label, kInk);
  int name_at = left + width;
  for (size_t k = panel.curves.size(); k-- > 0;) {
    const PlottedCurve& curve = panel.curves[k];
    const Colour colour = kColours[k % std::size(kColours)];
    name_at -= Canvas::text_width(curve.name);
    canvas.text(name_at, 24, curve.name, colour);
    name_at -= 24;
    const bool dots = curve.y.size() <= 60;
    for (size_t i = 0; i < curve.y.size(); ++i) {
      if (!std::isfinite(curve.y[i])) continue;
      const double x_here = x_of(curve.first + curve.spacing * double(i)), y_here = y_of(curve.y[i]);
      for (int d = -2; d <= 2 && dots; ++d) canvas.line(x_here - 2, y_here + d, x_here + 2, y_here + d, colour);
      if (i && std::isfinite(curve.y[i - 1]))
        canvas.line(x_of(curve.first + curve.spacing * double(i - 1)), y_of(curve.y[i - 1]), x_here, y_here, colour, 2);
    }
  }
}

}  // namespace

Canvas plotted(const std::vector<Panel>& panels, int width) {
  const int step = kLeftMargin + width + kRightMargin;
  Canvas canvas(step * int(panels.size()), kTop + kHeight + kRightMargin);
  for (size_t i = 0; i < panels.size(); ++i) draw(canvas, int(i) * step + kLeftMargin, width, panels[i]);
  return canvas;
}

void plot(const std::vector<Panel>& panels, const std::string& path, int width) { plotted(panels, width).write(path); }

Canvas confusion_canvas(const Tensor& matrix, const std::vector<std::string>& classes) {
  if (!matrix.defined() || matrix.dim() != 2 || matrix.size(0) != matrix.size(1) || matrix.numel() == 0)
    fail("plot_confusion", "matrix", "a square matrix", matrix.defined() ? to_string(matrix.sizes()) : "an undefined tensor");
  const int n = int(matrix.size(0));
  if (!classes.empty() && int(classes.size()) != n) fail("plot_confusion", "classes", std::to_string(n) + " names", std::to_string(classes.size()));
  auto name = [&](int i) { return classes.empty() ? std::to_string(i) : classes[size_t(i)]; };
  int longest = 1;
  for (int i = 0; i < n; ++i) longest = std::max(longest, int(name(i).size()));
  const std::vector<double> counts = matrix.to_vector<double>();
  const double most = *std::max_element(counts.begin(), counts.end());
  const int cell = n > 40 ? 12 : std::max(24, 12 * int(std::to_string(int64_t(most)).size()) + 8), left = 12 * longest + 40;
  // Names above the columns are as wide as cells, so they are numbers where they would not fit.
  const bool numbered = 12 * longest > cell;
  Canvas canvas(left + n * cell + 20, 60 + n * cell + 20);
  canvas.text(12, 10, "truth down   said across", kInk);
  for (int row = 0; row < n; ++row) {
    double total = 0;
    for (int column = 0; column < n; ++column) total += counts[size_t(row * n + column)];
    if (cell > 12) canvas.text(left - 10 - Canvas::text_width(name(row)), 60 + row * cell + cell / 2 - 7, name(row), kInk);
    const std::string above = numbered ? std::to_string(row) : name(row);
    if (cell > 12) canvas.text(left + row * cell + (cell - Canvas::text_width(above)) / 2, 38, above, kInk);
    for (int column = 0; column < n; ++column) {
      const double count = counts[size_t(row * n + column)], share = total > 0 ? count / total : 0;
      auto mix = [&](int dark) { return uint8_t(std::lround(255 + share * (dark - 255))); };
      const Colour shade = row == column ? Colour{mix(38), mix(97), mix(156)} : Colour{mix(200), mix(70), mix(30)};
      canvas.rectangle(left + column * cell, 60 + row * cell, cell - 1, cell - 1, shade);
      const std::string text = std::to_string(int64_t(count));
      if (count != 0 && Canvas::text_width(text) < cell)
        canvas.text(left + column * cell + (cell - Canvas::text_width(text)) / 2, 60 + row * cell + cell / 2 - 7, text, share > 0.5 ? kWhite : kInk);
    }
  }
  return canvas;
}

void plot_confusion(const Tensor& matrix, const std::string& path, const std::vector<std::string>& classes) {
  confusion_canvas(matrix, classes).write(path);
}

}  // namespace lazuli::training
