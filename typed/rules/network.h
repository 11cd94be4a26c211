#pragma once
#include "lazuli/typed/dtype.h"
#include "lazuli/typed/rules/broadcast.h"

/// Norms, attention and losses.
namespace lazuli::typed::rules {

/// The last extents are `features`.
constexpr Ruling ends_with(Writer& say, const Extents& a, const Extents& features) {
  bool fits = features.rank > 0 && a.rank >= features.rank;
  for (int i = 1; fits && i <= features.rank; ++i) fits = may_equal(a[-i], features[-i]);
  if (fits) return a;
  say << "needs an input that ends with " << features << ", got " << a;
  return Mistake::layer_error_wrong_input;
}
/// [batch, channels, ..] of so many channels, of a rank from `least` to `most`.
constexpr Ruling has_channels(Writer& say, const Extents& a, int64_t channels, int64_t least, int64_t most) {
  if (a.rank >= least && a.rank <= most && (channels == dynamic || may_equal(a.at[1], channels))) return a;
  say << "needs [batch, ";
  write_extent(say, channels) << (most == 2 ? "]" : ", ..]") << " of " << least;
  if (most != least) say << " to " << most;
  say << " dimensions, got " << a;
  return Mistake::layer_error_wrong_input;
}
constexpr Ruling groups_of_channels(Writer& say, const Extents& a, int64_t groups) {
  if (a.rank >= 2 && (!is_fixed(a.at[1]) || a.at[1] % groups == 0)) return a;
  say << "needs [batch, channels, ..] with channels in " << groups << " groups, got " << a;
  return Mistake::layer_error_wrong_input;
}
/// query [.., l, e], key [.., s, e], value [.., s, ev] -> [.., l, ev]
constexpr Ruling attention(Writer& say, const Extents& query, const Extents& key, const Extents& value) {
  const bool matrices = query.rank >= 2 && key.rank >= 2 && value.rank >= 2;
  if (!matrices || !may_equal(query[-1], key[-1]) || !may_equal(key[-2], value[-2])) {
    say << "needs query [.., l, e], key [.., s, e] and value [.., s, ev], got " << query << ", " << key << " and " << value;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Ruling out = broadcast3(say, query.first(query.rank - 2), key.first(key.rank - 2), value.first(value.rank - 2));
  if (out.mistake == Mistake::none) out.shape.push(query[-2]).push(value[-1]);
  return out;
}
/// input [.., features] of attention over tokens: [l, e] or [l, n, e].
constexpr Ruling tokens(Writer& say, const Extents& a, int64_t features) {
  if ((a.rank == 2 || a.rank == 3) && may_equal(a[-1], features)) return a;
  say << "needs [length, " << features << "] or [.., .., " << features << "], got " << a;
  return Mistake::layer_error_wrong_input;
}

/// input [n, classes, ..] and target [n, ..] of class indices.
constexpr Ruling class_loss(Writer& say, const Extents& input, const Extents& target, DType, DType target_dtype, bool each) {
  if (target_dtype != kInt64) {
    say << "the target is of class indices (int64), got " << kDTypes[int(target_dtype)].name << ' ' << target;
    return Mistake::dtype_error_requires;
  }
  Extents wanted = input;
  if (input.rank > 0) wanted.remove(input.rank == 1 ? 0 : 1);
  Writer quiet;
  const Ruling fits = alike(quiet, wanted, target);
  if (input.rank == 0 || fits.mistake != Mistake::none) {
    say << "an input " << input << " [n, classes, ..] needs a target " << wanted << ", got " << target;
    return Mistake::shape_error_mismatch;
  }
  return each ? fits : Ruling(Extents());
}
constexpr Ruling loss_of_one_shape(Writer& say, const Extents& input, const Extents& target, DType, DType target_dtype, bool each) {
  if (!is_floating_point(target_dtype)) {
    say << "the target is of floating point numbers, got " << kDTypes[int(target_dtype)].name << ' ' << target;
    return Mistake::dtype_error_requires;
  }
  Writer quiet;
  const Ruling fits = alike(quiet, input, target);
  if (fits.mistake != Mistake::none) {
    say << "input and target are of one shape, got " << input << " and " << target;
    return Mistake::shape_error_mismatch;
  }
  return each ? fits : Ruling(Extents());
}
/// Class indices, or probabilities of the input's shape.
constexpr Ruling class_loss_or_probabilities(Writer& say, const Extents& input, const Extents& target, DType dtype, DType target_dtype, bool each) {
  if (!is_floating_point(target_dtype)) return class_loss(say, input, target, dtype, target_dtype, each);
  Ruling out = loss_of_one_shape(say, input, target, dtype, target_dtype, each);
  if (out.mistake == Mistake::none && each && input.rank > 0) out.shape.remove(input.rank == 1 ? 0 : 1);
  return out;
}

}  // namespace lazuli::typed::rules
