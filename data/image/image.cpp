#include "lazuli/data/image/image.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"
#include "lazuli/data/image/codec.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli {
namespace image {

int64_t channels_of(ImageReadMode mode, int64_t in_file) { return mode == ImageReadMode::Unchanged ? in_file : int64_t(mode); }

void corrupt(const std::string& expected, const std::string& got) { fail(ErrorKind::File, "decode_image", "bytes", expected, got); }
void fail_without(const char* op, const char* library) {
  fail(ErrorKind::NotSupported, op, "", std::string("a build of Lazuli with ") + library, "one without");
}

void check_size(const char* format, int64_t height, int64_t width, size_t bytes) {
  const int64_t most = std::max(int64_t(1) << 25, int64_t(bytes) * 16);
  if (height < 1 || width < 1 || height > most / width)
    corrupt(std::string("a ") + format + " image of 1 to " + std::to_string(most) + " pixels",
            std::to_string(width) + " by " + std::to_string(height));
}

Tensor planes(const Tensor& pixels) {
  no_grad guard;
  return pixels.permute({2, 0, 1}).contiguous();
}

Tensor interleaved(const char* op, const Tensor& image, int64_t most) {
  no_grad guard;
  if (!image.defined()) fail_undefined(op, "image");
  const bool known = image.dim() == 3 && (image.size(0) == 1 || image.size(0) == 3 || (most == 4 && (image.size(0) == 2 || image.size(0) == 4)));
  if (!known || image.dtype() != kUInt8 || image.numel() == 0)
    fail(ErrorKind::Type, op, "image", most == 4 ? "uint8 of sizes [1 to 4, height, width]" : "uint8 of sizes [1 or 3, height, width]",
         std::string(name(image.dtype())) + " of sizes " + to_string(image.sizes()));
  return image.to(kCPU).permute({1, 2, 0}).contiguous();
}

Tensor converted(const Tensor& pixels, ImageReadMode mode) {
  const int64_t from = pixels.size(2), to = channels_of(mode, from), count = pixels.size(0) * pixels.size(1);
  if (from == to) return pixels;
  Tensor out = new_tensor({pixels.size(0), pixels.size(1), to}, kUInt8);
  const auto* in = static_cast<const uint8_t*>(pixels.address());
  auto* at = static_cast<uint8_t*>(out.address());
  for (int64_t p = 0; p < count; ++p, in += from, at += to) {
    const bool color = from > 2;
    if (to < 3) at[0] = color ? uint8_t((19595 * in[0] + 38470 * in[1] + 7471 * in[2] + 32768) >> 16) : in[0];
    else
      for (int c = 0; c < 3; ++c) at[c] = color ? in[c] : in[0];
    if (to % 2 == 0) at[to - 1] = from % 2 == 0 ? in[from - 1] : 255;
  }
  return out;
}

// "P5 width height most" and the bytes.
Tensor decode_pnm(std::span<const char> bytes, ImageReadMode mode) {
  size_t at = 2;
  const auto number = [&] {
    while (at < bytes.size() && (std::isspace(uint8_t(bytes[at])) || bytes[at] == '#'))
      if (bytes[at++] == '#')
        while (at < bytes.size() && bytes[at] != '\n') ++at;
    int64_t value = 0;
    const size_t begin = at;
    for (; at < bytes.size() && at - begin < 9 && std::isdigit(uint8_t(bytes[at])); ++at) value = value * 10 + (bytes[at] - '0');
    if (at == begin) corrupt("a number in the header of a PNM image", "none");
    return value;
  };
  const int64_t channels = bytes[1] == '6' ? 3 : 1, width = number(), height = number(), most = number();
  check_size("PNM", height, width, bytes.size());
  if (most != 255) corrupt("a PNM image of 255 as its most", std::to_string(most));
  const int64_t size = height * width * channels;
  if (at + 1 + size_t(size) > bytes.size()) corrupt(std::to_string(size) + " bytes of pixels", std::to_string(bytes.size() - at));
  Tensor pixels = new_tensor({height, width, channels}, kUInt8);
  std::memcpy(pixels.address(), bytes.data() + at + 1, size_t(size));
  return converted(pixels, mode);
}

}  // namespace image

Tensor decode_image(std::span<const char> bytes, ImageReadMode mode) {
  const std::string_view begin(bytes.data(), std::min<size_t>(bytes.size(), 8));
  if (begin == "\x89PNG\r\n\x1a\n") return image::planes(image::decode_png(bytes, mode));
  if (begin.starts_with("\xff\xd8\xff")) return image::planes(image::decode_jpeg(bytes, mode));
  if (begin.size() > 2 && (begin.starts_with("P5") || begin.starts_with("P6"))) return image::planes(image::decode_pnm(bytes, mode));
  image::corrupt("a PNG, JPEG, PGM or PPM image", begin.empty() ? "no bytes" : "bytes of another format");
}

Tensor read_image(const std::string& path, ImageReadMode mode) {
  const files::FileBytes file = files::read_file("read_image", path);
  try {
    return decode_image({file.data, file.size}, mode);
  } catch (Error& error) {
    error.add_context("in '" + path + "'");
    throw;
  }
}

namespace {
void write(const char* op, const Tensor& bytes, const std::string& path) {
  files::write_file(op, path, {{static_cast<const char*>(bytes.address()), size_t(bytes.numel())}});
}
}  // namespace
void write_png(const Tensor& image, const std::string& path) { write("write_png", encode_png(image), path); }
void write_jpeg(const Tensor& image, const std::string& path, int quality) { write("write_jpeg", encode_jpeg(image, quality), path); }

}  // namespace lazuli
