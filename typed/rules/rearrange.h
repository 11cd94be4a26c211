#pragma once
#include "lazuli/typed/rules/dims.h"

/// Repeats, padding and diagonals.
namespace lazuli::typed::rules {

/// Tensor.repeat: the repeats of leading dimensions that are new come first.
constexpr Ruling repeated(Writer& say, const Extents& a, const Extents& repeats) {
  if (repeats.rank < a.rank) {
    say << "repeats " << Listed{repeats} << " are fewer than the dimensions of " << a;
    return Mistake::expand_error_incompatible;
  }
  Extents out = repeats;
  for (int i = 1; i <= a.rank; ++i) out[-i] = times(a[-i], repeats[-i]);
  return out;
}
constexpr Ruling tile(Writer&, const Extents& a, const Extents& repeats) {
  Extents out = a.rank > repeats.rank ? a : repeats;
  for (int i = 1; i <= out.rank; ++i) out[-i] = times(i <= a.rank ? a[-i] : 1, i <= repeats.rank ? repeats[-i] : 1);
  return out;
}
/// pad: amounts from the last dimension on, before and behind.
constexpr Ruling pad(Writer& say, const Extents& a, const Extents& amounts) {
  Extents out = a;
  if (amounts.rank % 2 || amounts.rank / 2 > a.rank) {
    say << "the amounts " << Listed{amounts} << " are not pairs for the last dimensions of " << a;
    return Mistake::dimension_error_out_of_range;
  }
  for (int i = 0; i < amounts.rank / 2; ++i) {
    const int64_t more = amounts.at[2 * i] + amounts.at[2 * i + 1];
    int64_t& size = out[-1 - i];
    size = is_fixed(size) ? size + more : more == 0 ? size : dynamic;
    if (is_fixed(a[-1 - i]) && size < 0) {
      say << "the amounts " << Listed{amounts} << " take more than there is of " << a;
      return Mistake::dimension_error_out_of_range;
    }
  }
  return out;
}
/// Of a vector the matrix with it on a diagonal, of a matrix a diagonal.
constexpr Ruling diag(Writer& say, const Extents& a, int64_t offset) {
  const int64_t beside = offset < 0 ? -offset : offset;
  if (a.rank == 1) return Extents(plus(a.at[0], beside), plus(a.at[0], beside));
  if (a.rank != 2) {
    say << "needs a vector or a matrix, got " << a;
    return Mistake::linalg_error_requires_2d;
  }
  int64_t rows = a.at[0], columns = a.at[1];
  if (!is_fixed(rows) || !is_fixed(columns)) return Extents(rows == columns && offset == 0 ? rows : dynamic);
  (offset < 0 ? rows : columns) -= beside;
  const int64_t length = rows < columns ? rows : columns;
  return Extents(length < 0 ? 0 : length);
}

constexpr Ruling needs_rank(Writer& say, const Extents& a, int64_t least) {
  if (a.rank >= least) return a;
  say << "needs " << least << (least == 1 ? " dimension" : " dimensions") << " or more, got " << a;
  return Mistake::dimension_error_out_of_range;
}
/// Quarter turns in the plane of two dimensions.
constexpr Ruling rot90(Writer& say, const Extents& a, int64_t turns, int64_t dim0, int64_t dim1) {
  int64_t i = dim0, j = dim1;
  if (!wrap(i, a.rank, false)) return no_dim(say, dim0, a);
  if (!wrap(j, a.rank, false) || i == j) return no_dim(say, dim1, a);
  Extents out = a;
  if (turns % 2 == 0) return out;
  out.at[i] = a.at[j];
  out.at[j] = a.at[i];
  return out;
}
/// Each element so many times: along a dimension, or of all elements.
constexpr Ruling repeat_interleave(Writer& say, const Extents& a, int64_t repeats, const Extents& dims) {
  if (dims.rank == 0) return Extents(times(a.numel(), repeats));
  int64_t d = dims.at[0];
  if (!wrap(d, a.rank)) return no_dim(say, dims.at[0], a);
  Extents out = a;
  if (a.rank == 0) return Extents(repeats);
  out.at[d] = times(a.at[d], repeats);
  return out;
}
/// Vectors as diagonals of matrices, whose dimensions become dim1 and dim2.
constexpr Ruling diag_embed(Writer& say, const Extents& a, int64_t offset, int64_t dim1, int64_t dim2) {
  const int rank = a.rank + 1;
  int64_t i = dim1, j = dim2;
  if (a.rank == 0 || !wrap(i, rank, false)) return no_dim(say, dim1, a);
  if (!wrap(j, rank, false) || i == j) return no_dim(say, dim2, a);
  const int64_t side = plus(a[-1], offset < 0 ? -offset : offset);
  Extents out = a.first(a.rank - 1);
  out.insert(i < j ? i : j, side);
  return out.insert(i < j ? j : i, side);
}
constexpr Ruling diagflat(Writer&, const Extents& a, int64_t offset) {
  const int64_t side = plus(a.numel(), offset < 0 ? -offset : offset);
  return Extents(side, side);
}
constexpr Ruling vander(Writer& say, const Extents& a, int64_t columns) {
  Extents out = a;
  if (a.rank == 0 && columns >= 0) return Extents(1, columns);
  return a.rank == 0 ? needs_rank(say, a, 1) : Ruling(out.push(columns < 0 ? a[-1] : columns));
}
/// Of a vector all choices of r elements.
constexpr Ruling combinations(Writer& say, const Extents& a, int64_t r, bool with_replacement) {
  if (a.rank != 1 || r < 0) {
    say << "needs a vector and how many of its elements, got " << a << " and " << r;
    return Mistake::shape_error_mismatch;
  }
  const int64_t n = with_replacement ? plus(a.at[0], r - 1) : a.at[0];
  if (!is_fixed(n)) return Extents(dynamic, r);
  int64_t count = a.at[0] == 0 || r > n ? 0 : 1;
  for (int64_t i = 0; i < r && count; ++i) count = count * (n - i) / (i + 1);
  return r == 0 ? Extents(0) : Extents(count, r);
}

}  // namespace lazuli::typed::rules
