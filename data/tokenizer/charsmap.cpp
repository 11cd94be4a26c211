#include "lazuli/data/tokenizer/charsmap.h"

#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data::detail {
namespace {

constexpr size_t kLongestGrapheme = 5;     // in bytes, to be looked up whole
constexpr size_t kMost = size_t(1) << 28;  // a hostile table may make megabytes of each letter

std::string bytes_of_base64(const Source& source, std::string_view encoded) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (char c : encoded.substr(0, encoded.find_last_not_of('=') + 1)) {
    const size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) source.corrupt("base64 as precompiled_charsmap", "other signs");
    bits = bits << 6 | uint32_t(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += char(bits >> count);
  }
  return bytes;
}

uint32_t number_at(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value |= uint32_t(uint8_t(bytes[at + i])) << (8 * i);
  return value;
}

// Of a unit of the trie: where its children are from it, the byte that leads to it, and whether a word ends there, whose value is then the child of byte 0.
uint32_t offset_of(uint32_t unit) { return (unit >> 10) << ((unit & (1u << 9)) >> 6); }
uint32_t label_of(uint32_t unit) { return unit & (1u << 31 | 0xff); }
bool ends_word(uint32_t unit) { return unit >> 8 & 1; }

}  // namespace

CharsMap::CharsMap(const Source& source, std::string_view encoded) {
  const std::string bytes = bytes_of_base64(source, encoded);
  const size_t size = bytes.size() < 4 ? 0 : number_at(bytes, 0);
  if (size == 0 || size % 4 != 0 || size > bytes.size() - 4) source.corrupt("a precompiled_charsmap with a whole trie", "one that is cut short");
  for (size_t at = 4; at < 4 + size; at += 4) trie_.push_back(number_at(bytes, at));
  replacements_ = bytes.substr(4 + size);
}

const char* CharsMap::replacement_of(std::string_view text) const {
  size_t at = offset_of(trie_[0]);
  for (char c : text) {
    at ^= uint8_t(c);
    if (c == 0 || at >= trie_.size() || label_of(trie_[at]) != uint8_t(c)) return nullptr;
    const uint32_t unit = trie_[at];
    at ^= offset_of(unit);
    if (!ends_word(unit)) continue;
    const size_t place = at < trie_.size() ? trie_[at] & 0x7fffffff : replacements_.size();
    return place < replacements_.size() ? replacements_.c_str() + place : nullptr;
  }
  return nullptr;
}

std::string CharsMap::normalized(std::string_view text) const {
  std::string out;
  for (std::string_view grapheme : graphemes_of(text)) {
    if (out.size() > kMost) fail("BPETokenizer", "text", "one of at most 256 MiB once it is replaced", "more");
    if (grapheme.size() <= kLongestGrapheme)
      if (const char* by = replacement_of(grapheme)) {
        out += by;
        continue;
      }
    each_letter(grapheme, [&](std::string_view letter) {
      if (const char* by = replacement_of(letter)) out += by;
      else out += letter;
    });
  }
  return out;
}

}  // namespace lazuli::data::detail
