#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace lazuli::data::detail {

/// A regular expression over UTF-8, by PCRE2.
class Pattern {
 public:
  /// Throws Error naming `op` for what is no regular expression, (NotSupported) without PCRE2.
  Pattern(const char* op, const std::string& pattern);
  /// The next match from `at` on: [begin, end); false where there is none. Bytes that are no UTF-8 match nothing. Throws Error for a match that takes too long.
  bool next(std::string_view text, size_t at, size_t& begin, size_t& end) const;
  const std::string& text() const { return text_; }

 private:
  struct Code;
  std::string text_;
  std::shared_ptr<const Code> code_;
};

}  // namespace lazuli::data::detail
