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
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/registry.h"
#include "lazuli/registry/probes.h"

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

// The arguments with history, where they can have one.
Value with_gradient(const Value& v) {
  if (v.is_tensor()) return is_differentiable(v.to_tensor().dtype()) ? Value(v.to_tensor().detach().clone().requires_grad_()) : v;
  if (v.kind() != Value::Kind::List) return v;
  Value::List items;
  for (const Value& item : v.to_list()) items.push_back(with_gradient(item));
  return Value(items);
}

Outcome try_call(const std::string& op, const detail::ProbeCall& probe, DType dtype) {
  Outcome outcome;
  try {
    const SlotRecorder recorder;
    no_grad guard;
    call(op, probe.args, probe.kwargs);
    outcome.called = true;
    outcome.slots = recorder.slots;
  } catch (const Error&) { return outcome; }
  const std::vector<SchemaArg> parameters = parse_schema(get_op_info(op).schemas[0]).args;
  if (!is_differentiable(dtype) || (!parameters.empty() && parameters[0].type.in_place)) return outcome;
  try {
    enable_grad guard;
    std::vector<Value> args;
    for (const Value& v : probe.args) args.push_back(with_gradient(v));
    const std::vector<Tensor> leaves = differentiable(args);
    if (leaves.empty()) return outcome;
    const auto run = [&] { return differentiable(call(op, args, probe.kwargs)); };
    outcome.backward = !gradients(run(), leaves, false).empty();
    if (!outcome.backward) return outcome;
    const std::vector<Tensor> first = gradients(run(), leaves, true);
    if (std::none_of(first.begin(), first.end(), [](const Tensor& t) { return t.requires_grad(); })) return outcome;
    gradients(first, leaves, false);  // linear operators' are undefined, that is, zero
    outcome.second_order = true;
  } catch (const Error&) {}
  return outcome;
}

Outcome try_op(const std::string& op, DType dtype) {
  Outcome best;
  for (const detail::ProbeCall& probe : detail::probe_calls(op, dtype)) {
    Outcome outcome = try_call(op, probe, dtype);
    if (!outcome.called) continue;
    if (!best.called) best = outcome;
    best.backward |= outcome.backward;
    best.second_order |= outcome.second_order;
    if (best.second_order || !is_differentiable(dtype)) return best;
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
