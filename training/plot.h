#pragma once
#include "lazuli/core/tensor.h"
#include "lazuli/training/canvas.h"

namespace lazuli::training {

/// Points at x = first, first + spacing, ... Those that are not finite are left out.
struct PlottedCurve {
  std::string name;
  std::vector<double> y;
  double first = 1, spacing = 1;
};
/// Curves over one axis, under a title, in small letters. `unit` stands behind the numbers of the y axis ("%").
struct Panel {
  std::string title, x_label;
  std::vector<PlottedCurve> curves;
  std::string unit = {};
};

/// Panels side by side, each `width` pixels wide.
Canvas plotted(const std::vector<Panel>& panels, int width = 440);
/// The same as a PNG file. Throws Error where the build has no libpng, or the file cannot be written.
void plot(const std::vector<Panel>& panels, const std::string& path, int width = 440);

/// A confusion matrix [n, n] of counts, rows the truth and columns what was said: each cell as dark as its share of its row, with its count where there is room.
/// `classes` are the names, or none. Throws Error for other sizes.
Canvas confusion_canvas(const Tensor& matrix, const std::vector<std::string>& classes = {});
void plot_confusion(const Tensor& matrix, const std::string& path, const std::vector<std::string>& classes = {});

}  // namespace lazuli::training
