#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lazuli::data::detail {

/// Of a text: what a pattern matches, or what lies between.
struct Range {
  size_t begin, end;
  bool match;
};

/// A regular expression over UTF-8, by PCRE2, in which ^ and $ match at lines, and \w, \s and \uHHHH mean what they do to Hugging Face's tokenizers (Oniguruma).
class Pattern {
 public:
  /// Throws Error naming `op` for what is no regular expression, (NotSupported) for sets of letters within sets, and without PCRE2.
  Pattern(const char* op, const std::string& pattern);
  /// One that matches this text and nothing else.
  static Pattern literal(const char* op, const std::string& text);
  /// The whole text in order: the matches, some of which may be empty, and what is between. Bytes that are no UTF-8 match nothing. Throws Error for a match that takes too long.
  std::vector<Range> ranges(std::string_view text) const;
  /// With each match replaced.
  std::string replaced(std::string_view text, std::string_view by) const;
  bool found_in(std::string_view text) const;

 private:
  struct Code;
  Pattern(const char* op, const std::string& pattern, uint32_t options);
  std::shared_ptr<const Code> code_;
};

}  // namespace lazuli::data::detail
