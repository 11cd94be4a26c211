#pragma once
#include "lazuli/typed/rules/broadcast.h"

/// Recurrent networks.
namespace lazuli::typed::rules {

/// input [t, n, in], or [n, t, in] with batch_first; state [layers * directions, n, features] -> [t, n, directions * features], and the last state.
constexpr Ruling recurrent(Writer& say, const Extents& input, const Extents& state, bool bidirectional, bool batch_first) {
  const int batch = batch_first ? 0 : 1;
  if (input.rank != 3 || state.rank != 3 || !may_equal(input.at[batch], state.at[1]) || (bidirectional && is_fixed(state.at[0]) && state.at[0] % 2)) {
    say << "needs an input " << (batch_first ? "[n, t, in]" : "[t, n, in]") << " and a state [layers" << (bidirectional ? " * 2" : "")
        << ", n, features], got " << input << " and " << state;
    return Mistake::shape_error_mismatch;
  }
  Ruling out = input;
  out.shape.at[2] = times(state.at[2], bidirectional ? 2 : 1);
  out.second = out.third = state;
  return out;
}
/// The same with a state of h and c, which may have different features.
constexpr Ruling lstm(Writer& say, const Extents& input, const Extents& h, const Extents& c, bool bidirectional, bool batch_first) {
  Ruling out = recurrent(say, input, h, bidirectional, batch_first);
  if (out.mistake != Mistake::none) return out;
  if (c.rank != 3 || !may_equal(c.at[0], h.at[0]) || !may_equal(c.at[1], h.at[1])) {
    say << "states differ: h " << h << " and c " << c;
    return Mistake::shape_error_mismatch;
  }
  out.third = c;
  return out;
}
/// One step: input [n, in], state [n, features], weights [gates * features, in] and [gates * features, features] -> the next state.
constexpr Ruling cell(Writer& say, const Extents& input, const Extents& state, const Extents& w_ih, const Extents& w_hh, int64_t gates) {
  const bool batched = input.rank == 2;
  const int64_t features = state.rank ? state[-1] : dynamic;
  const bool fits = (input.rank == 1 || batched) && state.rank == input.rank && (!batched || may_equal(input.at[0], state.at[0])) && w_ih.rank == 2 &&
                    w_hh.rank == 2 && may_equal(w_ih.at[1], input[-1]) && may_equal(w_hh.at[1], features) &&
                    may_equal(w_ih.at[0], times(features, gates)) && may_equal(w_hh.at[0], times(features, gates));
  if (!fits) {
    say << "needs an input [n, in], a state [n, features] and weights [" << gates << " features, in] and [" << gates << " features, features], got "
        << input << ", " << state << ", " << w_ih << " and " << w_hh;
    return Mistake::matmul_error_inner_dimensions_do_not_match;
  }
  Ruling out = state;
  out.second = state;
  return out;
}

}  // namespace lazuli::typed::rules
