#pragma once
#include "lazuli/nn/module/module.h"

namespace lazuli {

struct OnnxOptions {
  /// The first dimension of input and output may be of any size, not only that of the example.
  bool dynamic_batch = true;
  std::string input_name = "input", output_name = "output";
};

/// Writes a model as an ONNX file (https://onnx.ai, operator set 20), all or nothing, as it computes in evaluation: it is run once on the example, and what its modules do becomes nodes, their
/// parameters initializers under the names that they have in the state_dict.
///   export_onnx(model, randn({1, 3, 224, 224}), "model.onnx");
/// Modules: Linear, convolutions and transposed ones, batch and layer norms, activations, pooling, Embedding, Flatten, dropouts (which do nothing), RNN, LSTM and GRU (whose first states come
/// from the input or are the same for every sequence), MultiheadAttention and any made of these, such as TransformerEncoder (masks are written as they are with the
/// example, the same for all sequences: one that the input makes, such as that of a padding token, is not in the file). Between them may stand
/// + - * / of tensors, relu, gelu, sigmoid, tanh, exp, log, sqrt, neg, abs, cat, mean and sum over dimensions, and reshape, flatten, view, squeeze and unsqueeze.
/// Throws Error (NotSupported) naming what else the model does, and where the file cannot be written.
void export_onnx(nn::Module& model, const Tensor& example, const std::string& path, const OnnxOptions& options = {});

}  // namespace lazuli
