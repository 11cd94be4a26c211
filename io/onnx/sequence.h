#pragma once
#include "lazuli/io/onnx/graph.h"
#include "lazuli/nn/attention.h"
#include "lazuli/nn/recurrent.h"

// Modules of sequences, as nodes. `path` is the module's name in the model, with a dot behind.
namespace lazuli::onnx {

/// Attention of batches; `names` are query, key and value. The name of the result. Behind query, key and value `inputs` has the masks. Throws
/// Error (NotSupported) naming the option that is not known, and for masks that differ between the sequences of a batch.
std::string attention(Graph& graph, const std::string& path, nn::MultiheadAttention& module, const std::vector<std::string>& names,
                      const std::vector<Tensor>& inputs, const Tensor& result);

/// The names of the outputs and of the last states, of an LSTM those of h and c, where `module` is a recurrent one; else none. `states` are the first ones, none where they are zeros. Throws
/// Error (NotSupported) naming the option that is not known.
std::vector<std::string> recurrent(Graph& graph, const std::string& path, nn::Module& module, const std::string& input, const Tensor& given,
                                   const std::vector<std::string>& states);

/// Which dimension of a recurrent module's input counts sequences.
int64_t batch_dimension(nn::Module& module);
/// A state [layers, 1, features] for each sequence of a batch, whose dimension of `input` that is.
std::string for_each_sequence(Graph& graph, const Tensor& state, const std::string& input, int64_t batch_dimension);

}  // namespace lazuli::onnx
