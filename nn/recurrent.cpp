#include "lazuli/nn/recurrent.h"

#include <cmath>

#include "lazuli/nn/module/factory.h"
#include "lazuli/nn/module/init.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/registry.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/network/recurrent.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::nn {

namespace {

void check_sizes(const char* module, int64_t input_size, int64_t hidden_size) {
  if (input_size < 0) fail(module, "input_size", "a size that is not negative", written(input_size));
  if (hidden_size < 1) fail(module, "hidden_size", "a positive number", written(hidden_size));
}
void fill(const Tensor& weight, int64_t hidden_size) {
  double bound = 1 / std::sqrt(double(hidden_size));
  init::uniform_(weight, -bound, bound, InitStream().generator());
}
Tensor in_order(const Tensor& state, const Tensor& order) { return state.defined() && order.defined() ? index_select(state, 1, order) : state; }

}  // namespace

RNNBase::RNNBase(const char* module, int64_t gates, int64_t in, int64_t hidden, const RNNBaseOptions& o)
    : input_size(in), hidden_size(hidden), name_(module), base_(detail::checked(module, o)) {
  check_sizes(module, in, hidden);
  if (o.proj_size >= hidden) fail(module, "proj_size", "a number below hidden_size " + written(hidden), written(o.proj_size));
  const int64_t features = o.proj_size ? o.proj_size : hidden;
  const detail::Factory make(module, o);
  for (int64_t layer = 0; layer < o.num_layers; ++layer)
    for (bool reverse : {false, true}) {
      if (reverse && !o.bidirectional) continue;
      const std::string suffix = "_l" + written(layer) + (reverse ? "_reverse" : "");
      register_parameter("weight_ih" + suffix, make.empty({gates * hidden, layer ? features * (o.bidirectional ? 2 : 1) : in}));
      register_parameter("weight_hh" + suffix, make.empty({gates * hidden, features}));
      if (o.bias) {
        register_parameter("bias_ih" + suffix, make.empty({gates * hidden}));
        register_parameter("bias_hh" + suffix, make.empty({gates * hidden}));
      }
      if (o.proj_size) register_parameter("weight_hr" + suffix, make.empty({features, hidden}));
    }
  reset_parameters();
}

std::vector<Tensor> RNNBase::flat_weights() const {
  std::vector<Tensor> weights;
  for (const auto& slot : registered_parameters()) weights.push_back(slot->tensor);
  return weights;
}
void RNNBase::reset_parameters() {
  for (const Tensor& weight : flat_weights()) fill(weight, hidden_size);
}
std::string RNNBase::extra_repr() const {
  std::string text = written(input_size) + ", " + written(hidden_size);
  if (base_.proj_size) text += ", proj_size=" + written(base_.proj_size);
  if (base_.num_layers != 1) text += ", num_layers=" + written(base_.num_layers);
  if (!base_.bias) text += ", bias=" + written(base_.bias);
  if (base_.batch_first) text += ", batch_first=" + written(base_.batch_first);
  if (base_.dropout != 0) text += ", dropout=" + written(base_.dropout);
  if (base_.bidirectional) text += ", bidirectional=" + written(base_.bidirectional);
  return text;
}

RNNBase::State RNNBase::first_state(Kind kind, const State& given, int64_t n, const Tensor& like) const {
  const int64_t layers = base_.num_layers * (base_.bidirectional ? 2 : 1);
  auto nothing = [&](int64_t features) { return zeros({layers, n, features}, {.dtype = like.dtype(), .device = like.device()}); };
  State first = given;
  if (!first.h.defined()) first.h = nothing(base_.proj_size ? base_.proj_size : hidden_size);
  if (!first.c.defined() && kind == Kind::Lstm) first.c = nothing(hidden_size);
  return first;
}

std::pair<Tensor, RNNBase::State> RNNBase::run_kind(Kind kind, const Tensor& given, const State& given_state) {
  need_defined(name_.c_str(), given, "input");
  if (given.dim() != 2 && given.dim() != 3)
    fail(name_, "input", "sizes [t, input_size], or " + std::string(base_.batch_first ? "[n, t, input_size]" : "[t, n, input_size]"),
         to_string(given.sizes()));
  if (given.size(-1) != input_size) fail(name_, "input", written(input_size) + " features", "sizes " + to_string(given.sizes()));
  const bool one = given.dim() == 2;
  const int64_t batch = base_.batch_first ? 0 : 1;
  State state = given_state;
  if (one)
    for (Tensor* t : {&state.h, &state.c})
      if (t->defined()) {
        if (t->dim() != 2) fail(name_, "hx", "sizes [layers * directions, features], as the input is one sequence", to_string(t->sizes()));
        *t = t->unsqueeze(1);
      }
  const Tensor input = one ? given.unsqueeze(batch) : given;
  State first = first_state(kind, state, input.size(batch), input);
  const RecurrentOptions o{base_.bias, base_.num_layers, base_.dropout, is_training(), base_.bidirectional, base_.batch_first};
  Tensor out;
  State last;
  switch (kind) {
    case Kind::Tanh: std::tie(out, last.h) = rnn_tanh(input, first.h, flat_weights(), o); break;
    case Kind::Relu: std::tie(out, last.h) = rnn_relu(input, first.h, flat_weights(), o); break;
    case Kind::Gru: std::tie(out, last.h) = gru(input, first.h, flat_weights(), o); break;
    case Kind::Lstm: std::tie(out, last.h, last.c) = lstm(input, {first.h, first.c}, flat_weights(), o); break;
  }
  if (one) {
    out = out.squeeze(Shape{batch});
    last.h = last.h.squeeze(Shape{1});
    if (last.c.defined()) last.c = last.c.squeeze(Shape{1});
  }
  return {out, last};
}

std::pair<PackedSequence, RNNBase::State> RNNBase::run_kind(Kind kind, const PackedSequence& input, const State& given) {
  need_defined(name_.c_str(), input.data, "input");
  need_defined(name_.c_str(), input.batch_sizes, "input");
  if (input.data.dim() != 2 || input.data.size(1) != input_size)
    fail(name_, "input", "packed sequences of " + written(input_size) + " features", "sizes " + to_string(input.data.sizes()));
  State first = first_state(kind, {in_order(given.h, input.sorted_indices), in_order(given.c, input.sorted_indices)},
                            input.batch_sizes.numel() ? input.batch_sizes[0].item<int64_t>() : 0, input.data);
  const RecurrentOptions o{base_.bias, base_.num_layers, base_.dropout, is_training(), base_.bidirectional, false};
  PackedSequence out = input;
  State last;
  switch (kind) {
    case Kind::Tanh: std::tie(out.data, last.h) = rnn_tanh(input.data, input.batch_sizes, first.h, flat_weights(), o); break;
    case Kind::Relu: std::tie(out.data, last.h) = rnn_relu(input.data, input.batch_sizes, first.h, flat_weights(), o); break;
    case Kind::Gru: std::tie(out.data, last.h) = gru(input.data, input.batch_sizes, first.h, flat_weights(), o); break;
    case Kind::Lstm: std::tie(out.data, last.h, last.c) = lstm(input.data, input.batch_sizes, {first.h, first.c}, flat_weights(), o); break;
  }
  return {out, {in_order(last.h, input.unsorted_indices), in_order(last.c, input.unsorted_indices)}};
}

RNN::RNN(int64_t in, int64_t hidden, const RNNOptions& o) : ModuleOf("RNN", 1, in, hidden, o.base()), options(o) {}
std::tuple<Tensor, Tensor> RNN::forward(const Tensor& input, const OptionalTensor& hx) {
  auto [out, last] = run_kind(options.nonlinearity == Nonlinearity::Relu ? Kind::Relu : Kind::Tanh, input, {hx.value_or(Tensor()), {}});
  return {out, last.h};
}
std::tuple<PackedSequence, Tensor> RNN::forward(const PackedSequence& input, const OptionalTensor& hx) {
  auto [out, last] = run_kind(options.nonlinearity == Nonlinearity::Relu ? Kind::Relu : Kind::Tanh, input, {hx.value_or(Tensor()), {}});
  return {out, last.h};
}

GRU::GRU(int64_t in, int64_t hidden, const RNNBaseOptions& o) : ModuleOf("GRU", 3, in, hidden, o), options(o) {
  if (o.proj_size) fail("GRU", "proj_size", "0: only an LSTM has projections", written(o.proj_size));
}
std::tuple<Tensor, Tensor> GRU::forward(const Tensor& input, const OptionalTensor& hx) {
  auto [out, last] = run_kind(Kind::Gru, input, {hx.value_or(Tensor()), {}});
  return {out, last.h};
}
std::tuple<PackedSequence, Tensor> GRU::forward(const PackedSequence& input, const OptionalTensor& hx) {
  auto [out, last] = run_kind(Kind::Gru, input, {hx.value_or(Tensor()), {}});
  return {out, last.h};
}

LSTM::LSTM(int64_t in, int64_t hidden, const RNNBaseOptions& o) : ModuleOf("LSTM", 4, in, hidden, o), options(o) {}
std::tuple<Tensor, LSTMState> LSTM::forward(const Tensor& input, const std::optional<LSTMState>& hx) {
  auto [out, last] = run_kind(Kind::Lstm, input, hx ? State{std::get<0>(*hx), std::get<1>(*hx)} : State());
  return {out, {last.h, last.c}};
}
std::tuple<PackedSequence, LSTMState> LSTM::forward(const PackedSequence& input, const std::optional<LSTMState>& hx) {
  auto [out, last] = run_kind(Kind::Lstm, input, hx ? State{std::get<0>(*hx), std::get<1>(*hx)} : State());
  return {out, {last.h, last.c}};
}

RNNCellBase::RNNCellBase(const char* module, int64_t gates, int64_t in, int64_t hidden, const LSTMCellOptions& o)
    : input_size((check_sizes(module, in, hidden), in)),
      hidden_size(hidden),
      weight_ih(this, "weight_ih", detail::Factory(module, o).empty({gates * hidden, in})),
      weight_hh(this, "weight_hh", detail::Factory(module, o).empty({gates * hidden, hidden})),
      bias_ih(this, "bias_ih", detail::Factory(module, o).empty(o.bias, {gates * hidden})),
      bias_hh(this, "bias_hh", detail::Factory(module, o).empty(o.bias, {gates * hidden})) {
  reset_parameters();
}
void RNNCellBase::reset_parameters() {
  for (const Parameter* p : {&weight_ih, &weight_hh, &bias_ih, &bias_hh})
    if (p->defined()) fill(*p, hidden_size);
}
std::string RNNCellBase::extra_repr() const {
  return written(input_size) + ", " + written(hidden_size) + (bias_ih.defined() ? "" : ", bias=" + written(false));
}
Tensor RNNCellBase::zeros_for(const Tensor& input) const {
  need_defined(class_name().c_str(), input, "input");
  Shape sizes = input.sizes();
  if (sizes.empty()) sizes = {0};
  sizes[-1] = hidden_size;
  return zeros(sizes, {.dtype = input.dtype(), .device = input.device()});
}

RNNCell::RNNCell(int64_t in, int64_t hidden, const RNNCellOptions& o)
    : ModuleOf("RNNCell", 1, in, hidden, detail::as_whole(o, LSTMCellOptions{.bias = o.bias})), options(o) {}
Tensor RNNCell::forward(const Tensor& input, const OptionalTensor& hx) {
  Tensor h = hx && hx->defined() ? *hx : zeros_for(input);
  return options.nonlinearity == Nonlinearity::Relu ? rnn_relu_cell(input, h, weight_ih, weight_hh, given(bias_ih), given(bias_hh))
                                                    : rnn_tanh_cell(input, h, weight_ih, weight_hh, given(bias_ih), given(bias_hh));
}
std::string RNNCell::extra_repr() const {
  std::string text = RNNCellBase::extra_repr();
  return options.nonlinearity == Nonlinearity::Tanh ? text : text + ", nonlinearity=" + name_of(options.nonlinearity);
}

GRUCell::GRUCell(int64_t in, int64_t hidden, const GRUCellOptions& o) : ModuleOf("GRUCell", 3, in, hidden, o), options(o) {}
Tensor GRUCell::forward(const Tensor& input, const OptionalTensor& hx) {
  return gru_cell(input, hx && hx->defined() ? *hx : zeros_for(input), weight_ih, weight_hh, given(bias_ih), given(bias_hh));
}

LSTMCell::LSTMCell(int64_t in, int64_t hidden, const LSTMCellOptions& o) : ModuleOf("LSTMCell", 4, in, hidden, o), options(o) {}
LSTMState LSTMCell::forward(const Tensor& input, const std::optional<LSTMState>& hx) {
  std::vector<Tensor> state = hx ? std::vector<Tensor>{std::get<0>(*hx), std::get<1>(*hx)} : std::vector<Tensor>(2);
  for (Tensor& part : state)
    if (!part.defined()) part = zeros_for(input);
  return lstm_cell(input, state, weight_ih, weight_hh, given(bias_ih), given(bias_hh));
}

std::tuple<Tensor, Tensor> RNN::run(const Tensor& input, const OptionalTensor& hx) { return call(*this, input, hx); }
std::tuple<Tensor, Tensor> GRU::run(const Tensor& input, const OptionalTensor& hx) { return call(*this, input, hx); }
std::tuple<Tensor, LSTMState> LSTM::run(const Tensor& input, const std::optional<LSTMState>& hx) { return call(*this, input, hx); }
Tensor RNNCell::step(const Tensor& input, const OptionalTensor& hx) { return call(*this, input, hx); }
Tensor GRUCell::step(const Tensor& input, const OptionalTensor& hx) { return call(*this, input, hx); }
LSTMState LSTMCell::step(const Tensor& input, const std::optional<LSTMState>& hx) { return call(*this, input, hx); }

void list_recurrent(ModuleTable& table) { table.add<RNN, LSTM, GRU, RNNCell, LSTMCell, GRUCell>(); }

}  // namespace lazuli::nn
