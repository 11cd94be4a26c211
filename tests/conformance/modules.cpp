// modules/: calls of modules with given state, their gradients, and the state afterwards.
#include <fmt/format.h>

#include <algorithm>

#include "lazuli/nn/module/registry.h"
#include "lazuli/nn/nn.h"
#include "lazuli/nn/utils/functional_call.h"
#include "tests/conformance/options.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"
#include "tests/conformance/transforms.h"

namespace conformance {

using namespace lazuli;

namespace {

template <int rank>
bool unpools(nn::Module& module, Arguments& args, std::vector<Tensor>& out) {
  auto* unpool = dynamic_cast<nn::MaxUnpool<rank>*>(&module);
  if (!unpool) return false;
  Tensor input, indices;
  std::optional<Shape> output_size;
  args.read("input", input).read("indices", indices).read("output_size", output_size);
  out = {(*unpool)(input, indices, output_size)};
  return true;
}

std::vector<Tensor> defined(std::initializer_list<Tensor> results) {
  std::vector<Tensor> out;
  for (const Tensor& t : results)
    if (t.defined()) out.push_back(t);
  return out;
}

std::tuple<Tensor, Tensor, nn::TransformerDecoderDecodeOptions> decoder_arguments(Arguments& args) {
  Tensor tgt, memory;
  nn::TransformerDecoderDecodeOptions o;
  args.read("tgt", tgt).read("memory", memory).read("tgt_mask", o.tgt_mask).read("memory_mask", o.memory_mask);
  args.read("tgt_key_padding_mask", o.tgt_key_padding_mask).read("memory_key_padding_mask", o.memory_key_padding_mask);
  args.read("tgt_is_causal", o.tgt_is_causal).read("memory_is_causal", o.memory_is_causal);
  return {tgt, memory, o};
}

// The input, and the tensors of the first state: none, h, or h and c.
std::pair<Tensor, std::vector<Tensor>> recurrent_arguments(Arguments& args) {
  Tensor input;
  args.read("input", input);
  const Value* hx = args.take("hx");
  if (!hx || hx->is_none()) return {input, {}};
  return {input, hx->is_tensor() ? std::vector<Tensor>{hx->to_tensor()} : hx->to_tensors()};
}
OptionalTensor first(const std::vector<Tensor>& hx) { return hx.empty() ? none : OptionalTensor(hx[0]); }
std::optional<nn::LSTMState> pair(const std::vector<Tensor>& hx) {
  if (hx.empty()) return {};
  return nn::LSTMState{hx.at(0), hx.at(1)};
}

// The results of a call with arguments by position or name.
std::vector<Tensor> call(nn::Module& module, Arguments& args) {
  auto read = [&](const char* name) {
    Tensor t;
    args.read(name, t);
    return t;
  };
  std::vector<Tensor> out;
  if (auto* adaptive = dynamic_cast<nn::AdaptiveLogSoftmaxWithLoss*>(&module)) {
    Tensor input = read("input"), target = read("target");
    auto [output, loss] = (*adaptive)(input, target);
    out = {output, loss};
  } else if (auto* bag = dynamic_cast<nn::EmbeddingBag*>(&module)) {
    OptionalTensor offsets, weights;
    Tensor input = read("input");
    args.read("offsets", offsets).read("per_sample_weights", weights);
    out = {(*bag)(input, offsets, weights)};
  } else if (auto* transposed = dynamic_cast<nn::ConvTranspose*>(&module)) {
    std::optional<Shape> output_size;
    Tensor input = read("input");
    args.read("output_size", output_size);
    out = {(*transposed)(input, output_size)};
  } else if (unpools<1>(module, args, out) || unpools<2>(module, args, out) || unpools<3>(module, args, out)) {
  } else if (auto* pool = dynamic_cast<nn::PoolingWithIndices*>(&module); pool && pool->returns_indices()) {
    auto [values, indices] = pool->forward_with_indices(read("input"));
    out = {values, indices};
  } else if (auto* attention = dynamic_cast<nn::MultiheadAttention*>(&module)) {
    nn::MultiheadAttnOptions o;
    Tensor query = read("query"), key = read("key"), value = read("value");
    args.read("key_padding_mask", o.key_padding_mask).read("need_weights", o.need_weights).read("attn_mask", o.attn_mask);
    args.read("average_attn_weights", o.average_attn_weights).read("is_causal", o.is_causal);
    auto [output, weights] = (*attention)(query, key, value, o);
    out = defined({output, weights});
  } else if (auto* transformer = dynamic_cast<nn::Transformer*>(&module)) {
    nn::TransformerRunOptions o;
    Tensor src = read("src"), tgt = read("tgt");
    args.read("src_mask", o.src_mask).read("tgt_mask", o.tgt_mask).read("memory_mask", o.memory_mask);
    args.read("src_key_padding_mask", o.src_key_padding_mask).read("tgt_key_padding_mask", o.tgt_key_padding_mask);
    args.read("memory_key_padding_mask", o.memory_key_padding_mask);
    args.read("src_is_causal", o.src_is_causal).read("tgt_is_causal", o.tgt_is_causal).read("memory_is_causal", o.memory_is_causal);
    out = {(*transformer)(src, tgt, o)};
  } else if (auto* encoder = dynamic_cast<nn::TransformerEncoder*>(&module)) {
    Tensor src = read("src");
    nn::TransformerEncoderEncodeOptions o;
    args.read("mask", o.mask).read("src_key_padding_mask", o.src_key_padding_mask).read("is_causal", o.is_causal);
    out = {(*encoder)(src, o)};
  } else if (auto* encoder_layer = dynamic_cast<nn::TransformerEncoderLayer*>(&module)) {
    Tensor src = read("src");
    nn::TransformerEncoderEncodeOptions o;
    args.read("src_mask", o.mask).read("src_key_padding_mask", o.src_key_padding_mask).read("is_causal", o.is_causal);
    out = {(*encoder_layer)(src, o)};
  } else if (auto* decoder = dynamic_cast<nn::TransformerDecoder*>(&module)) {
    auto [tgt, memory, o] = decoder_arguments(args);
    out = {(*decoder)(tgt, memory, o)};
  } else if (auto* decoder_layer = dynamic_cast<nn::TransformerDecoderLayer*>(&module)) {
    auto [tgt, memory, o] = decoder_arguments(args);
    out = {(*decoder_layer)(tgt, memory, o)};
  } else if (auto* rnn = dynamic_cast<nn::RNN*>(&module)) {
    auto [input, hx] = recurrent_arguments(args);
    auto [output, h] = (*rnn)(input, first(hx));
    out = {output, h};
  } else if (auto* gru = dynamic_cast<nn::GRU*>(&module)) {
    auto [input, hx] = recurrent_arguments(args);
    auto [output, h] = (*gru)(input, first(hx));
    out = {output, h};
  } else if (auto* lstm = dynamic_cast<nn::LSTM*>(&module)) {
    auto [input, hx] = recurrent_arguments(args);
    auto [output, state] = (*lstm)(input, pair(hx));
    out = {output, std::get<0>(state), std::get<1>(state)};
  } else if (auto* rnn_cell = dynamic_cast<nn::RNNCell*>(&module)) {
    auto [input, hx] = recurrent_arguments(args);
    out = {(*rnn_cell)(input, first(hx))};
  } else if (auto* gru_cell = dynamic_cast<nn::GRUCell*>(&module)) {
    auto [input, hx] = recurrent_arguments(args);
    out = {(*gru_cell)(input, first(hx))};
  } else if (auto* lstm_cell = dynamic_cast<nn::LSTMCell*>(&module)) {
    auto [input, hx] = recurrent_arguments(args);
    auto [h, cell] = (*lstm_cell)(input, pair(hx));
    out = {h, cell};
  } else if (auto* ctc = dynamic_cast<nn::CTCLoss*>(&module)) {
    Tensor log_probs = read("log_probs"), targets = read("targets");
    const Value *input_lengths = args.take("input_lengths"), *target_lengths = args.take("target_lengths");
    if (input_lengths->is_tensor()) out = {(*ctc)(log_probs, targets, input_lengths->to_tensor(), target_lengths->to_tensor())};
    else out = {(*ctc)(log_probs, targets, input_lengths->to_shape(), target_lengths->to_shape())};
  } else if (auto* of_three = dynamic_cast<nn::TernaryModule*>(&module)) {
    Tensor a = read("input1"), b = read("input2"), c = read("target");
    out = {(*of_three)(a, b, c)};
  } else if (auto* of_two = dynamic_cast<nn::BinaryModule*>(&module)) {
    Tensor a = read("input"), b = read("target");
    out = {(*of_two)(a, b)};
  } else {
    out = {module(read("input"))};
  }
  args.done();
  return out;
}

// Modules among the constructor's arguments are made in float64, and given under their names; the other arguments.
struct ConstructorArguments {
  std::vector<std::pair<std::string, std::shared_ptr<nn::Module>>> modules;
  Json positional = Json::array(), named = Json::object();
};
ConstructorArguments constructor_arguments(const Json& c, Decoder& decoder) {
  ConstructorArguments arguments;
  auto is_module = [](const Json& j) { return j.is_object() && j.contains("module"); };
  auto made = [&](const Json& j) {
    auto module = nn::make_module(j["module"].get<std::string>(), decoder.values(j.value("args", Json::array())), decoder.kwargs(j.at("kwargs")));
    module->to(kFloat64);
    return module;
  };
  const bool encoder = c.at("module") == "TransformerEncoder";
  for (const Json& j : c.at("ctor").at("args")) {
    if (is_module(j)) arguments.modules.emplace_back(arguments.modules.empty() ? encoder ? "encoder_layer" : "decoder_layer" : "norm", made(j));
    else arguments.positional.push_back(j);
  }
  for (const auto& [name, j] : c["ctor"].at("kwargs").items()) {
    if (is_module(j)) arguments.modules.emplace_back(name, made(j));
    else arguments.named[name] = j;
  }
  return arguments;
}

bool is_there(const std::string& name) {
  static const std::vector<std::string> names = nn::list_modules();
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Modules : public CaseFile {
 public:
  Modules(const fs::path& file, const Options& options) : cases_(read_json(file)), device_(options.device), transform_(options.transform) {
    fs::path beside = fs::path(file).replace_extension(".safetensors");
    if (fs::exists(beside)) tensors_ = TensorFile(beside);
  }
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_[i].at("module"); }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    if (!is_there(c.at("module"))) return skip("no module " + c["module"].get<std::string>());
    try {
      if (!transform_.empty()) return transformed(c, i);
      std::string complaint = replay(c, false, false);
      if (complaint.empty() && c.value("dtype", "") == "float64") {
        complaint = replay(c, false, true);
        if (!complaint.empty()) complaint = "with non-contiguous inputs: " + complaint;
      }
      if (complaint.empty() && c.value("lazy", false)) {
        complaint = replay(c, true, false);
        if (!complaint.empty()) complaint = "called before its state was loaded: " + complaint;
      }
      return verdict(complaint);
    } catch (const NotThere& missing) { return skip(missing.what()); }
  }

 private:
  std::shared_ptr<nn::Module> module_of(const Json& c, Decoder& decoder) const {
    auto [modules, positional, named] = constructor_arguments(c, decoder);
    Kwargs options = decoder.kwargs(named);
    std::erase_if(options,
                  [](const auto& option) { return option.first == "options" && option.second.is_none(); });  // PyTorch's own, of no meaning here
    std::shared_ptr<nn::Module> module = nn::make_module(c["module"].get<std::string>(), decoder.values(positional), options, modules);
    module->to(device_);
    DType dtype = parse_dtype(c.at("dtype").get<std::string>());
    if (is_floating_point(dtype) || is_complex(dtype)) module->to(dtype);
    module->train(c.at("training").get<bool>());
    return module;
  }
  static void load_state(nn::Module& module, const Json& c, Decoder& decoder) {
    StateDict state;
    decoder.with_grad = false;
    for (const auto& [name, tensor] : c.at("state").items()) state.set(name, decoder.tensor(tensor));
    module.load_state_dict(state);
  }

  // The first call as a function of the parameters and what the module is given; its buffers are fresh copies each time.
  Outcome transformed(const Json& c, size_t i) const {
    Decoder decoder{&tensors_, device_, false};
    std::shared_ptr<nn::Module> module = module_of(c, decoder);
    load_state(*module, c, decoder);
    std::vector<std::string> names;
    std::vector<Value> given;
    for (const auto& [name, t] : module->named_parameters()) names.push_back(name), given.push_back(t.detach());
    for (Value& v : decoder.values(c.at("calls")[0].at("args"))) given.push_back(std::move(v));
    const Call call = [&](std::vector<Value> args, Kwargs kwargs) {
      StateDict state;
      for (const auto& [name, buffer] : module->named_buffers()) state.set(name, buffer.clone());
      for (size_t p = 0; p < names.size(); ++p) state.set(names[p], args[p].to_tensor());
      args.erase(args.begin(), args.begin() + std::ptrdiff_t(names.size()));
      const nn::detail::Replaced replaced(*module, state, true, false);
      Arguments arguments(c["module"], std::move(args), std::move(kwargs));
      return conformance::call(*module, arguments);
    };
    return replay_under(transform_, call, given, decoder.kwargs(c["calls"][0].at("kwargs")), i, tolerance_of(c, {1e-6, 1e-7}));
  }

  std::string replay(const Json& c, bool call_first, bool noncontiguous) {
    Decoder decoder{&tensors_, device_};
    std::shared_ptr<nn::Module> module = module_of(c, decoder);

    std::vector<Tensor> outputs, leaves;
    auto call = [&](const Json& j) {
      decoder.leaves.clear();
      decoder.with_grad = true;
      decoder.noncontiguous = noncontiguous;
      Arguments args(c["module"], decoder.values(j.at("args")), decoder.kwargs(j.at("kwargs")));
      outputs = conformance::call(*module, args);
      leaves = decoder.leaves;
      decoder.with_grad = decoder.noncontiguous = false;
    };
    if (call_first) call(c.at("calls")[0]);
    load_state(*module, c, decoder);

    Tolerance tolerance = tolerance_of(c, {1e-6, 1e-7});
    for (size_t k = 0; k < c.at("calls").size(); ++k) {
      const Json& expected = c["calls"][k].at("out");
      call(c["calls"][k]);
      if (outputs.size() != expected.size()) return fmt::format("call {}: {} outputs, expected {}", k, outputs.size(), expected.size());
      for (size_t o = 0; o < outputs.size(); ++o) {
        std::string complaint = difference(decoder.tensor(expected[o]), outputs[o], tolerance);
        if (!complaint.empty()) return fmt::format("call {}, output {}: {}", k, o, complaint);
      }
    }
    if (c.contains("grad_out")) {
      Json expected = c.at("input_grads");
      std::vector<Tensor> inputs = leaves;
      for (const auto& [name, grad] : c.at("param_grads").items()) {
        inputs.push_back(module->get_parameter(name));
        expected.push_back(grad);
      }
      std::string complaint = gradient_difference(c, outputs, inputs, expected, decoder, tolerance);
      if (!complaint.empty()) return complaint;
    }
    if (c.contains("state_after"))
      for (const auto& [name, tensor] : c["state_after"].items()) {
        std::string complaint = difference(decoder.tensor(tensor), module->state_dict().at(name), tolerance);
        if (!complaint.empty()) return fmt::format("{} afterwards: {}", name, complaint);
      }
    return "";
  }

  Json cases_;
  TensorFile tensors_;
  Device device_;
  std::string transform_;
};

}  // namespace

std::unique_ptr<CaseFile> open_modules(const fs::path& file, const Options& options) { return std::make_unique<Modules>(file, options); }

}  // namespace conformance
