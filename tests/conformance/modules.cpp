// modules/: calls of modules with given state, their gradients, and the state afterwards.
#include <fmt/format.h>

#include <algorithm>

#include "lazuli/nn/module/registry.h"
#include "lazuli/nn/nn.h"
#include "tests/conformance/options.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"

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

bool is_there(const std::string& name) {
  static const std::vector<std::string> names = nn::list_modules();
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Modules : public CaseFile {
 public:
  Modules(const fs::path& file, const Options& options) : cases_(read_json(file)), device_(options.device) {
    fs::path beside = fs::path(file).replace_extension(".safetensors");
    if (fs::exists(beside)) tensors_ = TensorFile(beside);
  }
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_[i].at("module"); }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    if (!is_there(c.at("module"))) return skip("no module " + c["module"].get<std::string>());
    try {
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
  std::string replay(const Json& c, bool call_first, bool noncontiguous) {
    Decoder decoder{&tensors_, device_};
    Kwargs options = decoder.kwargs(c.at("ctor").at("kwargs"));
    std::erase_if(options,
                  [](const auto& option) { return option.first == "options" && option.second.is_none(); });  // PyTorch's own, of no meaning here
    std::shared_ptr<nn::Module> module = nn::make_module(c["module"].get<std::string>(), decoder.values(c["ctor"].at("args")), options);
    module->to(device_);
    DType dtype = parse_dtype(c.at("dtype").get<std::string>());
    if (is_floating_point(dtype) || is_complex(dtype)) module->to(dtype);
    module->train(c.at("training").get<bool>());

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
    StateDict state;
    decoder.with_grad = false;
    for (const auto& [name, tensor] : c.at("state").items()) state.set(name, decoder.tensor(tensor));
    module->load_state_dict(state);

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
};

}  // namespace

std::unique_ptr<CaseFile> open_modules(const fs::path& file, const Options& options) { return std::make_unique<Modules>(file, options); }

}  // namespace conformance
