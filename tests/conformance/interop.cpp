// interop/: files written by others. Those of a kind that Lazuli does not read yet are skipped.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <functional>

#include "lazuli/io/io.h"
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

// Rows of numbers, or a number, as the tensor of that dtype would have them.
std::string compare_values(const Json& expected, const Tensor& got, const std::string& name) {
  std::vector<double> flat;
  Shape sizes;
  for (const Json* level = &expected; level->is_array(); level = &(*level)[0]) sizes.push_back(int64_t(level->size()));
  const std::function<void(const Json&)> add = [&](const Json& j) {
    if (j.is_array())
      for (const Json& inner : j) add(inner);
    else flat.push_back(j.is_boolean() ? double(j.get<bool>()) : j.get<double>());
  };
  add(expected);
  if (!(got.sizes() == sizes)) return fmt::format("{}: sizes {}, expected {}", name, to_string(got.sizes()), to_string(sizes));
  if (expected.is_boolean() != (got.dtype() == kBool) && !expected.is_array()) return fmt::format("{}: dtype {}", name, lazuli::name(got.dtype()));
  return got.to(kFloat64).to_vector<double>() == flat ? "" : name + ": other values";
}

// Every array that is told of; the file has one more.
std::string read_npz(const fs::path& file, const Json& expected) {
  const StateDict got = load_npz(file.string());
  for (const auto& item : expected.items()) {
    if (!got.contains(item.key())) return "no array " + item.key();
    std::string complaint = compare_values(item.value(), got.at(item.key()), item.key());
    if (!complaint.empty()) return complaint;
  }
  return "";
}

// Nothing is told of the file but what it says itself: a header that ends in a line break, then every byte of the array in its order.
std::string read_npy(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const size_t end = bytes.find('\n');
  const Tensor got = load_npy(file.string());
  std::string shape = to_string(got.sizes());
  shape.front() = '(', shape.back() = ')';
  if (bytes.substr(0, end).find("'shape': " + shape) == bytes.npos) return "another shape: " + shape;
  if (int64_t(bytes.size() - end - 1) != got.nbytes()) return "another dtype";
  return std::memcmp(bytes.data() + end + 1, got.contiguous().address(), size_t(got.nbytes())) ? "other bytes" : "";
}

// What is told of a checkpoint's values; its tensors are compared where they are told of, its model by name and bits with those of `model`.
std::string read_checkpoint(const TorchObject& got, const Json& expected, const StateDict& model) {
  for (const auto& item : expected.items()) {
    const std::string& key = item.key();
    if (!got.contains(key)) return "no " + key;
    const TorchObject& there = got.at(key);
    const Json& value = item.value();
    if (there.kind() == TorchObject::Kind::Tensor) {
      std::string complaint = compare_values(value, there.to_tensor(), key);
      if (!complaint.empty()) return complaint;
    } else if (value.is_number_integer() ? there.to_int() != value.get<int64_t>() : value.is_number() && there.to_double() != value.get<double>()) {
      return key + ": another number";
    } else if (value.is_array()) {
      if (there.items().size() != value.size()) return key + ": another length";
      for (size_t k = 0; k < value.size(); ++k)
        if (value[k].is_string() && there.items()[k].to_string() != value[k].get<std::string>()) return key + ": another text";
    }
  }
  const StateDict state = (got.contains("model") ? got.at("model") : got).to_state_dict();
  if (state.size() != model.size()) return fmt::format("{} tensors, expected {}", state.size(), model.size());
  for (const auto& entry : model) {
    std::string complaint = difference(entry.second, state.at(entry.first), {0, 0});
    if (!complaint.empty()) return entry.first + ": " + complaint;
  }
  return "";
}

class Interop : public CaseFile {
 public:
  Interop(const fs::path& file, const Options& options) : folder_(file.parent_path()), device_(options.device), expected_(read_json(file)) {
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
    const Json told = expected_.value(names_[i], Json::object());
    if (file.extension() == ".npz") return verdict(read_npz(file, told));
    if (file.extension() == ".npy") return verdict(read_npy(file));
    if (file.extension() == ".pt")
      return verdict(read_checkpoint(load_torch(file.string()), told, load_safetensors((folder_ / "model.safetensors").string())));
    return skip("no reader of " + file.extension().string());
  }

 private:
  fs::path folder_;
  Device device_;
  Json expected_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<CaseFile> open_interop(const fs::path& file, const Options& options) { return std::make_unique<Interop>(file, options); }

}  // namespace conformance
