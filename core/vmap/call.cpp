#include "lazuli/core/vmap/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/vmap/report.h"

namespace lazuli {
namespace batching {
namespace {

using Kind = SlotArgument::Kind;

bool holds_tensors(const SlotArgument& a) { return a.kind() == Kind::Output || a.kind() == Kind::Input || a.kind() == Kind::Inputs; }

void merge(std::vector<BatchLevel>& into, const BatchLevel& level) {
  auto at = std::lower_bound(into.begin(), into.end(), level.id, [](const BatchLevel& l, uint64_t id) { return l.id < id; });
  if (at == into.end() || at->id != level.id) into.insert(at, level);
}

struct Counts {
  std::mutex mutex;
  std::map<std::string, VmapCount> by_slot;
};
Counts& counts() {
  static auto* all = new Counts;
  return *all;
}

// One sample of `t`, at these places of the levels.
Tensor sample(const Tensor& t, const std::vector<BatchLevel>& levels, const Shape& places) {
  if (!t.defined()) return t;
  Tensor all = whole(t, levels);
  const auto count = int64_t(levels.size());
  int64_t offset = all.storage_offset();
  for (int64_t i = 0; i < count; ++i) offset += places[i] * all.strides()[i];
  return alias(all, t.sizes(), t.strides(), offset, "vmap");
}

}  // namespace

BatchedCall::BatchedCall(KernelBase& called, Device on, std::span<const SlotArgument> given, detail::CallAt how)
    : device(on), arguments(given), slot_(called), call_(how) {
  for (const SlotArgument& a : given) {
    if (!holds_tensors(a)) continue;
    for (const Tensor& t : a.tensors())
      for (const BatchLevel& level : batching::levels(t)) merge(level.stride ? levels : shared_, level);
  }
  std::erase_if(shared_,
                [&](const BatchLevel& s) { return std::any_of(levels.begin(), levels.end(), [&](const BatchLevel& l) { return l.id == s.id; }); });
}

bool BatchedCall::batched(const Tensor& t) {
  for (const BatchLevel& level : batching::levels(t))
    if (level.stride) return true;
  return false;
}
bool BatchedCall::batched(size_t argument) const { return batched(tensor(argument)); }

std::vector<BatchLevel> BatchedCall::wanted() const {
  std::vector<BatchLevel> all = levels;
  for (const BatchLevel& level : shared_) merge(all, level);
  return all;
}

bool BatchedCall::reads(const Tensor& written) const {
  for (const SlotArgument& a : arguments)
    if (a.kind() != Kind::Output && holds_tensors(a))
      for (const Tensor& t : a.tensors())
        if (t.defined() && t.storage() == written.storage()) return true;
  return false;
}

Tensor BatchedCall::out(size_t argument, bool overwritten) {
  const Tensor& t = tensor(argument);
  if (!t.defined()) return t;
  make_batched(slot_.name, t, wanted(), overwritten && !reads(t));
  if (HiddenBatch* hidden = t.storage()->hidden(); hidden && hidden->whole) hidden->whole->bump_version();
  return whole(t, levels);
}

void BatchedCall::run(const std::vector<const void*>& replaced) const {
  std::vector<const void*> at(arguments.size());
  for (size_t i = 0; i < at.size(); ++i) at[i] = i < replaced.size() && replaced[i] ? replaced[i] : arguments[i].address();
  call_(slot_, device, at.data());
}

void BatchedCall::run_each() {
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].kind() == Kind::Output) out(i, false);
  Shape sizes, place;
  for (const BatchLevel& level : levels) sizes.push_back(level.size), place.push_back(0);
  const int64_t samples = sizes.numel();
  for (int64_t n = 0; n < samples; ++n) {
    std::vector<std::vector<Tensor>> memory(arguments.size());
    std::vector<std::span<const Tensor>> lists(arguments.size());
    std::vector<const void*> at(arguments.size());
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (!holds_tensors(arguments[i])) continue;
      for (const Tensor& t : arguments[i].tensors()) memory[i].push_back(sample(t, levels, place));
      lists[i] = memory[i];
      at[i] = arguments[i].kind() == Kind::Inputs ? static_cast<const void*>(&lists[i]) : memory[i].data();
    }
    run(at);
    for (int64_t d = sizes.size(); d-- > 0;) {
      if (++place[d] < sizes[d]) break;
      place[d] = 0;
    }
  }
  if (levels.empty()) return;
  std::lock_guard lock(counts().mutex);
  VmapCount& count = counts().by_slot[slot_.name];
  count.slot = slot_.name;
  ++count.calls;
  count.samples += uint64_t(samples);
}

}  // namespace batching

bool detail::call_batched(KernelBase& slot, Device device, std::span<const SlotArgument> arguments, CallAt call) {
  batching::BatchedCall batched(slot, device, arguments, call);
  if (batching::is_random(slot)) {
    if (batching::random_rule(batched)) return true;
    if (!batched.anything()) return false;
  }
  if (!batched.anything()) return false;
  const auto rule = reinterpret_cast<batching::BatchRule>(slot.batch_rule.load(std::memory_order_acquire));
  if (batched.levels.empty() || !rule || !rule(batched)) batched.run_each();
  return true;
}

std::vector<VmapCount> vmap_counts() {
  std::vector<VmapCount> all;
  {
    std::lock_guard lock(batching::counts().mutex);
    for (const auto& [name, count] : batching::counts().by_slot) all.push_back(count);
  }
  std::stable_sort(all.begin(), all.end(), [](const VmapCount& a, const VmapCount& b) { return a.samples > b.samples; });
  return all;
}

std::string vmap_report() {
  std::string text;
  for (const VmapCount& c : vmap_counts()) text += fmt::format("{:<28} {:>8} calls {:>10} samples one by one\n", c.slot, c.calls, c.samples);
  return text;
}

void reset_vmap_report() {
  std::lock_guard lock(batching::counts().mutex);
  batching::counts().by_slot.clear();
}

}  // namespace lazuli
