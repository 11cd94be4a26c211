#pragma once
#include "lazuli/typed/rules/einops_pattern.h"

/// Shapes of rearrange, reduce and repeat.
namespace lazuli::typed::rules {

/// What can be said without shapes: the pattern, and that lengths are given for its axes.
constexpr Ruling einops_pattern(Writer& say, Purpose purpose, std::string_view text, Lengths lengths) {
  EinopsPattern pattern;
  if (const Ruling read = read_pattern(say, purpose, text, pattern); read.mistake != Mistake::none) return read;
  Ruling unknown;
  lengths.each([&](std::string_view name, int64_t) {
    bool known = unknown.mistake != Mistake::none;
    for (int i = 0; i < pattern.axes; ++i) known = known || pattern.names[i] == name;
    if (known) return;
    say << "a length is given for axis `" << name << "`, which `" << text << "` does not have";
    propose(say, name, pattern, pattern.left);
    unknown = Mistake::einops_error_undefined_axis;
  });
  if (unknown.mistake != Mistake::none) return unknown;
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

}  // namespace lazuli::typed::rules
