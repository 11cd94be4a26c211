#include "lazuli/data/idx.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/file.h"

// The file: 0, 0, the element type, the number of dimensions, each size (4 bytes, big-endian), the elements (big-endian).
namespace lazuli {
namespace {

[[noreturn]] void corrupt(const std::string& path, const std::string& expected, const std::string& got) {
  fail(ErrorKind::File, "read_idx", "path", expected + " in '" + path + "'", got);
}

DType element_type(const std::string& path, uint8_t code) {
  switch (code) {
    case 0x08: return kUInt8;
    case 0x09: return kInt8;
    case 0x0b: return kInt16;
    case 0x0c: return kInt32;
    case 0x0d: return kFloat32;
    case 0x0e: return kFloat64;
    default: corrupt(path, "an IDX element type", "code " + std::to_string(code));
  }
}

struct Header {
  DType dtype;
  Shape sizes;
  uint64_t size, data_bytes;
};

constexpr int64_t kLongestHeader = 4 + 4 * 255;

Header read_header(const std::string& path, std::span<const char> bytes) {
  if (bytes.size() < 4) corrupt(path, "an IDX header", std::to_string(bytes.size()) + " bytes");
  if (bytes[0] != 0 || bytes[1] != 0) corrupt(path, "an IDX file, which begins with two zero bytes", "other bytes");
  Header h{element_type(path, uint8_t(bytes[2])), {}, 4 + 4 * uint64_t(uint8_t(bytes[3])), 0};
  if (bytes.size() < h.size) corrupt(path, std::to_string(uint8_t(bytes[3])) + " sizes", "the end of the file");
  uint64_t bytes_without_zeros = uint64_t(item_size(h.dtype));
  bool empty = false;
  for (uint64_t at = 4; at < h.size; at += 4) {
    uint32_t s = 0;
    for (uint64_t b = 0; b < 4; ++b) s = s << 8 | uint8_t(bytes[at + b]);
    h.sizes.push_back(s);
    empty |= s == 0;
    if (__builtin_mul_overflow(bytes_without_zeros, uint64_t(std::max(s, 1u)), &bytes_without_zeros) || bytes_without_zeros > uint64_t(INT64_MAX))
      corrupt(path, "sizes whose product fits memory", to_string(h.sizes));
  }
  h.data_bytes = empty ? 0 : bytes_without_zeros;
  return h;
}

}  // namespace

Tensor read_idx(const std::string& path) {
  const files::File file("read_idx", path);
  std::vector<char> unpacked;
  const files::FileBytes begin = files::read_bytes(file, 0, std::min(size_t(kLongestHeader), file.size()));
  std::span<const char> bytes(begin.data, begin.size);
  size_t size = file.size();
  if (begin.text().starts_with("\x1f\x8b")) {
    Header claimed = read_header(path, files::read_gzip("read_idx", path, kLongestHeader, false));
    uint64_t possible = uint64_t(file.size()) * 1032;  // deflate shrinks data no further
    if (claimed.data_bytes > possible)
      corrupt(path, "at most " + std::to_string(possible) + " bytes of elements", "sizes " + to_string(claimed.sizes));
    unpacked = files::read_gzip("read_idx", path, int64_t(claimed.size + claimed.data_bytes));
    bytes = unpacked;
    size = bytes.size();
  }
  Header h = read_header(path, bytes);
  if (size - h.size != h.data_bytes)
    corrupt(path, std::to_string(h.data_bytes) + " bytes of elements for sizes " + to_string(h.sizes), std::to_string(size - h.size));
  Tensor t = new_tensor(h.sizes, h.dtype);
  if (unpacked.empty()) file.read(h.size, {static_cast<char*>(t.address()), h.data_bytes});
  else std::copy_n(unpacked.data() + h.size, h.data_bytes, static_cast<char*>(t.address()));
  if (size_t width = size_t(item_size(h.dtype)); width > 1) {
    char* p = static_cast<char*>(t.address());
    for (uint64_t at = 0; at < h.data_bytes; at += width) std::reverse(p + at, p + at + width);
  }
  return t;
}

}  // namespace lazuli
