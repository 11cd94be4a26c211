#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// The two formats that event files are made of: protocol buffers' wire format (https://protobuf.dev/programming-guides/encoding), of which a few messages need little, and TFRecord's
/// framing (https://www.tensorflow.org/tutorials/load_data/tfrecord).
namespace lazuli::training::events {

/// CRC-32C (Castagnoli), and the form in which records store it.
uint32_t crc32c(std::string_view bytes);
uint32_t masked_crc32c(std::string_view bytes);
/// length, its checksum, bytes, theirs.
std::string record(std::string_view bytes);

/// A message, field after field.
class Message {
 public:
  Message& integer(int field, int64_t value);
  Message& real(int field, double value);   // double
  Message& single(int field, float value);  // float
  Message& bytes(int field, std::string_view value);
  Message& message(int field, const Message& value) { return bytes(field, value.data_); }
  const std::string& data() const { return data_; }

 private:
  void varint(uint64_t value);
  void key(int field, int type) { varint(uint64_t(field) << 3 | uint64_t(type)); }
  std::string data_;
};

/// The fields of a message in turn.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}
  /// False at the end. Throws Error (File) for what is no message.
  bool next();
  int field() const { return field_; }
  int64_t integer() const { return int64_t(number_); }
  double real() const;  // of a double or a float
  std::string_view bytes() const { return bytes_; }

 private:
  uint64_t varint();
  std::string_view take(uint64_t count);
  std::string_view rest_, bytes_;
  int field_ = 0, type_ = 0;
  uint64_t number_ = 0;
};

[[noreturn]] void corrupt(const std::string& got);

}  // namespace lazuli::training::events
