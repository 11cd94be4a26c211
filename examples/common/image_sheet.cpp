#include "image_sheet.h"

#include <algorithm>
#include <cmath>

#include "canvas.h"
#include "lazuli/lazuli.h"

using namespace lazuli;

namespace examples {

void write_image_sheet(const Tensor& images, int64_t columns, const std::string& path, int scale) {
  constexpr int kGap = 4;
  const int height = int(images.size(-2)), width = int(images.size(-1)), count = int(images.numel() / (height * width));
  const int rows = int((count + columns - 1) / columns), step_x = width * scale + kGap, step_y = height * scale + kGap;
  const std::vector<double> pixels = images.to_vector<double>();
  Canvas canvas(int(columns) * step_x + kGap, rows * step_y + kGap, kGrid);
  for (int i = 0; i < count; ++i)
    for (int y = 0; y < height * scale; ++y)
      for (int x = 0; x < width * scale; ++x) {
        const double value = pixels[size_t((i * height + y / scale) * width + x / scale)];
        const uint8_t gray = uint8_t(std::lround(255 * std::clamp(value, 0.0, 1.0)));
        canvas.dot(kGap + i % int(columns) * step_x + x, kGap + i / int(columns) * step_y + y, {gray, gray, gray});
      }
  canvas.write(path);
}

}  // namespace examples
