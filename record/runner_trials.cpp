#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/core/threads/together.h"
#include "lazuli/record/prepared.h"

/// What the first runs of a list are used for: finding out what its calls take, and whether they take less side by side.
namespace lazuli::recording {
namespace {

constexpr double kShort = 100e-6, kLong = 5e-3;  // seconds of calls: those that are run several times more, and those that are not worth it
constexpr double kShare = 0.9;                   // of the threads' time that a call has to make use of, at most, to go to one of them
constexpr int kMostLanes = 8, kAttempts = 3, kRunsInARow = 3, kComparedRuns = 6 * kRunsInARow, kSettledRuns = 600;
constexpr double kFaster = 0.95;  // of the time one after the other

double median(std::vector<double>& all) {
  std::nth_element(all.begin(), all.begin() + ptrdiff_t(all.size() / 2), all.end());
  return all[all.size() / 2];
}

template <class F>
double seconds_of(F&& f) {
  const auto begin = Clock::now();
  f();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Runs `f`, which makes the call, as one thread of several would. Calls of slots that have no threads but ours, and are the most in small steps, wake no others for that.
template <class F>
void on_one_thread(const ListedCall& call, F&& f) {
  constexpr auto only_ours = [](const KernelBase* slot) {
    const KernelBase* const known[] = {&matmul_kernel,        &matmul_fused_kernel,
                                       &unary_kernel,         &binary_kernel,
                                       &binary_number_kernel, &ternary_kernel,
                                       &fused_kernel,         &reduce_kernel,
                                       &copy_kernel,          &fill_kernel,
                                       &cross_entropy_kernel, &adam_kernel,
                                       &sgd_kernel,           &cross_entropy_backward_kernel};
    return std::find(std::begin(known), std::end(known), slot) != std::end(known);
  };
  bool ours = only_ours(call.slot);
  call.for_each_view([&](const BufferView& v, bool) { ours &= v.dtype != kFloat64 && !is_complex(v.dtype); });  // those are OpenBLAS's
  if (!ours) {
    return in_team([&](int thread, int) {
      if (thread == 0) f();
    });
  }
  const ThreadLimit one(1);
  f();
}

// The memory that a call's outputs lie in.
class Written {
 public:
  void add(const Tensor& t) {
    if (!t.defined()) return;
    const Reach reach(*t.body());
    memory_.emplace_back(static_cast<char*>(t.address()) + reach.first * t.item_size(), size_t(reach.count * t.item_size()));
  }
  std::string bytes() const {
    std::string all;
    for (const auto& [at, size] : memory_) all.append(at, size);
    return all;
  }
  void restore(const std::string& all) const {
    const char* from = all.data();
    for (const auto& [at, size] : memory_) std::memcpy(at, from, size), from += size;
  }

 private:
  std::vector<std::pair<char*, size_t>> memory_;
};

// A tensor like this one in memory of its own, with numbers in which sums in another order show; of dtypes that are no floats the same values.
Tensor other_numbers(const Tensor& t) {
  if (!t.defined()) return t;
  const Reach reach(*t.body());
  Tensor all = new_tensor({reach.count}, t.dtype());
  if (reach.count == 0) return alias(all, t.sizes(), t.strides(), 0, "record");
  if (t.is_floating_point() && !t.is_complex()) {
    Tensor numbers = new_tensor({reach.count}, kFloat32);
    uint32_t state = 12345;
    float* to = numbers.data_ptr<float>();
    for (int64_t i = 0; i < reach.count; ++i) to[i] = float((state = state * 1664525u + 1013904223u) >> 8) * 0x1p-23f - 1;
    copy_kernel(kCPU, all, numbers);
  } else {
    std::memcpy(all.address(), static_cast<const char*>(t.address()) + reach.first * t.item_size(), size_t(all.nbytes()));
  }
  return alias(all, t.sizes(), t.strides(), -reach.first, "record");
}

// The call on tensors of its own; the bytes of its outputs as they are on all threads and on one are the same.
bool same_on_one_thread(const ListedCall& call, const std::vector<const void*>& at) {
  std::vector<std::vector<Tensor>> lists;
  std::vector<Tensor> tensors;
  std::vector<std::span<const Tensor>> spans;
  lists.reserve(at.size()), tensors.reserve(at.size()), spans.reserve(at.size());
  std::vector<const void*> own = at;
  Written written;
  for (size_t i = 0; i < at.size(); ++i) {
    const CallArgument& a = call.arguments[i];
    if (a.type) continue;
    if (a.kind == SlotArgument::Kind::Inputs) {
      auto& list = lists.emplace_back();
      for (const Tensor& t : *static_cast<const std::span<const Tensor>*>(at[i])) list.push_back(other_numbers(t));
      own[i] = &spans.emplace_back(list);
    } else {
      own[i] = &tensors.emplace_back(other_numbers(*static_cast<const Tensor*>(at[i])));
      if (a.kind == SlotArgument::Kind::Output) written.add(tensors.back());
    }
  }
  try {
    const std::string before = written.bytes();
    call.call(*call.slot, call.device, own.data());
    const std::string spread = written.bytes();
    written.restore(before);
    on_one_thread(call, [&] { call.call(*call.slot, call.device, own.data()); });
    return written.bytes() == spread;
  } catch (const Error&) { return false; }  // not for any numbers
}

// What waking threads takes at least, and what a byte on its way from one to another: once for each number of threads.
struct Ways {
  double wake = 1, move = 1;
};
Ways measured_ways() {
  static std::mutex mutex;
  static std::map<int, Ways> known;
  const std::lock_guard lock(mutex);
  const auto [at, fresh] = known.try_emplace(get_num_threads());
  Ways& ways = at->second;
  if (!fresh) return ways;
  constexpr size_t kWords = 8192;  // 64 KiB
  std::vector<uint64_t> words(kWords);
  std::atomic<uint64_t> sum{0};  // is used
  const auto add_up = [&] {
    for (const uint64_t w : words) sum.store(sum.load(std::memory_order_relaxed) + w, std::memory_order_relaxed);
  };
  for (int i = 0; i < 5; ++i) {
    ways.wake = std::min(ways.wake, seconds_of([] { in_team([](int, int) {}); }));
    std::fill(words.begin(), words.end(), uint64_t(i));
    in_team([&](int thread, int team) {
      if (thread != team - 1) return;
      const double far = seconds_of(add_up), near = seconds_of(add_up);
      ways.move = std::min(ways.move, std::max(0.0, far - near) / double(kWords * sizeof(uint64_t)));
    });
  }
  return ways;
}

int64_t bytes_of(const MemoryPlan& plan) {
  int64_t all = 0;
  for (const MemoryPlan::Arena& arena : plan.arenas) all += arena.bytes;
  return all;
}

bool may_share_threads(const StepList& list, const ListedCall& call) {
  if (call.is_action() || !call.device.is_cpu()) return false;
  // A program's own runs once in each replay and in its place, whatever it does; how much nonzero writes is in the numbers, of which there is room for the step's alone.
  if (!is_library_slot(*call.slot) || call.slot == &nonzero_kernel) return false;
  constexpr int64_t kMuch = 16 << 20;  // bytes that are work enough for all threads, and too many to be kept aside
  int64_t bytes = 0;
  bool may = true;
  call.for_each_view([&](const BufferView& v, bool written) {
    const Buffer& buffer = list.buffers[size_t(v.buffer)];
    may &= buffer.device.is_cpu() && !(written && buffer.role == BufferRole::Input);  // others may see an argument's memory as well
    bytes += v.sizes.numel() * item_size(v.dtype);
  });
  return may && bytes <= kMuch;
}

}  // namespace

CallCost Runner::measure(Prepared& p, const ListedCall& listed, Scratch& scratch_alone) {
  Written written;
  for (size_t k = 0; k < p.at.size(); ++k)
    if (listed.arguments[k].kind == SlotArgument::Kind::Output) written.add(*static_cast<const Tensor*>(p.at[k]));
  const std::string before = written.bytes();
  CallCost cost;
  cost.spread = seconds_of([&] { run_call(p, scratch_); });
  if (cost.spread > kLong) return cost;
  const std::string after = written.bytes();
  const bool again = cost.spread < kShort;  // what takes longer is measured well by one run, and two more would be a part of the step's time
  double alone = cost.alone;
  bool same = true;
  for (int i = 0; i < (again ? 2 : 1) && same; ++i) {
    written.restore(before);
    on_one_thread(listed, [&] { alone = std::min(alone, seconds_of([&] { run_call(p, scratch_alone); })); });
    same = written.bytes() == after;
    if (!same || !again) break;
    written.restore(before);
    cost.spread = std::min(cost.spread, seconds_of([&] { run_call(p, scratch_); }));
  }
  written.restore(after);
  const bool gains = alone < kShare * double(get_num_threads()) * cost.spread;  // where other calls have the other threads
  if (same && gains && same_on_one_thread(listed, p.at)) cost.alone = alone;
  return cost;
}

void Runner::run_measured() {
  if (++trial_runs_ > kAttempts) trial_ = Trial::None;  // it never came to the end
  std::vector<CallCost> costs(calls_.size());
  {
    Scratch alone(calls_.size());
    std::optional<Together> together;
    for (size_t i = 0; i < calls_.size(); ++i) {
      Prepared& p = calls_[i];
      if (together && p.one_pass != Prepared::Further) together.reset();
      if (p.one_pass == Prepared::First) together.emplace();
      p.refresh();
      if (p.one_pass == Prepared::Alone && may_share_threads(list_, list_.calls[i])) costs[i] = measure(p, list_.calls[i], alone);
      else run_call(p, scratch_);
    }
  }
  scratch_.run_ends();
  ++runs_;
  choose_groups(costs);
}

void Runner::choose_groups(std::span<const CallCost> costs) {
  trial_threads_ = get_num_threads();
  SideBySideOptions options;
  options.lanes = std::min(trial_threads_, kMostLanes);
  const Ways ways = measured_ways();
  options.wake = ways.wake;
  options.move = ways.move;
  constexpr int64_t kLittle = 256 << 10;
  const int64_t bytes = bytes_of(plan_),
                enough = bytes + std::max(kLittle, bytes / 16);  // what runs at the same time needs its memory at the same time
  for (options.longest = 256; options.longest >= 16; options.longest /= 4) {
    candidates_ = list_.side_by_side = find_side_by_side(list_, costs, options);
    if (candidates_.empty() || bytes_of(plan_memory(list_)) <= enough) break;
    candidates_.clear();
  }
  list_.side_by_side.clear();
  trial_ = candidates_.empty() ? Trial::None : Trial::Compare;
  trial_runs_ = 0;
  laid_out_ = candidates_.empty();
}

size_t Runner::run_group(Group& g) {
  const SideBySide& calls = g.lanes.calls();
  const bool compare = trial_ == Trial::Compare, together = compare ? trial_runs_ / kRunsInARow % 2 == 0 : g.taken;
  if (compare) g.began = Clock::now();
  for (int32_t i = calls.begin; i < calls.end; ++i) {
    calls_[size_t(i)].refresh();
    if (!together) run_call(calls_[size_t(i)], scratch_);
  }
  if (together) g.lanes.run([&](int32_t call, size_t lane) { run_call(calls_[size_t(call)], *lane_scratch_[lane]); });
  return size_t(calls.end);
}

// Those groups run side by side with which the run is quicker: what comes behind one counts as well, for it finds its data in other caches. From time to time it is seen whether that still holds:
// other programs may have come or gone.
void Runner::count_trial(Clock::time_point began) {
  if (trial_ == Trial::Settled) {
    if (++trial_runs_ < kSettledRuns) return;
    trial_ = Trial::Compare;
    trial_runs_ = 0;
    return;
  }
  if (trial_runs_ % kRunsInARow) {  // the first one found caches as the other way leaves them
    Clock::time_point end = Clock::now() + (groups_.front()->began - began);
    for (auto g = groups_.rbegin(); g != groups_.rend(); end = (*g++)->began)
      (trial_runs_ / kRunsInARow % 2 ? (*g)->apart : (*g)->together).push_back(std::chrono::duration<double>(end - (*g)->began).count());
  }
  if (++trial_runs_ < kComparedRuns) return;
  trial_ = Trial::Settled;
  trial_runs_ = 0;
  list_.side_by_side.clear();
  for (const auto& g : groups_) {
    const double together = median(g->together), apart = median(g->apart);
    g->taken = together < kFaster * apart;
    g->together.clear(), g->apart.clear();
    if (g->taken) list_.side_by_side.push_back(g->lanes.calls());
  }
  // What has been slower twice goes for good: the others' memory is laid out without it.
  if (++comparisons_ == 2 && list_.side_by_side.size() < candidates_.size()) {
    candidates_ = list_.side_by_side;
    if (candidates_.empty()) trial_ = Trial::None;
    laid_out_ = false;
  }
}

bool Runner::apart_from_groups(std::span<const Tensor> inputs) const {
  if (groups_.empty()) return false;
  for (size_t i = 0; i < inputs.size() && i < of_input_.size(); ++i) {
    if (of_input_[i].empty() || !inputs[i].defined()) continue;
    if (written_in_groups_.overlap(*inputs[i].storage())) return false;
  }
  return true;
}

}  // namespace lazuli::recording
