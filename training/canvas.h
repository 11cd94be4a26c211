#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lazuli::training {

struct Colour {
  uint8_t red, green, blue;
};
constexpr Colour kWhite{255, 255, 255}, kInk{40, 40, 48}, kGrid{226, 228, 232};

/// Pixels to draw on. What lies outside is left out.
class Canvas {
 public:
  Canvas(int width, int height, Colour background = kWhite);
  int width() const { return width_; }
  int height() const { return height_; }
  void dot(int x, int y, Colour c);
  void line(double x0, double y0, double x1, double y1, Colour c, int thickness = 1);
  void rectangle(int x, int y, int width, int height, Colour c);
  /// Letters (as small ones), digits and a few signs, 12 pixels each; others leave a gap.
  void text(int x, int y, const std::string& text, Colour c);
  static int text_width(const std::string& text) { return int(text.size()) * 12; }
  /// The bytes of a PNG file. Throws Error (NotSupported) where the build has no libpng.
  std::string png() const;
  /// The same into a file, all or nothing. Throws Error where it cannot be written.
  void write(const std::string& path) const;

 private:
  int width_, height_;
  std::vector<Colour> pixels_;
};

}  // namespace lazuli::training
