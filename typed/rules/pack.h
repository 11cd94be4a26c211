#pragma once
#include "lazuli/typed/rules/einops_pattern.h"

/// Shapes of pack and unpack.
namespace lazuli::typed::rules {

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

}  // namespace lazuli::typed::rules
