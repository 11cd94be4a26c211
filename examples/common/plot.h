#pragma once
#include <string>
#include <vector>

namespace examples {

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

/// Draws panels side by side, each `width` pixels wide, into a PNG file. Throws Error where the build has no libpng, or the file cannot be written.
void plot(const std::vector<Panel>& panels, const std::string& path, int width = 440);

}  // namespace examples
