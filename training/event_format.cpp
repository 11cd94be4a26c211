#include "lazuli/training/event_format.h"

#include <array>
#include <bit>
#include <cstring>

#include "lazuli/core/error.h"

namespace lazuli::training::events {

namespace {

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
    table[i] = crc;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kCrcTable = crc_table();

// The format is little-endian, as every machine that this runs on.
static_assert(std::endian::native == std::endian::little);
template <class T>
std::string_view raw(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

}  // namespace

void corrupt(const std::string& got) { fail(ErrorKind::File, "read_events", "path", "an event file", got); }

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (char c : bytes) crc = kCrcTable[(crc ^ uint8_t(c)) & 255] ^ crc >> 8;
  return ~crc;
}

uint32_t masked_crc32c(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xa282ead8u; }

std::string record(std::string_view bytes) {
  const uint64_t length = bytes.size();
  std::string out(raw(length));
  const uint32_t of_length = masked_crc32c(out), of_bytes = masked_crc32c(bytes);
  out += raw(of_length);
  out += bytes;
  out += raw(of_bytes);
  return out;
}

void Message::varint(uint64_t value) {
  for (; value >= 128; value >>= 7) data_ += char(value | 128);
  data_ += char(value);
}
Message& Message::integer(int field, int64_t value) {
  key(field, 0);
  varint(uint64_t(value));
  return *this;
}
Message& Message::real(int field, double value) {
  key(field, 1);
  data_ += raw(value);
  return *this;
}
Message& Message::single(int field, float value) {
  key(field, 5);
  data_ += raw(value);
  return *this;
}
Message& Message::bytes(int field, std::string_view value) {
  key(field, 2);
  varint(value.size());
  data_ += value;
  return *this;
}

std::string_view Fields::take(uint64_t count) {
  if (count > rest_.size()) corrupt("a message that ends early");
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

uint64_t Fields::varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = uint8_t(take(1)[0]);
    value |= uint64_t(byte & 127) << shift;
    if (byte < 128) return value;
  }
  corrupt("a number without end");
}

bool Fields::next() {
  if (rest_.empty()) return false;
  const uint64_t key = varint();
  field_ = int(key >> 3);
  type_ = int(key & 7);
  bytes_ = {};
  number_ = 0;
  if (type_ == 0) number_ = varint();
  else if (type_ == 1) std::memcpy(&number_, take(8).data(), 8);
  else if (type_ == 2) bytes_ = take(varint());
  else if (type_ == 5) std::memcpy(&number_, take(4).data(), 4);
  else corrupt("a field of wire type " + std::to_string(type_));
  return true;
}

double Fields::real() const { return type_ == 5 ? double(std::bit_cast<float>(uint32_t(number_))) : std::bit_cast<double>(number_); }

}  // namespace lazuli::training::events
