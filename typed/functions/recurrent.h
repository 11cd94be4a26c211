#pragma once
#include "lazuli/ops/network/recurrent.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/recurrent.h"

/// Recurrent networks over typed sequences: `auto [output, state] = gru(input, state, params)`, `gru<true>` in both directions, `gru<false, true>` with the batch first.
namespace lazuli {

namespace typed {
inline RecurrentOptions recurrent_options(RecurrentOptions options, bool bidirectional, bool batch_first) {
  options.bidirectional = bidirectional;
  options.batch_first = batch_first;
  return options;
}
template <AnyTyped X, AnyTyped S, class R>
using OfOneKind = FirstRefusal<OneDevice<WhereOf<X>, WhereOf<S>>, SameDType<ElementOfTensor<X>, ElementOfTensor<S>>, R>;
template <Text op, AnyTyped X, AnyTyped S, bool bidirectional, bool batch_first>
struct Recurrent
    : TwoResults<op, OfOneKind<X, S, Ruled<&rules::recurrent, ShapeOfTensor<X>, ShapeOfTensor<S>, Flag<bidirectional>, Flag<batch_first>>>,
                 ElementOfTensor<X>, ElementOfTensor<X>, TogetherOf<X, S>> {};
template <AnyTyped X, AnyTyped S, AnyTyped C, bool bidirectional, bool batch_first>
struct Lstm
    : ThreeResults<"lstm",
                   OfOneKind<X, S, Ruled<&rules::lstm, ShapeOfTensor<X>, ShapeOfTensor<S>, ShapeOfTensor<C>, Flag<bidirectional>, Flag<batch_first>>>,
                   ElementOfTensor<X>, ElementOfTensor<X>, ElementOfTensor<X>, TogetherOf<X, S>> {};
template <AnyTyped X, AnyTyped S, AnyTyped W, AnyTyped V, int gates>
using CellRuled = OfOneKind<X, S, Ruled<&rules::cell, ShapeOfTensor<X>, ShapeOfTensor<S>, ShapeOfTensor<W>, ShapeOfTensor<V>, Number<gates>>>;
}  // namespace typed

#define LAZULI_TYPED_RECURRENT(name)                                                                             \
  LAZULI_TYPED_FUNCTION(                                                                                         \
      name, (bool bidirectional = false, bool batch_first = false, typed::AnyTyped X, typed::AnyTyped S),        \
      (typed::Recurrent<#name, X, S, bidirectional, batch_first>),                                               \
      (const X& input, const S& state, const std::vector<Tensor>& params, const RecurrentOptions& options = {}), \
      lazuli::name(typed::untyped(input), typed::untyped(state), params, typed::recurrent_options(options, bidirectional, batch_first)))
LAZULI_TYPED_RECURRENT(rnn_tanh);
LAZULI_TYPED_RECURRENT(rnn_relu);
LAZULI_TYPED_RECURRENT(gru);
#undef LAZULI_TYPED_RECURRENT
/// auto [output, h, c] = lstm(input, h, c, params)
LAZULI_TYPED_FUNCTION(lstm, (bool bidirectional = false, bool batch_first = false, typed::AnyTyped X, typed::AnyTyped S, typed::AnyTyped C),
                      (typed::Lstm<X, S, C, bidirectional, batch_first>),
                      (const X& input, const S& h, const C& c, const std::vector<Tensor>& params, const RecurrentOptions& options = {}),
                      lazuli::lstm(typed::untyped(input), std::vector<Tensor>{h.untyped(), c.untyped()}, params,
                                   typed::recurrent_options(options, bidirectional, batch_first)));

#define LAZULI_TYPED_CELL(name, gates)                                                                                                  \
  LAZULI_TYPED_FUNCTION(                                                                                                                \
      name, (typed::AnyTyped X, typed::AnyTyped S, typed::AnyTyped W, typed::AnyTyped V),                                               \
      (typed::Result<#name, typed::CellRuled<X, S, W, V, gates>, typed::ElementOfTensor<X>, typed::TogetherOf<X, S>>),                  \
      (const X& input, const S& state, const W& w_ih, const V& w_hh, const OptionalTensor& b_ih = {}, const OptionalTensor& b_hh = {}), \
      lazuli::name(typed::untyped(input), typed::untyped(state), typed::untyped(w_ih), typed::untyped(w_hh), b_ih, b_hh))
LAZULI_TYPED_CELL(rnn_tanh_cell, 1);
LAZULI_TYPED_CELL(rnn_relu_cell, 1);
LAZULI_TYPED_CELL(gru_cell, 3);
#undef LAZULI_TYPED_CELL
/// auto [next_h, next_c] = lstm_cell(input, h, c, w_ih, w_hh)
LAZULI_TYPED_FUNCTION(
    lstm_cell, (typed::AnyTyped X, typed::AnyTyped S, typed::AnyTyped W, typed::AnyTyped V),
    (typed::TwoResults<"lstm_cell", typed::CellRuled<X, S, W, V, 4>, typed::ElementOfTensor<X>, typed::ElementOfTensor<X>, typed::TogetherOf<X, S>>),
    (const X& input, const S& h, const S& c, const W& w_ih, const V& w_hh, const OptionalTensor& b_ih = {}, const OptionalTensor& b_hh = {}),
    lazuli::lstm_cell(typed::untyped(input), std::vector<Tensor>{h.untyped(), c.untyped()}, typed::untyped(w_ih), typed::untyped(w_hh), b_ih, b_hh));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(rnn_tanh, "rnn_tanh<bidirectional = false, batch_first = false>(input, state, params, options = {})");
LAZULI_TYPED_REFUSED_VALUES(rnn_relu, "rnn_relu<bidirectional = false, batch_first = false>(input, state, params, options = {})");
LAZULI_TYPED_REFUSED_VALUES(gru, "gru<bidirectional = false, batch_first = false>(input, state, params, options = {})");
LAZULI_TYPED_REFUSED_VALUES(lstm, "lstm<bidirectional = false, batch_first = false>(input, h, c, params, options = {})");
LAZULI_TYPED_REFUSED(rnn_tanh_cell, "rnn_tanh_cell(input, state, w_ih, w_hh, b_ih = {}, b_hh = {})");
LAZULI_TYPED_REFUSED(rnn_relu_cell, "rnn_relu_cell(input, state, w_ih, w_hh, b_ih = {}, b_hh = {})");
LAZULI_TYPED_REFUSED(gru_cell, "gru_cell(input, state, w_ih, w_hh, b_ih = {}, b_hh = {})");
LAZULI_TYPED_REFUSED(lstm_cell, "lstm_cell(input, h, c, w_ih, w_hh, b_ih = {}, b_hh = {})");

}  // namespace lazuli
