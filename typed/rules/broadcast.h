#pragma once
#include "lazuli/typed/mistakes.h"

/// Broadcasting (https://pytorch.org/docs/stable/notes/broadcasting.html), and rules that keep the shape.
namespace lazuli::typed::rules {

constexpr Ruling same(Writer&, const Extents& a) { return a; }

/// Of one extent against another; false where they do not fit. What a name or a number greater than 1 becomes beside a dynamic extent is known; beside a dynamic one, a name may be the 1.
constexpr bool broadcast_extent(int64_t a, int64_t b, int64_t& out) {
  if (a == b || b == 1) out = a;
  else if (a == 1) out = b;
  else if (a == dynamic || b == dynamic) out = is_fixed(either(a, b)) ? either(a, b) : dynamic;
  else return false;
  return true;
}
constexpr Ruling broadcast(Writer& say, const Extents& a, const Extents& b) {
  Extents out = a.rank >= b.rank ? a : b;
  for (int i = 1; i <= a.rank && i <= b.rank; ++i)
    if (!broadcast_extent(a[-i], b[-i], out[-i])) {
      say << "shapes do not broadcast: " << a << " and " << b << " (";
      write_extent(say, a[-i]) << " against ";
      write_extent(say, b[-i]) << " in dimension " << out.rank - i << ')';
      return Mistake::broadcast_error_incompatible_dimensions;
    }
  return out;
}
constexpr Ruling broadcast3(Writer& say, const Extents& a, const Extents& b, const Extents& c) {
  const Ruling ab = broadcast(say, a, b);
  return ab.mistake != Mistake::none ? ab : broadcast(say, ab.shape, c);
}
constexpr Ruling broadcast_all(Writer& say, Operands all) {
  Ruling out = all[0];
  for (int i = 1; i < all.count && out.mistake == Mistake::none; ++i) out = broadcast(say, out.shape, all[i]);
  return out;
}
/// What broadcasts to `to` and makes it no greater, as the target of an in-place function.
constexpr Ruling broadcast_to(Writer& say, const Extents& from, const Extents& to) {
  bool fits = from.rank <= to.rank;
  for (int i = 1; fits && i <= from.rank; ++i) fits = from[-i] == 1 || may_equal(from[-i], to[-i]);
  if (fits) return to;
  say << from << " does not broadcast to " << to;
  return Mistake::broadcast_error_incompatible_dimensions;
}
/// Both of one shape.
constexpr Ruling alike(Writer& say, const Extents& a, const Extents& b) {
  bool fits = a.rank == b.rank;
  Extents out = a;
  for (int i = 0; fits && i < a.rank; ++i) {
    fits = may_equal(a.at[i], b.at[i]);
    out.at[i] = either(a.at[i], b.at[i]);
  }
  if (fits) return out;
  say << "shapes differ: " << a << " and " << b;
  return Mistake::shape_error_mismatch;
}

}  // namespace lazuli::typed::rules
