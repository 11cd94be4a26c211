#pragma once
#include <vector>

#include "lazuli/data/tokenizer/merges.h"
#include "lazuli/data/tokenizer/settings.h"

namespace lazuli::data::detail {

/// Tokens, and among them the places of the texts.
using Template = std::vector<int32_t>;
constexpr int32_t kFirstText = -1, kSecondText = -2;
/// What becomes of one text, and of two; the latter is empty where the file does not say.
struct Templates {
  Template single{kFirstText}, pair{kFirstText, kSecondText};
};
/// By the settings "post_processor". `known` tells whether a number is that of a token. Throws Error (NotSupported) for a type that is not known.
Templates templates_of(const Source& source, const Json& settings, const std::function<bool(int32_t)>& known);

/// How long lists of tokens become, by the settings "truncation" and "padding".
struct Lengths {
  std::optional<int64_t> most = {}, least = {};
  int64_t multiple = 1;
  bool cut_left = false, pad_left = false;
  /// Which of two texts is cut.
  enum class Cut { Longest, First, Second } cut = Cut::Longest;
  int32_t pad_id = 0;

  /// One or two texts, cut, in their places. Throws Error where the one that is to be cut has not as many tokens.
  std::vector<int64_t> arranged(std::vector<std::vector<int64_t>> texts, const Template& places) const;

 private:
  /// How many tokens of each text there is room for.
  std::vector<int64_t> kept(const std::vector<std::vector<int64_t>>& texts, int64_t room) const;
};
Lengths lengths_of(const Source& source, const Json& truncation, const Json& padding);

}  // namespace lazuli::data::detail
