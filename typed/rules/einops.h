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
  /// 0: not given; dynamic: perhaps, when the program runs.
  constexpr int64_t of(std::string_view name) const {
    if (name.size() == 1 && axes.of(name[0])) return axes.of(name[0]);
    for (size_t at = 0; at < text.size();) {
      while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
      const size_t equals = text.find('=', at);
      if (equals == std::string_view::npos) break;
      int64_t number = 0;
      size_t end = equals + 1;
      while (end < text.size() && text[end] >= '0' && text[end] <= '9') number = number * 10 + (text[end++] - '0');
      if (text.substr(at, equals - at) == name) return number;
      at = end;
    }
    return later && name.size() == 1 ? dynamic : 0;
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
/// What can be said without shapes: the pattern, and that lengths are given for its axes.
constexpr Ruling einops_pattern(Writer& say, Purpose purpose, std::string_view text, Lengths lengths) {
  EinopsPattern pattern;
  if (const Ruling read = read_pattern(say, purpose, text, pattern); read.mistake != Mistake::none) return read;
  for (size_t at = 0; at < lengths.text.size();) {
    while (at < lengths.text.size() && (lengths.text[at] == ' ' || lengths.text[at] == ',')) ++at;
    const size_t equals = lengths.text.find('=', at);
    if (equals == std::string_view::npos) break;
    const std::string_view name = lengths.text.substr(at, equals - at);
    bool known = false;
    for (int i = 0; i < pattern.axes; ++i) known = known || pattern.names[i] == name;
    if (!known) {
      say << "a length is given for axis `" << name << "`, which `" << text << "` does not have";
      propose(say, name, pattern, pattern.left);
      return Mistake::einops_error_undefined_axis;
    }
    at = equals + 1;
    while (at < lengths.text.size() && lengths.text[at] != ' ' && lengths.text[at] != ',') ++at;
  }
  for (char c = 'a'; c <= 'z'; ++c) {
    bool known = lengths.axes.of(c) == 0;
    for (int i = 0; i < pattern.axes; ++i) known = known || (pattern.names[i].size() == 1 && pattern.names[i][0] == c);
    if (!known) {
      say << "a length is given for axis `" << c << "`, which `" << text << "` does not have";
      return Mistake::einops_error_undefined_axis;
    }
  }
  for (int i = 0; i < pattern.axes; ++i)
    if (purpose == Purpose::repeat && !pattern.left.has(i) && pattern.numbers[i] < 0 && lengths.of(pattern.names[i]) == 0) {
      say << "the new axis `" << pattern.names[i] << "` needs a length: ";
      point_at(say, text, pattern.places[i]);
      return Mistake::einops_error_repeat_missing_size;
    }
  return {};
}

constexpr Ruling einops_transform(Writer& say, const Extents& a, Purpose purpose, std::string_view text, Lengths lengths) {
  if (const Ruling fits = einops_pattern(say, purpose, text, lengths); fits.mistake != Mistake::none) return fits;
  EinopsPattern pattern;
  Writer quiet;
  read_pattern(quiet, purpose, text, pattern);
  const EinopsPattern::Side& left = pattern.left;
  const bool dots = left.has(EinopsPattern::kEllipsis);
  const int more = a.rank - left.groups + (dots ? 1 : 0);
  if (dots ? more < 0 : a.rank != left.groups) {
    say << '`' << text << "` is for " << left.groups - (dots ? 1 : 0) << (dots ? " or more" : "")
        << (left.groups == 1 && !dots ? " dimension, got " : " dimensions, got ") << a;
    return Mistake::einops_error_dimension_mismatch;
  }
  int64_t size[EinopsPattern::kMost] = {};
  Extents ellipsis_extents;
  for (int i = 0; i < pattern.axes; ++i) size[i] = pattern.numbers[i] >= 0 ? pattern.numbers[i] : lengths.of(pattern.names[i]);
  for (int group = 0, d = 0; group < left.groups; ++group) {
    if (group == left.ellipsis_group && !left.joined_ellipsis) {
      for (int i = 0; i < more; ++i) ellipsis_extents.push(a.at[d++]);
      continue;
    }
    const int64_t extent = a.at[d++];
    int64_t known = 1;
    int open = -1, unknown = 0, members = 0;
    bool later = false;
    size_t place = 0;
    for (int i = 0; i < left.elements; ++i) {
      if (left.group[i] != group) continue;
      const int axis = left.axis[i];
      ++members;
      place = pattern.places[axis < 0 ? 0 : axis];
      if (axis < 0) {
        later = true;  // an ellipsis inside parentheses: some dimensions
      } else if (size[axis] == 0 || (size[axis] == dynamic && lengths.later)) {
        later = later || size[axis] == dynamic;
        open = axis;
        ++unknown;
      } else {
        known = times(known, size[axis]);
      }
    }
    if (members == 1 && unknown == 1) {
      size[open] = extent;
      continue;
    }
    if (later) {
      for (int i = 0; i < left.elements; ++i)
        if (left.group[i] == group && left.axis[i] >= 0 && size[left.axis[i]] == 0) size[left.axis[i]] = dynamic;
      continue;
    }
    if (unknown > 1) {
      say << "the axes of a group need all lengths but one, or given ones: ";
      point_at(say, text, place);
      return Mistake::einops_error_ambiguous_decomposition;
    }
    const bool fits = !is_fixed(extent) || (unknown == 1 ? known > 0 && extent % known == 0 : extent == known);
    if (!fits || (is_named(extent) && unknown == 0 && members > 0 && is_fixed(known))) {
      say << "dimension " << d - 1 << " of " << a << (unknown == 1 ? " is not a multiple of " : " is not ") << known << ": ";
      point_at(say, text, place);
      return Mistake::einops_error_dimension_mismatch;
    }
    if (unknown == 1) size[open] = is_fixed(extent) ? extent / known : known == 1 ? extent : dynamic;
  }
  Extents out;
  const EinopsPattern::Side& right = pattern.right;
  for (int group = 0; group < right.groups; ++group) {
    if (group == right.ellipsis_group && !right.joined_ellipsis) {
      for (int i = 0; i < ellipsis_extents.rank; ++i) out.push(ellipsis_extents.at[i]);
      continue;
    }
    int64_t extent = 1;
    for (int i = 0; i < right.elements; ++i) {
      if (right.group[i] != group) continue;
      if (right.axis[i] >= 0) extent = times(extent, size[right.axis[i]]);
      else if (left.joined_ellipsis) extent = dynamic;
      else
        for (int k = 0; k < ellipsis_extents.rank; ++k) extent = times(extent, ellipsis_extents.at[k]);
    }
    out.push(extent);
  }
  return out;
}

/// Dimensions before and after the star; before is -1 for a pattern that is none.
constexpr Ruling read_pack(Writer& say, std::string_view text, int& before, int& after) {
  int words = 0, star = -1;
  for (size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      ++i;
    } else if (text[i] == '*') {
      if (star >= 0) return bad_pattern(say, "a pattern of pack has one `*`", text, i);
      star = words++;
      ++i;
    } else if (is_name(text[i])) {
      while (i < text.size() && is_name(text[i])) ++i;
      ++words;
    } else {
      return bad_pattern(say, "names and one `*` are allowed", text, i);
    }
  }
  if (star < 0) return bad_pattern(say, "a pattern of pack has a `*`", text, text.size());
  before = star;
  after = words - star - 1;
  return {};
}
constexpr Ruling pack(Writer& say, Operands all, std::string_view text) {
  int before = 0, after = 0;
  if (const Ruling read = read_pack(say, text, before, after); read.mistake != Mistake::none) return read;
  Extents reduced[16];
  for (int i = 0; i < all.count; ++i) {
    if (all[i].rank < before + after) {
      say << "`" << text << "` is for " << before + after << " dimensions or more, got " << all[i];
      return Mistake::einops_error_dimension_mismatch;
    }
    int64_t packed = 1;
    for (int d = before; d < all[i].rank - after; ++d) packed = times(packed, all[i].at[d]);
    reduced[i] = all[i].first(before);
    reduced[i].push(packed);
    for (int d = all[i].rank - after; d < all[i].rank; ++d) reduced[i].push(all[i].at[d]);
  }
  Extents out = reduced[0];
  for (int i = 1; i < all.count; ++i)
    for (int d = 0; d < out.rank; ++d) {
      if (d == before) {
        out.at[d] = plus(out.at[d], reduced[i].at[d]);
      } else if (!may_equal(out.at[d], reduced[i].at[d])) {
        say << "operands " << all[0] << " and " << all[i] << " differ beyond the `*` of `" << text << '`';
        return Mistake::einops_error_dimension_mismatch;
      } else {
        out.at[d] = either(out.at[d], reduced[i].at[d]);
      }
    }
  return out;
}
/// The part of a packed tensor whose packed dimensions are `shapes[which]`.
constexpr Ruling unpack(Writer& say, const Extents& a, std::string_view text, Operands shapes, int64_t which) {
  int before = 0, after = 0;
  if (const Ruling read = read_pack(say, text, before, after); read.mistake != Mistake::none) return read;
  if (a.rank != before + 1 + after) {
    say << '`' << text << "` is for " << before + 1 + after << " dimensions, got " << a;
    return Mistake::einops_error_dimension_mismatch;
  }
  int64_t whole = 0;
  for (int i = 0; i < shapes.count; ++i) whole = plus(whole, shapes[i].numel());
  if (!may_equal(whole, a.at[before])) {
    say << "the parts have " << whole << " elements in dimension " << before << " of " << a;
    return Mistake::einops_error_dimension_mismatch;
  }
  Extents out = a.first(before);
  for (int i = 0; i < shapes[which].rank; ++i) out.push(shapes[which].at[i]);
  for (int d = before + 1; d < a.rank; ++d) out.push(a.at[d]);
  return out;
}

}  // namespace rules
}  // namespace lazuli::typed
