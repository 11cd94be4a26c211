// programs/: random programs of operators, views and in-place writes over registers, then one backward pass.
#include <fmt/format.h>

#include "lazuli/autograd/autograd.h"
#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/table/registry.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"
#include "tests/conformance/transforms.h"

namespace conformance {

using namespace lazuli;

namespace {

class Programs : public CaseFile {
 public:
  Programs(const fs::path& file, const Options& options)
      : cases_(read_json(file)),
        tensors_(fs::path(file).replace_extension(".safetensors")),
        device_(options.device),
        name_(file.stem().string()),
        transform_(options.transform) {}
  size_t size() const override { return cases_.size(); }
  std::string group(size_t) const override { return name_; }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    for (const Json& step : c.at("steps")) {
      if (std::string op = registered_name(step.at("op")); !has_op(op)) return skip("no operator " + op);
    }
    Decoder decoder{&tensors_, device_};
    if (!transform_.empty() && transform_ != "record") return transformed(c, i, decoder);
    std::vector<Tensor> registers;
    for (const Json& leaf : c.at("leaves")) registers.push_back(decoder.tensor(leaf));
    decoder.with_grad = false;
    if (transform_ == "record") return c.contains("error") ? pass() : recorded(c, registers, decoder);

    const std::string error_at = c.contains("error") ? c["error"].at("at").get<std::string>() : "";
    const Json& steps = c["steps"];
    for (size_t k = 0; k < steps.size(); ++k) {
      bool must_throw = error_at == "step" && k + 1 == steps.size();
      try {
        run_step(steps[k], registers, decoder);
        if (must_throw) synchronize(device_);
      } catch (const Error& error) {
        if (must_throw) return pass();
        return failed(fmt::format("step {} ({}) threw {}", k, steps[k]["op"].get<std::string>(), error.what()));
      }
      if (must_throw)
        return failed(
            fmt::format("step {} ({}) did not throw, expected: {}", k, steps[k]["op"].get<std::string>(), c["error"]["text"].get<std::string>()));
    }
    return error_at.empty() ? check_end(c, registers, decoder) : check_backward_throws(c, registers);
  }

 private:
  // The whole program with its backward as a recorded step: the same registers and gradients.
  static Outcome recorded(const Json& c, const std::vector<Tensor>& leaves, Decoder& decoder) {
    const auto step = [&](const std::vector<Tensor>& given) {
      std::vector<Tensor> registers;
      for (size_t k = 0; k < given.size(); ++k) registers.push_back(given[k].clone().requires_grad_(leaves[k].requires_grad()));
      for (const Json& s : c["steps"]) run_step(s, registers, decoder);
      std::vector<Tensor> results = gradients(registers, leaves.size());
      for (const Tensor& r : registers) results.push_back(r.detach());
      return results;
    };
    return replay_recorded(step, leaves);
  }

  static std::string registered_name(const std::string& op) {
    if (op == "chunk0") return "chunk";
    if (op == "select_copy_") return "copy_";
    if (op == "mul_scalar_") return "mul_";
    return op;
  }

  static Tensor one(const std::string& op, std::vector<Value> args, const Kwargs& kwargs = {}) {
    return flatten(call(op, std::move(args), kwargs)).at(0);
  }

  static void run_step(const Json& step, std::vector<Tensor>& registers, Decoder& decoder) {
    const std::string op = step["op"];
    std::vector<Value> in;
    for (const Json& k : step.at("in")) in.push_back(registers.at(k.get<size_t>()));
    Kwargs attrs = decoder.kwargs(step.at("attrs"));
    if (op == "select_copy_") {
      call("copy_", {one("select", {in[0]}, attrs), in[1]});
    } else if (op == "mul_scalar_") {
      call("mul_", {in[0], decoder.value(step["attrs"]["value"])});
    } else if (op.ends_with("_")) {
      call(op, in, attrs);
    } else if (op == "cat" || op == "stack") {
      registers.push_back(one(op, {Value(in)}, attrs));
    } else {
      registers.push_back(one(registered_name(op), in, attrs));
    }
  }

  // As a function of the leaves that require grad; it writes to copies of all.
  Outcome transformed(const Json& c, size_t i, Decoder& decoder) const {
    if (c.contains("error")) return pass();
    std::vector<Value> leaves, given;
    for (const Json& leaf : c.at("leaves")) leaves.push_back(decoder.tensor(leaf));
    for (const Tensor& t : decoder.leaves) given.push_back(t.detach());
    decoder.with_grad = false;
    const Call call = [&](const std::vector<Value>& now, const Kwargs&) {
      std::vector<Tensor> registers;
      size_t next = 0;
      for (const Value& v : leaves) registers.push_back(one("clone", {v.to_tensor().requires_grad() ? now.at(next++) : v}));
      for (const Json& step : c.at("steps")) run_step(step, registers, decoder);
      return registers;
    };
    return replay_under(transform_, call, given, {}, i, tolerance_of(c, {1e-6, 1e-8}));
  }

  // The gradients of the registers that began as leaves and now require grad (an in-place write may have given one a history), for the sum of 0.1 * (k + 1) * sum(r_k * r_k).
  static std::vector<Tensor> gradients(const std::vector<Tensor>& registers, size_t leaves) {
    Tensor loss;
    std::vector<Tensor> inputs;
    for (size_t k = 0; k < registers.size(); ++k) {
      if (!registers[k].requires_grad()) continue;
      Tensor term = one("mul", {one("sum", {one("mul", {registers[k], registers[k]})}), 0.1 * double(k + 1)});
      loss = loss.defined() ? one("add", {loss, term}) : term;
      if (k < leaves) inputs.push_back(registers[k]);
    }
    return loss.defined() ? autograd::grad({loss}, inputs, {}, false, false, true) : std::vector<Tensor>();
  }

  static Outcome check_backward_throws(const Json& c, const std::vector<Tensor>& registers) {
    try {
      gradients(registers, c["leaves"].size());
      synchronize(registers[0].device());
    } catch (const Error&) { return pass(); }
    return failed("the backward pass did not throw, expected: " + c["error"]["text"].get<std::string>());
  }

  static Outcome check_end(const Json& c, const std::vector<Tensor>& registers, Decoder& decoder) {
    const Tolerance tolerance = tolerance_of(c, {1e-6, 1e-8});
    if (registers.size() != c.at("final").size()) return failed(fmt::format("{} registers, expected {}", registers.size(), c["final"].size()));
    for (size_t k = 0; k < registers.size(); ++k) {
      bool expected = c.at("requires_grad")[k];
      if (registers[k].requires_grad() != expected) return failed(fmt::format("register {}: requires_grad {}, expected {}", k, !expected, expected));
      std::string complaint = difference(decoder.tensor(c["final"][k]), registers[k], tolerance);
      if (!complaint.empty()) return failed(fmt::format("register {}: {}", k, complaint));
    }
    std::vector<Tensor> grads = gradients(registers, c["leaves"].size());
    if (grads.size() != c.at("grads").size()) return failed(fmt::format("{} gradients, expected {}", grads.size(), c["grads"].size()));
    for (size_t k = 0; k < grads.size(); ++k) {
      const Json& expected = c["grads"][k];
      std::string complaint = difference(expected.is_null() ? Tensor() : decoder.tensor(expected), grads[k], tolerance);
      if (!complaint.empty()) return failed(fmt::format("gradient {}: {}", k, complaint));
    }
    return pass();
  }

  Json cases_;
  TensorFile tensors_;
  Device device_;
  std::string name_, transform_;
};

}  // namespace

std::unique_ptr<CaseFile> open_programs(const fs::path& file, const Options& options) { return std::make_unique<Programs>(file, options); }

}  // namespace conformance
