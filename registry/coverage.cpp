#include "lazuli/registry/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/core/warning.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/registry.h"
#include "lazuli/ops/table/schema.h"

namespace lazuli::registry {
namespace {

// The slots that serve what runs while it lives.
class SlotRecorder final : public EventListener {
 public:
  void call_begins(const SlotCall& call) override { slots.insert(const_cast<KernelBase*>(&call.slot)); }
  std::set<KernelBase*> slots;

 private:
  Listening listening_{*this};
};

// Small arguments for a schema: tensors of these sizes, these numbers for integers.
struct Probe {
  Shape sizes;
  int64_t integer;
};
const std::vector<Probe>& probes() {
  static const auto* all =
      new std::vector<Probe>{{{2, 2}, 0}, {{2, 2}, 1}, {{4}, 0}, {{}, 0}, {{2, 3, 3}, 1}, {{2, 2, 4}, 2}, {{1, 2, 4, 4}, 2}, {{1, 2, 4, 4, 4}, 2}};
  return *all;
}

// Positive, below 1 but on the diagonal, and different: within the domain of most functions, and a well-conditioned matrix.
Tensor sample(const Shape& sizes, DType dtype) {
  Tensor t = arange(Scalar(sizes.numel()), {.dtype = kFloat64}) * 0.5 / double(std::max<int64_t>(1, sizes.numel())) + 0.25;
  t = t.reshape(sizes);
  if (sizes.size() == 2 && sizes[0] == sizes[1]) t = (t + t.t()) * 0.25 + eye(sizes[0], {.dtype = kFloat64});
  if (dtype == kBool) return t > 0;
  return is_integral(dtype) ? full(sizes, 1, {.dtype = dtype}) : t.to(dtype);
}

bool named_index(std::string_view name) {
  return name.find("index") != name.npos || name.find("indices") != name.npos || name == "target" || name == "offsets" || name == "sorter";
}
bool named_mask(std::string_view name) { return name.find("mask") != name.npos || name == "condition"; }

Value argument(const SchemaArg& arg, const Probe& probe, DType dtype) {
  using Base = ArgType::Base;
  const auto one = [&]() -> Value {
    switch (arg.type.base) {
      case Base::Tensor:
        if (named_mask(arg.name)) return Value(full(probe.sizes, true, {.dtype = kBool}));
        if (named_index(arg.name)) return Value(zeros(probe.sizes, {.dtype = kInt64}));
        return Value(sample(probe.sizes, dtype));
      case Base::Int: return Value(probe.integer);
      case Base::Float: return Value(0.5);
      case Base::Bool: return Value(false);
      case Base::Scalar: return is_integral(dtype) ? Value(1) : Value(0.5);
      case Base::String: return Value("mean");
      case Base::DType: return Value(dtype);
      case Base::Device: return Value(kCPU);
      default: return Value();
    }
  };
  if (!arg.type.list) return one();
  if (arg.type.base == Base::Int && (arg.name == "size" || arg.name == "sizes" || arg.name == "shape")) return Value(probe.sizes);
  return Value(Value::List(size_t(arg.type.length ? arg.type.length : arg.type.base == Base::Tensor ? 2 : 1), one()));
}

struct Outcome {
  bool called = false, backward = false, second_order = false;
  std::set<KernelBase*> slots;
};

std::vector<Tensor> differentiable(const std::vector<Value>& values) {
  std::vector<Tensor> found;
  for (const Value& v : values) {
    if (v.is_tensor() && is_differentiable(v.to_tensor().dtype())) found.push_back(v.to_tensor());
    if (v.kind() == Value::Kind::List)
      for (const Value& item : v.to_list())
        if (item.is_tensor() && is_differentiable(item.to_tensor().dtype())) found.push_back(item.to_tensor());
  }
  return found;
}

// Gradients of the leaves, as a graph of their own in `again`; those that exist.
std::vector<Tensor> gradients(std::vector<Tensor> outputs, const std::vector<Tensor>& leaves, bool again) {
  std::erase_if(outputs, [](const Tensor& t) { return !t.defined() || !t.requires_grad(); });
  if (outputs.empty()) return {};
  std::vector<Tensor> weights;
  for (const Tensor& t : outputs) weights.push_back(full(t.sizes(), 0.5, {.dtype = t.dtype(), .requires_grad = again}));
  std::vector<Tensor> found = autograd::grad(outputs, leaves, {.grad_outputs = weights, .create_graph = again, .allow_unused = true});
  std::erase_if(found, [](const Tensor& t) { return !t.defined(); });
  return found;
}

Outcome try_call(const std::string& op, const Schema& schema, const Probe& probe, DType dtype) {
  Outcome outcome;
  const auto arguments = [&](bool grad) {
    std::vector<Value> args;
    for (const SchemaArg& arg : schema.args) {
      if (arg.has_default || arg.type.optional || arg.keyword_only) continue;
      Value v = argument(arg, probe, dtype);
      if (grad && v.is_tensor() && is_differentiable(v.to_tensor().dtype())) v.to_tensor().requires_grad_();
      args.push_back(std::move(v));
    }
    return args;
  };
  try {
    const SlotRecorder recorder;
    no_grad guard;
    call(op, arguments(false));
    outcome.called = true;
    outcome.slots = recorder.slots;
  } catch (const Error&) { return outcome; }
  if (!is_differentiable(dtype) || (!schema.args.empty() && schema.args[0].type.in_place)) return outcome;
  try {
    enable_grad guard;
    std::vector<Value> args = arguments(true);
    const std::vector<Tensor> leaves = differentiable(args);
    if (leaves.empty()) return outcome;
    outcome.backward = !gradients(differentiable(call(op, args)), leaves, false).empty();
    if (!outcome.backward) return outcome;
    const std::vector<Tensor> first = gradients(differentiable(call(op, args)), leaves, true);
    if (std::none_of(first.begin(), first.end(), [](const Tensor& t) { return t.requires_grad(); })) return outcome;
    gradients(first, leaves, false);  // linear operators' are undefined, that is, zero
    outcome.second_order = true;
  } catch (const Error&) {}
  return outcome;
}

Outcome try_op(const std::string& op, DType dtype) {
  Outcome best;
  for (const std::string& line : get_op_info(op).schemas) {
    const Schema schema = parse_schema(line);
    for (const Probe& probe : probes()) {
      Outcome outcome = try_call(op, schema, probe, dtype);
      if (!outcome.called) continue;
      if (!best.called) best = outcome;
      best.backward |= outcome.backward;
      best.second_order |= outcome.second_order;
      if (best.second_order || !is_differentiable(dtype)) return best;
    }
  }
  return best;
}

// The worst of the slots decides.
Served served(const std::set<KernelBase*>& slots, DType dtype, Device device) {
  Served worst = Served::Kernel;
  for (KernelBase* slot : slots) {
    const Served by = lazuli::supports(*slot, dtype, device) ? Served::Kernel
                      : slot->composite.load()               ? Served::Composite
                      : device.is_cpu()                      ? Served::None
                                                             : Served::Fallback;
    worst = std::min(worst, by);
  }
  return worst;
}

struct QuietWarnings {
  WarningHandler before = set_warning_handler([](const std::string&) {});
  ~QuietWarnings() { set_warning_handler(before); }
};

}  // namespace

std::string_view name(Served served) {
  constexpr std::string_view names[] = {"none", "fallback", "composite", "kernel"};
  return names[int(served)];
}

CoverageReport coverage_report(const CoverageOptions& options) {
  const QuietWarnings quiet;
  const bool grad = modes.grad;
  const GeneratorGuard generator{Generator(0)};
  CoverageReport report;
  std::vector<DType> dtypes = options.dtypes;
  if (dtypes.empty())
    for (const DTypeProperties& p : kDTypes) dtypes.push_back(p.dtype);
  const std::vector<Device> devices = options.devices.empty() ? std::vector<Device>{kCPU} : options.devices;
  for (const std::string& op : options.ops.empty() ? list_ops() : options.ops) {
    bool any = false;
    std::vector<OpCoverageEntry> entries;
    for (DType dtype : dtypes) {
      const Outcome outcome = try_op(op, dtype);
      any |= outcome.called;
      for (Device device : devices) {
        OpCoverageEntry entry{op, dtype, device};
        if (outcome.called) {
          entry.forward = outcome.slots.empty() ? Served::Composite : device.is_cpu() ? Served::Kernel : served(outcome.slots, dtype, device);
          if (device.is_cpu() && !outcome.slots.empty() && served(outcome.slots, dtype, device) != Served::Kernel) entry.forward = Served::Composite;
          entry.backward = outcome.backward;
          entry.second_order = outcome.second_order;
        }
        entries.push_back(std::move(entry));
      }
    }
    if (any) report.entries.insert(report.entries.end(), entries.begin(), entries.end());
    else report.not_called.push_back(op);
  }
  modes.grad = grad;
  return report;
}

std::vector<DTypeCoverageReport> CoverageReport::by_dtype() const {
  std::vector<DTypeCoverageReport> rows;
  for (const OpCoverageEntry& entry : entries) {
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const DTypeCoverageReport& r) { return r.dtype == entry.dtype && r.device == entry.device; });
    if (row == rows.end()) row = rows.insert(rows.end(), {entry.dtype, entry.device});
    int* counts[] = {&row->none, &row->fallback, &row->composite, &row->kernel};
    ++*counts[int(entry.forward)];
    row->backward += entry.backward;
    row->second_order += entry.second_order;
  }
  return rows;
}

std::string CoverageReport::summary() const {
  std::string text = fmt::format("{:<12} {:<10} {:>8} {:>10} {:>9} {:>6} {:>9} {:>13}\n", "dtype", "device", "kernel", "composite", "fallback",
                                 "none", "backward", "second order");
  for (const DTypeCoverageReport& r : by_dtype())
    text += fmt::format("{:<12} {:<10} {:>8} {:>10} {:>9} {:>6} {:>9} {:>13}\n", lazuli::name(r.dtype), to_string(r.device), r.kernel, r.composite,
                        r.fallback, r.none, r.backward, r.second_order);
  return text;
}

const OpCoverageEntry* CoverageReport::find(std::string_view op, DType dtype, Device device) const {
  for (const OpCoverageEntry& entry : entries)
    if (entry.op == op && entry.dtype == dtype && entry.device == device) return &entry;
  return nullptr;
}

}  // namespace lazuli::registry
