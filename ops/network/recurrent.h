#pragma once
#include <tuple>

#include "lazuli/core/tensor.h"

/// Recurrent networks over sequences, and one step of each. Floating point; every tensor of one dtype and device.
///
/// With gates x W_ih^T + b_ih and h W_hh^T + b_hh, in this order from top to bottom of the weights:
///   rnn   h' = tanh or relu of their sum
///   lstm  i, f, g, o: c' = sigmoid(f) c + sigmoid(i) tanh(g); h' = sigmoid(o) tanh(c'), times W_hr^T where there is a projection (https://doi.org/10.1162/neco.1997.9.8.1735)
///   gru   r, z, n: n' = tanh(n_x + sigmoid(r) n_h); h' = (1 - sigmoid(z)) n' + sigmoid(z) h (https://arxiv.org/abs/1406.1078)
namespace lazuli {

struct RecurrentOptions {
  bool has_biases = true;
  int64_t num_layers = 1;
  double dropout = 0;  // of what goes from a layer to the next, in training
  bool train = false;
  bool bidirectional = false;  // each layer runs from both ends; the results lie side by side
  bool batch_first = false;    // [n, t, ..] instead of [t, n, ..]; not for packed input
};

/// input [t, n, in]; hx the first state [layers * directions, n, hidden]: h, for an lstm h and c; params for each layer and each of its directions weight_ih [gates * hidden, in],
/// weight_hh [gates * hidden, hidden], bias_ih and bias_hh [gates * hidden], and of an lstm with projections weight_hr [proj, hidden] (then h has `proj` features).
/// -> the last layer's h of all steps [t, n, directions * hidden], and the last state.
/// The second form takes packed sequences: data [sum of batch_sizes, in], batch_sizes (1-d int64, decreasing) how many sequences have a step t.
/// Throws Error for sizes and dtypes that do not fit.
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& input, const Tensor& hx, const std::vector<Tensor>& params, const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& input, const Tensor& hx, const std::vector<Tensor>& params, const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor> gru(const Tensor& input, const Tensor& hx, const std::vector<Tensor>& params, const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, const std::vector<Tensor>& hx, const std::vector<Tensor>& params,
                                        const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, const std::vector<Tensor>& params,
                                    const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor> rnn_tanh(...) = delete;  // rnn_tanh(input, hx, params, [options]) or rnn_tanh(data, batch_sizes, hx, params, [options])
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, const std::vector<Tensor>& params,
                                    const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor> rnn_relu(...) = delete;  // rnn_relu(input, hx, params, [options]) or rnn_relu(data, batch_sizes, hx, params, [options])
std::tuple<Tensor, Tensor> gru(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, const std::vector<Tensor>& params,
                               const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor> gru(...) = delete;  // gru(input, hx, params, [options]) or gru(data, batch_sizes, hx, params, [options])
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, const std::vector<Tensor>& hx,
                                        const std::vector<Tensor>& params, const RecurrentOptions& options = {});
std::tuple<Tensor, Tensor, Tensor> lstm(...) = delete;  // lstm(input, hx, params, [options]) or lstm(data, batch_sizes, hx, params, [options])

/// One step: input [n, in] and hx [n, hidden], or both without n -> the next state.
Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const OptionalTensor& b_ih = {},
                     const OptionalTensor& b_hh = {});
Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const OptionalTensor& b_ih = {},
                     const OptionalTensor& b_hh = {});
Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const OptionalTensor& b_ih = {},
                const OptionalTensor& b_hh = {});
/// hx: h and c, as is the result.
std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, const std::vector<Tensor>& hx, const Tensor& w_ih, const Tensor& w_hh,
                                     const OptionalTensor& b_ih = {}, const OptionalTensor& b_hh = {});

}  // namespace lazuli
