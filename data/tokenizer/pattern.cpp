#include "lazuli/data/tokenizer/pattern.h"

#include "lazuli/core/error.h"
#include "lazuli/data/tokenizer/unicode.h"

namespace lazuli::data::detail {
namespace {

/// What a letter after a backslash stands for: the members of a set.
struct Class {
  char letter;
  std::string_view members;
};
constexpr Class kClasses[] = {
    {'w', R"(\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{24b6}-\x{24e9}\x{1f130}-\x{1f149}\x{1f150}-\x{1f169}\x{1f170}-\x{1f189})"},  // the last: in circles
    {'W', R"(\p{No}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{S}\p{Z}\p{C})"},
    {'s', R"(\t-\r\x{85}\p{Z})"},
    {'S', R"(\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Cn}\p{Co}\x{0}-\x{8}\x{e}-\x{1f}\x{7f}-\x{84}\x{86}-\x{9f})"},
};
std::string_view members_of(char letter) {
  for (const Class& one : kClasses)
    if (one.letter == letter) return one.members;
  return {};
}

// Oniguruma's dialect in PCRE2's. Only what patterns of tokenizers have and means something else there is looked at.
[[maybe_unused]] std::string translated(const char* op, const std::string& pattern) {
  std::string out;
  bool in_set = false;
  const auto starts = [&](size_t at, std::string_view what) { return std::string_view(pattern).substr(at).starts_with(what); };
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      if (const std::string members(members_of(escaped)); !members.empty()) {
        out += in_set ? members : "[" + members + "]";
      } else if (escaped == 'u' && i + 4 < pattern.size()) {
        out += "\\x{" + pattern.substr(i + 1, 4) + "}";
        i += 4;
      } else {
        out += {c, escaped};
      }
      continue;
    }
    if (const size_t end = in_set && starts(i, "[:") ? pattern.find(":]", i + 2) : pattern.npos; end != pattern.npos) {
      out += pattern.substr(i, end + 2 - i);
      i = end + 1;
      continue;
    }
    if (in_set && (c == '[' || starts(i, "&&"))) fail(ErrorKind::NotSupported, op, "pattern", "sets of letters without others in them", pattern);
    if (c == '[') in_set = true;
    if (c == ']') in_set = false;
    out += c;
  }
  return out;
}

}  // namespace

std::string Pattern::replaced(std::string_view text, std::string_view by) const {
  constexpr size_t kMost = size_t(1) << 28;  // several of a hostile file, each a letter by many, would fill any memory
  std::string out;
  for (const Range& range : ranges(text)) {
    out += range.match ? by : text.substr(range.begin, range.end - range.begin);
    if (out.size() > kMost) fail("BPETokenizer", "text", "one of at most 256 MiB once it is replaced", "more");
  }
  return out;
}

bool Pattern::found_in(std::string_view text) const {
  for (const Range& range : ranges(text))
    if (range.match) return true;
  return false;
}

}  // namespace lazuli::data::detail

#if LAZULI_HAVE_PCRE2

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace lazuli::data::detail {

struct Pattern::Code {
  pcre2_code* code = nullptr;
  pcre2_match_context* limits = nullptr;
  ~Code() {
    pcre2_match_context_free(limits);
    pcre2_code_free(code);
  }
};

Pattern::Pattern(const char* op, const std::string& pattern) : Pattern(op, translated(op, pattern), PCRE2_MULTILINE) {}
Pattern Pattern::literal(const char* op, const std::string& text) {
  return text.empty() ? Pattern(op, "(?!)", 0) : Pattern(op, text, PCRE2_LITERAL);  // no text is nowhere
}

Pattern::Pattern(const char* op, const std::string& pattern, uint32_t options) {
  auto made = std::make_shared<Code>();
  int error = 0;
  PCRE2_SIZE at = 0;
  if (!(options & PCRE2_LITERAL)) options |= PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
  made->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &at,
                             nullptr);
  if (!made->code) {
    PCRE2_UCHAR message[200] = {};
    pcre2_get_error_message(error, message, sizeof message);
    fail(op, "pattern", "a regular expression", std::string(reinterpret_cast<const char*>(message)) + " at " + std::to_string(at));
  }
  pcre2_jit_compile(made->code, PCRE2_JIT_COMPLETE);  // where it cannot, matching is interpreted
  made->limits = pcre2_match_context_create(nullptr);
  if (!made->limits) fail(ErrorKind::Memory, op, "pattern", "memory for a regular expression");
  pcre2_set_match_limit(made->limits, 1'000'000);
  pcre2_set_heap_limit(made->limits, 64 * 1024);
  code_ = std::move(made);
}

std::vector<Range> Pattern::ranges(std::string_view text) const {
  std::vector<Range> out;
  const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
  size_t at = 0, covered = 0;
  bool any = false;
  const auto on = [&] { at += at < text.size() ? letter_at(text, at).length : 1; };
  while (!text.empty() && at <= text.size()) {
    const int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at, 0, data.get(), code_->limits);
    if (found == PCRE2_ERROR_NOMATCH) break;
    if (found < 0) {
      PCRE2_UCHAR message[200] = {};
      pcre2_get_error_message(found, message, sizeof message);
      fail("BPETokenizer", "pattern", "a regular expression that matches within its limits", reinterpret_cast<const char*>(message));
    }
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
    const size_t begin = ends[0], end = ends[1];
    const bool backwards = begin < at || end < begin;          // of \K or a lookbehind
    const bool again = any && begin == end && end == covered;  // an empty one right after a match
    if (backwards || again) {
      on();
      continue;
    }
    if (begin > covered) out.push_back({covered, begin, false});
    out.push_back({begin, end, true});
    any = true;
    covered = at = end;
  }
  if (covered < text.size()) out.push_back({covered, text.size(), false});
  return out;
}

}  // namespace lazuli::data::detail

#else

namespace lazuli::data::detail {
struct Pattern::Code {};
Pattern::Pattern(const char* op, const std::string& pattern) : Pattern(op, pattern, 0) {}
Pattern Pattern::literal(const char* op, const std::string& text) { return Pattern(op, text, 0); }
Pattern::Pattern(const char* op, const std::string&, uint32_t) {
  fail(ErrorKind::NotSupported, op, "", "a build of Lazuli with PCRE2", "one without");
}
std::vector<Range> Pattern::ranges(std::string_view) const { return {}; }
}  // namespace lazuli::data::detail

#endif
