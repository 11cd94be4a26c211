#pragma once
#include <vector>

#include "lazuli/data/tokenizer/merges.h"
#include "lazuli/data/tokenizer/settings.h"

namespace lazuli::data::detail {

/// What tokens are put between.
struct Surroundings {
  std::vector<int32_t> before, after;
};
/// By the settings "post_processor". `known` tells whether a number is that of a token. Throws Error (NotSupported) for a type that is not known.
Surroundings surroundings_of(const Source& source, const Json& settings, const std::function<bool(int32_t)>& known);

/// How long lists of tokens become, by the settings "truncation" and "padding".
struct Lengths {
  std::optional<int64_t> most = {}, least = {};
  int64_t multiple = 1;
  bool cut_left = false, pad_left = false;
  int32_t pad_id = 0;

  /// With `surroundings` about what is left of them.
  void apply(std::vector<int64_t>& tokens, const Surroundings& surroundings) const;
};
Lengths lengths_of(const Source& source, const Json& truncation, const Json& padding);

}  // namespace lazuli::data::detail
