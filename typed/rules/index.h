#pragma once
#include "lazuli/typed/rules/shape.h"

/// Gathering, scattering and look-ups.
namespace lazuli::typed::rules {

constexpr Ruling index_beyond(Writer& say, const Extents& self, int64_t dim, const Extents& index) {
  say << "index " << index << " is greater than " << self << " beside dimension " << dim;
  return Mistake::shape_error_mismatch;
}
/// Whether `inner` is nowhere greater than `outer`, `but` one dimension.
constexpr bool within(const Extents& inner, const Extents& outer, int64_t but = -1) {
  if (inner.rank != outer.rank) return false;
  for (int i = 0; i < inner.rank; ++i)
    if (i != but && is_fixed(inner.at[i]) && is_fixed(outer.at[i]) && inner.at[i] > outer.at[i]) return false;
  return true;
}
constexpr Ruling gather(Writer& say, const Extents& self, int64_t dim, const Extents& index) {
  int64_t d = dim;
  if (!wrap(d, self.rank)) return no_dim(say, dim, self, Mistake::gather_error_dim_out_of_range);
  if (!within(index, self, d) && index.numel() != 0) return index_beyond(say, self, dim, index);
  return index;
}
constexpr Ruling scatter(Writer& say, const Extents& self, int64_t dim, const Extents& index, const Extents& source) {
  int64_t d = dim;
  if (!wrap(d, self.rank)) return no_dim(say, dim, self, Mistake::scatter_error_dim_out_of_range);
  if (index.numel() == 0) return self;
  if (!within(index, self, d)) return index_beyond(say, self, dim, index);
  if (!within(index, source)) {
    say << "index " << index << " is greater than the source " << source;
    return Mistake::shape_error_mismatch;
  }
  return self;
}
constexpr Ruling scatter_value(Writer& say, const Extents& self, int64_t dim, const Extents& index) { return scatter(say, self, dim, index, index); }
constexpr Ruling index_select(Writer& say, const Extents& self, int64_t dim, const Extents& index) {
  int64_t d = dim;
  if (!wrap(d, self.rank)) return no_dim(say, dim, self, Mistake::index_select_error_dim_out_of_range);
  if (index.rank > 1) {
    say << "the index is a vector, got " << index;
    return Mistake::shape_error_mismatch;
  }
  Extents out = self;
  if (self.rank) out.at[d] = index.rank == 0 ? 1 : index.at[0];
  return out;
}
/// index_add and index_copy: the source has the index's length along the dimension, and self's extents elsewhere.
constexpr Ruling index_write(Writer& say, const Extents& self, int64_t dim, const Extents& index, const Extents& source) {
  const Ruling part = index_select(say, self, dim, index);
  if (part.mistake != Mistake::none) return part;
  const Ruling fits = alike(say, part.shape, source);
  return fits.mistake != Mistake::none ? fits : Ruling(self);
}
constexpr Ruling take_along_dim(Writer& say, const Extents& self, int64_t dim, const Extents& index) {
  int64_t d = dim;
  if (!wrap(d, self.rank, false) || self.rank != index.rank) return no_dim(say, dim, self);
  Extents a = self, b = index;
  a.at[d] = b.at[d] = 1;
  Ruling out = broadcast(say, a, b);
  if (out.mistake == Mistake::none) out.shape.at[d] = index.at[d];
  return out;
}
/// indices [..] and weight [rows, features] -> [.., features]
constexpr Ruling embedding(Writer& say, const Extents& indices, const Extents& weight) {
  if (weight.rank != 2) {
    say << "the weight is [rows, features], got " << weight;
    return Mistake::linalg_error_requires_2d;
  }
  Extents out = indices;
  return out.push(weight.at[1]);
}
/// indices [bags, length] -> [bags, features]
constexpr Ruling embedding_bag(Writer& say, const Extents& indices, const Extents& weight) {
  if (indices.rank != 2 || weight.rank != 2) {
    say << "needs indices [bags, length] and a weight [rows, features], got " << indices << " and " << weight;
    return Mistake::embedding_bag_error_requires_2d_input;
  }
  return Extents(indices.at[0], weight.at[1]);
}
constexpr Ruling one_hot(Writer&, const Extents& indices, int64_t classes) {
  Extents out = indices;
  return out.push(classes);
}

constexpr Ruling index_fill(Writer& say, const Extents& self, int64_t dim, const Extents& index) {
  const Ruling part = index_select(say, self, dim, index);
  return part.mistake != Mistake::none ? part : Ruling(self);
}
constexpr Ruling first_of(Writer&, const Extents& a, const Extents&) { return a; }
/// put: as many places as values.
constexpr Ruling put(Writer& say, const Extents& self, const Extents& index, const Extents& source) {
  if (may_equal(index.numel(), source.numel())) return self;
  say << "an index " << index << " for the values " << source;
  return Mistake::shape_error_mismatch;
}
/// take: the index's shape.
constexpr Ruling take(Writer&, const Extents&, const Extents& index) { return index; }
/// Places of values in sorted sequences [.., n] of the same leading extents, or in one.
constexpr Ruling searchsorted(Writer& say, const Extents& sorted, const Extents& values) {
  bool fits = sorted.rank == 1 || sorted.rank == values.rank;
  for (int i = 0; fits && sorted.rank > 1 && i + 1 < sorted.rank; ++i) fits = may_equal(sorted.at[i], values.at[i]);
  if (fits) return values;
  say << "values " << values << " for sorted sequences " << sorted;
  return Mistake::shape_error_mismatch;
}
constexpr Ruling bucketize(Writer& say, const Extents& values, const Extents& boundaries) {
  if (boundaries.rank == 1) return values;
  say << "boundaries are a vector, got " << boundaries;
  return Mistake::shape_error_mismatch;
}
constexpr Ruling unravel_index(Writer&, const Extents& indices, const Extents& shape) {
  Ruling out = indices;
  out.second = indices;
  out.count = out.firsts = shape.rank;
  return out;
}
/// Places of what is not 0: so many rows.
constexpr Ruling nonzero_static(Writer&, const Extents& a, int64_t size) { return Extents(size, a.rank); }

}  // namespace lazuli::typed::rules
