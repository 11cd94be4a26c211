#include <memory>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/data/image/codec.h"

#if LAZULI_HAVE_JPEG

#include <turbojpeg.h>

namespace lazuli {
namespace image {
namespace {

using Handle = std::unique_ptr<void, int (*)(tjhandle)>;

Handle opened(tjhandle handle) {
  if (!handle) fail(ErrorKind::Memory, "decode_image", "", "memory for libjpeg-turbo", tjGetErrorStr2(nullptr));
  return {handle, tjDestroy};
}

}  // namespace

Tensor decode_jpeg(std::span<const char> bytes, ImageReadMode mode) {
  const Handle jpeg = opened(tjInitDecompress());
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0, height = 0, sampling = 0, space = 0;
  if (tjDecompressHeader3(jpeg.get(), data, bytes.size(), &width, &height, &sampling, &space) != 0)
    corrupt("a whole JPEG image", tjGetErrorStr2(jpeg.get()));
  check_size("JPEG", height, width, bytes.size());
  if (space == TJCS_CMYK || space == TJCS_YCCK) corrupt("a JPEG image of gray or RGB", "one of CMYK, for printers");
  const bool gray = space == TJCS_GRAY || mode == ImageReadMode::Gray || mode == ImageReadMode::GrayAlpha;
  Tensor pixels = new_tensor({height, width, gray ? 1 : 3}, kUInt8);
  if (tjDecompress2(jpeg.get(), data, bytes.size(), static_cast<unsigned char*>(pixels.address()), width, 0, height, gray ? TJPF_GRAY : TJPF_RGB,
                    TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0)
    corrupt("a whole JPEG image", tjGetErrorStr2(jpeg.get()));
  return converted(pixels, mode);
}

}  // namespace image

Tensor encode_jpeg(const Tensor& image, int quality) {
  if (quality < 1 || quality > 100) fail("encode_jpeg", "quality", "a number from 1 to 100", std::to_string(quality));
  const Tensor pixels = image::interleaved("encode_jpeg", image, 3);
  const image::Handle jpeg = image::opened(tjInitCompress());
  unsigned char* made = nullptr;
  unsigned long size = 0;
  const bool gray = pixels.size(2) == 1;
  const int status = tjCompress2(jpeg.get(), static_cast<const unsigned char*>(pixels.address()), int(pixels.size(1)), 0, int(pixels.size(0)),
                                 gray ? TJPF_GRAY : TJPF_RGB, &made, &size, gray ? TJSAMP_GRAY : TJSAMP_420, quality, 0);
  const std::shared_ptr<void> owner(made, [](void* p) { tjFree(static_cast<unsigned char*>(p)); });
  if (status != 0) fail("encode_jpeg", "image", "an image that a JPEG file can hold", tjGetErrorStr2(jpeg.get()));
  return from_blob(made, {int64_t(size)}, kUInt8, owner);
}

}  // namespace lazuli

#else

namespace lazuli {
namespace image {
Tensor decode_jpeg(std::span<const char>, ImageReadMode) { fail_without("decode_image", "libjpeg-turbo"); }
}  // namespace image
Tensor encode_jpeg(const Tensor&, int) { image::fail_without("encode_jpeg", "libjpeg-turbo"); }
}  // namespace lazuli

#endif
