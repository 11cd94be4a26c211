#pragma once
#include <array>
#include <string>
#include <vector>

#include "lazuli/data/tokenizer/pattern.h"

namespace lazuli::data::detail {

/// A token that is found in texts whole.
struct AddedToken {
  std::string text;
  int32_t id;
  bool special = true;
  /// Spaces beside it belong to it.
  bool strip_left = false, strip_right = false;
  /// Not within a word.
  bool single_word = false;
  /// Looked for in the normalized text, not in what was given.
  bool normalized = false;
  /// As texts have it that were normalized.
  std::string shown = {};
};

/// Looks for some added tokens in texts: the first, of those that begin at one place the longest.
class AddedTokens {
 public:
  explicit AddedTokens(std::vector<AddedToken> tokens);
  struct Part {
    std::string_view text;
    int32_t id;  // -1: of no added token
  };
  std::vector<Part> parts(std::string_view text) const;

 private:
  const AddedToken* token_at(std::string_view text, size_t at) const;
  bool stands_alone(std::string_view text, size_t begin, size_t end) const;
  std::vector<AddedToken> tokens_;
  std::array<std::vector<size_t>, 256> by_byte_;  // that they begin with, the longest first
  Pattern word_letter_;
};

}  // namespace lazuli::data::detail
