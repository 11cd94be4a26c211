#include "lazuli/data/tokenizer/pattern.h"

#include "lazuli/core/error.h"

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

Pattern::Pattern(const char* op, const std::string& pattern) : text_(pattern) {
  auto made = std::make_shared<Code>();
  int error = 0;
  PCRE2_SIZE at = 0;
  made->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                             PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &at, nullptr);
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

bool Pattern::next(std::string_view text, size_t at, size_t& begin, size_t& end) const {
  const std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
  while (at < text.size()) {
    const int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at, PCRE2_NOTEMPTY, data.get(), code_->limits);
    if (found == PCRE2_ERROR_NOMATCH) return false;
    if (found < 0) {
      PCRE2_UCHAR message[200] = {};
      pcre2_get_error_message(found, message, sizeof message);
      fail("BPETokenizer", "pattern", "a regular expression that matches within its limits", reinterpret_cast<const char*>(message));
    }
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
    begin = ends[0];
    end = ends[1];
    if (end > begin && begin >= at) return true;
    ++at;  // one of \K or a lookbehind that begins before: passed over
  }
  return false;
}

}  // namespace lazuli::data::detail

#else

namespace lazuli::data::detail {
struct Pattern::Code {};
Pattern::Pattern(const char* op, const std::string&) { fail(ErrorKind::NotSupported, op, "", "a build of Lazuli with PCRE2", "one without"); }
bool Pattern::next(std::string_view, size_t, size_t&, size_t&) const { return false; }
}  // namespace lazuli::data::detail

#endif
