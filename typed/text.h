#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

/// Texts that compile-time code reads and writes: patterns, the names of extents, the messages of compile errors.
namespace lazuli::typed {

/// A string literal as a template argument: `einsum<"ij,jk->ik">(a, b)`.
template <size_t n>
struct Text {
  char chars[n] = {};
  constexpr Text() = default;
  constexpr Text(const char (&literal)[n]) {
    for (size_t i = 0; i < n; ++i) chars[i] = literal[i];
  }
  constexpr std::string_view view() const { return {chars, n - 1}; }
};

/// A text in pieces of 28 characters: newer clangs cut longer ones in their messages.
template <size_t n>
struct Lines {
  char chars[n][29] = {};
  constexpr Lines(std::string_view text) {
    for (size_t i = 0; i < 28 * n; ++i) chars[i / 28][i % 28] = i < text.size() ? text[i] : ' ';
  }
};

/// Counts what is written to it, and keeps it where it has room.
class Writer {
 public:
  constexpr Writer() = default;
  constexpr explicit Writer(char* to) : to_(to) {}
  constexpr int64_t length() const { return length_; }
  constexpr Writer& operator<<(char c) {
    if (to_) to_[length_] = c;
    ++length_;
    return *this;
  }
  constexpr Writer& operator<<(std::string_view text) {
    for (char c : text) *this << c;
    return *this;
  }
  constexpr Writer& operator<<(const char* text) { return *this << std::string_view(text); }
  constexpr Writer& operator<<(int64_t number) {
    if (number < 0) return (*this << '-') << -number;
    if (number >= 10) *this << number / 10;
    return *this << char('0' + number % 10);
  }
  constexpr Writer& operator<<(int number) { return *this << int64_t(number); }

 private:
  char* to_ = nullptr;
  int64_t length_ = 0;
};

/// The edit distance of two texts (Levenshtein 1966), for proposing the nearest name.
constexpr int64_t levenshtein_distance(std::string_view a, std::string_view b) {
  int64_t row[65] = {};
  const size_t width = b.size() < 64 ? b.size() : 64;
  for (size_t j = 0; j <= width; ++j) row[j] = int64_t(j);
  for (size_t i = 0; i < a.size(); ++i) {
    int64_t diagonal = row[0];
    row[0] = int64_t(i) + 1;
    for (size_t j = 0; j < width; ++j) {
      const int64_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      const int64_t shorter = row[j] < row[j + 1] ? row[j] + 1 : row[j + 1] + 1;
      row[j + 1] = replaced < shorter ? replaced : shorter;
    }
  }
  return row[width];
}

}  // namespace lazuli::typed
