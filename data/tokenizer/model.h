#pragma once
#include "lazuli/data/tokenizer/added_tokens.h"
#include "lazuli/data/tokenizer/decoder.h"
#include "lazuli/data/tokenizer/normalizer.h"
#include "lazuli/data/tokenizer/post_processor.h"
#include "lazuli/data/tokenizer/pre_tokenizer.h"
#include "lazuli/data/tokenizer/tokenizer.h"

namespace lazuli::data {

struct BPETokenizer::Model {
  /// "normalizer", "pre_tokenizer", "post_processor", "decoder", "truncation" and "padding", as files have them.
  detail::Json settings;
  detail::Merges merges;
  std::vector<detail::AddedToken> added;

  // What follows from these:
  std::unordered_map<int32_t, size_t> added_by_id;
  std::optional<detail::AddedTokens> added_as_given, added_as_normalized;
  detail::Normalizer normalize;
  detail::PreTokenizer pre_tokenize;
  detail::Templates templates;
  detail::Lengths lengths;
  detail::Decoder decode;

  /// Makes what follows. Throws Error (File) or (NotSupported) naming the source for settings that are wrong.
  void finish(const detail::Source& source);
  std::vector<detail::Piece> words(std::string text, bool first) const;
  std::vector<int64_t> tokens(std::string_view text) const;
};

}  // namespace lazuli::data
