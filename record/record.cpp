#include "lazuli/record/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <mutex>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/autocast_cache.h"
#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/record/check.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/recorder.h"
#include "lazuli/record/runner.h"
#include "lazuli/record/snapshot.h"

namespace lazuli {

void record_cut(std::function<void()> f) {
  if (StepObserver* observer = detail::step_observer) observer->region("cut", std::move(f));
  else f();
}

namespace recording {

namespace {
thread_local constinit Decisions* of_eager_call = nullptr;

// A call that runs as it is goes by what a replay has found that it began with.
class GoingBy {
 public:
  explicit GoingBy(Decisions& decisions) : before_(std::exchange(of_eager_call, &decisions)) {}
  ~GoingBy() { of_eager_call = before_; }
  GoingBy(const GoingBy&) = delete;

 private:
  Decisions* before_;
};
}  // namespace

Scalar decide(std::function<Scalar()> find) {
  if (auto* recorder = dynamic_cast<Recorder*>(lazuli::detail::step_observer)) return recorder->decide("cut", std::move(find));
  return of_eager_call ? of_eager_call->next(find) : find();
}

// What the host's code of a step may depend on, as far as it is known before it runs.
struct Step::Signature {
  struct Input {
    bool defined = false, requires_grad = false;
    DType dtype = kFloat32;
    Device device;
    Shape sizes, strides;
    bool operator==(const Input&) const = default;
  };
  std::vector<Input> inputs;
  std::string constants;
  bool grad, inference, composing;
  amp::AutocastState autocast;
  DType default_dtype;
  Device default_device;

  Signature(const std::vector<Tensor>& tensors, const std::string& others) : constants(others) {
    for (const Tensor& t : tensors) {
      Input& i = inputs.emplace_back();
      if (!t.defined()) continue;
      const TensorBody& b = *t.body();
      i = {true, b.requires_grad, b.dtype, b.device, b.sizes, b.strides};
    }
    read_modes();
  }
  bool matches(const std::vector<Tensor>& tensors, const std::string& others, const Signature& modes_now) const {
    if (inputs.size() != tensors.size() || constants != others || !same_modes(modes_now)) return false;
    for (size_t k = 0; k < inputs.size(); ++k) {
      const Input& i = inputs[k];
      if (i.defined != tensors[k].defined()) return false;
      if (!i.defined) continue;
      const TensorBody& b = *tensors[k].body();
      if (i.requires_grad != b.requires_grad || i.dtype != b.dtype || !(i.device == b.device) || !(i.sizes == b.sizes) || !(i.strides == b.strides))
        return false;
    }
    return true;
  }
  bool operator==(const Signature& other) const { return inputs == other.inputs && constants == other.constants && same_modes(other); }
  /// Of the thread at this moment.
  static Signature of_modes() { return Signature({}, {}); }

 private:
  void read_modes() {
    grad = modes.grad;
    inference = modes.inference;
    composing = lazuli::detail::composing();
    autocast = amp::AutocastState::current();
    default_dtype = get_default_dtype();
    default_device = get_default_device();
  }
  bool same_modes(const Signature& s) const {
    return grad == s.grad && inference == s.inference && composing == s.composing && autocast.devices == s.autocast.devices &&
           autocast.bfloat16 == s.autocast.bfloat16 && default_dtype == s.default_dtype && default_device == s.default_device;
  }
};

// A recording: one that is replayed, or one that waits for another like it.
struct Step::Entry {
  Signature signature;
  Guards guards;
  StepList pending;
  std::unique_ptr<Runner> runner;
  std::any prototype;
  bool eager = false;              // it cannot be recorded
  std::vector<Scalar> found = {};  // what the host decided by
  size_t decided = 0;              // how many calls come before the last of these

  /// Whether this may be what a call goes on as that has found these.
  bool agrees(const std::vector<Scalar>& others) const {
    const auto both = ptrdiff_t(std::min(found.size(), others.size()));
    return std::equal(found.begin(), found.begin() + both, others.begin(), same_number);
  }
};

struct Step::Implementation {
  std::string name;
  RecordOptions options;
  mutable std::recursive_mutex mutex;
  std::list<Entry> entries;  // the last used first
  bool running = false;
  Counts counts;
  std::string why;
  std::any prototype;
  std::shared_ptr<Decisions> decisions = std::make_shared<Decisions>();  // of the call that runs

  // More recordings in a row that are all different than this are no accident.
  static constexpr int kMostPending = 4;

  void check(Entry& entry, const std::vector<Tensor>& inputs, const Run& run);
  // False where the host decides otherwise than it did: then all is as before.
  bool replay(Entry& entry, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs);
  // From now on it runs as it is, where no recording holds.
  void give_up(Signature signature);
  // Runs the step as it is under the eyes of a recorder; its results.
  std::vector<Tensor> run_recorded(Recorder& recorder, const std::vector<Tensor>& inputs, const Run& run);
  void record(Signature signature, const std::vector<Tensor>& inputs, const Run& run);
  void rewrite(StepList& list, const Recorder::Memory& eager) const;
  void keep(Entry entry, const Recorder::Memory& eager);
  const Entry* newest() const {
    for (const Entry& e : entries)
      if (e.runner) return &e;
    return nullptr;
  }
};

Step::Step(std::string name, RecordOptions options) : self_(std::make_unique<Implementation>()) {
  if (options.signatures < 1) fail("record", "signatures", "at least 1", std::to_string(options.signatures));
  self_->name = std::move(name);
  self_->options = std::move(options);
}
Step::~Step() = default;

bool Step::call(const std::vector<Tensor>& inputs, const std::string& constants, const Run& run, std::vector<Tensor>& outputs,
                const std::any*& prototype) {
  const auto nothing = [](Tensor&) {};
  // Inside of another recording, or of a vmap, it is a part of that.
  if (lazuli::detail::step_observer || lazuli::detail::newest_batch_level) {
    run(inputs, nothing);
    return false;
  }
  Implementation& s = *self_;
  std::lock_guard lock(s.mutex);
  if (s.running) fail(ErrorKind::State, "record", "step", "calls that are not inside of each other", "one in a cut of the same step");
  struct Running {
    bool& flag;
    explicit Running(bool& f) : flag(f) { flag = true; }
    ~Running() { flag = false; }
  } const running(s.running);
  const Signature now = Signature::of_modes();
  s.decisions->new_call();
  int64_t pending = 0, most_pending = Implementation::kMostPending;
  bool eager = false;
  for (auto entry = s.entries.begin(); entry != s.entries.end(); ++entry) {
    if (!entry->signature.matches(inputs, constants, now)) continue;
    if (entry->eager) {
      eager = true;
      continue;
    }
    if (!entry->runner) {
      ++pending;
      if (!entry->found.empty()) most_pending = std::max(most_pending, s.options.signatures);
      continue;
    }
    if (!entry->agrees(s.decisions->found()) || !entry->guards.hold(inputs)) continue;
    if (!s.options.check && !s.replay(*entry, inputs, outputs)) continue;
    if (entry != s.entries.begin()) s.entries.splice(s.entries.begin(), s.entries, entry);
    prototype = &entry->prototype;
    if (s.options.check) return s.check(*entry, inputs, run), false;
    ++s.counts.replays;
    return true;
  }
  s.decisions->begin_again();
  if (!eager && pending >= most_pending) {
    if (!s.options.or_eager) fail(ErrorKind::State, "record", "step", "calls that are the same from step to step", s.why);
    s.give_up(Signature(inputs, constants));
    eager = true;
  }
  if (eager) {
    ++s.counts.eager_calls;
    const GoingBy found(*s.decisions);
    run(inputs, nothing);
  } else {
    s.record(Signature(inputs, constants), inputs, run);
  }
  return false;
}

bool Step::Implementation::replay(Entry& entry, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs) {
  if (entry.found.empty()) return entry.runner->run(inputs, outputs), true;
  decisions->begin_again();
  const Snapshot before = Snapshot::of_beginning(entry.runner->list(), entry.decided, inputs);
  try {
    entry.runner->run(inputs, outputs);
    return true;
  } catch (const GoesElsewhere&) {
    before.restore();
    return false;
  }
}

void Step::Implementation::check(Entry& entry, const std::vector<Tensor>& inputs, const Run& run) {
  ReplayCheck check(*entry.runner, inputs);
  Recorder recorder;
  recorder.watch([&](int32_t number, const SlotCall& call) { check.see(number, call); });
  const std::vector<Tensor> results = run_recorded(recorder, inputs, run);
  recorder.finish(results);
  ++counts.replays;
  check.finish(results);
}

void Step::Implementation::give_up(Signature signature) {
  entries.remove_if([&](const Entry& e) { return !e.runner && !e.eager && e.signature == signature; });
  entries.push_front(Entry{std::move(signature), {}, {}, nullptr, {}, true});
}

std::vector<Tensor> Step::Implementation::run_recorded(Recorder& recorder, const std::vector<Tensor>& inputs, const Run& run) {
  const std::vector<Tensor> given = recorder.begin(inputs);
  std::vector<Tensor> results;
  const amp::FreshCache casts;  // what was cast before the step would be out of date in a replay
  recorder.start();
  run(given, [&](Tensor& t) {
    t = recorder.returned(t);
    results.push_back(t);
  });
  return results;
}

void Step::Implementation::record(Signature signature, const std::vector<Tensor>& inputs, const Run& run) {
  ++counts.recordings;
  Recorder recorder(options.or_eager);
  recorder.go_by(decisions, options.cut_at_reads);
  const std::vector<Tensor> results = run_recorded(recorder, inputs, run);
  Entry entry{std::move(signature), {}, {}, nullptr, std::move(prototype), false};
  entry.pending = recorder.finish(results);
  entry.guards = recorder.guards();
  entry.found = decisions->found();
  if (!recorder.why_not().empty()) {
    why = recorder.why_not();
    entry.eager = true;
  }
  keep(std::move(entry), recorder.memory());
}

void Step::Implementation::rewrite(StepList& list, const Recorder::Memory& eager) const {
  const bool fuse = options.fuse && options.passes.empty() && !options.check;
  for (const Pass& pass : fuse ? fusion_passes({.reductions = false}) : options.passes) pass(list);
  if (!options.recompute) return;
  recompute_cheap_calls(list);
  constexpr double kEnough = 0.59;  // of what the step takes as it is; gaps and gradients come to it
  recompute_attention(list, int64_t(kEnough * double(eager.most - eager.before)));
}

void Step::Implementation::keep(Entry entry, const Recorder::Memory& eager) {
  const auto same_call = [&](const Entry& e) {
    return e.signature.constants == entry.signature.constants && e.signature.inputs.size() == entry.signature.inputs.size();
  };
  if (!entry.eager) {
    int pending = 0;
    for (auto other = entries.begin(); other != entries.end(); ++other) {
      if (other->runner || other->eager || !same_call(*other)) continue;
      ++pending;
      std::string differ = difference(other->pending, entry.pending);
      if (!differ.empty()) {
        if (pending == 1) why = std::move(differ);
        continue;
      }
      // Twice the same: from now on it is replayed.
      entries.erase(other);
      rewrite(entry.pending, eager);
      for (size_t i = 0; i < entry.pending.calls.size(); ++i)
        if (entry.pending.calls[i].action.found) entry.decided = i;
      entry.runner = std::make_unique<Runner>(
          std::move(entry.pending), RunnerOptions{options.reuse_outputs, options.timed, options.graphs, options.side_by_side && !options.check});
      ++counts.signatures;
      why.clear();
      break;
    }
  }
  entries.push_front(std::move(entry));
  int64_t kept = 0, waiting = 0;
  for (auto e = entries.begin(); e != entries.end();) {
    const bool goes = e->runner || e->eager ? ++kept > options.signatures : ++waiting > 2 * options.signatures;
    if (goes && e->runner) --counts.signatures;
    e = goes ? entries.erase(e) : std::next(e);
  }
}

void Step::keep_prototype(std::any prototype) { self_->prototype = std::move(prototype); }

Step::Counts Step::counts() const {
  std::lock_guard lock(self_->mutex);
  return self_->counts;
}
std::string Step::why() const {
  std::lock_guard lock(self_->mutex);
  return self_->why;
}
void Step::forget() {
  std::lock_guard lock(self_->mutex);
  self_->entries.clear();
  self_->counts.signatures = 0;
}

std::string Step::plan_text() const {
  std::lock_guard lock(self_->mutex);
  const Entry* e = self_->newest();
  return e ? recording::to_string(e->runner->list(), e->runner->plan()) : "nothing is recorded yet\n";
}
std::string Step::text() const {
  std::lock_guard lock(self_->mutex);
  const Entry* e = self_->newest();
  if (!e) return "nothing is recorded yet\n";
  std::string text = recording::to_string(e->runner->list()) + e->runner->graphs_text();
  const std::vector<double> times = e->runner->times();
  for (size_t i = 0; i < times.size(); ++i) text += fmt::format("{:>4} {:>10.2f} us {}\n", i, times[i], name_of(e->runner->list().calls[i]));
  return text;
}

}  // namespace recording
}  // namespace lazuli
