#include "lazuli/autograd/checkpoint.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_set>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/saved_tensors_hooks.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/random/generator_guard.h"

namespace lazuli::autograd {

namespace {

thread_local constinit int recomputing = 0;

// Ends computing again.
struct Enough {};

// A tensor that the first forward saved: where it is to be found again.
struct Place {
  std::shared_ptr<detail::Checkpoint> part;
  size_t index;
  ~Place() { part->release(index); }
};

struct Budget;
thread_local std::shared_ptr<Budget> budget;

}  // namespace

struct detail::Checkpoint::State {
  CheckpointOptions options;
  std::function<void()> again;
  std::vector<SavedTensor> inputs;
  amp::AutocastState autocast;
  std::string random;
  std::recursive_mutex mutex;  // of two backwards through one graph

  struct Saved {
    Tensor t;  // there while it is kept, or has been computed again
    Shape sizes;
    DType dtype;
    bool unpacked = false;
    std::optional<uint32_t> version = {};  // of one that is kept, when it was saved
  };
  std::vector<Saved> saved;
  size_t unpacked = 0;
  size_t last = SIZE_MAX;  // what was saved from here on is kept, although the rest is dropped

  // With a budget: what is kept of it.
  std::shared_ptr<Budget> budget;
  int64_t bytes = 0, input_bytes = 0;  // that can be dropped, and that cannot
  double seconds = 0;
  bool dropped = true, finished = false;
  std::unordered_set<const Storage*> counted;

  size_t count_to_compute() const { return std::min(last, saved.size()); }
  void drop() {
    dropped = true;
    last = SIZE_MAX;
    for (Saved& s : saved) s.t = Tensor();
  }
  void compute_again();
  Tensor unpack(size_t index);
};

namespace {

struct Budget {
  int64_t limit, kept = 0, parts = 0, dropped = 0;
  std::mutex mutex;
  std::vector<detail::Checkpoint::State*> whole;  // parts that are kept, in the order of their beginnings
  explicit Budget(int64_t bytes) : limit(bytes) {}

  void enforce() {
    while (kept > limit && !whole.empty()) {
      // The one that gains most for its time, where that is clear; else the earliest, which the backward wants last.
      size_t best = 0;
      auto gain = [](const detail::Checkpoint::State& s) { return double(s.bytes) / std::max(s.seconds, 1e-9); };
      for (size_t i = 1; i < whole.size(); ++i)
        if (whole[i]->finished &&
            (!whole[best]->finished || whole[best]->bytes == 0 || (whole[i]->bytes && gain(*whole[i]) > 1.5 * gain(*whole[best]))))
          best = i;
      detail::Checkpoint::State& part = *whole[best];
      whole.erase(whole.begin() + std::ptrdiff_t(best));
      kept -= std::exchange(part.bytes, 0);
      ++dropped;
      part.drop();
    }
  }
  void forget(detail::Checkpoint::State& part) {
    std::lock_guard lock(mutex);
    kept -= std::exchange(part.bytes, 0) + std::exchange(part.input_bytes, 0);
    std::erase(whole, &part);
  }
};

// The first forward: notes what is saved, and keeps it only within a budget.
struct FirstTime : detail::SavedTensorHooks {
  std::weak_ptr<detail::Checkpoint> part;
  detail::Checkpoint::State& state;
  FirstTime(const std::shared_ptr<detail::Checkpoint>& of, detail::Checkpoint::State& s) : part(of), state(s) {}

  std::shared_ptr<void> pack(const Tensor& t) override {
    state.saved.push_back({Tensor(), t.sizes(), t.dtype()});
    if (!state.dropped) keep(t);
    auto place = std::make_shared<Place>();
    place->part = part.lock();
    place->index = state.saved.size() - 1;
    return place;
  }
  Tensor unpack(const std::shared_ptr<void>& packed) override {
    const Place& place = *static_cast<Place*>(packed.get());
    return state.unpack(place.index);
  }

 private:
  void keep(const Tensor& t) {
    state.saved.back().t = detail::data_of(t);
    state.saved.back().version = t.version();
    const bool weight = t.body()->requires_grad && t.is_leaf();
    if (weight || !state.counted.insert(t.storage().get()).second) return;
    std::lock_guard lock(state.budget->mutex);
    const int64_t bytes = t.storage()->bytes();
    state.bytes += bytes;
    state.budget->kept += bytes;
    state.budget->enforce();
  }
};

// The same without a budget: of what is saved last, `most` bytes are kept.
struct FirstTimeWithLast final : FirstTime {
  FirstTimeWithLast(const std::shared_ptr<detail::Checkpoint>& of, detail::Checkpoint::State& s, double keep_last) : FirstTime(of, s) {
    double inputs = 0;
    for (const SavedTensor& saved : s.inputs) {
      if (!saved.defined()) continue;
      const Tensor t = saved.get();
      inputs += double(t.numel() * t.item_size());
      input_storages.insert(t.storage().get());
    }
    most = int64_t(std::min(0x1p62, keep_last * inputs));  // in this order 0 times infinity is no limit
  }
  std::shared_ptr<void> pack(const Tensor& t) override {
    auto place = FirstTime::pack(t);
    const bool weight = t.body()->requires_grad && t.is_leaf();
    const int64_t bytes = weight || input_storages.contains(t.storage().get()) ? 0 : t.storage()->bytes();
    all_bytes += bytes;
    state.saved.back().t = detail::data_of(t);
    state.saved.back().version = t.version();
    kept.push_back(bytes);
    kept_bytes += bytes;
    while (kept_bytes > most) {
      kept_bytes -= kept.front();
      kept.pop_front();
      state.saved[state.saved.size() - 1 - kept.size()].t = Tensor();
    }
    return place;
  }
  // A part that saves little more than these gains nothing by them.
  void finish() {
    constexpr int64_t kShare = 4;
    if (kept_bytes * kShare > all_bytes || kept.size() == state.saved.size()) state.drop();
    else state.last = state.saved.size() - kept.size();
  }

 private:
  std::unordered_set<const Storage*> input_storages;  // kept anyway
  std::deque<int64_t> kept;
  int64_t most, kept_bytes = 0, all_bytes = 0;
};

// The second: takes what comes in the order of the first.
struct SecondTime final : detail::SavedTensorHooks {
  detail::Checkpoint::State& state;
  size_t next = 0;
  explicit SecondTime(detail::Checkpoint::State& s) : state(s) {}

  std::shared_ptr<void> pack(const Tensor& t) override {
    if (next >= state.saved.size()) fail_other("one more");
    auto& saved = state.saved[next++];
    if (!(saved.sizes == t.sizes()) || saved.dtype != t.dtype())
      fail_other(std::string(name(t.dtype())) + to_string(t.sizes()) + " in the place of " + std::string(name(saved.dtype)) + to_string(saved.sizes));
    saved.t = detail::data_of(t);
    saved.version.reset();
    if (next == state.count_to_compute() && state.options.early_stop) throw Enough();
    return std::make_shared<Tensor>(saved.t);
  }
  Tensor unpack(const std::shared_ptr<void>& packed) override { return *static_cast<Tensor*>(packed.get()); }
  [[noreturn]] static void fail_other(const std::string& got) {
    fail(ErrorKind::State, "checkpoint", "fn", "a function that saves the same tensors when it is computed again", got);
  }
};

}  // namespace

void detail::Checkpoint::State::compute_again() {
  struct Recomputing {
    Recomputing() { ++recomputing; }
    ~Recomputing() { --recomputing; }
  } const here;
  const enable_grad recording;
  const amp::AutocastState::Scope casts(autocast);
  std::optional<GeneratorGuard> same_numbers;
  if (options.preserve_rng_state) {
    Generator generator;
    generator.set_state(random);
    same_numbers.emplace(generator);
  }
  auto hooks = std::make_shared<SecondTime>(*this);
  const SavedTensorHooksScope scope(hooks);
  const std::shared_ptr<Budget> none = std::exchange(autograd::budget, nullptr);
  struct Restore {
    const std::shared_ptr<Budget>& before;
    ~Restore() { autograd::budget = before; }
  } const restore{none};
  try {
    again();
  } catch (const Enough&) {}
  if (hooks->next < count_to_compute()) SecondTime::fail_other(std::to_string(hooks->next) + " of " + std::to_string(saved.size()));
}

Tensor detail::Checkpoint::State::unpack(size_t index) {
  std::lock_guard lock(mutex);
  if (const Saved& s = saved[index]; s.t.defined() && s.version && *s.version != s.t.version()) drop();  // by who got the result
  if (!saved[index].t.defined()) compute_again();
  Tensor t = saved[index].t;
  if (!saved[index].unpacked) {
    saved[index].unpacked = true;
    ++unpacked;
  }
  if (unpacked == saved.size()) {  // all of it was used: a further backward computes it once more
    if (budget) budget->forget(*this);
    drop();
    for (Saved& s : saved) s.unpacked = false;
    unpacked = 0;
  }
  return t;
}

detail::Checkpoint::Checkpoint(const CheckpointOptions& options) : state_(std::make_unique<State>()) { state_->options = options; }
detail::Checkpoint::~Checkpoint() {
  if (state_->budget) state_->budget->forget(*state_);
}

void detail::Checkpoint::release(size_t index) {
  std::lock_guard lock(state_->mutex);
  if (State::Saved& s = state_->saved[index]; s.unpacked) s.t = Tensor();
}
void detail::Checkpoint::add_input(const Tensor& t) { state_->inputs.push_back(Tape().save(t)); }
std::vector<Tensor> detail::Checkpoint::inputs() const {
  std::vector<Tensor> tensors;
  for (const SavedTensor& t : state_->inputs) tensors.push_back(t.get());
  return tensors;
}

void detail::Checkpoint::run(const std::function<void()>& forward, std::function<void()> again) {
  State& s = *state_;
  s.again = std::move(again);
  s.autocast = amp::AutocastState::current();
  if (s.options.preserve_rng_state) s.random = default_generator().get_state();
  if (autograd::budget) {
    s.budget = autograd::budget;
    s.dropped = false;
    for (const SavedTensor& saved : s.inputs) {
      if (!saved.defined() || saved_tensor_hooks) continue;  // those of a part of a part are the outer one's
      Tensor t = saved.get();
      if (s.counted.insert(t.storage().get()).second && !t.is_leaf()) s.input_bytes += t.storage()->bytes();
    }
    std::lock_guard lock(s.budget->mutex);
    ++s.budget->parts;
    s.budget->kept += s.input_bytes;
    s.budget->whole.push_back(&s);
    s.budget->enforce();
  }
  const auto start = std::chrono::steady_clock::now();
  {
    // Not in a part of a part, of which the outer one keeps nothing, nor where somebody else packs what is saved.
    const bool keeps_last = s.options.keep_last > 0 && s.options.early_stop && !s.budget && !saved_tensor_hooks;
    const auto with_last = keeps_last ? std::make_shared<FirstTimeWithLast>(shared_from_this(), s, s.options.keep_last) : nullptr;
    const SavedTensorHooksScope scope(with_last ? std::shared_ptr<SavedTensorHooks>(with_last) : std::make_shared<FirstTime>(shared_from_this(), s));
    forward();
    if (with_last) with_last->finish();
  }
  s.counted.clear();
  s.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  s.finished = true;
}

detail::BudgetScope::BudgetScope(int64_t bytes) : before_(budget) {
  if (bytes < 0) fail("with_memory_budget", "bytes", "a number that is not negative", std::to_string(bytes));
  budget = std::make_shared<Budget>(bytes);
}
namespace {
thread_local std::weak_ptr<Budget> last_budget;
thread_local MemoryBudgetReport last_report;
MemoryBudgetReport report_of(Budget& of) {
  std::lock_guard lock(of.mutex);
  return {of.limit, of.kept, of.parts, of.dropped};
}
}  // namespace
detail::BudgetScope::~BudgetScope() {
  last_budget = budget;
  last_report = report_of(*budget);
  budget = std::static_pointer_cast<Budget>(before_);
}
bool has_memory_budget() { return bool(budget); }
MemoryBudgetReport memory_budget_report() {
  if (budget) return report_of(*budget);
  if (auto last = last_budget.lock()) return report_of(*last);
  MemoryBudgetReport report = last_report;
  report.kept_bytes = 0;  // its graph is gone
  return report;
}

bool is_recomputing() { return recomputing > 0; }

}  // namespace lazuli::autograd
