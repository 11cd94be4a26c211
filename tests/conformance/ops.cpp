// ops/: one recorded call of an operator a case, with its gradients and the gradients of those.
#include <fmt/format.h>

#include <map>
#include <set>

#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/registry.h"
#include "tests/conformance/gradients.h"
#include "tests/conformance/replay.h"
#include "tests/conformance/runner.h"
#include "tests/conformance/transforms.h"

namespace conformance {

using namespace lazuli;

namespace {

// The pack gives the tensor that is differentiated first; these functions have it elsewhere.
void reorder(const std::string& op, std::vector<Value>& args) {
  static const std::set<std::string> swapped = {"where", "einsum", "embedding", "embedding_bag", "polygamma", "special.polygamma"};
  if (args.size() >= 2 && swapped.count(op)) std::swap(args[0], args[1]);
}
// ... and a leading number may be given by name.
void lead(const std::string& op, std::vector<Value>& args, Kwargs& kwargs) {
  if (!op.ends_with("polygamma") || args.size() != 1) return;
  for (auto& [name, value] : kwargs)
    if (name == "n") args.insert(args.begin(), value);
  if (args.size() == 2) std::erase_if(kwargs, [](const auto& entry) { return entry.first == "n"; });
}

// The pack's singular matrices are products of two thin ones, with which it was called: pinv(a @ b.mT).
void multiply_out(const Json& c, std::vector<Value>& args) {
  if (c["op"] != "linalg.pinv" || c.value("variant", "") != "singular" || args.size() != 2) return;
  args = {matmul(args[0].to_tensor(), args[1].to_tensor().mT())};
}

// Results that depend on how the argument lies in memory.
bool reads_layout(const std::string& op) {
  static const std::set<std::string> ops = {"view", "view_as", "view_as_complex", "as_strided", "as_strided_scatter"};
  return ops.count(op) != 0;
}

// The order of equal elements is open: whether other indices than the recorded ones pick the same values, each element once.
bool picks_the_same(const Json& c, Decoder& decoder, const Tensor& wanted, const Tensor& got) {
  static const std::map<std::string, size_t> dim_at = {{"argsort", 1}, {"topk", 2}};
  auto found = dim_at.find(c["op"].get<std::string>());
  if (found == dim_at.end() || !form_difference(wanted, got).empty() || got.dtype() != kInt64) return false;
  int64_t dim = -1;
  if (c["kwargs"].contains("dim")) dim = c["kwargs"]["dim"];
  else if (c["args"].size() > found->second) dim = c["args"][found->second];
  Tensor self = decoder.tensor(c["args"][0]);
  if (self.dim() == 0) return false;
  auto pick = [&](const Tensor& indices) { return flatten(call("gather", {self, dim, indices})).at(0); };
  if (!difference(pick(wanted), pick(got), {0, 0}).empty()) return false;
  Tensor sorted = flatten(call("sort", {got, dim})).at(0), next = sorted.narrow(dim, 1, std::max<int64_t>(sorted.size(dim) - 1, 0));
  return sorted.size(dim) < 2 || flatten(call("eq", {next, sorted.narrow(dim, 0, sorted.size(dim) - 1)})).at(0).sum().item<int64_t>() == 0;
}

// PyTorch's gradient of self is that of the elements which were overwritten, and zero for those which stayed; ours is the other way round.
bool recorded_gradient_is_wrong(const std::string& op) { return op == "as_strided_scatter"; }

// PyTorch's Bessel functions leave terms out: around 5.4 they are 2e-7 off, by 40 digits of mpmath.
bool rounds_coarsely(const std::string& op) { return op.starts_with("special.bessel_"); }

Tensor widened(const Tensor& t) {
  if (t.dtype() == kComplex64) return to(t, kComplex128);
  return t.is_floating_point() ? to(t, kFloat64) : t;
}
Value widened(const Value& v) {
  if (v.is_tensor()) return widened(v.to_tensor());
  if (v.kind() != Value::Kind::List) return v;
  std::vector<Value> items;
  for (const Value& item : v.to_list()) items.push_back(widened(item));
  return items;
}

class Ops : public CaseFile {
 public:
  Ops(const fs::path& file, const Options& options)
      : cases_(read_json(file)), device_(options.device), gradcheck_(options.gradcheck), transform_(options.transform) {
    fs::path beside = fs::path(file).replace_extension(".safetensors");
    if (fs::exists(beside)) tensors_ = TensorFile(beside);
  }
  size_t size() const override { return cases_.size(); }
  std::string group(size_t i) const override { return cases_[i].at("op"); }

  Outcome run(size_t i) override {
    const Json& c = cases_[i];
    const std::string op = c.at("op");
    if (!has_op(op)) return skip("no operator " + op);
    if (gradcheck_) return check_case(c);
    if (!transform_.empty()) return transformed(c, i);
    if (c.contains("error")) return must_throw(c);
    std::string complaint = replay(c, false);
    if (complaint.empty() && c.value("dtype", "") == "float64" && !reads_layout(op)) {
      complaint = replay(c, true);
      if (!complaint.empty()) complaint = "with non-contiguous inputs: " + complaint;
    }
    return verdict(complaint);
  }

 private:
  // Of the calls that give tensors; in another order of memory they are the same.
  Outcome transformed(const Json& c, size_t i) {
    if (c.contains("error") || c.contains("value") || reads_layout(c["op"])) return pass();
    Decoder decoder{&tensors_, device_, false};
    std::vector<Value> args = decoder.values(c.at("args"));
    const Kwargs kwargs = decoder.kwargs(c.at("kwargs"));
    const Call call = [&](std::vector<Value> a, Kwargs k) { return flatten(invoke(c, std::move(a), std::move(k))); };
    Tolerance tolerance = tolerance_of(c, {1e-7, 1e-7});
    if (c.value("multiset", false)) return pass();
    return replay_under(transform_, call, args, kwargs, i, tolerance);
  }

  std::vector<Value> invoke(const Json& c, Decoder& decoder, bool wide = false) {
    std::vector<Value> args = decoder.values(c.at("args"));
    return invoke(c, std::move(args), decoder.kwargs(c.at("kwargs")), wide);
  }
  std::vector<Value> invoke(const Json& c, std::vector<Value> args, Kwargs kwargs, bool wide = false) {
    if (wide) {
      for (Value& arg : args) arg = widened(arg);
      for (auto& [name, value] : kwargs) value = widened(value);
    }
    // Where gradients are wanted is said by the leaves.
    std::erase_if(kwargs, [](const auto& entry) { return entry.first == "requires_grad"; });
    reorder(c["op"], args);
    lead(c["op"], args, kwargs);
    multiply_out(c, args);
    // PyTorch wants these positions on the CPU, whatever the device of the tensor that is split.
    if (c["op"] == "tensor_split" && args.size() > 1 && args[1].is_tensor()) args[1] = args[1].to_tensor().cpu();
    std::vector<Value> results = call(c["op"].get<std::string>(), std::move(args), kwargs);
    // These were asked for the solution and the residuals only.
    if (c["op"] == "linalg.lstsq" && c.value("variant", "") == "grad_oriented") results.resize(2);
    return results;
  }

  // Gradients against differences, with all of the case's tensors of float64 and complex128 as inputs. A call that throws where a gradient is asked for is right, too.
  Outcome check_case(const Json& c) {
    const std::string op = c["op"], dtype = c.value("dtype", "");
    if (c.contains("error") || c.contains("value") || (dtype != "float64" && dtype != "complex128") || !can_be_checked(op, dtype) ||
        at_a_corner(op, c))
      return pass();
    const bool statistics = op == "batch_norm" || op == "instance_norm";  // running ones are no inputs of the gradient, in PyTorch either
    Decoder decoder{&tensors_, device_, statistics};
    std::vector<Value> args = decoder.values(c.at("args"));
    Kwargs kwargs = decoder.kwargs(c.at("kwargs"));
    std::erase_if(kwargs, [](const auto& entry) { return entry.first == "requires_grad"; });
    reorder(op, args);
    lead(op, args, kwargs);
    multiply_out(c, args);
    std::vector<Tensor> inputs;
    const std::function<Value(const Value&, const std::vector<Tensor>*, size_t&)> walk = [&](const Value& v, const std::vector<Tensor>* with,
                                                                                             size_t& next) -> Value {
      if (v.is_tensor() && (!statistics || v.to_tensor().requires_grad()) &&
          (v.to_tensor().dtype() == kFloat64 || v.to_tensor().dtype() == kComplex128)) {
        if (!with) inputs.push_back(v.to_tensor().detach());
        return with ? Value((*with)[next++]) : v;
      }
      if (v.kind() != Value::Kind::List) return v;
      std::vector<Value> items;
      for (const Value& item : v.to_list()) items.push_back(walk(item, with, next));
      return items;
    };
    size_t none = 0;
    for (const Value& v : args) walk(v, nullptr, none);
    for (const auto& [name, v] : kwargs) walk(v, nullptr, none);
    if (inputs.empty()) return pass();
    const TensorFunction f = [&](const std::vector<Tensor>& x) {
      std::vector<Tensor> own;  // an in-place operator writes to what is no leaf
      for (const Tensor& t : x) own.push_back(op.ends_with("_") ? t.clone() : t);
      size_t next = 0;
      std::vector<Value> now;
      Kwargs named;
      for (const Value& v : args) now.push_back(walk(v, &own, next));
      for (const auto& [name, v] : kwargs) named.emplace_back(name, walk(v, &own, next));
      const GeneratorGuard same{Generator(1)};
      return flatten(call(op, std::move(now), named));
    };
    return verdict(check_gradients(f, inputs, step_of(op, c)).complaint);
  }
  static Step step_of(const std::string& op, const Json& c) {
    const bool hermitian = c["kwargs"].value("hermitian", false) || c.value("variant", "") == "hermitian";
    return hermitian ? Step::Hermitian : conformance::step_of(op);
  }
  // Vectors are given up to a phase, which a step may turn; and numbers that are read as they are (views of other dtypes) have no derivative.
  static bool can_be_checked(const std::string& op, const std::string& dtype) {
    static const std::set<std::string> phases = {"linalg.eig", "linalg.eigh", "linalg.svd", "svd", "svd_lowrank", "pca_lowrank", "lobpcg"};
    return !(dtype == "complex128" && phases.count(op)) && !has_no_derivative(op);
  }

  // Where a step leaves what the gradient is of: the rank of a matrix, a norm's corner at 0, places to which two elements are unpooled (the last one stays), entries that are equal and no longer are (unique), and the vectors that complete a basis, which are arbitrary.
  static bool at_a_corner(const std::string& op, const Json& c) {
    const std::string variant = c.value("variant", "");
    return op.starts_with("unique") || (op == "linalg.pinv" && variant == "singular") || variant == "subgradients_at_zero" ||
           op.starts_with("max_unpool") || (op == "linalg.svd" && c["kwargs"].value("full_matrices", true)) ||
           (op == "svd" && !c["kwargs"].value("some", true));
  }

  Outcome must_throw(const Json& c) {
    Decoder decoder{&tensors_, device_};
    try {
      invoke(c, decoder);
      synchronize(device_);  // a device tells of a bad index when it is waited for
    } catch (const Error&) { return pass(); }
    return failed("did not throw, expected " + c["error"].get<std::string>());
  }

  std::string replay(const Json& c, bool noncontiguous) {
    Decoder decoder{&tensors_, device_, true, noncontiguous};
    std::vector<Value> results = invoke(c, decoder);
    Tolerance tolerance = tolerance_of(c, {1e-7, 1e-7});
    if (rounds_coarsely(c["op"])) tolerance = {std::max(tolerance.rtol, 1e-5), std::max(tolerance.atol, 1e-6)};
    if (c.contains("value")) return value_difference(decoder.value(c["value"]), results);

    std::vector<Tensor> outputs = flatten(results);
    std::vector<Tensor> leaves = decoder.leaves;
    decoder.noncontiguous = false;
    decoder.with_grad = false;
    const Json& expected = c.at("out");
    if (outputs.size() != expected.size()) return fmt::format("{} outputs, expected {}", outputs.size(), expected.size());
    std::set<size_t> compared;
    for (size_t k = 0; k < expected.size(); ++k) compared.insert(k);
    if (c.contains("compare")) compared = c["compare"].get<std::set<size_t>>();
    for (size_t k = 0; k < expected.size(); ++k) {
      Tensor wanted = decoder.tensor(expected[k]);
      std::string complaint;
      if (compared.count(k))
        complaint = c.value("multiset", false) ? difference_unordered(wanted, outputs[k], tolerance) : difference(wanted, outputs[k], tolerance);
      else complaint = form_difference(wanted, outputs[k]);
      if (!complaint.empty() && (picks_the_same(c, decoder, wanted, outputs[k]) || more_exact(c, k, outputs[k], tolerance))) complaint.clear();
      if (!complaint.empty()) return fmt::format("output {}: {}", k, complaint);
    }
    return c.contains("grads") && !recorded_gradient_is_wrong(c["op"]) ? gradient_difference(c, outputs, leaves, c["grads"], decoder, tolerance) : "";
  }

  // PyTorch rounds some intermediate results to half precision, and exponentials of large matrices lose most of their digits in float32. A result that is right when computed in double
  // precision is no error, although the recorded one is further off.
  bool more_exact(const Json& c, size_t k, const Tensor& got, Tolerance tolerance) {
    const bool single = got.dtype() == kFloat32 || got.dtype() == kComplex64;
    if (got.dtype() != kFloat16 && got.dtype() != kBFloat16 && !(single && c["op"] == "matrix_exp")) return false;
    Decoder decoder{&tensors_, device_, false};
    std::vector<Tensor> exact = flatten(invoke(c, decoder, true));
    return k < exact.size() && difference(to(exact[k], got.dtype()), got, tolerance).empty();
  }

  static std::string value_difference(const Value& expected, const std::vector<Value>& results) {
    std::string wanted = describe(expected), got = results.size() == 1 ? describe(results[0]) : fmt::format("{} results", results.size());
    return wanted == got ? "" : got + ", expected " + wanted;
  }

  Json cases_;
  TensorFile tensors_;
  Device device_;
  bool gradcheck_ = false;
  std::string transform_;
};

}  // namespace

std::unique_ptr<CaseFile> open_ops(const fs::path& file, const Options& options) { return std::make_unique<Ops>(file, options); }

}  // namespace conformance
