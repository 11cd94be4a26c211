#include "lazuli/io/onnx/sequence.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::onnx {
namespace {

using Ints = std::vector<int64_t>;
using Names = std::vector<std::string>;

[[noreturn]] void unsupported(const std::string& expected, const std::string& got) {
  fail(ErrorKind::NotSupported, "export_onnx", "model", expected, got);
}

std::string shape(Graph& graph, const Ints& sizes) { return graph.constant(tensor(sizes, kInt64)); }
std::string turned(Graph& graph, const std::string& x, const Ints& order) { return graph.node("Transpose", {x}, {{"perm", order}}); }

/// linear(x, weight, bias) over the last dimension.
std::string projected(Graph& graph, const std::string& x, const std::string& weight, const std::string& bias) {
  const std::string product = graph.node("MatMul", {x, turned(graph, weight, {1, 0})});
  return bias.empty() ? product : graph.node("Add", {product, bias});
}
/// Rows [from, to).
std::string rows(Graph& graph, const std::string& x, int64_t from, int64_t to) {
  return graph.node("Slice", {x, shape(graph, {from}), shape(graph, {to}), shape(graph, {0})});
}

// What is added to the scores, for true in a mask of truth values -inf.
Tensor added(const Tensor& mask, DType dtype) {
  return mask.dtype() == kBool ? zeros(mask.sizes(), {.dtype = dtype}).masked_fill(mask, -INFINITY) : mask.detach().to(dtype);
}
// One sequence's part [1, ..] of a mask of all, which has to be the same for each: the file is for any batch.
Tensor of_each(const Tensor& masks, const std::string& name) {
  const Tensor one = masks.narrow(0, 0, 1);
  if (!equal(one.expand(masks.sizes()), masks)) unsupported("masks that are the same for all sequences of a batch", name + " with others");
  return one;
}

// What attention adds to its scores [n, heads, l, s]; undefined where it has no mask. Hooks see the masks behind query, key and value, but not which is which: the result tells.
Tensor mask_of(nn::MultiheadAttention& module, const std::string& path, const std::vector<Tensor>& in, const Tensor& result) {
  no_grad guard;
  std::vector<nn::MultiheadAttnOptions> possible{{}, {.is_causal = true}};
  if (in.size() == 4) possible = {{.attn_mask = in[3]}, {.key_padding_mask = in[3]}, {.key_padding_mask = in[3], .is_causal = true}};
  if (in.size() == 5) possible = {{.key_padding_mask = in[3], .attn_mask = in[4]}};
  const auto agrees = [&](nn::MultiheadAttnOptions options) {
    options.need_weights = false;
    try {
      return allclose(std::get<0>(module.forward(in[0], in[1], in[2], options)), result.detach(), 1e-4, 1e-5);
    } catch (const Error&) { return false; }  // sizes that the other mask has
  };
  const auto found = std::find_if(possible.begin(), possible.end(), agrees);
  if (found == possible.end()) unsupported("attention that its masks explain", path + "forward");
  const int64_t time = module.options.batch_first ? 1 : 0, queries = in[0].size(time), keys = in[1].size(time);
  Tensor mask;
  const auto add = [&](const Tensor& more) { mask = mask.defined() ? mask + more : more; };
  if (found->is_causal) add(triu(full({queries, keys}, -INFINITY, result.dtype()), 1));
  if (const OptionalTensor& given = found->attn_mask) {
    const Tensor numbers = added(*given, result.dtype());
    add(numbers.dim() == 2 ? numbers : of_each(numbers.view({-1, module.num_heads, queries, keys}), path + "attn_mask"));
  }
  if (const OptionalTensor& given = found->key_padding_mask)
    add(of_each(added(*given, result.dtype()), path + "key_padding_mask").view({1, 1, 1, keys}));
  return mask;
}

/// One layer's and direction's weights, in the order of ONNX's gates.
Tensor reordered(const Tensor& weight, const Ints& gates) {
  const std::vector<Tensor> parts = chunk(weight.detach(), int64_t(gates.size()), 0);
  std::vector<Tensor> out;
  for (int64_t gate : gates) out.push_back(parts[size_t(gate)]);
  return cat(out, 0);
}

template <class M>
Names layers(Graph& graph, const std::string& path, M& module, const char* op, const Ints& gates, std::vector<Attribute> attributes,
             const std::string& input, const Names& states) {
  no_grad guard;
  const auto& o = module.options;
  if constexpr (requires { o.proj_size; })
    if (o.proj_size) unsupported("recurrent modules without a projection", path + "proj_size");
  const bool lstm = gates.size() == 4;
  const int64_t directions = o.bidirectional ? 2 : 1;
  const std::vector<Tensor> weights = module.flat_weights();
  attributes.emplace_back("hidden_size", module.hidden_size);
  attributes.emplace_back("direction", std::string(o.bidirectional ? "bidirectional" : "forward"));
  std::string x = o.batch_first ? turned(graph, input, {1, 0, 2}) : input;
  Names h, c;
  size_t next = 0;
  for (int64_t layer = 0; layer < o.num_layers; ++layer) {
    std::vector<Tensor> inputs, hidden, biases;
    for (int64_t d = 0; d < directions; ++d) {
      inputs.push_back(reordered(weights[next++], gates));
      hidden.push_back(reordered(weights[next++], gates));
      for (int i = 0; o.bias && i < 2; ++i) biases.push_back(reordered(weights[next++], gates));
    }
    const std::string suffix = "_l" + std::to_string(layer);
    Names from{x, graph.initializer(path + "W" + suffix, stack(inputs, 0)), graph.initializer(path + "R" + suffix, stack(hidden, 0))};
    if (o.bias) from.push_back(graph.initializer(path + "B" + suffix, cat(biases, 0).reshape({directions, -1})));
    if (!states.empty()) {
      from.resize(5);  // no bias and no lengths are empty names
      for (const std::string& state : states) from.push_back(rows(graph, state, layer * directions, (layer + 1) * directions));
    }
    const Names made = graph.nodes(op, from, attributes, lstm ? 3 : 2);
    // [t, directions, n, h] as [t, n, directions * h]
    x = graph.node("Reshape", {turned(graph, made[0], {0, 2, 1, 3}), shape(graph, {0, 0, directions * module.hidden_size})});
    h.push_back(made[1]);
    if (lstm) c.push_back(made[2]);
  }
  const auto all = [&](const Names& states) { return states.size() == 1 ? states[0] : graph.node("Concat", states, {{"axis", int64_t(0)}}); };
  Names out{o.batch_first ? turned(graph, x, {1, 0, 2}) : x, all(h)};
  if (lstm) out.push_back(all(c));
  return out;
}

}  // namespace

std::string attention(Graph& graph, const std::string& path, nn::MultiheadAttention& module, const Names& names, const std::vector<Tensor>& in,
                      const Tensor& result) {
  if (in[0].dim() != 3) unsupported("attention of batches", path + " of one sequence");
  if (!module.in_proj_weight.defined()) unsupported("attention of one width", path + "kdim or vdim");
  if (module.bias_k.defined() || module.options.add_zero_attn) unsupported("attention to what is given", path + "add_bias_kv or add_zero_attn");
  const int64_t width = module.embed_dim, heads = module.num_heads;
  const bool batch_first = module.options.batch_first;
  const Tensor bias = module.in_proj_bias, out_bias = module.out_proj->bias;
  const auto head = [&](int64_t which, const Ints& order) {
    const auto part = [&](const char* name, const Tensor& whole) {
      return whole.defined() ? rows(graph, graph.initializer(path + name, whole), which * width, (which + 1) * width) : "";
    };
    const std::string whole = projected(graph, names[size_t(which)], part("in_proj_weight", module.in_proj_weight), part("in_proj_bias", bias));
    return turned(graph, graph.node("Reshape", {whole, shape(graph, {0, 0, heads, width / heads})}), order);
  };
  const std::string query = head(0, batch_first ? Ints{0, 2, 1, 3} : Ints{1, 2, 0, 3});
  const std::string key = head(1, batch_first ? Ints{0, 2, 3, 1} : Ints{1, 2, 3, 0});
  const std::string value = head(2, batch_first ? Ints{0, 2, 1, 3} : Ints{1, 2, 0, 3});
  const Tensor scale = full({}, 1 / std::sqrt(double(width) / double(heads)), result.dtype());
  std::string scores = graph.node("Mul", {graph.node("MatMul", {query, key}), graph.constant(scale)});
  if (const Tensor mask = mask_of(module, path, in, result); mask.defined()) scores = graph.node("Add", {scores, graph.constant(mask)});
  const std::string seen = graph.node("MatMul", {graph.node("Softmax", {scores}, {{"axis", int64_t(-1)}}), value});
  const std::string together = turned(graph, seen, batch_first ? Ints{0, 2, 1, 3} : Ints{2, 0, 1, 3});
  return projected(graph, graph.node("Reshape", {together, shape(graph, {0, 0, width})}),
                   graph.initializer(path + "out_proj.weight", module.out_proj->weight),
                   out_bias.defined() ? graph.initializer(path + "out_proj.bias", out_bias) : "");
}

Names recurrent(Graph& graph, const std::string& path, nn::Module& module, const std::string& input, const Tensor& given, const Names& states) {
  const auto batched = [&] {
    if (given.dim() != 3) unsupported("recurrent modules of batches", path + " of one sequence");
  };
  if (auto* m = dynamic_cast<nn::LSTM*>(&module)) return batched(), layers(graph, path, *m, "LSTM", {0, 3, 1, 2}, {}, input, states);
  if (auto* m = dynamic_cast<nn::GRU*>(&module))
    return batched(), layers(graph, path, *m, "GRU", {1, 0, 2}, {{"linear_before_reset", int64_t(1)}}, input, states);
  if (auto* m = dynamic_cast<nn::RNN*>(&module)) {
    const std::string function = m->options.nonlinearity == nn::Nonlinearity::Relu ? "Relu" : "Tanh";
    return batched(), layers(graph, path, *m, "RNN", {0}, {{"activations", Names(m->options.bidirectional ? 2 : 1, function)}}, input, states);
  }
  return {};
}

int64_t batch_dimension(nn::Module& module) {
  const auto comes_first = [&]<class M>() {
    auto* m = dynamic_cast<M*>(&module);
    return m && m->options.batch_first;
  };
  return comes_first.operator()<nn::LSTM>() || comes_first.operator()<nn::GRU>() || comes_first.operator()<nn::RNN>() ? 0 : 1;
}

std::string for_each_sequence(Graph& graph, const Tensor& state, const std::string& input, int64_t batch_dimension) {
  const std::string count = graph.node("Gather", {graph.node("Shape", {input}), shape(graph, {batch_dimension})});
  const std::string sizes = graph.node("Concat", {shape(graph, {1}), count, shape(graph, {1})}, {{"axis", int64_t(0)}});
  return graph.node("Expand", {graph.constant(state), sizes});
}

}  // namespace lazuli::onnx
