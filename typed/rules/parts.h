#pragma once
#include "lazuli/typed/rules/shape.h"

/// Parts along a dimension: selected, sliced, split.
namespace lazuli::typed::rules {

/// How many elements [start, end) with `step` has; the ends may be past the extent, as in Python.
constexpr int64_t slice_length(int64_t size, int64_t start, int64_t end, int64_t step) {
  if (!is_fixed(size)) return start == 0 && end == INT64_MAX && step == 1 ? size : dynamic;
  if (start < 0) start += size;
  if (end < 0) end += size;
  start = start < 0 ? 0 : start > size ? size : start;
  end = end < start ? start : end > size ? size : end;
  return (end - start + step - 1) / step;
}
constexpr Ruling slice(Writer& say, const Extents& a, int64_t dim, int64_t start, int64_t end, int64_t step) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::slice_error_out_of_bounds);
  if (step <= 0) {
    say << "the step of a slice is at least 1, got " << step;
    return Mistake::slice_error_out_of_bounds;
  }
  Extents out = a;
  out.at[d] = slice_length(a.at[d], start, end, step);
  return out;
}
constexpr Ruling select(Writer& say, const Extents& a, int64_t dim, int64_t index) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  if (is_fixed(a.at[d]) && (index >= a.at[d] || index < -a.at[d])) {
    say << "index " << index << " is out of bounds for dimension " << dim << " of " << a;
    return Mistake::select_error_index_out_of_bounds;
  }
  Extents out = a;
  return out.remove(d);
}
/// x.at(i, j, ..): the first dimensions selected.
constexpr Ruling at(Writer& say, const Extents& a, const Extents& indices) {
  Extents out = a;
  for (int i = 0; i < indices.rank; ++i) {
    if (i >= a.rank || (is_fixed(a.at[i]) && (indices.at[i] >= a.at[i] || indices.at[i] < -a.at[i]))) {
      say << "index " << Listed{indices} << " is out of bounds for " << a;
      return Mistake::at_error_index_out_of_bounds;
    }
    out.remove(0);
  }
  return out;
}
constexpr Ruling narrow(Writer& say, const Extents& a, int64_t dim, int64_t start, int64_t length) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  const int64_t size = a.at[d];
  if (is_fixed(size) && (start > size || start < -size)) {
    say << "start " << start << " is out of bounds for dimension " << dim << " of " << a;
    return Mistake::narrow_error_start_out_of_bounds;
  }
  if (length < 0 || (is_fixed(size) && (start < 0 ? start + size : start) + length > size)) {
    say << "start " << start << " and length " << length << " exceed dimension " << dim << " of " << a;
    return Mistake::narrow_error_length_exceeds_bounds;
  }
  Extents out = a;
  out.at[d] = length;
  return out;
}
/// Parts of `size` along `dim`; the last one may be smaller.
template <Mistake mistake = Mistake::split_error_dim_out_of_range>
constexpr Ruling split(Writer& say, const Extents& a, int64_t size, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, mistake);
  if (!is_fixed(a.at[d]) || size <= 0) {
    say << "the parts of " << size << " along dimension " << dim << " of " << a << " cannot be counted";
    return mistake;
  }
  Ruling out = a;
  out.count = int((a.at[d] + size - 1) / size);
  if (out.count == 0) out.count = 1;
  out.firsts = out.count - 1;
  out.second = a;
  out.second.at[d] = a.at[d] - (out.count - 1) * size;
  out.shape.at[d] = out.count == 1 ? a.at[d] : size;
  return out;
}
constexpr Ruling chunk(Writer& say, const Extents& a, int64_t chunks, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::chunk_error_dim_out_of_range);
  if (chunks <= 0) {
    say << "at least one chunk, got " << chunks;
    return Mistake::chunk_error_dim_out_of_range;
  }
  const int64_t size = a.at[d] > chunks ? (a.at[d] + chunks - 1) / chunks : 1;
  return split<Mistake::chunk_error_dim_out_of_range>(say, a, size, dim);
}
constexpr Ruling unbind(Writer& say, const Extents& a, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::unbind_error_dim_out_of_range);
  if (!is_fixed(a.at[d])) {
    say << "the parts along dimension " << dim << " of " << a << " cannot be counted";
    return Mistake::unbind_error_dim_out_of_range;
  }
  Ruling out = a;
  out.shape.remove(d);
  out.second = out.shape;
  out.count = out.firsts = int(a.at[d]);
  return out;
}

/// Parts of equal length but for the first ones, which are one longer where that is needed.
constexpr Ruling tensor_split(Writer& say, const Extents& a, int64_t sections, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::split_error_dim_out_of_range);
  if (!is_fixed(a.at[d]) || sections <= 0) {
    say << "the parts along dimension " << dim << " of " << a << " cannot be counted";
    return Mistake::split_error_dim_out_of_range;
  }
  Ruling out = a;
  out.second = a;
  out.count = int(sections);
  out.firsts = int(a.at[d] % sections);
  out.shape.at[d] = a.at[d] / sections + 1;
  out.second.at[d] = a.at[d] / sections;
  return out;
}
/// hsplit, vsplit and dsplit: equal parts, of a tensor of so many dimensions at least.
constexpr Ruling split_evenly(Writer& say, const Extents& a, int64_t sections, int64_t dim, int64_t least_rank) {
  const int64_t d = a.rank == 1 ? 0 : dim;
  if (a.rank < least_rank || (is_fixed(a.at[d]) && sections > 0 && a.at[d] % sections)) {
    say << "needs " << least_rank << (least_rank == 1 ? " dimension" : " dimensions") << " or more, and equal parts: " << sections << " of dimension "
        << d << " of " << a;
    return Mistake::split_error_dim_out_of_range;
  }
  return tensor_split(say, a, sections, d);
}
/// The part `which` of those that have `sizes` along `dim`.
constexpr Ruling split_with_sizes(Writer& say, const Extents& a, const Extents& sizes, int64_t dim, int64_t which) {
  int64_t d = dim, whole = 0;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a, Mistake::split_error_dim_out_of_range);
  for (int i = 0; i < sizes.rank; ++i) whole += sizes.at[i];
  if (!sizes.fixed() || !may_equal(whole, a.at[d])) {
    say << "the sizes " << Listed{sizes} << " are not those of dimension " << dim << " of " << a;
    return Mistake::shape_error_mismatch;
  }
  Extents out = a;
  out.at[d] = sizes.at[which];
  return out;
}
/// Windows of `size` along a dimension, `step` apart, as a last dimension.
constexpr Ruling windows_along(Writer& say, const Extents& a, int64_t dim, int64_t size, int64_t step) {
  int64_t d = dim;
  if (!wrap(d, a.rank)) return no_dim(say, dim, a);
  const int64_t extent = a.rank == 0 ? 1 : a.at[d];
  if (size < 0 || step <= 0 || (is_fixed(extent) && size > extent)) {
    say << "windows of " << size << ", " << step << " apart, do not fit dimension " << dim << " of " << a;
    return Mistake::window_error_no_output;
  }
  Extents out = a;
  if (a.rank) out.at[d] = is_fixed(extent) ? (extent - size) / step + 1 : dynamic;
  return out.push(size);
}
/// self, where `part` of it has been replaced by `source`.
constexpr Ruling replaced(Writer& say, const Extents& self, const Ruling& part, const Extents& source) {
  if (part.mistake != Mistake::none) return part;
  const Ruling fits = alike(say, part.shape, source);
  return fits.mistake != Mistake::none ? fits : Ruling(self);
}
constexpr Ruling select_scatter(Writer& say, const Extents& self, const Extents& source, int64_t dim, int64_t index) {
  return replaced(say, self, select(say, self, dim, index), source);
}
constexpr Ruling slice_scatter(Writer& say, const Extents& self, const Extents& source, int64_t dim, int64_t start, int64_t end, int64_t step) {
  return replaced(say, self, slice(say, self, dim, start, end, step), source);
}

}  // namespace lazuli::typed::rules
