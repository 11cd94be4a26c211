#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/data/image/codec.h"

#if LAZULI_HAVE_PNG

#include <png.h>

namespace lazuli {
namespace image {
namespace {

struct Png : png_image {
  Png() : png_image() { version = PNG_IMAGE_VERSION; }
  ~Png() { png_image_free(this); }
};

png_uint_32 format_of(int64_t channels) {
  constexpr png_uint_32 kFormats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
  return kFormats[channels - 1];
}

}  // namespace

Tensor decode_png(std::span<const char> bytes, ImageReadMode mode) {
  Png png;
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size())) corrupt("a whole PNG image", png.message);
  check_size("PNG", png.height, png.width, bytes.size());
  // A pixel takes a bit at least, and deflate shrinks data no further than 1032 times.
  if (int64_t(png.height) * int64_t(png.width) / 8 > int64_t(bytes.size()) * 1032)
    corrupt("as many pixels as " + std::to_string(bytes.size()) + " bytes can hold", std::to_string(png.width) + " by " + std::to_string(png.height));
  const bool color = png.format & PNG_FORMAT_FLAG_COLOR, alpha = png.format & PNG_FORMAT_FLAG_ALPHA;
  const int64_t in_file = (color ? 3 : 1) + alpha;
  // Alpha is read and dropped: libpng would blend the image with a background else. Gray of colours is made here, without libpng's gamma.
  png.format = format_of(in_file);
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // 16 bits without a gamma are as 8 bits are
  Tensor pixels = new_tensor({int64_t(png.height), int64_t(png.width), in_file}, kUInt8);
  if (!png_image_finish_read(&png, nullptr, pixels.address(), 0, nullptr)) corrupt("a whole PNG image", png.message);
  return converted(pixels, mode);
}

}  // namespace image

Tensor encode_png(const Tensor& image) {
  const Tensor pixels = image::interleaved("encode_png", image, 4);
  image::Png png;
  png.height = png_uint_32(pixels.size(0));
  png.width = png_uint_32(pixels.size(1));
  png.format = image::format_of(pixels.size(2));
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  Tensor bytes = new_tensor({int64_t(size)}, kUInt8);
  if (!png_image_write_to_memory(&png, bytes.address(), &size, 0, pixels.address(), 0, nullptr))
    fail("encode_png", "image", "an image that a PNG file can hold", png.message);
  return bytes.narrow(0, 0, int64_t(size)).clone();
}

}  // namespace lazuli

#else

namespace lazuli {
namespace image {
Tensor decode_png(std::span<const char>, ImageReadMode) { fail_without("decode_image", "libpng"); }
}  // namespace image
Tensor encode_png(const Tensor&) { image::fail_without("encode_png", "libpng"); }
}  // namespace lazuli

#endif
