#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data::detail {

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

/// Two numbers of tokens as one.
constexpr uint64_t pair_key(int32_t left, int32_t right) { return uint64_t(uint32_t(left)) << 32 | uint32_t(right); }

struct MergesOptions {
  /// What a letter that begins no word, or ends one, has before, or behind it, in the vocabulary.
  std::string continuing_subword_prefix, end_of_word_suffix;
  /// The token of letters that have none; left out: they get none.
  std::optional<int32_t> unk = {};
  /// Several such letters in a row are one token.
  bool fuse_unk = false;
  /// Letters without a token become those of their bytes, <0x00> to <0xFF>, where they are all there.
  bool byte_fallback = false;
  /// A word that is a token is that one, however merging would have gone.
  bool ignore_merges = false;
  /// The share of merges that are passed over, at random (Provilkov et al., 2019, https://arxiv.org/abs/1910.13267).
  double dropout = 0;
};

/// Byte-pair encoding: the tokens and which pairs of them are merged, the first pairs before the others.
class Merges {
 public:
  /// False where the token or the number is there.
  bool add_token(const std::string& token, int32_t id);
  /// Of two tokens into a third.
  void add_merge(int32_t left, int32_t right, int32_t made);
  /// Once all tokens are there.
  void set_options(MergesOptions options);
  const MergesOptions& options() const { return options_; }

  /// -1: there is none.
  int32_t id_of(std::string_view token) const;
  /// Null: there is none.
  const std::string* token_of(int32_t id) const;
  const std::unordered_map<int32_t, std::string>& tokens() const { return tokens_; }
  const std::vector<std::pair<int32_t, int32_t>>& merges() const { return in_order_; }

  /// `random` gives numbers in [0, 1); it is called where there is a dropout.
  void encode(std::string_view word, const std::function<double()>& random, std::vector<int64_t>& out) const;

 private:
  struct Merge {
    int32_t rank, made;
  };
  std::vector<int32_t> letters_of_word(std::string_view word) const;
  int32_t id_of_letter(std::string_view letter, bool first, bool last) const;
  std::unordered_map<std::string, int32_t, TextHash, std::equal_to<>> ids_;
  std::unordered_map<int32_t, std::string> tokens_;
  std::unordered_map<uint64_t, Merge> merges_;
  std::vector<std::pair<int32_t, int32_t>> in_order_;
  std::array<int32_t, 0x180> letter_ids_;  // of the letters by their code, -1: none
  std::array<int32_t, 256> byte_ids_;      // of <0x00> and on
  MergesOptions options_;
};

}  // namespace lazuli::data::detail
