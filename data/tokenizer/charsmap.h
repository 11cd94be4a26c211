#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/data/tokenizer/settings.h"

namespace lazuli::data::detail {

/// SentencePiece's table of letters and what each becomes: a trie as a double array (Darts), whose leaves are places in a text of replacements that end in zero bytes.
class CharsMap {
 public:
  /// Of `encoded`, which is base64. Throws Error for one that is cut short or no base64.
  CharsMap(const Source& source, std::string_view encoded);
  /// Each grapheme, or else each of its letters, replaced where the table has it.
  std::string normalized(std::string_view text) const;

 private:
  /// What the shortest beginning of `text` that the table has becomes; null where it has none.
  const char* replacement_of(std::string_view text) const;
  std::vector<uint32_t> trie_;
  std::string replacements_;
};

}  // namespace lazuli::data::detail
