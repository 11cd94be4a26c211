#pragma once
#include <span>
#include <string>

#include "lazuli/core/tensor.h"

/// Images in files as tensors of bytes [channels, height, width], as torchvision.io has them.
namespace lazuli {

/// What channels an image gets, whatever its file has: as many as there are, or 1, 2, 3 or 4.
enum class ImageReadMode : uint8_t { Unchanged, Gray, GrayAlpha, RGB, RGBA };

/// The image in these bytes, of the format that they begin with: PNG, JPEG, or binary PGM and PPM. 16 bits a channel become 8. Throws Error (File) for bytes that are cut short, corrupt, hostile
/// or of another format, and for an image of more than 2^25 pixels where it has more than 16 for each byte; (NotSupported) where the build has not the library of the format.
Tensor decode_image(std::span<const char> bytes, ImageReadMode mode = ImageReadMode::Unchanged);
/// The same of a file; errors name it.
Tensor read_image(const std::string& path, ImageReadMode mode = ImageReadMode::Unchanged);

/// A PNG file of bytes [1 to 4, height, width]. Throws Error for other tensors, (NotSupported) where the build has no libpng, and where the file cannot be written.
void write_png(const Tensor& image, const std::string& path);
/// A JPEG file of bytes [1 or 3, height, width], `quality` from 1 to 100.
void write_jpeg(const Tensor& image, const std::string& path, int quality = 75);
/// The same in memory, a uint8 tensor in one dimension.
Tensor encode_png(const Tensor& image);
Tensor encode_jpeg(const Tensor& image, int quality = 75);

}  // namespace lazuli
