#pragma once
#include "lazuli/typed/rules/broadcast.h"

/// Products of vectors, matrices and batches of them.
namespace lazuli::typed::rules {

constexpr Ruling inner_mismatch(Writer& say, const Extents& a, const Extents& b) {
  say << "inner dimensions do not match: " << a << " x " << b;
  return Mistake::matmul_error_inner_dimensions_do_not_match;
}
constexpr Ruling needs_ranks(Writer& say, std::string_view what, const Extents& a, const Extents& b) {
  say << "needs " << what << ", got " << a << " x " << b;
  return Mistake::linalg_error_requires_2d;
}

/// [n, k] x [k, m] -> [n, m]
constexpr Ruling mm(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank != 2 || b.rank != 2) return needs_ranks(say, "two matrices", a, b);
  if (!may_equal(a.at[1], b.at[0])) return inner_mismatch(say, a, b);
  return Extents(a.at[0], b.at[1]);
}
/// [n, k] x [k] -> [n]
constexpr Ruling mv(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank != 2 || b.rank != 1) return needs_ranks(say, "a matrix and a vector", a, b);
  if (!may_equal(a.at[1], b.at[0])) return inner_mismatch(say, a, b);
  return Extents(a.at[0]);
}
/// [k] x [k] -> []
constexpr Ruling dot(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank != 1 || b.rank != 1) return needs_ranks(say, "two vectors", a, b);
  if (!may_equal(a.at[0], b.at[0])) return inner_mismatch(say, a, b);
  return Extents();
}
/// [n] x [m] -> [n, m]
constexpr Ruling outer(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank != 1 || b.rank != 1) return needs_ranks(say, "two vectors", a, b);
  return Extents(a.at[0], b.at[0]);
}
/// [b, n, k] x [b, k, m] -> [b, n, m]
constexpr Ruling bmm(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank != 3 || b.rank != 3) return needs_ranks(say, "two batches of matrices", a, b);
  if (!may_equal(a.at[0], b.at[0])) {
    say << "batch dimensions do not match: " << a << " x " << b;
    return Mistake::batch_dimensions_do_not_match_error;
  }
  if (!may_equal(a.at[2], b.at[1])) return inner_mismatch(say, a, b);
  return Extents(either(a.at[0], b.at[0]), a.at[1], b.at[2]);
}
/// Of any ranks from 1: a vector is a row on the left and a column on the right, and batches broadcast.
constexpr Ruling matmul(Writer& say, const Extents& a, const Extents& b) {
  if (a.rank == 0 || b.rank == 0) return needs_ranks(say, "vectors, matrices or batches of them", a, b);
  if (!may_equal(a[-1], b.rank == 1 ? b[0] : b[-2])) return inner_mismatch(say, a, b);
  Extents out;
  Writer quiet;
  if (Ruling batch = broadcast(quiet, a.first(a.rank > 2 ? a.rank - 2 : 0), b.first(b.rank > 2 ? b.rank - 2 : 0)); batch.mistake != Mistake::none) {
    say << "batch dimensions do not broadcast: " << a << " x " << b;
    return Mistake::batch_dimensions_do_not_match_error;
  } else {
    out = batch.shape;
  }
  if (a.rank > 1) out.push(a[-2]);
  if (b.rank > 1) out.push(b[-1]);
  return out;
}
/// self + a b: what is added broadcasts to the product.
template <Ruling (*product)(Writer&, const Extents&, const Extents&)>
constexpr Ruling added_product(Writer& say, const Extents& self, const Extents& a, const Extents& b) {
  const Ruling out = product(say, a, b);
  return out.mistake != Mistake::none ? out : broadcast_to(say, self, out.shape);
}
/// [b, n, k] x [b, k, m] -> [n, m]
constexpr Ruling summed_bmm(Writer& say, const Extents& a, const Extents& b) {
  Ruling out = bmm(say, a, b);
  if (out.mistake == Mistake::none) out.shape.remove(0);
  return out;
}
/// input [.., in] x weight [out, in] -> [.., out], x weight [in] -> [..]
constexpr Ruling linear(Writer& say, const Extents& input, const Extents& weight) {
  if (input.rank == 0 || weight.rank == 0 || weight.rank > 2) return needs_ranks(say, "an input [.., in] and a weight [out, in]", input, weight);
  if (!may_equal(input[-1], weight[-1])) {
    say << "inner dimensions do not match: input " << input << " and weight " << weight << " [out, in]";
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  if (weight.rank == 1) return input.first(input.rank - 1);
  Extents out = input;
  out[-1] = weight.at[0];
  return out;
}

}  // namespace lazuli::typed::rules
