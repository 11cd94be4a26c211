#include "lazuli/data/tokenizer/unicode.h"

#include <array>

namespace lazuli::data::detail {
namespace {

bool continues(std::string_view text, size_t at) { return at < text.size() && (uint8_t(text[at]) & 0xc0) == 0x80; }

// The letter of each byte, and the byte of each letter below U+0144.
struct Letters {
  std::array<int, 256> letter;
  std::array<int, 0x144> byte;
  Letters() {
    byte.fill(-1);
    int next = 256;
    for (int b = 0; b < 256; ++b) {
      const bool printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      letter[size_t(b)] = printable ? b : next++;
      byte[size_t(letter[size_t(b)])] = b;
    }
  }
};
const Letters& letters() {
  static const Letters all;
  return all;
}

}  // namespace

Letter letter_at(std::string_view text, size_t at) {
  constexpr Letter none{-1, 1};
  const auto byte = [&](size_t i) { return int32_t(uint8_t(text[at + i])); };
  const int32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0) return none;
  int32_t code = first & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if (!continues(text, at + i)) return none;
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool longer_than_needed = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return longer_than_needed || surrogate || code > 0x10ffff ? none : Letter{code, length};
}

size_t length_before(std::string_view text, size_t at) {
  for (size_t length = 4; length > 1; --length)
    if (at >= length && letter_at(text.substr(0, at), at - length).length == length) return length;
  return 1;
}

bool is_space(int32_t code) {
  return (code >= 9 && code <= 13) || code == ' ' || code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
         code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

std::string letters_of(std::string_view bytes) {
  std::string text;
  for (char c : bytes) {
    const int letter = letters().letter[uint8_t(c)];
    if (letter < 0x80) text += char(letter);
    else text += {char(0xc0 | letter >> 6), char(0x80 | (letter & 0x3f))};
  }
  return text;
}

bool bytes_of_letters(std::string_view text, std::string& bytes) {
  bytes.clear();
  for (size_t at = 0; at < text.size();) {
    const Letter letter = letter_at(text, at);
    const int byte = letter.code >= 0 && letter.code < 0x144 ? letters().byte[size_t(letter.code)] : -1;
    if (byte < 0) return false;
    bytes += char(byte);
    at += letter.length;
  }
  return true;
}

}  // namespace lazuli::data::detail
