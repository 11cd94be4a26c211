#include <algorithm>
#include <optional>

#include "lazuli/core/slots.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/plan.h"

namespace lazuli::recording {
namespace {

// Where a batch norm has its running statistics, two arguments: they count a batch once, however often it is normalised.
std::optional<size_t> running_statistics(const ListedCall& call) {
  const size_t at = call.slot == &batch_norm_kernel ? 6 : call.slot == &batch_norm_relu_kernel ? 7 : 0;
  if (at == 0 || !*call.arguments[at + 2].as<bool>()) return {};
  return at;
}

// About as dear as reading what it reads, and the same bits each time.
bool is_cheap(const ListedCall& call) {
  const KernelBase* const slots[] = {&unary_kernel, &binary_kernel, &binary_number_kernel, &ternary_kernel,   &ternary_number_kernel,
                                     &copy_kernel,  &fused_kernel,  &layer_norm_kernel,    &group_norm_kernel};
  if (std::find(std::begin(slots), std::end(slots), call.slot) == std::end(slots) && !running_statistics(call)) return false;
  return std::none_of(call.arguments.begin(), call.arguments.end(), [](const CallArgument& a) { return bool(a.refresh); });
}

// Calls f(buffer) for what a repetition writes.
template <class F>
void for_each_result(const ListedCall& call, F&& f) {
  const std::optional<size_t> statistics = running_statistics(call);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const CallArgument& a = call.arguments[i];
    if (a.kind != SlotArgument::Kind::Output || !a.views[0].defined() || (statistics && (i == *statistics || i == *statistics + 1))) continue;
    f(a.views[0].buffer);
  }
}

// Who has to do with each buffer.
struct Use {
  int32_t call;
  bool written;
};

class Recomputation {
 public:
  Recomputation(StepList& list, int64_t least_bytes) : list_(list), least_bytes_(least_bytes) {}

  // One call that makes the highest use of memory lower; false: there is none.
  bool step() {
    const std::vector<int64_t> bytes = live_bytes(list_);
    if (bytes.empty()) return false;
    peak_ = int32_t(std::max_element(bytes.begin(), bytes.end()) - bytes.begin());
    const int64_t least = std::max(least_bytes_, bytes[size_t(peak_)] / 256);
    if (bytes[size_t(peak_)] < least) return false;
    find_uses();
    std::optional<Choice> best;
    for (int32_t i = 0; i < peak_; ++i)
      if (const std::optional<Choice> c = choice(i, least); c && (!best || c->bytes > best->bytes)) best = c;
    if (best) repeat(*best);
    return best.has_value();
  }

 private:
  struct Choice {
    int32_t call, before;  // which one is done again, and before which one
    int64_t bytes;         // that are not kept over the peak
  };

  void find_uses() {
    uses_.assign(list_.buffers.size(), {});
    barriers_.clear();
    for (int32_t i = 0; i < int32_t(list_.calls.size()); ++i) {
      const ListedCall& call = list_.calls[size_t(i)];
      if (call.is_action() && call.action.kind == HostAction::Kind::Region) barriers_.push_back(i);
      call.for_each_view([&](const BufferView& v, bool written) { uses_[size_t(v.buffer)].push_back({i, written}); });
    }
  }

  // The first use behind the peak, where none is at it; -1 otherwise.
  int32_t late_use(int32_t buffer) const {
    for (const Use& use : uses_[size_t(buffer)]) {
      if (use.call == peak_) return -1;
      if (use.call > peak_) return use.call;
    }
    return -1;
  }

  // Whether the buffer has at `later` what it had at `call`, and is there anyway.
  bool stays(int32_t buffer, int32_t call, int32_t later) const {
    bool used_later = list_.buffers[size_t(buffer)].role != BufferRole::Temporary;
    for (const Use& use : uses_[size_t(buffer)]) {
      if (use.written && use.call >= call && use.call < later) return false;
      used_later |= use.call >= later;
    }
    return used_later;
  }

  std::optional<Choice> choice(int32_t at, int64_t least) const {
    const ListedCall& call = list_.calls[size_t(at)];
    if (call.is_action() || !is_cheap(call)) return {};
    Choice c{at, INT32_MAX, 0};
    bool possible = true;
    for_each_result(call, [&](int32_t buffer) {
      const std::vector<Use>& uses = uses_[size_t(buffer)];
      possible &= list_.buffers[size_t(buffer)].role == BufferRole::Temporary;
      possible &= std::count_if(uses.begin(), uses.end(), [](const Use& use) { return use.written; }) == 1;
      if (const int32_t late = late_use(buffer); late >= 0) {
        c.before = std::min(c.before, late);
        c.bytes += list_.buffers[size_t(buffer)].bytes;
      }
    });
    if (!possible || c.bytes < least) return {};
    for (const int32_t barrier : barriers_)
      if (barrier > at && barrier < c.before) return {};
    call.for_each_view([&](const BufferView& v, bool written) { possible &= written || stays(v.buffer, at, c.before); });
    return possible ? std::optional(c) : std::nullopt;
  }

  void repeat(const Choice& c) {
    ListedCall again = list_.calls[size_t(c.call)];
    again.number = -1;
    const std::optional<size_t> statistics = running_statistics(again);
    if (statistics) again.arguments[*statistics].views[0] = again.arguments[*statistics + 1].views[0] = {};
    std::vector<std::pair<int32_t, int32_t>> replaced;
    for (CallArgument& a : again.arguments) {
      a = a.copy();
      if (a.kind != SlotArgument::Kind::Output || !a.views[0].defined()) continue;
      BufferView& v = a.views[0];
      const Buffer& old = list_.buffers[size_t(v.buffer)];
      const int32_t fresh = list_.add_buffer(BufferRole::Temporary, old.bytes, old.device);
      replaced.emplace_back(v.buffer, fresh);
      v.buffer = fresh;
    }
    for (size_t i = size_t(c.before); i < list_.calls.size(); ++i)
      for (CallArgument& a : list_.calls[i].arguments)
        for (BufferView& v : a.views)
          for (const auto& [old, fresh] : replaced)
            if (v.buffer == old) v.buffer = fresh;
    list_.calls.insert(list_.calls.begin() + c.before, std::move(again));
  }

  StepList& list_;
  const int64_t least_bytes_;
  int32_t peak_ = 0;
  std::vector<std::vector<Use>> uses_;
  std::vector<int32_t> barriers_;
};

}  // namespace

void recompute_cheap_calls(StepList& list, int64_t least_bytes) {
  Recomputation recomputation(list, least_bytes);
  for (size_t most = list.calls.size(); most > 0 && recomputation.step(); --most) {}
}

}  // namespace lazuli::recording
