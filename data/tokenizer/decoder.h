#pragma once
#include <functional>

#include "lazuli/data/tokenizer/settings.h"

namespace lazuli::data::detail {

/// A token as the vocabulary has it, on its way to text.
struct Token {
  std::string text;
  bool added = false;  // found in texts whole
};

using Decoder = std::function<void(std::vector<Token>& tokens)>;
/// By the settings "decoder"; for null, one that puts spaces between tokens, as Hugging Face's package does. Throws Error (NotSupported) for a type that is not known.
Decoder decoder_of(const Source& source, const Json& settings);

}  // namespace lazuli::data::detail
