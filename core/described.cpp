#include "lazuli/core/described.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "lazuli/core/error.h"

namespace lazuli {
namespace {

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%g", value);
  return text;
}

}  // namespace

std::string to_string(const Range& range) {
  const bool low = range.least != -Range::unlimited, high = range.most != Range::unlimited, above = range.above != -Range::unlimited,
             below = range.below != Range::unlimited;
  if (!range.limits()) return "a number";
  if (!high && !below) return above ? "a value above " + short_number(range.above) : "a value of at least " + short_number(range.least);
  if (!low && !above) return below ? "a value below " + short_number(range.below) : "a value of at most " + short_number(range.most);
  return std::string("a value in ") + (above ? "(" + short_number(range.above) : "[" + short_number(range.least)) + ", " +
         (below ? short_number(range.below) + ")" : short_number(range.most) + "]");
}

std::string written(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  const double magnitude = std::abs(value);
  const bool scientific = value != 0 && (magnitude < 1e-4 || magnitude >= 1e16);
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, scientific ? std::chars_format::scientific : std::chars_format::fixed).ptr;
  std::string text(buffer, end);
  if (!scientific && text.find('.') == std::string::npos) text += ".0";
  return text;
}
std::string written(bool value) { return value ? "True" : "False"; }
std::string written(int64_t value) { return std::to_string(value); }
std::string written(const std::string& value) { return "'" + value + "'"; }
std::string written(const Shape& value) {
  std::string text = "(";
  for (int64_t i = 0; i < value.size(); ++i) text += (i ? ", " : "") + std::to_string(value[i]);
  return text + (value.size() == 1 ? ",)" : ")");
}

namespace detail {

void check_member(std::string_view owner, const char* name, const Range& range, double value) {
  if (!range.contains(value)) fail(owner, name, to_string(range), short_number(value));
}
void check_member(std::string_view owner, const char* name, const Range& range, int64_t value) {
  if (!range.contains(double(value))) fail(owner, name, to_string(range), std::to_string(value));
}
void check_member(std::string_view owner, const char* name, const Range& range, const Shape& value) {
  for (int64_t entry : value)
    if (!range.contains(double(entry))) fail(owner, name, "entries each " + to_string(range), to_string(value));
}
void fail_unnamed(std::string_view owner, const char* name, const std::string& choices, int64_t got) {
  fail(owner, name, "one of " + choices, std::to_string(got));
}
void fail_given_twice(const char* name) { fail("options", name, "a value by position or by name", "both"); }
void fail_choice(const std::string& choices, std::string_view got) {
  fail("option", "its value by name", "one of " + choices, "'" + std::string(got) + "'");
}

}  // namespace detail
}  // namespace lazuli
