#pragma once
#include "lazuli/typed/rules/matmul.h"
#include "lazuli/typed/rules/shape.h"

/// Several tensors as one.
namespace lazuli::typed::rules {

constexpr Ruling cat(Writer& say, Operands all, int64_t dim) {
  Extents out = all[0];
  int64_t d = dim;
  if (!wrap(d, out.rank, false)) return no_dim(say, dim, out);
  for (int i = 1; i < all.count; ++i) {
    const Extents& next = all[i];
    bool fits = next.rank == out.rank;
    for (int k = 0; fits && k < out.rank; ++k)
      if (k != d) {
        fits = may_equal(out.at[k], next.at[k]);
        out.at[k] = either(out.at[k], next.at[k]);
      }
    if (!fits) {
      say << "operand " << i << " " << next << " differs from " << all[0] << " beyond dimension " << dim;
      return Mistake::shape_error_mismatch;
    }
    out.at[d] = plus(out.at[d], next.at[d]);
  }
  return out;
}
constexpr Ruling stack(Writer& say, Operands all, int64_t dim) {
  Ruling out = all[0];
  for (int i = 1; i < all.count && out.mistake == Mistake::none; ++i) out = alike(say, out.shape, all[i]);
  if (out.mistake != Mistake::none) return out;
  out = unsqueeze(say, out.shape, dim);
  if (out.mistake == Mistake::none) out.shape.at[dim < 0 ? dim + out.shape.rank : dim] = all.count;
  return out;
}
/// hstack, vstack, dstack, column_stack as cat after what they do to each operand: `rank` at least, along `dim`.
constexpr Ruling stack_at_least(Writer& say, Operands all, int64_t rank, int64_t dim) {
  Extents raised[16];
  for (int i = 0; i < all.count; ++i) raised[i] = atleast(say, all[i], rank).shape;
  return cat(say, {raised, all.count}, rank == 1 && raised[0].rank == 1 ? 0 : dim);
}
constexpr Ruling column_stack(Writer& say, Operands all) {
  Extents raised[16];
  for (int i = 0; i < all.count; ++i) {
    raised[i] = all[i];
    while (raised[i].rank < 2) raised[i].push(1);
  }
  return cat(say, {raised, all.count}, 1);
}

/// Vectors as the axes of a grid: as many results as operands.
constexpr Ruling meshgrid(Writer& say, Operands all, bool xy) {
  Ruling out;
  for (int i = 0; i < all.count; ++i) {
    if (all[i].rank > 1) {
      say << "needs vectors or numbers, got " << all[i];
      return Mistake::shape_error_mismatch;
    }
    out.shape.push(all[i].rank ? all[i].at[0] : 1);
  }
  if (xy && all.count > 1) {
    const int64_t first = out.shape.at[0];
    out.shape.at[0] = out.shape.at[1];
    out.shape.at[1] = first;
  }
  out.second = out.shape;
  out.count = out.firsts = all.count;
  return out;
}
/// Matrices (or vectors, as rows) along a diagonal.
constexpr Ruling block_diag(Writer& say, Operands all) {
  Extents out(0, 0);
  for (int i = 0; i < all.count; ++i) {
    if (all[i].rank > 2) {
      say << "needs matrices or less, got " << all[i];
      return Mistake::linalg_error_requires_2d;
    }
    out.at[0] = plus(out.at[0], all[i].rank == 2 ? all[i].at[0] : 1);
    out.at[1] = plus(out.at[1], all[i].rank ? all[i][-1] : 1);
  }
  return out;
}
constexpr Ruling cartesian_prod(Writer& say, Operands all) {
  int64_t count = 1;
  for (int i = 0; i < all.count; ++i) {
    if (all[i].rank != 1) {
      say << "needs vectors, got " << all[i];
      return Mistake::shape_error_mismatch;
    }
    count = times(count, all[i].at[0]);
  }
  return all.count == 1 ? Extents(count) : Extents(count, all.count);
}
constexpr Ruling broadcast_tensors(Writer& say, Operands all) {
  Ruling out = broadcast_all(say, all);
  out.second = out.shape;
  out.count = out.firsts = all.count;
  return out;
}
/// A product of matrices, of which the first and the last may be vectors.
constexpr Ruling multi_dot(Writer& say, Operands all) {
  Ruling out = all[0];
  for (int i = 0; i < all.count; ++i)
    if (all[i].rank != 2 && !(all[i].rank == 1 && (i == 0 || i + 1 == all.count))) {
      say << "needs matrices, and vectors at the ends, got " << all[i];
      return Mistake::linalg_error_requires_2d;
    }
  for (int i = 1; i < all.count && out.mistake == Mistake::none; ++i) out = matmul(say, out.shape, all[i]);
  return out;
}

}  // namespace lazuli::typed::rules
