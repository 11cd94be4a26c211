#pragma once
#include <functional>

#include "lazuli/data/tokenizer/piece.h"

namespace lazuli::data::detail {

/// Cuts a text into the words within which tokens are merged.
using PreTokenizer = std::function<void(std::vector<Piece>& pieces)>;
/// By the settings "pre_tokenizer"; empty for null. Throws Error (NotSupported) for a type that is not known.
PreTokenizer pre_tokenizer_of(const Source& source, const Json& settings);

/// When Metaspace puts its sign before a piece.
enum class Prepend { Always, Never, First };
Prepend prepend_of(const Source& source, const Json& metaspace);
/// The sign that stands for a space.
std::string replacement_of(const Json& metaspace);

}  // namespace lazuli::data::detail
