#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lazuli::data::detail {

/// A letter of UTF-8. Bytes that are none are letters of code -1, of one byte each.
struct Letter {
  int32_t code;
  size_t length;
};
/// The letter that begins at `at`, which is in the text.
Letter letter_at(std::string_view text, size_t at);
/// How many bytes the letter before `at`, which is not 0, has.
size_t length_before(std::string_view text, size_t at);
/// Calls each(letter) for the letters of a text, as parts of it.
template <class F>
void each_letter(std::string_view text, F&& each) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = letter_at(text, at).length;
    each(text.substr(at, length));
    at += length;
  }
}

/// Unicode's White_Space.
bool is_space(int32_t code);

/// GPT-2's letters for bytes: printable ones stand for themselves, the others for U+0100 and on.
std::string letters_of(std::string_view bytes);
/// Back; false for letters that stand for no byte.
bool bytes_of_letters(std::string_view letters, std::string& bytes);

/// Unicode's normalization forms and small letters, by utf8proc. Bytes that are no UTF-8 stay. Without utf8proc they throw Error (NotSupported).
enum class Form { NFC, NFD, NFKC, NFKD };
std::string normalized(std::string_view text, Form form);
std::string lowercase(std::string_view text);
/// What a reader takes for one letter each: a letter with its accents, an emoji with its joiners. Bytes that are no UTF-8 stand alone.
std::vector<std::string_view> graphemes_of(std::string_view text);
/// Whether this is a build with utf8proc.
bool has_unicode();

}  // namespace lazuli::data::detail
