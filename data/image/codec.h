#pragma once
#include <span>
#include <string>

#include "lazuli/data/image/image.h"

/// What the formats share: pixels in rows of interleaved channels, before and after.
namespace lazuli::image {

/// How many channels a mode has; those of the file where it is Unchanged.
int64_t channels_of(ImageReadMode mode, int64_t in_file);
/// Throws Error (File) for no pixels, and for more than 2^25 of them that are also more than 16 a byte of the file.
void check_size(const char* format, int64_t height, int64_t width, size_t bytes);
/// [height, width, channels] as [channels, height, width].
Tensor planes(const Tensor& pixels);
/// The reverse, of a checked image with `most` channels at the most.
Tensor interleaved(const char* op, const Tensor& image, int64_t most);
/// Of interleaved pixels, those of the mode: gray by the weights of Rec. 601.
Tensor converted(const Tensor& pixels, ImageReadMode mode);
[[noreturn]] void corrupt(const std::string& expected, const std::string& got);
[[noreturn]] void fail_without(const char* op, const char* library);

// Each gives interleaved pixels [height, width, channels].
Tensor decode_png(std::span<const char> bytes, ImageReadMode mode);
Tensor decode_jpeg(std::span<const char> bytes, ImageReadMode mode);
Tensor decode_pnm(std::span<const char> bytes, ImageReadMode mode);

}  // namespace lazuli::image
