#pragma once
#include <string>
#include <vector>

#include "lazuli/data/tokenizer/pattern.h"
#include "lazuli/data/tokenizer/settings.h"

namespace lazuli::data::detail {

/// A part of a text on its way to tokens.
struct Piece {
  std::string text;
  bool first;  // it begins where the whole text does
};

/// What becomes of the matches of a pattern at which a text is cut.
enum class Behavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };
/// Cuts each piece; with `invert`, at what lies between the matches.
void cut(std::vector<Piece>& pieces, const Pattern& pattern, Behavior behavior, bool invert = false);

/// {"String": ..} or {"Regex": ..} as `name` of a stage's settings.
Pattern pattern_of(const Source& source, const Json& stage, const char* name);

}  // namespace lazuli::data::detail
