#include <algorithm>
#include <iterator>
#include <optional>

#include "lazuli/core/slots.h"
#include "lazuli/core/slots/attention_slots.h"
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

// The same bits each time: of numbers that are others in each run only a place in a random stream is the same all through it.
bool gives_the_same_again(const ListedCall& call) {
  return std::none_of(call.arguments.begin(), call.arguments.end(), [](const CallArgument& a) { return a.refresh && !a.as<PhiloxState>(); });
}

// About as dear as reading what it reads.
bool is_cheap(const ListedCall& call) {
  const KernelBase* const slots[] = {&unary_kernel, &binary_kernel, &binary_number_kernel, &ternary_kernel,    &ternary_number_kernel,
                                     &copy_kernel,  &fused_kernel,  &layer_norm_kernel,    &group_norm_kernel, &dropout_kernel};
  return std::find(std::begin(slots), std::end(slots), call.slot) != std::end(slots) || running_statistics(call);
}

// What attention reads is kept for its gradients anyway.
bool is_cheap_or_attention(const ListedCall& call) {
  return is_cheap(call) || call.slot == &attention_kernel || call.slot == &attention_dropout_kernel;
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
  // `may_repeat`: which calls; `enough`: bytes.
  Recomputation(StepList& list, bool (*may_repeat)(const ListedCall&), int64_t least_bytes, int64_t enough)
      : list_(list), may_repeat_(may_repeat), least_bytes_(least_bytes), enough_(enough) {}

  void run() {
    for (size_t most = list_.calls.size(); most > 0 && step(); --most) {}
  }

 private:
  // One call that makes the highest use of memory lower; false: there is none.
  bool step() {
    const std::vector<int64_t> bytes = live_bytes(list_);
    if (bytes.empty()) return false;
    peak_ = int32_t(std::max_element(bytes.begin(), bytes.end()) - bytes.begin());
    const int64_t highest = bytes[size_t(peak_)], least = std::max(least_bytes_, highest / 256);
    if (highest < least || highest <= enough_) return false;
    find_uses();
    std::optional<Choice> best;
    for (int32_t i = peak_ - 1; i >= 0; --i)  // what is made of others first: those are read again with it, and may then be repeated as well
      if (const std::optional<Choice> c = choice(i, least); c && (!best || better(*c, *best))) best = c;
    if (best) repeat(*best);
    return best.has_value();
  }

  struct Choice {
    std::vector<int32_t> calls;  // which ones are done again: those that make what the last one reads, and that one
    int32_t before;              // and before which one
    int64_t bytes;               // that are not kept over the peak
  };

  static bool better(const Choice& a, const Choice& b) {
    return a.calls.size() != b.calls.size() ? a.calls.size() < b.calls.size() : a.bytes > b.bytes;
  }

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

  // Whether a repetition writes temporary buffers only, that nobody else writes.
  bool is_repeatable(const ListedCall& call) const {
    if (call.is_action() || !may_repeat_(call) || !gives_the_same_again(call)) return false;
    bool yes = true;
    for_each_result(call, [&](int32_t buffer) {
      const std::vector<Use>& uses = uses_[size_t(buffer)];
      yes &= list_.buffers[size_t(buffer)].role == BufferRole::Temporary;
      yes &= std::count_if(uses.begin(), uses.end(), [](const Use& use) { return use.written; }) == 1;
    });
    return yes;
  }

  // The calls that have to be repeated at `later` for the results of call `at`, itself last; false: it is not possible. `depth`: how many one after the other.
  bool chain(int32_t at, int32_t later, int depth, std::vector<int32_t>& calls) const {
    const ListedCall& call = list_.calls[size_t(at)];
    if (!is_repeatable(call)) return false;
    bool possible = true;
    call.for_each_view([&](const BufferView& v, bool written) {
      if (written || !possible || stays(v.buffer, at, later)) return;
      const std::vector<Use>& uses = uses_[size_t(v.buffer)];
      const int32_t maker = uses[0].call;
      if (std::find(calls.begin(), calls.end(), maker) != calls.end()) return;
      possible = depth > 1 && uses[0].written && maker < at && list_.buffers[size_t(v.buffer)].role == BufferRole::Temporary &&
                 chain(maker, later, depth - 1, calls);
    });
    calls.push_back(at);
    return possible;
  }

  std::optional<Choice> choice(int32_t at, int64_t least) const {
    constexpr int kLongest = 2;
    const ListedCall& call = list_.calls[size_t(at)];
    if (!is_repeatable(call)) return {};
    Choice c{{}, INT32_MAX, 0};
    for_each_result(call, [&](int32_t buffer) {
      if (const int32_t late = late_use(buffer); late >= 0) {
        c.before = std::min(c.before, late);
        c.bytes += list_.buffers[size_t(buffer)].bytes;
      }
    });
    if (c.bytes < least || !chain(at, c.before, kLongest, c.calls)) return {};
    const int32_t first = *std::min_element(c.calls.begin(), c.calls.end());
    for (const int32_t barrier : barriers_)
      if (barrier > first && barrier < c.before) return {};
    return c;
  }

  ListedCall repetition(int32_t at, std::vector<std::pair<int32_t, int32_t>>& replaced) {
    ListedCall again = list_.calls[size_t(at)];
    again.number = -1;
    const std::optional<size_t> statistics = running_statistics(again);
    if (statistics) again.arguments[*statistics].views[0] = again.arguments[*statistics + 1].views[0] = {};
    for (CallArgument& a : again.arguments) {
      a = a.copy();
      for (BufferView& v : a.views) {
        if (!v.defined()) continue;
        if (a.kind == SlotArgument::Kind::Output) {
          const Buffer& old = list_.buffers[size_t(v.buffer)];
          const int32_t fresh = list_.add_buffer(BufferRole::Temporary, old.bytes, old.device);
          replaced.emplace_back(v.buffer, fresh);
          v.buffer = fresh;
        } else {
          replace(v, replaced);
        }
      }
    }
    return again;
  }
  static void replace(BufferView& v, const std::vector<std::pair<int32_t, int32_t>>& replaced) {
    for (const auto& [old, fresh] : replaced)
      if (v.buffer == old) {
        v.buffer = fresh;
        return;
      }
  }

  void repeat(const Choice& c) {
    std::vector<std::pair<int32_t, int32_t>> replaced;
    std::vector<ListedCall> again;
    for (const int32_t at : c.calls) again.push_back(repetition(at, replaced));
    for (size_t i = size_t(c.before); i < list_.calls.size(); ++i)
      for (CallArgument& a : list_.calls[i].arguments)
        for (BufferView& v : a.views) replace(v, replaced);
    list_.calls.insert(list_.calls.begin() + c.before, std::make_move_iterator(again.begin()), std::make_move_iterator(again.end()));
  }

  StepList& list_;
  bool (*const may_repeat_)(const ListedCall&);
  const int64_t least_bytes_, enough_;
  int32_t peak_ = 0;
  std::vector<std::vector<Use>> uses_;
  std::vector<int32_t> barriers_;
};

}  // namespace

void recompute_cheap_calls(StepList& list, int64_t least_bytes, double share) {
  const std::vector<int64_t> bytes = live_bytes(list);
  if (bytes.empty()) return;
  const auto enough = int64_t(share * double(*std::max_element(bytes.begin(), bytes.end())));
  Recomputation(list, is_cheap, least_bytes, enough).run();
}

void recompute_attention(StepList& list, int64_t enough, int64_t least_bytes) {
  Recomputation(list, is_cheap_or_attention, least_bytes, enough).run();
}

}  // namespace lazuli::recording
