#pragma once
#include <functional>

#include "lazuli/data/tokenizer/piece.h"

namespace lazuli::data::detail {

/// Changes a text before it is cut.
using Normalizer = std::function<void(Piece& piece)>;
/// By the settings "normalizer"; empty for null. Throws Error (NotSupported) for a type that is not known.
Normalizer normalizer_of(const Source& source, const Json& settings);

}  // namespace lazuli::data::detail
