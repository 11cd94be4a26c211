#pragma once
#include <cstdint>

#include "lazuli/typed/rules/einsum.h"

/// Patterns of rearrange, reduce, repeat, pack and unpack, read by the compiler.
namespace lazuli::typed {

/// Lengths of axes with one letter, in alphabetical order: `rearrange<"b (h p) -> b h p">(x, {.p = 16})`. 0: not given.
struct Axes {
  int64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0, m = 0, n = 0, o = 0, p = 0, q = 0, r = 0, s = 0, t = 0,
          u = 0, v = 0, w = 0, x = 0, y = 0, z = 0;
  constexpr int64_t of(char name) const {
    const int64_t all[] = {a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z};
    return name >= 'a' && name <= 'z' ? all[name - 'a'] : 0;
  }
  constexpr bool operator==(const Axes&) const = default;
};

namespace rules {

/// Lengths that are known beside the tensor: a text "p=16 heads=8", or Axes; or any letters, which the program will say.
struct Lengths {
  std::string_view text = {};
  Axes axes = {};
  bool later = false;
  /// f(name, length) for each that is said.
  template <class F>
  constexpr void each(F&& f) const {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < alphabet.size(); ++i)
      if (axes.of(alphabet[i])) f(alphabet.substr(i, 1), axes.of(alphabet[i]));
    for (size_t at = 0; at < text.size();) {
      while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
      const size_t equals = text.find('=', at);
      if (equals == std::string_view::npos) break;
      const std::string_view name = text.substr(at, equals - at);
      int64_t number = 0;
      for (at = equals + 1; at < text.size() && text[at] != ' ' && text[at] != ','; ++at)
        if (text[at] >= '0' && text[at] <= '9') number = number * 10 + (text[at] - '0');
      f(name, number);
    }
  }
  /// 0: not given; dynamic: perhaps, when the program runs.
  constexpr int64_t of(std::string_view name) const {
    int64_t length = 0;
    each([&](std::string_view each_name, int64_t each_length) {
      if (each_name == name) length = each_length;
    });
    return length == 0 && later && name.size() == 1 ? dynamic : length;
  }
};

enum class Purpose { rearrange, reduce, repeat };

struct EinopsPattern {
  static constexpr int kMost = 20, kEllipsis = -1;
  std::string_view names[kMost];
  int64_t numbers[kMost] = {};  // of an axis without a name; else -1
  size_t places[kMost] = {};
  int axes = 0;
  struct Side {
    int axis[kMost] = {}, group[kMost] = {};
    int elements = 0, groups = 0;
    int ellipsis_group = -1;
    bool joined_ellipsis = false;  // the ellipsis stands in parentheses
    constexpr bool has(int which) const {
      for (int i = 0; i < elements; ++i)
        if (axis[i] == which) return true;
      return false;
    }
  };
  Side left, right;
};

constexpr Ruling bad_pattern(Writer& say, std::string_view what, std::string_view text, size_t place,
                             Mistake mistake = Mistake::einops_error_invalid_pattern) {
  say << what << ": ";
  point_at(say, text, place);
  return mistake;
}
constexpr void propose(Writer& say, std::string_view name, const EinopsPattern& pattern, const EinopsPattern::Side& among) {
  int best = -1;
  for (int i = 0; i < pattern.axes; ++i) {
    if (!among.has(i) || pattern.names[i].empty() || pattern.names[i] == name) continue;
    if (best < 0 || levenshtein_distance(name, pattern.names[i]) < levenshtein_distance(name, pattern.names[best])) best = i;
  }
  if (best >= 0) say << ", did you mean `" << pattern.names[best] << "`?";
}
constexpr bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

constexpr Ruling read_side(Writer& say, Purpose purpose, std::string_view text, size_t from, size_t to, EinopsPattern& pattern, bool is_right) {
  EinopsPattern::Side& side = is_right ? pattern.right : pattern.left;
  bool open = false;
  size_t opened = 0;
  for (size_t i = from; i < to;) {
    const char c = text[i];
    if (c == ' ') {
      ++i;
    } else if (c == '(') {
      if (open) return bad_pattern(say, "parentheses do not nest", text, i);
      open = true;
      opened = i++;
      ++side.groups;
    } else if (c == ')') {
      if (!open) return bad_pattern(say, "a parenthesis that was not opened", text, i);
      open = false;
      ++i;
    } else if (text.substr(i, 3) == "...") {
      if (side.has(EinopsPattern::kEllipsis)) return bad_pattern(say, "`...` stands once on a side", text, i);
      if (!open) ++side.groups;
      side.ellipsis_group = side.groups - 1;
      side.joined_ellipsis = open;
      side.axis[side.elements] = EinopsPattern::kEllipsis;
      side.group[side.elements++] = side.groups - 1;
      i += 3;
    } else if (is_name(c)) {
      const size_t start = i;
      while (i < to && is_name(text[i])) ++i;
      const std::string_view name = text.substr(start, i - start);
      if (!open) ++side.groups;
      int64_t number = -1;
      if (name[0] >= '0' && name[0] <= '9') {
        number = 0;
        for (char digit : name) {
          if (digit < '0' || digit > '9') return bad_pattern(say, "a name begins with a letter", text, start);
          number = number * 10 + (digit - '0');
        }
        if (number == 1) continue;
        if (is_right && purpose != Purpose::repeat)
          return bad_pattern(say, "a number in the result has no axis", text, start, Mistake::einops_error_anonymous_in_output);
        if (!is_right && purpose != Purpose::reduce)
          return bad_pattern(say, "a number other than 1 is an axis that reduce alone drops", text, start, Mistake::einops_error_invalid_pattern);
      }
      int axis = -1;
      for (int k = 0; k < pattern.axes && number < 0; ++k)
        if (pattern.names[k] == name) axis = k;
      if (axis >= 0 && side.has(axis)) return bad_pattern(say, "an axis stands twice on a side", text, start);
      if (axis < 0) {
        if (pattern.axes == EinopsPattern::kMost) return bad_pattern(say, "too many axes", text, start);
        axis = pattern.axes++;
        if (number < 0) pattern.names[axis] = name;
        pattern.numbers[axis] = number;
        pattern.places[axis] = start;
      }
      side.axis[side.elements] = axis;
      side.group[side.elements++] = side.groups - 1;
    } else {
      return bad_pattern(say, "axes, groups in parentheses, `...` and 1 are allowed", text, i);
    }
  }
  if (open) return bad_pattern(say, "a parenthesis that is not closed", text, opened);
  return {};
}
constexpr Ruling read_pattern(Writer& say, Purpose purpose, std::string_view text, EinopsPattern& pattern) {
  const size_t arrow = text.find("->");
  if (arrow == std::string_view::npos) return bad_pattern(say, "needs `->` between two sides", text, text.size());
  if (const size_t second = text.find("->", arrow + 2); second != std::string_view::npos) return bad_pattern(say, "needs one `->`", text, second);
  if (const Ruling left = read_side(say, purpose, text, 0, arrow, pattern, false); left.mistake != Mistake::none) return left;
  if (const Ruling right = read_side(say, purpose, text, arrow + 2, text.size(), pattern, true); right.mistake != Mistake::none) return right;
  for (int i = 0; i < pattern.axes; ++i) {
    const bool left = pattern.left.has(i), right = pattern.right.has(i);
    if (right && !left && purpose != Purpose::repeat) {
      say << "axis `" << pattern.names[i] << "` of the result is not in the operand: ";
      point_at(say, text, pattern.places[i]);
      propose(say, pattern.names[i], pattern, pattern.left);
      return purpose == Purpose::reduce ? Mistake::einops_error_reduce_undefined_output : Mistake::einops_error_undefined_axis;
    }
    if (left && !right && purpose != Purpose::reduce) {
      say << "axis `" << pattern.names[i] << "` of the operand is not in the result: ";
      point_at(say, text, pattern.places[i]);
      propose(say, pattern.names[i], pattern, pattern.right);
      return Mistake::einops_error_undefined_axis;
    }
  }
  if (pattern.right.has(EinopsPattern::kEllipsis) && !pattern.left.has(EinopsPattern::kEllipsis))
    return bad_pattern(say, "`...` stands in the result alone", text, arrow + 2 + text.substr(arrow + 2).find("..."));
  if (purpose != Purpose::reduce && pattern.left.has(EinopsPattern::kEllipsis) && !pattern.right.has(EinopsPattern::kEllipsis))
    return bad_pattern(say, "`...` stands in the operand alone", text, text.find("..."));
  return {};
}

}  // namespace rules
}  // namespace lazuli::typed
