#pragma once
#include <tuple>

#include "lazuli/nn/module/options.h"
#include "lazuli/nn/utils/packed_sequence.h"

/// Recurrent networks; ops/network/recurrent.h has the formulas.
namespace lazuli::nn {

enum class Nonlinearity : uint8_t { Tanh, Relu };
constexpr auto names_of(Nonlinearity) { return enum_names<Nonlinearity>({{Nonlinearity::Tanh, "tanh"}, {Nonlinearity::Relu, "relu"}}); }

struct RNNBaseOptions {
  int64_t num_layers = 1;
  bool bias = true;
  bool batch_first = false;    // [n, t, ..] instead of [t, n, ..]; states are [.., n, ..] all the same
  double dropout = 0;          // of what goes from a layer to the next, in training
  bool bidirectional = false;  // each layer runs from both ends; the results lie side by side
  int64_t proj_size = 0;       // LSTM only: h has so many features
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = RNNBaseOptions>
  static constexpr auto members() {
    return Members{member("num_layers", &O::num_layers, {.least = 1}),
                   member("bias", &O::bias),
                   member("batch_first", &O::batch_first),
                   member("dropout", &O::dropout, {.least = 0, .most = 1}),
                   member("bidirectional", &O::bidirectional),
                   member("proj_size", &O::proj_size, {.least = 0})};
  }
};
struct RNNOptions {
  int64_t num_layers = 1;
  Choice<Nonlinearity> nonlinearity = Nonlinearity::Tanh;
  bool bias = true;
  bool batch_first = false;
  double dropout = 0;
  bool bidirectional = false;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = RNNOptions>
  static constexpr auto members() {
    return Members{member("num_layers", &O::num_layers, {.least = 1}),
                   member("nonlinearity", &O::nonlinearity),
                   member("bias", &O::bias),
                   member("batch_first", &O::batch_first),
                   member("dropout", &O::dropout, {.least = 0, .most = 1}),
                   member("bidirectional", &O::bidirectional)};
  }
  RNNBaseOptions base() const { return {num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype}; }
};

/// What RNN, LSTM and GRU share: parameters weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 (weight_hr_l0), the same with _reverse, and so on for each layer, all of which begin
/// uniform in +-1/sqrt(hidden_size).
/// input [t, n, input_size], or [t, input_size] without n -> [t, n, directions * hidden_size] and the last state [layers * directions, n, hidden_size]; hx is the first state, zeros unless
/// given. A PackedSequence gives a PackedSequence, with states in the order in which the sequences were before packing.
class RNNBase : public Module {
 public:
  void reset_parameters();
  std::string extra_repr() const override;
  /// The parameters in the order of layers and directions.
  std::vector<Tensor> flat_weights() const;
  /// PyTorch's; parameters lie as they lie.
  void flatten_parameters() {}

  int64_t input_size, hidden_size;

 protected:
  RNNBase(const char* module, int64_t gates, int64_t input_size, int64_t hidden_size, const RNNBaseOptions& options);
  struct State {
    Tensor h, c;  // c of an LSTM only
  };
  enum class Kind : uint8_t { Tanh, Relu, Lstm, Gru };
  std::pair<Tensor, State> run_kind(Kind kind, const Tensor& input, const State& first);
  std::pair<PackedSequence, State> run_kind(Kind kind, const PackedSequence& input, const State& first);

 private:
  State first_state(Kind kind, const State& given, int64_t n, const Tensor& like) const;
  std::string name_;
  RNNBaseOptions base_;
};

class RNN : public ModuleOf<RNN, RNNBase> {
 public:
  using Options = RNNOptions;
  RNN(int64_t input_size, int64_t hidden_size, const RNNOptions& options = {});
  template <class... A>
  requires detail::ByPosition<RNNOptions, A...> RNN(int64_t input_size, int64_t hidden_size, const A&... options)
      : RNN(input_size, hidden_size, detail::positional<RNNOptions>(options...)) {}
  template <class N>
  requires detail::ByPosition<RNNOptions, N> RNN(int64_t input_size, int64_t hidden_size, const N& num_layers, const RNNOptions& rest)
      : RNN(input_size, hidden_size, detail::positional_and(rest, num_layers)) {}
  explicit RNN(...) = delete;  // RNN(input_size, hidden_size, {.num_layers, .nonlinearity, .bias, .batch_first, .dropout, .bidirectional})
  template <class M = RNN>
  static constexpr auto arguments() {
    return Members{member("input_size", &M::input_size, {.least = 0}), member("hidden_size", &M::hidden_size, {.least = 1})};
  }
  std::tuple<Tensor, Tensor> forward(const Tensor& input, const OptionalTensor& hx = {});
  std::tuple<PackedSequence, Tensor> forward(const PackedSequence& input, const OptionalTensor& hx = {});
  std::tuple<Tensor, Tensor> run(const Tensor& input, const OptionalTensor& hx = {});
  RNNOptions options;
};

class GRU : public ModuleOf<GRU, RNNBase> {
 public:
  using Options = RNNBaseOptions;
  /// Throws Error for a proj_size.
  GRU(int64_t input_size, int64_t hidden_size, const RNNBaseOptions& options = {});
  template <class... A>
  requires detail::ByPosition<RNNBaseOptions, A...> GRU(int64_t input_size, int64_t hidden_size, const A&... options)
      : GRU(input_size, hidden_size, detail::positional<RNNBaseOptions>(options...)) {}
  template <class N>
  requires detail::ByPosition<RNNBaseOptions, N> GRU(int64_t input_size, int64_t hidden_size, const N& num_layers, const RNNBaseOptions& rest)
      : GRU(input_size, hidden_size, detail::positional_and(rest, num_layers)) {}
  explicit GRU(...) = delete;  // GRU(input_size, hidden_size, {.num_layers, .bias, .batch_first, .dropout, .bidirectional})
  template <class M = GRU>
  static constexpr auto arguments() {
    return Members{member("input_size", &M::input_size, {.least = 0}), member("hidden_size", &M::hidden_size, {.least = 1})};
  }
  std::tuple<Tensor, Tensor> forward(const Tensor& input, const OptionalTensor& hx = {});
  std::tuple<PackedSequence, Tensor> forward(const PackedSequence& input, const OptionalTensor& hx = {});
  std::tuple<Tensor, Tensor> run(const Tensor& input, const OptionalTensor& hx = {});
  RNNBaseOptions options;
};

/// h and c.
using LSTMState = std::tuple<Tensor, Tensor>;

class LSTM : public ModuleOf<LSTM, RNNBase> {
 public:
  using Options = RNNBaseOptions;
  /// Throws Error for a proj_size that is not below hidden_size.
  LSTM(int64_t input_size, int64_t hidden_size, const RNNBaseOptions& options = {});
  template <class... A>
  requires detail::ByPosition<RNNBaseOptions, A...> LSTM(int64_t input_size, int64_t hidden_size, const A&... options)
      : LSTM(input_size, hidden_size, detail::positional<RNNBaseOptions>(options...)) {}
  template <class N>
  requires detail::ByPosition<RNNBaseOptions, N> LSTM(int64_t input_size, int64_t hidden_size, const N& num_layers, const RNNBaseOptions& rest)
      : LSTM(input_size, hidden_size, detail::positional_and(rest, num_layers)) {}
  explicit LSTM(...) = delete;  // LSTM(input_size, hidden_size, {.num_layers, .bias, .batch_first, .dropout, .bidirectional, .proj_size})
  template <class M = LSTM>
  static constexpr auto arguments() {
    return Members{member("input_size", &M::input_size, {.least = 0}), member("hidden_size", &M::hidden_size, {.least = 1})};
  }
  using LastArgument = LSTMState;  // lstm(x, {h, c})
  std::tuple<Tensor, LSTMState> forward(const Tensor& input, const std::optional<LSTMState>& hx = {});
  std::tuple<PackedSequence, LSTMState> forward(const PackedSequence& input, const std::optional<LSTMState>& hx = {});
  std::tuple<Tensor, LSTMState> run(const Tensor& input, const std::optional<LSTMState>& hx = {});
  RNNBaseOptions options;
};

struct RNNCellOptions {
  bool bias = true;
  Choice<Nonlinearity> nonlinearity = Nonlinearity::Tanh;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = RNNCellOptions>
  static constexpr auto members() {
    return Members{member("bias", &O::bias), member("nonlinearity", &O::nonlinearity)};
  }
};
struct LSTMCellOptions {
  bool bias = true;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = LSTMCellOptions>
  static constexpr auto members() {
    return Members{member("bias", &O::bias)};
  }
};
using GRUCellOptions = LSTMCellOptions;

/// What the cells share: one step, of input [n, input_size] or [input_size], and a state that is zeros unless given.
class RNNCellBase : public Module {
 public:
  void reset_parameters();
  std::string extra_repr() const override;
  int64_t input_size, hidden_size;
  Parameter weight_ih, weight_hh, bias_ih, bias_hh;

 protected:
  RNNCellBase(const char* module, int64_t gates, int64_t input_size, int64_t hidden_size, const LSTMCellOptions& options);
  Tensor zeros_for(const Tensor& input) const;
};

class RNNCell : public ModuleOf<RNNCell, RNNCellBase> {
 public:
  using Options = RNNCellOptions;
  RNNCell(int64_t input_size, int64_t hidden_size, const RNNCellOptions& options = {});
  explicit RNNCell(...) = delete;  // RNNCell(input_size, hidden_size, {.bias, .nonlinearity})
  template <class M = RNNCell>
  static constexpr auto arguments() {
    return Members{member("input_size", &M::input_size, {.least = 0}), member("hidden_size", &M::hidden_size, {.least = 1})};
  }
  Tensor forward(const Tensor& input, const OptionalTensor& hx = {});
  Tensor step(const Tensor& input, const OptionalTensor& hx = {});
  std::string extra_repr() const override;
  RNNCellOptions options;
};

class GRUCell : public ModuleOf<GRUCell, RNNCellBase> {
 public:
  using Options = GRUCellOptions;
  GRUCell(int64_t input_size, int64_t hidden_size, const GRUCellOptions& options = {});
  explicit GRUCell(...) = delete;  // GRUCell(input_size, hidden_size, {.bias})
  template <class M = GRUCell>
  static constexpr auto arguments() {
    return Members{member("input_size", &M::input_size, {.least = 0}), member("hidden_size", &M::hidden_size, {.least = 1})};
  }
  Tensor forward(const Tensor& input, const OptionalTensor& hx = {});
  Tensor step(const Tensor& input, const OptionalTensor& hx = {});
  GRUCellOptions options;
};

class LSTMCell : public ModuleOf<LSTMCell, RNNCellBase> {
 public:
  using Options = LSTMCellOptions;
  LSTMCell(int64_t input_size, int64_t hidden_size, const LSTMCellOptions& options = {});
  explicit LSTMCell(...) = delete;  // LSTMCell(input_size, hidden_size, {.bias})
  template <class M = LSTMCell>
  static constexpr auto arguments() {
    return Members{member("input_size", &M::input_size, {.least = 0}), member("hidden_size", &M::hidden_size, {.least = 1})};
  }
  LSTMState forward(const Tensor& input, const std::optional<LSTMState>& hx = {});
  LSTMState step(const Tensor& input, const std::optional<LSTMState>& hx = {});
  LSTMCellOptions options;
};

}  // namespace lazuli::nn
