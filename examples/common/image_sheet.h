#pragma once
#include <string>

#include "lazuli/core/tensor.h"

namespace examples {

/// Draws gray images [n, h, w] or [n, 1, h, w], 0 black and 1 white, in rows of `columns`, each pixel `scale` by `scale`, into a PNG file. Throws Error as Canvas::write does.
void write_image_sheet(const lazuli::Tensor& images, int64_t columns, const std::string& path, int scale = 2);

}  // namespace examples
