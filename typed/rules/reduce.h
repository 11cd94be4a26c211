#pragma once
#include "lazuli/typed/rules/shape.h"

/// Reductions. No dims: over all of them.
namespace lazuli::typed::rules {

constexpr Ruling reduction(Writer& say, const Extents& a, const Extents& dims, bool keepdim) {
  Extents wrapped, out;
  for (int i = 0; i < dims.rank; ++i) {
    int64_t dim = dims.at[i];
    if (!wrap(dim, a.rank)) return no_dim(say, dims.at[i], a);
    if (wrapped.contains(dim)) {
      say << "dimension " << dims.at[i] << " is given twice for " << a;
      return Mistake::dimension_error_out_of_range;
    }
    wrapped.push(dim);
  }
  for (int i = 0; i < a.rank; ++i) {
    if (dims.rank && !wrapped.contains(i)) out.push(a.at[i]);
    else if (keepdim) out.push(1);
  }
  return out;
}
/// With a second result of the same shape: values and indices.
constexpr Ruling reduction_with_indices(Writer& say, const Extents& a, int64_t dim, bool keepdim) {
  Ruling out = reduction(say, a, Extents(dim), keepdim);
  out.second = out.shape;
  return out;
}
constexpr Ruling along_with_indices(Writer& say, const Extents& a, int64_t dim) {
  Ruling out = along(say, a, dim);
  out.second = out.shape;
  return out;
}
constexpr Ruling topk(Writer& say, const Extents& a, int64_t k, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank)) return no_dim(say, dim, a);
  if (k < 0 || (a.rank && is_fixed(a.at[d]) && k > a.at[d])) {
    say << "dimension " << dim << " of " << a << " has no " << k << " elements";
    return Mistake::dimension_error_out_of_range;
  }
  Ruling out = a;
  if (a.rank) out.shape.at[d] = k;
  out.second = out.shape;
  return out;
}
/// Tensor of one element, for item().
constexpr Ruling scalar(Writer& say, const Extents& a) {
  const int64_t n = a.numel();
  if (n == 1 || n == dynamic) return Extents();
  say << "needs one element, got " << a << " with " << n;
  return Mistake::item_error_not_scalar;
}
/// n-th differences along a dimension.
constexpr Ruling diff(Writer& say, const Extents& a, int64_t n, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  Extents out = a;
  if (n != 0) out.at[d] = is_fixed(a.at[d]) ? (a.at[d] > n ? a.at[d] - n : 0) : dynamic;
  return out;
}

}  // namespace lazuli::typed::rules
