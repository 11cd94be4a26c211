#pragma once
#include "lazuli/core/tensor.h"
#include "lazuli/training/canvas.h"

namespace lazuli::training {

/// Images in rows of `columns`, each pixel `scale` by `scale`: gray ones [n, h, w] or [n, 1, h, w], or red, green and blue [n, 3, h, w]; floating point from 0 to 1, or bytes.
/// Throws Error for other sizes.
Canvas image_sheet(const Tensor& images, int64_t columns, int scale = 2);
/// The same as a PNG file. Throws Error as Canvas::write does.
void write_image_sheet(const Tensor& images, int64_t columns, const std::string& path, int scale = 2);

/// One image, [h, w], [1, h, w] or [3, h, w], pixel by pixel.
Canvas image_canvas(const Tensor& image);

}  // namespace lazuli::training
