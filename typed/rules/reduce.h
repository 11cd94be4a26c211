#pragma once
#include "lazuli/typed/rules/dims.h"

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

/// Two results of the reduced shape.
constexpr Ruling reduction_twice(Writer& say, const Extents& a, const Extents& dims, bool keepdim) {
  Ruling out = reduction(say, a, dims, keepdim);
  out.second = out.shape;
  return out;
}
constexpr Ruling kthvalue(Writer& say, const Extents& a, int64_t k, int64_t dim, bool keepdim) {
  const Ruling reached = topk(say, a, k, dim);
  return reached.mistake != Mistake::none ? reached : reduction_with_indices(say, a, dim, keepdim);
}
/// A quantile for each of q [..]: [q.., what is left].
constexpr Ruling quantiles(Writer& say, const Extents& a, const Extents& q, const Extents& dims, bool keepdim) {
  if (q.rank > 1) {
    say << "needs a number or a vector of quantiles, got " << q;
    return Mistake::shape_error_mismatch;
  }
  Ruling out = reduction(say, a, dims, keepdim);
  if (out.mistake == Mistake::none && q.rank) out.shape.insert(0, q.at[0]);
  return out;
}
/// Two operands that broadcast, then reduced.
constexpr Ruling of_both(Writer& say, const Extents& a, const Extents& b, const Extents& dims, bool keepdim) {
  const Ruling both = broadcast(say, a, b);
  return both.mistake != Mistake::none ? both : reduction(say, both.shape, dims, keepdim);
}
/// Between neighbours along a dimension: one fewer.
constexpr Ruling between(Writer& say, const Extents& a, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, a.rank, false)) return no_dim(say, dim, a);
  Extents out = a;
  out.at[d] = is_fixed(a.at[d]) ? (a.at[d] ? a.at[d] - 1 : 0) : dynamic;
  return out;
}
/// Places x of the values y: a vector of the dimension's length, or what broadcasts to y.
constexpr Ruling at_places(Writer& say, const Extents& y, const Extents& x, int64_t dim) {
  int64_t d = dim;
  if (!wrap(d, y.rank, false)) return no_dim(say, dim, y);
  if (x.rank == 1 && may_equal(x.at[0], y.at[d])) return y;
  return broadcast(say, y, x);
}
constexpr Ruling integrated(Writer& say, const Extents& y, const Extents& x, int64_t dim) {
  const Ruling both = at_places(say, y, x, dim);
  return both.mistake != Mistake::none ? both : reduction(say, both.shape, Extents(dim), false);
}
constexpr Ruling integrated_so_far(Writer& say, const Extents& y, const Extents& x, int64_t dim) {
  const Ruling both = at_places(say, y, x, dim);
  return both.mistake != Mistake::none ? both : between(say, both.shape, dim);
}
/// As many results of the operand's shape as dimensions, or as all there are.
constexpr Ruling gradient(Writer& say, const Extents& a, const Extents& dims) {
  Ruling out = reduction(say, a, dims, true);
  if (out.mistake != Mistake::none) return out;
  out.shape = out.second = a;
  out.count = out.firsts = dims.rank ? dims.rank : a.rank;
  return out;
}
/// Counts of `bins`, and their edges.
constexpr Ruling histogram(Writer&, const Extents&, int64_t bins) {
  Ruling out = Extents(bins);
  out.second = Extents(plus(bins, 1));
  return out;
}
/// Of variables [n, observations] or one variable.
constexpr Ruling covariance(Writer& say, const Extents& a) {
  if (a.rank > 2) {
    say << "needs [variables, observations] or less, got " << a;
    return Mistake::linalg_error_requires_2d;
  }
  if (a.rank < 2 || a.at[0] == 1) return Extents();
  if (a.at[0] != dynamic) return Extents(a.at[0], a.at[0]);
  say << "whether there are several variables in " << a << " is not known: cast it";
  return Mistake::dimension_error_out_of_range;
}
/// Distances of all pairs of n rows.
constexpr Ruling pdist(Writer& say, const Extents& a) {
  if (a.rank != 2) {
    say << "needs a matrix, got " << a;
    return Mistake::linalg_error_requires_2d;
  }
  return Extents(is_fixed(a.at[0]) ? a.at[0] * (a.at[0] - 1) / 2 : dynamic);
}

}  // namespace lazuli::typed::rules
