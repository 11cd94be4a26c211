#include "lazuli/record/passes.h"

#include <algorithm>
#include <map>

namespace lazuli::recording {

void remove_dead_calls(StepList& list) {
  std::vector<bool> read(list.buffers.size());
  const auto needed = [&](const ListedCall& call) {
    if (call.is_action()) return true;
    bool any = false, writes = false;
    call.for_each_view([&](const BufferView& v, bool written) {
      writes |= written;
      any |= written && (read[size_t(v.buffer)] || list.buffers[size_t(v.buffer)].role != BufferRole::Temporary);
    });
    return any || !writes;
  };
  for (const BufferView& v : list.outputs)
    if (v.defined()) read[size_t(v.buffer)] = true;
  std::vector<ListedCall> kept;
  for (auto call = list.calls.rbegin(); call != list.calls.rend(); ++call) {
    if (!needed(*call)) continue;
    call->for_each_view([&](const BufferView& v, bool) { read[size_t(v.buffer)] = true; });  // what is written may be read as well
    kept.push_back(std::move(*call));
  }
  std::reverse(kept.begin(), kept.end());
  list.calls = std::move(kept);
}

namespace {

bool same_geometry(const BufferView& a, const BufferView& b) {
  return a.dtype == b.dtype && a.sizes == b.sizes && a.strides == b.strides && a.offset == b.offset;
}

// Whether both compute the same, each into temporary memory that nothing else writes.
bool same_call(const ListedCall& a, const ListedCall& b) {
  if (a.slot != b.slot || !(a.device == b.device) || a.arguments.size() != b.arguments.size()) return false;
  for (size_t i = 0; i < a.arguments.size(); ++i) {
    const CallArgument &x = a.arguments[i], &y = b.arguments[i];
    if (x.refresh || y.refresh) return false;
    if (x.kind != SlotArgument::Kind::Output) {
      if (!x.same_as(y)) return false;
    } else if (x.views[0].defined() != y.views[0].defined() || (x.views[0].defined() && !same_geometry(x.views[0], y.views[0]))) {
      return false;
    }
  }
  return true;
}

int32_t first_input(const ListedCall& call) {
  for (const CallArgument& a : call.arguments)
    if (a.is_tensor() && a.kind != SlotArgument::Kind::Output && !a.views.empty()) return a.views[0].buffer;
  return -1;
}

}  // namespace

void remove_duplicate_calls(StepList& list) {
  std::vector<int> writers(list.buffers.size());
  for (const ListedCall& call : list.calls) call.for_each_view([&](const BufferView& v, bool written) { writers[size_t(v.buffer)] += written; });
  const auto replaceable = [&](const ListedCall& call) {
    bool yes = true, writes = false;
    call.for_each_view([&](const BufferView& v, bool written) {
      if (!written) return;
      writes = true;
      yes &= list.buffers[size_t(v.buffer)].role == BufferRole::Temporary && writers[size_t(v.buffer)] == 1;
    });
    return yes && writes && !call.is_action();
  };

  std::vector<int32_t> now(list.buffers.size());  // the buffer that stands for each
  for (size_t b = 0; b < now.size(); ++b) now[b] = int32_t(b);
  std::vector<int32_t> last_write(list.buffers.size(), -1);
  std::map<std::pair<const KernelBase*, int32_t>, std::vector<int32_t>> before;  // by the first input
  std::vector<ListedCall> kept;
  kept.reserve(list.calls.size());
  // Whether its results are what they would be again.
  const auto holds = [&](int32_t at) {
    bool yes = true;
    kept[size_t(at)].for_each_view([&](const BufferView& v, bool) { yes &= last_write[size_t(v.buffer)] <= at; });
    return yes;
  };
  for (ListedCall& call : list.calls) {
    for (CallArgument& a : call.arguments)
      for (BufferView& v : a.views)
        if (v.defined()) v.buffer = now[size_t(v.buffer)];
    if (call.is_action() && call.action.kind == HostAction::Kind::Region) before.clear();
    const ListedCall* first = nullptr;
    const bool may_go = replaceable(call);
    std::vector<int32_t>* alike = may_go ? &before[{call.slot, first_input(call)}] : nullptr;
    if (may_go)
      for (const int32_t other : *alike)
        if (holds(other) && same_call(kept[size_t(other)], call)) first = &kept[size_t(other)];
    if (first) {
      for (size_t i = 0; i < call.arguments.size(); ++i)
        if (const CallArgument& a = call.arguments[i]; a.kind == SlotArgument::Kind::Output && a.views[0].defined())
          now[size_t(a.views[0].buffer)] = first->arguments[i].views[0].buffer;
      continue;
    }
    const auto at = int32_t(kept.size());
    call.for_each_view([&](const BufferView& v, bool written) {
      if (written) last_write[size_t(v.buffer)] = at;
    });
    if (may_go) alike->push_back(at);
    kept.push_back(std::move(call));
  }
  list.calls = std::move(kept);
}

std::vector<Pass> fusion_passes(const FusionOptions& options) {
  return {remove_duplicate_calls, remove_dead_calls, fuse_batch_norm_relu, [options](StepList& list) { fuse_pointwise(list, options); },
          fuse_products};
}

}  // namespace lazuli::recording
