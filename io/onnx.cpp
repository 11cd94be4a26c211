#include "lazuli/io/onnx.h"

#include <algorithm>
#include <span>

#include "lazuli/autograd/meta.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/file.h"
#include "lazuli/io/onnx/graph.h"
#include "lazuli/io/onnx/sequence.h"
#include "lazuli/nn/nn.h"
#include "lazuli/ops/ops.h"

namespace lazuli {
namespace {

using onnx::Attribute;
using onnx::Graph;
using Ints = std::vector<int64_t>;

[[noreturn]] void unsupported(const std::string& expected, const std::string& got) {
  fail(ErrorKind::NotSupported, "export_onnx", "model", expected, got);
}

Ints spread(const Shape& sizes, int64_t rank) { return sizes.size() == 1 ? Ints(size_t(rank), sizes[0]) : sizes.vec(); }
// Before and after, as ONNX lists them: all beginnings, then all ends.
Ints both_sides(const Ints& before, const Ints& after) {
  Ints all = before;
  all.insert(all.end(), after.begin(), after.end());
  return all;
}

// The dimensions that a reduction took from these sizes, the first that explain it.
Ints reduced(const Shape& before, const Shape& after) {
  Ints dims;
  const bool keepdim = before.size() == after.size();
  for (int64_t dim = 0, at = 0; dim < before.size(); ++dim) {
    const bool stays = at < after.size() && after[at] == before[dim] && (keepdim || before.size() - dim >= after.size() - at);
    if (!stays) dims.push_back(dim);
    at += stays || keepdim;
  }
  return dims;
}

/// One module's nodes. `path` is its name in the model, with a dot behind.
struct ModuleWriter {
  Graph& graph;
  const std::string& path;
  const Tensor& input;
  const Tensor& output;
  const std::string& x;

  std::string parameter(const char* name, const Tensor& tensor) const { return graph.initializer(path + name, tensor); }
  std::string unary(const char* op, const std::vector<Attribute>& attributes = {}) const { return graph.node(op, {x}, attributes); }
  Tensor number(double value) const { return full({}, value, output.dtype()); }

  std::string linear(nn::Linear& m) const {
    const bool biased = m.bias.defined();
    if (input.dim() == 2) {
      std::vector<std::string> inputs{x, parameter("weight", m.weight)};
      if (biased) inputs.push_back(parameter("bias", m.bias));
      return graph.node("Gemm", inputs, {{"transB", int64_t(1)}});
    }
    const std::string weight = graph.node("Transpose", {parameter("weight", m.weight)}, {{"perm", Ints{1, 0}}});
    const std::string product = graph.node("MatMul", {x, weight});
    return biased ? graph.node("Add", {product, parameter("bias", m.bias)}) : product;
  }
  std::vector<std::string> weights(nn::ConvolutionModule& m) const {
    std::vector<std::string> inputs{x, parameter("weight", m.weight)};
    if (m.bias.defined()) inputs.push_back(parameter("bias", m.bias));
    return inputs;
  }
  std::string convolution(nn::Conv& m) const {
    const int64_t rank = m.weight.dim() - 2;
    if (m.options.padding_mode != nn::PaddingMode::Zeros) unsupported("convolutions padded with zeros", path + "padding_mode");
    if (input.dim() != rank + 2) unsupported("convolutions of batches", path + " of one image");
    const Ints kernel = spread(m.kernel_size, rank), dilation = spread(m.options.dilation, rank);
    Ints before(size_t(rank), 0), after(size_t(rank), 0);
    for (size_t d = 0; d < size_t(rank); ++d) {
      const int64_t total = dilation[d] * (kernel[d] - 1);
      before[d] = m.options.padding.is_same() ? total / 2 : spread(m.options.padding.amounts(), rank)[d];
      after[d] = m.options.padding.is_same() ? total - total / 2 : before[d];
    }
    return graph.node("Conv", weights(m),
                      {{"kernel_shape", kernel},
                       {"strides", spread(m.options.stride, rank)},
                       {"pads", both_sides(before, after)},
                       {"dilations", dilation},
                       {"group", m.options.groups}});
  }
  std::string transposed(nn::ConvTranspose& m) const {
    const int64_t rank = m.weight.dim() - 2;
    if (input.dim() != rank + 2) unsupported("convolutions of batches", path + " of one image");
    const Ints padding = spread(m.options.padding, rank);
    return graph.node("ConvTranspose", weights(m),
                      {{"kernel_shape", spread(m.kernel_size, rank)},
                       {"strides", spread(m.options.stride, rank)},
                       {"pads", both_sides(padding, padding)},
                       {"output_padding", spread(m.options.output_padding, rank)},
                       {"dilations", spread(m.options.dilation, rank)},
                       {"group", m.options.groups}});
  }
  std::string batch_norm(nn::BatchNorm& m) const {
    const Tensor mean = m.running_mean;
    if (!mean.defined()) unsupported("batch norms with running statistics", path + " without");
    const Tensor weight = m.weight, bias = m.bias;
    return graph.node(
        "BatchNormalization",
        {x, parameter("weight", weight.defined() ? weight : ones_like(mean)), parameter("bias", bias.defined() ? bias : zeros_like(mean)),
         parameter("running_mean", mean), parameter("running_var", m.running_var)},
        {{"epsilon", float(m.options.eps)}});
  }
  std::string layer_norm(nn::LayerNorm& m) const {
    const Tensor weight = m.weight, bias = m.bias;
    std::vector<std::string> inputs{x, parameter("weight", weight.defined() ? weight : ones(m.normalized_shape, output.dtype()))};
    if (bias.defined()) inputs.push_back(parameter("bias", bias));
    return graph.node("LayerNormalization", inputs, {{"axis", -m.normalized_shape.size()}, {"epsilon", float(m.options.eps)}});
  }
  std::string clip(double least, double most) const { return graph.node("Clip", {x, graph.constant(number(least)), graph.constant(number(most))}); }
  std::string softmax(const char* op, const std::optional<int64_t>& dim) const {
    const int64_t rank = input.dim();
    return unary(op, {{"axis", dim.value_or(rank == 0 || rank == 1 || rank == 3 ? 0 : 1)}});
  }
  std::string prelu(nn::PReLU& m) const {
    Shape sizes{-1};
    for (int64_t d = 2; d < input.dim(); ++d) sizes.push_back(1);
    const Tensor weight = m.weight;
    return graph.node("PRelu", {x, graph.initializer(path + "weight", weight.reshape(sizes))});
  }
  std::string gelu(nn::GELU& m) const { return unary("Gelu", {{"approximate", m.options.approximate}}); }

  template <class M>
  std::string max_pool(M& m, int64_t rank) const {
    if (m.options.return_indices) unsupported("pooling without indices", path + "return_indices");
    const Ints padding = spread(m.options.padding, rank);
    return unary("MaxPool", {{"kernel_shape", spread(m.kernel_size, rank)},
                             {"strides", spread(m.options.stride.empty() ? m.kernel_size : m.options.stride, rank)},
                             {"pads", both_sides(padding, padding)},
                             {"dilations", spread(m.options.dilation, rank)},
                             {"ceil_mode", int64_t(m.options.ceil_mode)}});
  }
  template <class M>
  std::string avg_pool(M& m, int64_t rank) const {
    if constexpr (requires { m.options.divisor_override; })
      if (m.options.divisor_override) unsupported("means of windows", path + "divisor_override");
    const Ints padding = spread(m.options.padding, rank);
    return unary("AveragePool", {{"kernel_shape", spread(m.kernel_size, rank)},
                                 {"strides", spread(m.options.stride.empty() ? m.kernel_size : m.options.stride, rank)},
                                 {"pads", both_sides(padding, padding)},
                                 {"ceil_mode", int64_t(m.options.ceil_mode)},
                                 {"count_include_pad", int64_t(m.options.count_include_pad)}});
  }
  // To one place, or to a size that divides the input's.
  std::string adaptive(const char* global, const char* pool, int64_t rank) const {
    Ints kernel;
    bool one = true;
    for (int64_t d = -rank; d < 0; ++d) {
      one &= output.size(d) == 1;
      if (input.size(d) % output.size(d))
        unsupported("adaptive pooling to sizes that divide the input's", path + ", " + to_string(input.sizes()) + " to " + to_string(output.sizes()));
      kernel.push_back(input.size(d) / output.size(d));
    }
    return one ? unary(global) : unary(pool, {{"kernel_shape", kernel}, {"strides", kernel}});
  }

  // The name of the result; empty for a module that is not known.
  std::string write(nn::Module& module) const;
};

template <class M, class F>
bool tried(nn::Module& module, std::string& result, F&& write) {
  auto* m = result.empty() ? dynamic_cast<M*>(&module) : nullptr;
  if (m) result = write(*m);
  return m;
}

std::string ModuleWriter::write(nn::Module& module) const {
  std::string out;
  const auto plain = [&]<class M>(const char* op) { tried<M>(module, out, [&](M&) { return unary(op); }); };
  tried<nn::Linear>(module, out, [&](auto& m) { return linear(m); });
  tried<nn::Conv>(module, out, [&](auto& m) { return convolution(m); });
  tried<nn::ConvTranspose>(module, out, [&](auto& m) { return transposed(m); });
  tried<nn::BatchNorm>(module, out, [&](auto& m) { return batch_norm(m); });
  tried<nn::LayerNorm>(module, out, [&](auto& m) { return layer_norm(m); });
  tried<nn::Embedding>(module, out, [&](auto& m) { return graph.node("Gather", {parameter("weight", m.weight), x}); });
  tried<nn::DropoutModule>(module, out, [&](auto&) { return unary("Identity"); });
  plain.operator()<nn::ReLU>("Relu");
  plain.operator()<nn::Sigmoid>("Sigmoid");
  plain.operator()<nn::Tanh>("Tanh");
  plain.operator()<nn::SELU>("Selu");
  plain.operator()<nn::Softsign>("Softsign");
  plain.operator()<nn::Mish>("Mish");
  plain.operator()<nn::Hardswish>("HardSwish");
  tried<nn::Hardsigmoid>(module, out, [&](auto&) { return unary("HardSigmoid", {{"alpha", 1.f / 6}, {"beta", 0.5f}}); });
  tried<nn::LeakyReLU>(module, out, [&](auto& m) { return unary("LeakyRelu", {{"alpha", float(m.options.negative_slope)}}); });
  tried<nn::ELU>(module, out, [&](auto& m) { return unary("Elu", {{"alpha", float(m.options.alpha)}}); });
  tried<nn::CELU>(module, out, [&](auto& m) { return unary("Celu", {{"alpha", float(m.options.alpha)}}); });
  tried<nn::GELU>(module, out, [&](auto& m) { return gelu(m); });
  tried<nn::SiLU>(module, out, [&](auto&) { return graph.node("Mul", {x, unary("Sigmoid")}); });
  tried<nn::LogSigmoid>(module, out, [&](auto&) { return graph.node("Neg", {graph.node("Softplus", {unary("Neg")})}); });
  tried<nn::ReLU6>(module, out, [&](auto&) { return clip(0, 6); });
  tried<nn::Hardtanh>(module, out, [&](auto& m) { return clip(m.options.min_val, m.options.max_val); });
  tried<nn::PReLU>(module, out, [&](auto& m) { return prelu(m); });
  tried<nn::Softplus>(module, out, [&](auto& m) { return m.options.beta == 1 ? unary("Softplus") : std::string(); });
  tried<nn::Softmax>(module, out, [&](auto& m) { return softmax("Softmax", m.options.dim); });
  tried<nn::LogSoftmax>(module, out, [&](auto& m) { return softmax("LogSoftmax", m.options.dim); });
  tried<nn::Flatten>(module, out, [&](auto& m) { return m.options.start_dim == 1 && m.options.end_dim == -1 ? unary("Flatten") : std::string(); });
  tried<nn::MaxPool1d>(module, out, [&](auto& m) { return max_pool(m, 1); });
  tried<nn::MaxPool2d>(module, out, [&](auto& m) { return max_pool(m, 2); });
  tried<nn::MaxPool3d>(module, out, [&](auto& m) { return max_pool(m, 3); });
  tried<nn::AvgPool1d>(module, out, [&](auto& m) { return avg_pool(m, 1); });
  tried<nn::AvgPool2d>(module, out, [&](auto& m) { return avg_pool(m, 2); });
  tried<nn::AvgPool3d>(module, out, [&](auto& m) { return avg_pool(m, 3); });
  tried<nn::AdaptiveAvgPool1d>(module, out, [&](auto&) { return adaptive("GlobalAveragePool", "AveragePool", 1); });
  tried<nn::AdaptiveAvgPool2d>(module, out, [&](auto&) { return adaptive("GlobalAveragePool", "AveragePool", 2); });
  tried<nn::AdaptiveAvgPool3d>(module, out, [&](auto&) { return adaptive("GlobalAveragePool", "AveragePool", 3); });
  return out;
}

/// What is known of the run: values by tensor, and by the node of the tape that made them.
class Tracer {
 public:
  Tracer(nn::Module& model, const Tensor& input, const OnnxOptions& options) : options_(options) {
    know(input, options.input_name);
    for (auto& [name, module] : model.named_modules()) {
      const std::string path = name.empty() ? "" : name + ".";
      handles_.push_back(module->register_forward_hook(
          [this, path](nn::Module& m, const std::vector<Tensor>& in, const std::vector<Tensor>& out) { saw(m, path, in, out); }));
    }
  }
  ~Tracer() {
    for (RemovableHandle& handle : handles_) handle.remove();
  }
  /// The value of any tensor: a known one, or what the tape says that was made of such.
  std::string value(const Tensor& t) {
    for (auto known = values_.rbegin(); known != values_.rend(); ++known)
      if (known->tensor.is_same(t)) return known->name;
    if (const Ref<Node> node = grad_fn(t)) {
      const Made made = of_node(*node.get());
      no_grad guard;
      // A factor or another constant that the tape does not tell shows in the numbers.
      if (made.tensor.sizes() == t.sizes() && made.tensor.dtype() == t.dtype() && allclose(made.tensor, t.detach(), 1e-4, 1e-5))
        return know(t, made.name);
      unsupported("operators that take nothing but tensors between modules", std::string("'") + node->name() + "' with other arguments");
    }
    unsupported("values that come from the input", "a constant");
  }
  Graph graph;

 private:
  struct Made {
    Tensor tensor;
    std::string name;
  };
  std::string know(const Tensor& t, std::string name) {
    values_.push_back({t, std::move(name)});
    if (const Ref<Node> node = gradient_edge(t).node) by_node_[node.get()] = {t.detach(), values_.back().name};
    return values_.back().name;
  }
  void saw(nn::Module& module, const std::string& path, const std::vector<Tensor>& in, const std::vector<Tensor>& out) {
    if (saw_sequence(module, path, in, out)) return;
    if (in.size() != 1 || out.size() != 1 || !in[0].defined() || !out[0].defined()) return;
    if (!module.children().empty()) return;  // its parts were seen
    // An activation in place has overwritten its input, whose value is still the one before it.
    const std::string x = value(in[0]);
    const std::string result = ModuleWriter{graph, path, in[0], out[0], x}.write(module);
    if (!result.empty()) know(out[0], result);
  }
  // Modules of several inputs or outputs.
  bool saw_sequence(nn::Module& module, const std::string& path, const std::vector<Tensor>& in, const std::vector<Tensor>& out) {
    if (auto* attention = dynamic_cast<nn::MultiheadAttention*>(&module)) {
      if (in.size() < 3 || out.empty()) return false;
      know(out[0], onnx::attention(graph, path, *attention, {value(in[0]), value(in[1]), value(in[2])}, in, out[0]));
      return true;
    }
    if (!dynamic_cast<nn::RNNBase*>(&module) || in.empty() || !in[0].defined()) return false;
    const std::string x = value(in[0]);
    const std::span<const Tensor> given(in.begin() + 1, in.end());
    const auto is_zero = [](const Tensor& state) { return !state.detach().any().item<bool>(); };
    std::vector<std::string> states;
    if (!std::all_of(given.begin(), given.end(), [&](const Tensor& state) { return !comes_from_input(state) && is_zero(state); }))
      for (const Tensor& state : given) states.push_back(first_state(state, path, x, onnx::batch_dimension(module)));
    const std::vector<std::string> names = onnx::recurrent(graph, path, module, x, in[0], states);
    for (size_t i = 0; i < names.size() && i < out.size(); ++i) know(out[i], names[i]);
    return !names.empty();
  }
  bool comes_from_input(const Tensor& t) const {
    const auto known = [&](const Made& made) { return made.tensor.is_same(t); };
    return std::any_of(values_.begin(), values_.end(), known) || leads_to_known(gradient_edge(t).node.get());
  }
  bool leads_to_known(const Node* node) const {
    if (!node || by_node_.contains(node)) return node;
    for (size_t i = 0; i < node->num_inputs(); ++i)
      if (leads_to_known(node->edge(i).node.get())) return true;
    return false;
  }
  // One that the input makes, or that is the same for each sequence of a batch.
  std::string first_state(const Tensor& state, const std::string& path, const std::string& x, int64_t batch_dimension) {
    if (comes_from_input(state)) return value(state);
    no_grad guard;
    const Tensor one = state.detach().narrow(1, 0, 1);
    if (!equal(one.expand(state.sizes()), state))
      unsupported("recurrent modules whose first state comes from the input or is one for all sequences", path + " with others");
    return onnx::for_each_sequence(graph, one, x, batch_dimension);
  }
  // Of an operator between modules.
  Made of_node(const Node& node) {
    if (const auto known = by_node_.find(&node); known != by_node_.end()) return known->second;
    no_grad guard;
    const std::string op = node.name();
    std::vector<Made> inputs;
    for (size_t i = 0; i < node.num_inputs(); ++i) {
      if (!node.edge(i).node || node.edge(i).node->accumulates())
        if (!node.edge(i).node || !by_node_.contains(node.edge(i).node.get()))
          unsupported("operators of values that come from the input", "'" + op + "' with a constant or a parameter");
      inputs.push_back(of_node(*node.edge(i).node.get()));
    }
    struct Unary {
      const char *ours, *theirs;
      Tensor (*run)(const Tensor&);
    };
    static constexpr Unary kUnary[] = {{"relu", "Relu", relu},
                                       {"sigmoid", "Sigmoid", sigmoid},
                                       {"tanh", "Tanh", tanh},
                                       {"exp", "Exp", exp},
                                       {"log", "Log", log},
                                       {"sqrt", "Sqrt", sqrt},
                                       {"neg", "Neg", neg},
                                       {"abs", "Abs", abs},
                                       {"gelu", "Gelu", [](const Tensor& x) { return gelu(x); }}};
    for (const Unary& u : kUnary)
      if (op == u.ours && inputs.size() == 1) return made(node, {u.run(inputs[0].tensor), graph.node(u.theirs, {inputs[0].name})});
    if (inputs.size() == 2) {
      const Tensor &a = inputs[0].tensor, &b = inputs[1].tensor;
      const auto binary = [&](const char* theirs, Tensor result) {
        return made(node, {std::move(result), graph.node(theirs, {inputs[0].name, inputs[1].name})});
      };
      if (op == "add") return binary("Add", a + b);
      if (op == "sub") return binary("Sub", a - b);
      if (op == "mul") return binary("Mul", a * b);
      if (op == "div") return binary("Div", a / b);
    }
    if (op == "contiguous" && inputs.size() == 1) return made(node, inputs[0]);
    const Shape& sizes = node.output(0).sizes;
    if (op == "cat" && !inputs.empty()) {
      for (int64_t dim = 0; dim < sizes.size(); ++dim) {
        if (sizes[dim] == inputs[0].tensor.size(dim)) continue;
        std::vector<Tensor> tensors;
        std::vector<std::string> names;
        for (const Made& one : inputs) tensors.push_back(one.tensor), names.push_back(one.name);
        return made(node, {cat(tensors, dim), graph.node("Concat", names, {{"axis", dim}})});
      }
    }
    if ((op == "mean" || op == "sum") && inputs.size() == 1) {
      const Ints dims = reduced(inputs[0].tensor.sizes(), sizes);
      if (dims.empty()) return made(node, inputs[0]);  // over dimensions of one place
      const bool keepdim = inputs[0].tensor.dim() == sizes.size(), mean_of = op == "mean";
      Tensor result = mean_of ? mean(inputs[0].tensor, dims, keepdim) : sum(inputs[0].tensor, dims, keepdim);
      const std::string axes = graph.constant(tensor(dims, kInt64));
      return made(node,
                  {std::move(result), graph.node(mean_of ? "ReduceMean" : "ReduceSum", {inputs[0].name, axes}, {{"keepdims", int64_t(keepdim)}})});
    }
    if ((op == "unsqueeze" || op == "squeeze") && inputs.size() == 1) {
      const Shape& before = inputs[0].tensor.sizes();
      const bool more = op == "unsqueeze";
      const Shape &longer = more ? sizes : before, &shorter = more ? before : sizes;
      for (int64_t dim = 0; dim < longer.size(); ++dim) {
        std::vector<int64_t> rest = longer.vec();
        rest.erase(rest.begin() + dim);
        if (longer[dim] != 1 || rest != shorter.vec()) continue;
        const std::string axes = graph.constant(tensor(Ints{dim}, kInt64));
        return made(node, {inputs[0].tensor.reshape(sizes), graph.node(more ? "Unsqueeze" : "Squeeze", {inputs[0].name, axes})});
      }
    }
    if ((op == "view" || op == "reshape" || op == "flatten" || op == "unflatten") && inputs.size() == 1 &&
        sizes.numel() == inputs[0].tensor.numel()) {
      std::vector<int64_t> wanted = sizes.vec();
      if (options_.dynamic_batch && !wanted.empty() && wanted[0] == inputs[0].tensor.size(0)) wanted[0] = 0;  // as the input has it
      const Tensor shape = tensor(wanted, kInt64);
      return made(node, {inputs[0].tensor.reshape(sizes), graph.node("Reshape", {inputs[0].name, graph.constant(shape)})});
    }
    unsupported("modules and operators that ONNX's export knows", "'" + op + "'");
  }
  Made made(const Node& node, Made result) { return by_node_[&node] = std::move(result); }

  const OnnxOptions& options_;
  std::vector<Made> values_;
  std::unordered_map<const Node*, Made> by_node_;
  std::vector<RemovableHandle> handles_;
};

}  // namespace

void export_onnx(nn::Module& model, const Tensor& example, const std::string& path, const OnnxOptions& options) {
  if (!example.defined()) fail_undefined("export_onnx", "example");
  if (example.dim() == 0 && options.dynamic_batch) fail("export_onnx", "example", "a batch", "a 0-d tensor");
  std::vector<std::pair<nn::Module*, bool>> modes;
  for (nn::Module* m : model.modules()) modes.emplace_back(m, m->is_training());
  model.eval();
  struct Restore {
    std::vector<std::pair<nn::Module*, bool>>& modes;
    ~Restore() {
      for (auto& [module, training] : modes) module->train(training);  // a parent's sets its children's, which follow
    }
  } restore{modes};
  enable_grad recording;
  Tensor input = example.detach().clone();
  if (input.is_floating_point()) input = input.requires_grad_().clone();  // no leaf: modules may write into it
  {
    no_grad guard;
    model(example);  // lazy modules take their sizes
  }
  Tracer tracer(model, input, options);
  const Tensor result = model(input);
  const std::string output = tracer.value(result);
  const std::string bytes = tracer.graph.model(options.input_name, input, output, options.output_name, result, options.dynamic_batch);
  files::write_file("export_onnx", path, {{bytes.data(), bytes.size()}});
}

}  // namespace lazuli
