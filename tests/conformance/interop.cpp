// interop/: files written by others. Those of a kind that Lazuli does not read yet are skipped.
#include <fmt/format.h>

#include <algorithm>

#include "lazuli/io/safetensors.h"
#include "lazuli/ops/table/registry.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"

namespace conformance {

using namespace lazuli;

namespace {

// The library's reader against the one here: the same names, and every bit.
std::string read_safetensors(const fs::path& file) {
  TensorFile expected(file);
  StateDict got = load_safetensors(file.string());
  if (got.size() != expected.keys().size()) return fmt::format("{} tensors, expected {}", got.size(), expected.keys().size());
  for (const std::string& key : expected.keys()) {
    const Tensor* t = got.find(key);
    if (!t) return "no tensor " + key;
    std::string complaint = difference(expected.get(key), *t, {0, 0});
    if (!complaint.empty()) return key + ": " + complaint;
  }
  return "";
}

// The model of expected.json, in evaluation mode, out of operators: Conv2d(1, 4, 3, padding=1), BatchNorm2d(4), ReLU, MaxPool2d(2), Flatten, Linear(64, 10).
std::string run_model(const StateDict& state, const TensorFile& expected, Device device) {
  auto of = [&](const char* name) { return Value(state.at(name).to(device)); };
  auto one = [](const char* op, std::vector<Value> args, const Kwargs& kwargs = {}) { return flatten(call(op, std::move(args), kwargs)).at(0); };
  Tensor x = expected.get("input").to(device);
  x = one("conv2d", {x, of("0.weight"), of("0.bias")}, {{"padding", 1}});
  x = one("batch_norm", {x, of("1.running_mean"), of("1.running_var"), of("1.weight"), of("1.bias")}, {{"training", false}});
  x = one("flatten", {one("max_pool2d", {one("relu", {x}), 2}), 1});
  x = one("linear", {x, of("5.weight"), of("5.bias")});
  return difference(expected.get("output"), x, {1e-5, 1e-6});
}

class Interop : public CaseFile {
 public:
  Interop(const fs::path& file, const Options& options) : folder_(file.parent_path()), device_(options.device) {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path() != file) names_.push_back(entry.path().filename().string());
    }
    std::sort(names_.begin(), names_.end());
    names_.push_back("the model of model.safetensors");
  }
  size_t size() const override { return names_.size(); }
  std::string group(size_t i) const override { return names_[i]; }

  Outcome run(size_t i) override {
    if (i + 1 == names_.size()) {
      for (const char* op : {"conv2d", "batch_norm", "max_pool2d", "relu", "flatten", "linear"}) {
        if (!has_op(op)) return skip(std::string("no operator ") + op);
      }
      return verdict(run_model(load_safetensors((folder_ / "model.safetensors").string()), TensorFile(folder_ / "expected.safetensors"), device_));
    }
    fs::path file = folder_ / names_[i];
    if (file.extension() == ".safetensors") return verdict(read_safetensors(file));
    return skip("no reader of " + file.extension().string());
  }

 private:
  fs::path folder_;
  Device device_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<CaseFile> open_interop(const fs::path& file, const Options& options) { return std::make_unique<Interop>(file, options); }

}  // namespace conformance
