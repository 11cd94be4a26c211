// modules/: a module is built, loaded and called; its results, gradients and state afterwards.
#include <fmt/format.h>

#include "lazuli/autograd/autograd.h"
#include "tests/conformance/modules.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"

namespace conformance {

using namespace lazuli;

namespace {

class Modules : public CaseFile {
 public:
  Modules(const fs::path& file, const Options& options) : cases_(read_json(file)), tensors_(fs::path(file).replace_extension(".safetensors")), device_(options.device) {}
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_[i].at("module"); }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    const std::string name = c.at("module");
    if (!has_module(name)) return skip("no module " + name);
    try {
      std::string complaint = replay(c, false);
      if (complaint.empty() && c.value("lazy", false)) {
        complaint = replay(c, true);
        if (!complaint.empty()) complaint = "loaded after the first call: " + complaint;
      }
      return verdict(complaint);
    } catch (const NotThere& missing) {
      return skip(missing.what());
    }
  }

 private:
  BuiltModule build(const Json& c) {
    Decoder decoder{&tensors_, device_, false};
    Arguments args(c["module"], decoder.values(c.at("ctor").at("args")), decoder.kwargs(c["ctor"].at("kwargs")));
    BuiltModule built = make_module(c["module"], args);
    built.module->to(device_, parse_dtype(c.at("dtype").get<std::string>()));
    built.module->train(c.at("training").get<bool>());
    return built;
  }

  std::vector<Tensor> call_once(const Json& c, const Json& call, const BuiltModule& built, Decoder& decoder) {
    decoder.leaves.clear();
    decoder.with_grad = true;
    Arguments args(c["module"], decoder.values(call.at("args")), decoder.kwargs(call.at("kwargs")));
    decoder.with_grad = false;
    std::vector<Tensor> outputs = built.forward(args);
    args.done();
    return outputs;
  }

  StateDict state(const Json& c, Decoder& decoder) {
    StateDict dict;
    for (const auto& [name, j] : c.at("state").items()) dict.set(name, decoder.tensor(j));
    return dict;
  }

  std::string replay(const Json& c, bool call_first) {
    const Tolerance tolerance = tolerance_of(c, {1e-6, 1e-7});
    Decoder decoder{&tensors_, device_, false};
    BuiltModule built = build(c);
    const Json& calls = c.at("calls");
    if (call_first) call_once(c, calls[0], built, decoder);
    built.module->load_state_dict(state(c, decoder));

    std::vector<Tensor> outputs;
    for (size_t k = 0; k < calls.size(); ++k) {
      outputs = call_once(c, calls[k], built, decoder);
      const Json& expected = calls[k].at("out");
      if (outputs.size() != expected.size()) return fmt::format("call {}: {} outputs, expected {}", k, outputs.size(), expected.size());
      for (size_t m = 0; m < outputs.size(); ++m) {
        std::string complaint = difference(decoder.tensor(expected[m]), outputs[m], tolerance);
        if (!complaint.empty()) return fmt::format("call {}, output {}: {}", k, m, complaint);
      }
    }
    std::string complaint = check_gradients(c, built, outputs, decoder, tolerance);
    return complaint.empty() ? check_state_after(c, built, decoder, tolerance) : complaint;
  }

  static std::string check_gradients(const Json& c, const BuiltModule& built, const std::vector<Tensor>& outputs, Decoder& decoder, Tolerance tolerance) {
    if (!c.contains("grad_out") || c["grad_out"].empty()) return "";
    std::vector<Tensor> fed, grads, inputs = decoder.leaves;
    for (const Json& j : c["grad_out"]) {
      fed.push_back(outputs.at(j.value("of", size_t(0))));
      grads.push_back(decoder.tensor(j));
    }
    autograd::backward(fed, grads);
    for (size_t k = 0; k < c.at("input_grads").size(); ++k) {
      const Json& j = c["input_grads"][k];
      std::string complaint = difference(j.is_null() ? Tensor() : decoder.tensor(j), inputs.at(k).grad(), tolerance);
      if (!complaint.empty()) return fmt::format("gradient of input {}: {}", k, complaint);
    }
    for (const auto& [name, j] : c.at("param_grads").items()) {
      std::string complaint = difference(j.is_null() ? Tensor() : decoder.tensor(j), built.module->get_parameter(name).grad(), tolerance);
      if (!complaint.empty()) return fmt::format("gradient of {}: {}", name, complaint);
    }
    return "";
  }

  static std::string check_state_after(const Json& c, const BuiltModule& built, Decoder& decoder, Tolerance tolerance) {
    StateDict after = built.module->state_dict();
    for (const auto& [name, j] : c.at("state_after").items()) {
      const Tensor* got = after.find(name);
      if (!got) return "no " + name + " in the state afterwards";
      std::string complaint = difference(decoder.tensor(j), *got, tolerance);
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
