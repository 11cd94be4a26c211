#include "lazuli/core/error.h"
#include "lazuli/data/tokenizer/unicode.h"

#if LAZULI_HAVE_UTF8PROC

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace lazuli::data::detail {
namespace {

// Of a text that is UTF-8 throughout.
std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* made = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), utf8proc_ssize_t(text.size()), &made,
                                             utf8proc_option_t(UTF8PROC_STABLE | options));
  const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owner(made, std::free);
  if (size < 0) fail(ErrorKind::Memory, "BPETokenizer.encode", "text", "memory for its normal form", utf8proc_errmsg(size));
  return std::string(reinterpret_cast<const char*>(made), size_t(size));
}

int options_of(Form form) {
  switch (form) {
    case Form::NFC: return UTF8PROC_COMPOSE;
    case Form::NFD: return UTF8PROC_DECOMPOSE;
    case Form::NFKC: return UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    case Form::NFKD: return UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
  }
  return 0;
}

}  // namespace

bool has_unicode() { return true; }

std::string normalized(std::string_view text, Form form) {
  std::string out;
  size_t begin = 0, at = 0;
  const auto flush = [&] {
    if (at > begin) out += mapped(text.substr(begin, at - begin), options_of(form));
  };
  while (at < text.size()) {
    const Letter letter = letter_at(text, at);
    if (letter.code < 0) {
      flush();
      out += text[at];
      begin = at + 1;
    }
    at += letter.length;
  }
  flush();
  return out;
}

std::string lowercase(std::string_view text) {
  std::string out;
  each_letter(text, [&](std::string_view letter) {
    const int32_t code = letter_at(letter, 0).code;
    if (code < 0x80) {  // bytes that are no letters too
      out += code >= 'A' && code <= 'Z' ? char(code - 'A' + 'a') : letter[0];
    } else if (code == 0x130) {  // the one letter with two small ones
      out += "i\u0307";
    } else {
      utf8proc_uint8_t small[4];
      out.append(reinterpret_cast<const char*>(small), size_t(utf8proc_encode_char(utf8proc_tolower(code), small)));
    }
  });
  return out;
}

std::vector<std::string_view> graphemes_of(std::string_view text) {
  std::vector<std::string_view> out;
  int32_t before = -1, state = 0;
  each_letter(text, [&](std::string_view letter) {
    const int32_t code = letter_at(letter, 0).code;
    if (code < 0) state = 0;
    if (before < 0 || code < 0 || utf8proc_grapheme_break_stateful(before, code, &state)) out.push_back(letter);
    else out.back() = {out.back().data(), out.back().size() + letter.size()};
    before = code;
  });
  return out;
}

}  // namespace lazuli::data::detail

#else

namespace lazuli::data::detail {
namespace {
[[noreturn]] void missing() { fail(ErrorKind::NotSupported, "BPETokenizer.encode", "", "a build of Lazuli with utf8proc", "one without"); }
}  // namespace
bool has_unicode() { return false; }
std::string normalized(std::string_view, Form) { missing(); }
std::string lowercase(std::string_view) { missing(); }
std::vector<std::string_view> graphemes_of(std::string_view) { missing(); }
}  // namespace lazuli::data::detail

#endif
