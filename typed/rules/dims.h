#pragma once
#include "lazuli/typed/rules/broadcast.h"

/// Dimensions by number; negative ones count from the end.
namespace lazuli::typed::rules {

/// `dim` from the front; false if there is none. A 0-d tensor has the dimension 0 for those functions that `scalars` allows it.
constexpr bool wrap(int64_t& dim, int64_t rank, bool scalars = true) {
  const int64_t count = rank == 0 && scalars ? 1 : rank;
  if (dim < -count || dim >= count) return false;
  if (dim < 0) dim += count;
  return true;
}
constexpr Ruling no_dim(Writer& say, int64_t dim, const Extents& a, Mistake mistake = Mistake::dimension_error_out_of_range) {
  say << "dimension " << dim << " is out of range for " << a;
  return mistake;
}
/// The shape as it is, for functions along a dimension.
template <Mistake mistake = Mistake::dimension_error_out_of_range>
constexpr Ruling along(Writer& say, const Extents& a, int64_t dim) {
  return wrap(dim, a.rank) ? Ruling(a) : no_dim(say, dim, a, mistake);
}
constexpr Ruling along_all(Writer& say, const Extents& a, const Extents& dims) {
  Extents seen;
  for (int i = 0; i < dims.rank; ++i) {
    int64_t dim = dims.at[i];
    if (!wrap(dim, a.rank)) return no_dim(say, dims.at[i], a, Mistake::flip_error_dim_out_of_range);
    if (seen.contains(dim)) {
      say << "dimension " << dims.at[i] << " is given twice for " << a;
      return Mistake::flip_error_dim_out_of_range;
    }
    seen.push(dim);
  }
  return a;
}

/// For two results of the operand's shape.
constexpr Ruling twice(Writer&, const Extents& a) {
  Ruling out = a;
  out.second = a;
  return out;
}
/// Half as long along `dim`.
constexpr Ruling halved(Writer& say, const Extents& a, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  if (is_fixed(a.at[d]) && a.at[d] % 2) {
    say << "dimension " << dim << " of " << a << " is not even";
    return Mistake::shape_error_mismatch;
  }
  Extents out = a;
  out.at[d] = is_fixed(a.at[d]) ? a.at[d] / 2 : dynamic;
  return out;
}
/// A weight of one number, or of one a channel.
constexpr Ruling weighted_channels(Writer& say, const Extents& a, const Extents& weight) {
  const int64_t channels = a.rank < 2 ? 1 : a.at[1];
  if (weight.rank <= 1 && (weight.numel() == 1 || may_equal(weight.numel(), channels))) return a;
  say << "a weight of one number or of ";
  write_extent(say, channels) << " for " << a << ", got " << weight;
  return Mistake::shape_error_mismatch;
}

}  // namespace lazuli::typed::rules
