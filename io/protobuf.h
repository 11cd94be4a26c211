#pragma once
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

/// Protocol Buffers as they lie in files (https://protobuf.dev/programming-guides/encoding): what writing ONNX needs of them.
namespace lazuli::protobuf {

class Message {
 public:
  Message& integer(uint32_t field, int64_t value) {
    tag(field, 0);
    varint(uint64_t(value));
    return *this;
  }
  Message& real(uint32_t field, float value) {
    tag(field, 5);
    const auto bits = std::bit_cast<uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += char(bits >> shift);
    return *this;
  }
  Message& text(uint32_t field, std::string_view value) {
    tag(field, 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(uint32_t field, const Message& value) { return text(field, value.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void tag(uint32_t field, uint32_t wire) { varint(uint64_t(field) << 3 | wire); }
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += char(value | 0x80);
    bytes_ += char(value);
  }
  std::string bytes_;
};

}  // namespace lazuli::protobuf
