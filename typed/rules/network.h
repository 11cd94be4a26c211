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

/// The same of one sample without a batch, whose target may have a dimension of 1.
constexpr Ruling class_loss_of_any_rank(Writer& say, const Extents& input, const Extents& target, DType dtype, DType target_dtype, bool each) {
  const bool one = input.rank < 2 && target.numel() == 1 && target.rank < 2 && target_dtype == kInt64;
  return one ? Ruling(Extents()) : class_loss(say, input, target, dtype, target_dtype, each);
}
/// Two inputs and a target that broadcast.
constexpr Ruling loss_of_three(Writer& say, const Extents& a, const Extents& b, const Extents& c, bool each) {
  const Ruling out = broadcast3(say, a, b, c);
  return out.mistake != Mistake::none || each ? out : Ruling(Extents());
}
/// Two inputs [n, features] and a target [n], or [features] and one number.
constexpr Ruling cosine_embedding(Writer& say, const Extents& a, const Extents& b, const Extents& target, bool each) {
  const Ruling both = alike(say, a, b);
  if (both.mistake != Mistake::none) return both;
  if ((a.rank == 1 || a.rank == 2) && target.rank == a.rank - 1 && (a.rank == 1 || may_equal(a.at[0], target.at[0])))
    return each ? target : Extents();
  say << "inputs " << a << " [n, features] need a target [n], got " << target;
  return Mistake::shape_error_mismatch;
}
/// An anchor and two others, whose last dimension is that of the distance.
constexpr Ruling triplet(Writer& say, const Extents& anchor, const Extents& positive, const Extents& negative, bool each) {
  Ruling out = broadcast3(say, anchor, positive, negative);
  if (out.mistake != Mistake::none || !each) return out.mistake != Mistake::none ? out : Ruling(Extents());
  if (out.shape.rank) out.shape.rank -= 1;
  return out;
}
/// input [n, classes] or [classes], and class indices of its shape: one number a sample.
constexpr Ruling loss_of_lists(Writer& say, const Extents& input, const Extents& target, DType, DType target_dtype, bool each) {
  if (target_dtype != kInt64) {
    say << "the target is of class indices (int64), got " << kDTypes[int(target_dtype)].name << ' ' << target;
    return Mistake::dtype_error_requires;
  }
  const Ruling both = alike(say, input, target);
  if (both.mistake != Mistake::none) return both;
  return each && input.rank ? Ruling(input.first(input.rank - 1)) : Ruling(Extents());
}
/// The same with a number for each class.
constexpr Ruling loss_of_labels(Writer& say, const Extents& input, const Extents& target, DType dtype, DType target_dtype, bool each) {
  Ruling out = loss_of_one_shape(say, input, target, dtype, target_dtype, true);
  if (out.mistake != Mistake::none || !each) return out.mistake != Mistake::none ? out : Ruling(Extents());
  if (out.shape.rank) out.shape.rank -= 1;
  return out;
}
/// A target of any numbers of the input's shape: counts, signs.
constexpr Ruling loss_of_signs(Writer& say, const Extents& input, const Extents& target, DType dtype, DType, bool each) {
  return loss_of_one_shape(say, input, target, dtype, kFloat32, each);
}

}  // namespace lazuli::typed::rules
