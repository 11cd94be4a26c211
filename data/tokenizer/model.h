#pragma once
#include <array>
#include <unordered_map>

#include "lazuli/data/tokenizer/pattern.h"
#include "lazuli/data/tokenizer/tokenizer.h"

namespace lazuli::data {

namespace detail {

/// GPT-2's letters for bytes: printable ones stand for themselves, the others for U+0100 and on.
std::string letters_of(std::string_view bytes);
/// Back; false for letters that stand for no byte.
bool bytes_of_letters(std::string_view letters, std::string& bytes);

struct Merge {
  int32_t rank, made;
};
/// Two numbers of tokens as one.
constexpr uint64_t pair_key(int32_t left, int32_t right) { return uint64_t(uint32_t(left)) << 32 | uint32_t(right); }

}  // namespace detail

struct BPETokenizer::Model {
  struct Added {
    std::string text;
    int32_t id;
    bool special = true, strip_left = false, strip_right = false;
  };

  std::unordered_map<std::string, int32_t> ids;     // of the tokens' bytes
  std::unordered_map<int32_t, std::string> tokens;  // their bytes; added ones are apart
  std::unordered_map<uint64_t, detail::Merge> merges;
  std::vector<std::pair<int32_t, int32_t>> merges_in_order;
  std::vector<Added> added;
  std::unordered_map<int32_t, size_t> added_by_id;
  std::array<std::vector<size_t>, 256> added_by_byte;  // the longest first
  std::array<int32_t, 256> byte_ids;                   // -1: none
  std::vector<detail::Pattern> splits;                 // each cuts what the one before left
  bool add_prefix_space = false, ignore_merges = false;
  std::vector<int32_t> before, after;  // what a text is put between

  /// Fills what follows from tokens and added tokens. Throws Error (File) naming `op` where numbers or texts stand twice.
  void finish(const char* op, const std::string& where);
  void encode_word(std::string_view word, std::vector<int64_t>& out) const;
  /// A text without added tokens.
  void encode_plain(std::string_view text, std::vector<int64_t>& out) const;
  /// Calls each(word) for the words of a text.
  template <class F>
  void words(std::string_view text, F&& each) const {
    std::vector<std::string_view> parts{text}, next;
    for (const detail::Pattern& split : splits) {
      next.clear();
      for (std::string_view part : parts) {
        size_t at = 0, begin = 0, end = 0;
        while (split.next(part, at, begin, end)) {
          if (begin > at) next.push_back(part.substr(at, begin - at));
          next.push_back(part.substr(begin, end - begin));
          at = end;
        }
        if (at < part.size()) next.push_back(part.substr(at));
      }
      parts.swap(next);
    }
    for (std::string_view part : parts) each(part);
  }
};

}  // namespace lazuli::data
