#pragma once
#include "lazuli/typed/rules/dims.h"

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

/// With a second and third result of one number a matrix, and of one a row or column.
constexpr Extents of_batch(const Extents& a) { return a.first(a.rank - 2); }
constexpr Ruling square_with_info(Writer& say, const Extents& a) {
  Ruling out = batched_square(say, a);
  if (out.mistake == Mistake::none) out.second = of_batch(a);
  return out;
}
/// The sign and the logarithm of a determinant.
constexpr Ruling slogdet(Writer& say, const Extents& a) {
  Ruling out = det(say, a);
  out.second = out.shape;
  return out;
}
constexpr Ruling eigenvalues(Writer& say, const Extents& a) {
  const Ruling out = batched_square(say, a);
  return out.mistake != Mistake::none ? out : Ruling(with_vector(a, a[-1]));
}
/// LU in one matrix, the rows that were swapped, and whether it went well.
constexpr Ruling lu_factor(Writer& say, const Extents& a) {
  Ruling out = at_least_2d(say, a);
  if (out.mistake != Mistake::none) return out;
  out.second = with_vector(a, least(a[-2], a[-1]));
  out.third = of_batch(a);
  return out;
}
constexpr Ruling ldl_factor(Writer& say, const Extents& a) {
  const Ruling square = batched_square(say, a);
  return square.mistake != Mistake::none ? square : lu_factor(say, a);
}
/// Reflections in place of Q, with their factors.
constexpr Ruling geqrf(Writer& say, const Extents& a) { return lu_factor(say, a); }
constexpr Ruling pinv(Writer& say, const Extents& a) {
  const Ruling out = at_least_2d(say, a);
  return out.mistake != Mistake::none ? out : Ruling(with_matrix(a, a[-1], a[-2]));
}
/// One number a matrix, which need not be square.
constexpr Ruling number_each(Writer& say, const Extents& a) {
  const Ruling out = at_least_2d(say, a);
  return out.mistake != Mistake::none ? out : Ruling(of_batch(a));
}
/// U of the matrix's shape, and a square H.
constexpr Ruling polar_factors(Writer& say, const Extents& a) {
  Ruling out = at_least_2d(say, a);
  if (out.mistake == Mistake::none) out.second = with_matrix(a, a[-1], a[-1]);
  return out;
}
/// A X = B for matrices B [.., n, k] alone.
constexpr Ruling solve_matrices(Writer& say, const Extents& a, const Extents& b) {
  const Ruling square = batched_square(say, a), columns = at_least_2d(say, b);
  if (square.mistake != Mistake::none) return square;
  if (columns.mistake != Mistake::none) return columns;
  if (!may_equal(a[-1], b[-2])) {
    say << "inner dimensions do not match: " << a << " X = " << b;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Ruling out = broadcast(say, of_batch(a), of_batch(b));
  if (out.mistake == Mistake::none) out.shape.push(either(a[-1], b[-2])).push(b[-1]);
  return out;
}
constexpr Ruling solve_with_info(Writer& say, const Extents& a, const Extents& b) {
  Ruling out = solve(say, a, b);
  if (out.mistake == Mistake::none) out.second = of_batch(a);
  return out;
}
constexpr Ruling solve_from(Writer& say, const Extents& b, const Extents& factor) { return solve_matrices(say, factor, b); }
/// Q [.., m, n] of reflections and their factors [.., k].
constexpr Ruling householder_product(Writer& say, const Extents& a, const Extents& tau) {
  const Ruling out = at_least_2d(say, a);
  if (out.mistake != Mistake::none || tau.rank == a.rank - 1) return out;
  say << "factors " << tau << " for the reflections " << a;
  return Mistake::shape_error_mismatch;
}
/// The dimensions behind the first `ind`, and then those.
constexpr Ruling tensorinv(Writer& say, const Extents& a, int64_t ind) {
  if (ind <= 0 || ind > a.rank ||
      !may_equal(a.first(ind).numel(), a.fixed() ? a.numel() / (a.first(ind).numel() ? a.first(ind).numel() : 1) : dynamic)) {
    say << "the first " << ind << " dimensions of " << a << " do not have as many elements as the others";
    return Mistake::linalg_error_not_square_matrix;
  }
  Extents out;
  for (int64_t i = ind; i < a.rank; ++i) out.push(a.at[i]);
  for (int64_t i = 0; i < ind; ++i) out.push(a.at[i]);
  return out;
}
constexpr Ruling tensorsolve(Writer& say, const Extents& a, const Extents& b) {
  bool fits = b.rank <= a.rank;
  for (int i = 0; fits && i < b.rank; ++i) fits = may_equal(a.at[i], b.at[i]);
  if (!fits) {
    say << a << " does not begin with " << b;
    return Mistake::shape_error_mismatch;
  }
  Extents out;
  for (int i = b.rank; i < a.rank; ++i) out.push(a.at[i]);
  return out;
}
/// Vectors of three along a dimension.
constexpr Ruling cross(Writer& say, const Extents& a, const Extents& b, int64_t dim) {
  const Ruling out = broadcast(say, a, b);
  if (out.mistake != Mistake::none) return out;
  int64_t d = dim;
  if (!wrap(d, out.shape.rank, false)) return no_dim(say, dim, out.shape);
  if (a.rank == b.rank && may_equal(a.at[d], 3) && may_equal(b.at[d], 3)) return out;
  say << "needs two tensors with 3 along dimension " << dim << ", got " << a << " and " << b;
  return Mistake::shape_error_mismatch;
}
/// Sums over the last dimension of both: [.., k] and [.., k].
constexpr Ruling inner(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank == 0 || b.rank == 0) return a.rank == 0 ? b : a;
  if (!may_equal(a[-1], b[-1])) {
    say << "inner dimensions do not match: " << a << " x " << b;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Extents out = a.first(a.rank - 1);
  for (int i = 0; i + 1 < b.rank; ++i) out.push(b.at[i]);
  return out;
}
/// x1 [.., m], x2 [.., n] and weight [out, m, n] -> [.., out]
constexpr Ruling bilinear(Writer& say, const Extents& a, const Extents& b, const Extents& weight) {
  bool fits = weight.rank == 3 && a.rank == b.rank && a.rank > 0 && may_equal(a[-1], weight.at[1]) && may_equal(b[-1], weight.at[2]);
  for (int i = 0; fits && i + 1 < a.rank; ++i) fits = may_equal(a.at[i], b.at[i]);
  if (!fits) {
    say << "needs inputs [.., m] and [.., n] and a weight [out, m, n], got " << a << ", " << b << " and " << weight;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Extents out = a;
  out[-1] = weight.at[0];
  return out;
}

}  // namespace lazuli::typed::rules
