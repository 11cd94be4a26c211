#include "lazuli/data/tokenizer/piece.h"

#include <algorithm>

namespace lazuli::data::detail {
namespace {

// Each match joined to the range before it, but not a second match in a row. The other way round, ranges come from the last to the first.
std::vector<Range> merged(const std::vector<Range>& ranges, bool with_next) {
  std::vector<Range> out;
  bool after_match = false;
  const auto take = [&](const Range& range) {
    if (range.match && !after_match && !out.empty()) (with_next ? out.back().begin : out.back().end) = with_next ? range.begin : range.end;
    else out.push_back(range);
    after_match = range.match;
  };
  if (with_next) std::for_each(ranges.rbegin(), ranges.rend(), take);
  else std::for_each(ranges.begin(), ranges.end(), take);
  if (with_next) std::reverse(out.begin(), out.end());
  return out;
}

std::vector<Range> arranged(std::vector<Range> ranges, Behavior behavior) {
  switch (behavior) {
    case Behavior::Isolated: return ranges;
    case Behavior::Removed: std::erase_if(ranges, [](const Range& range) { return range.match; }); return ranges;
    case Behavior::MergedWithPrevious: return merged(ranges, false);
    case Behavior::MergedWithNext: return merged(ranges, true);
    case Behavior::Contiguous: break;
  }
  std::vector<Range> out;
  for (const Range& range : ranges)
    if (!out.empty() && out.back().match == range.match) out.back().end = range.end;
    else out.push_back(range);
  return out;
}

}  // namespace

void cut(std::vector<Piece>& pieces, const Pattern& pattern, Behavior behavior, bool invert) {
  std::vector<Piece> out;
  for (const Piece& piece : pieces) {
    std::vector<Range> ranges = pattern.ranges(piece.text);
    if (invert)
      for (Range& range : ranges) range.match = !range.match;
    for (const Range& range : arranged(std::move(ranges), behavior))
      if (range.end > range.begin) out.push_back({piece.text.substr(range.begin, range.end - range.begin), piece.first && range.begin == 0});
  }
  pieces.swap(out);
}

Pattern pattern_of(const Source& source, const Json& stage, const char* name) {
  const Json& pattern = member(stage, name);
  if (member(pattern, "Regex").is_string()) return Pattern(source.op, text(pattern, "Regex"));
  if (member(pattern, "String").is_string()) return Pattern::literal(source.op, text(pattern, "String"));
  source.corrupt(std::string("a Regex or a String as ") + name + " of " + text(stage, "type"), pattern.type_name());
}

}  // namespace lazuli::data::detail
