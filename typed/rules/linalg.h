#pragma once
#include "lazuli/typed/rules/shape.h"

/// Matrices [.., m, n] and what is made of them.
namespace lazuli::typed::rules {

constexpr Ruling at_least_2d(Writer& say, const Extents& a) {
  if (a.rank >= 2) return a;
  say << "needs a matrix or a batch of them, got " << a;
  return Mistake::linalg_error_requires_at_least_2d;
}
constexpr Ruling matrix(Writer& say, const Extents& a) {
  if (a.rank == 2) return a;
  say << "needs a matrix, got " << a;
  return Mistake::linalg_error_requires_2d;
}
/// inverse, cholesky, matrix_exp: the shape stays.
constexpr Ruling batched_square(Writer& say, const Extents& a) {
  const Ruling matrices = at_least_2d(say, a);
  if (matrices.mistake != Mistake::none || may_equal(a[-2], a[-1])) return matrices;
  say << "needs square matrices, got " << a;
  return Mistake::linalg_error_not_square_matrix;
}
constexpr Ruling square_matrix(Writer& say, const Extents& a) {
  const Ruling one = matrix(say, a);
  return one.mistake != Mistake::none ? one : batched_square(say, a);
}
/// det: one number a matrix.
constexpr Ruling det(Writer& say, const Extents& a) {
  Ruling out = batched_square(say, a);
  if (out.mistake == Mistake::none) out.shape.rank -= 2;
  return out;
}
constexpr Ruling trace(Writer& say, const Extents& a) {
  const Ruling out = matrix(say, a);
  return out.mistake != Mistake::none ? out : Ruling(Extents());
}
constexpr int64_t least(int64_t a, int64_t b) { return a == b ? a : is_fixed(a) && is_fixed(b) ? (a < b ? a : b) : dynamic; }
constexpr Extents with_matrix(const Extents& a, int64_t rows, int64_t columns) {
  Extents out = a;
  out[-2] = rows;
  out[-1] = columns;
  return out;
}
constexpr Extents with_vector(const Extents& a, int64_t length) {
  Extents out = a.first(a.rank - 1);
  out[-1] = length;
  return out;
}
/// U, S and V^H.
constexpr Ruling svd(Writer& say, const Extents& a, bool full_matrices) {
  Ruling out = at_least_2d(say, a);
  if (out.mistake != Mistake::none) return out;
  const int64_t m = a[-2], n = a[-1], k = least(m, n);
  out.shape = with_matrix(a, m, full_matrices ? m : k);
  out.second = with_vector(a, k);
  out.third = with_matrix(a, full_matrices ? n : k, n);
  return out;
}
constexpr Ruling svdvals(Writer& say, const Extents& a) {
  const Ruling out = at_least_2d(say, a);
  return out.mistake != Mistake::none ? out : Ruling(with_vector(a, least(a[-2], a[-1])));
}
/// Eigenvalues and eigenvectors.
constexpr Ruling eig(Writer& say, const Extents& a) {
  Ruling out = batched_square(say, a);
  if (out.mistake != Mistake::none) return out;
  out.second = a;
  out.shape = with_vector(a, a[-1]);
  return out;
}
/// Q and R of mode "reduced".
constexpr Ruling qr(Writer& say, const Extents& a) {
  Ruling out = at_least_2d(say, a);
  if (out.mistake != Mistake::none) return out;
  const int64_t k = least(a[-2], a[-1]);
  out.shape = with_matrix(a, a[-2], k);
  out.second = with_matrix(a, k, a[-1]);
  return out;
}
/// P, L and U.
constexpr Ruling lu(Writer& say, const Extents& a) {
  Ruling out = at_least_2d(say, a);
  if (out.mistake != Mistake::none) return out;
  const int64_t k = least(a[-2], a[-1]);
  out.shape = with_matrix(a, a[-2], a[-2]);
  out.second = with_matrix(a, a[-2], k);
  out.third = with_matrix(a, k, a[-1]);
  return out;
}
/// A X = B for B [.., n, k], or [n].
constexpr Ruling solve(Writer& say, const Extents& a, const Extents& b) {
  const Ruling square = batched_square(say, a);
  if (square.mistake != Mistake::none) return square;
  const bool vector = b.rank == 1 || (b.rank == a.rank - 1 && b == a.first(a.rank - 1));
  if (b.rank == 0 || !may_equal(b[vector ? -1 : -2], a[-1])) {
    say << "inner dimensions do not match: " << a << " X = " << b;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Ruling out = broadcast(say, a.first(a.rank - 2), b.first(vector ? b.rank - 1 : b.rank - 2));
  if (out.mistake != Mistake::none) return out;
  out.shape.push(a[-1]);
  if (!vector) out.shape.push(b[-1]);
  return out;
}
/// Distances of the rows of [.., p, m] and [.., r, m]: [.., p, r].
constexpr Ruling cdist(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank < 2 || b.rank < 2) return at_least_2d(say, a.rank < 2 ? a : b);
  if (!may_equal(a[-1], b[-1])) {
    say << "columns differ: " << a << " and " << b;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Ruling out = broadcast(say, a.first(a.rank - 2), b.first(b.rank - 2));
  if (out.mistake == Mistake::none) out.shape.push(a[-2]).push(b[-2]);
  return out;
}
/// Over the last `dims` dimensions of a and the first of b.
constexpr Ruling tensordot(Writer& say, const Extents& a, const Extents& b, int64_t dims) {
  bool fits = dims >= 0 && dims <= a.rank && dims <= b.rank;
  for (int64_t i = 0; fits && i < dims; ++i) fits = may_equal(a.at[a.rank - dims + i], b.at[i]);
  if (!fits) {
    say << "the last " << dims << " dimensions of " << a << " are not the first of " << b;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Extents out = a.first(a.rank - dims);
  for (int64_t i = dims; i < b.rank; ++i) out.push(b.at[i]);
  return out;
}
constexpr Ruling kron(Writer&, const Extents& a, const Extents& b) {
  Extents out = a.rank > b.rank ? a : b;
  for (int i = 1; i <= out.rank; ++i) out[-i] = times(i <= a.rank ? a[-i] : 1, i <= b.rank ? b[-i] : 1);
  return out;
}

}  // namespace lazuli::typed::rules
