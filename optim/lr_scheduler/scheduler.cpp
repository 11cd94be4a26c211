#include "lazuli/optim/lr_scheduler/scheduler.h"

#include <ostream>

#include "lazuli/core/error.h"
#include "lazuli/core/print.h"
#include "lazuli/core/slots/step_observer.h"

namespace lazuli::optim {

namespace {
// What sets the first rates, and which scheduler it is part of now: a recorded step relies on that.
struct Placed : std::function<void()> {
  explicit Placed(LRScheduler* scheduler, std::function<void()> f) : function(std::move(f)), at(scheduler) {}
  using function::operator=;
  LRScheduler* at;
};

// Before a scheduler changes by what `run` does: recorded steps do it as well, and rely on where it is.
void will_change(LRScheduler* scheduler, const std::shared_ptr<std::function<void()>>& first, std::string_view how, std::function<void()> run) {
  if (!first) fail(ErrorKind::State, "LRScheduler", "self", "a scheduler that is there", "one that was moved to another place");
  StepObserver* const observer = lazuli::detail::step_observer;
  if (!observer || !run) return;
  observer->numbers(how, std::move(run), [scheduler]() -> std::function<void()> {
    return [scheduler, state = scheduler->state_dict()] { scheduler->load_state_dict(state); };
  });
  observer->guard([scheduler, known = std::weak_ptr(first)] {
    const auto placed = known.lock();
    return placed && static_cast<const Placed&>(*placed).at == scheduler;
  });
}
}  // namespace

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {
  std::vector<double>& initial = optimizer.initial_lrs_;
  for (size_t g = 0; g < optimizer.num_groups(); ++g) {
    const double lr = optimizer.lr(g);
    if (initial.size() <= g) initial.push_back(lr);
    base_lrs_.push_back(initial[g]);
  }
  last_lrs_ = base_lrs_;
  first_ = std::make_shared<Placed>(this, [this] { advance(0); });
  optimizer.waiting_ = first_;
}
LRScheduler::LRScheduler(LRScheduler&& other) noexcept
    : optimizer_(other.optimizer_),
      base_lrs_(std::move(other.base_lrs_)),
      last_lrs_(std::move(other.last_lrs_)),
      step_(other.step_),
      from_last_(other.from_last_),
      first_(std::move(other.first_)) {
  if (first_) static_cast<Placed&>(*first_).at = this;
  if (first_ && *first_) *first_ = [this] { advance(0); };
}
GroupRates::GroupRates(const Optimizer& optimizer) {
  for (size_t group = 0; group < optimizer.num_groups(); ++group) push_back(optimizer.lr(group));
}

std::string to_string(const GroupRates& rates) {
  std::string text;
  for (double rate : rates) text += (text.empty() ? "[" : ", ") + lazuli::to_string(Scalar(rate));
  return text + "]";
}

std::vector<LRScheduler*> LRScheduler::parts() const { return {}; }
LRScheduler::~LRScheduler() {
  if (first_) *first_ = nullptr;
}

double LRScheduler::next_lr(size_t group, int64_t step, double lr, double base_lr) const {
  const double now = group_lr_at(group, step, base_lr), before = step == 0 ? base_lr : group_lr_at(group, step - 1, base_lr);
  return now == before ? lr : before == 0 ? now : lr * (now / before);
}

void LRScheduler::set_base_lrs(const std::vector<double>& lrs, bool for_others) {
  base_lrs_ = lrs;
  if (for_others) optimizer_.initial_lrs_ = lrs;
}

void LRScheduler::take_back() {
  for (size_t g = 0; g < base_lrs_.size(); ++g) optimizer_.lr_of(g) = base_lrs_[g];
}

void LRScheduler::advance(int64_t step) {
  const bool next = step == step_ + 1;  // or its first rates
  will_change(this, first_, "scheduler", next ? [this] { advance(step_ + 1); } : std::function<void()>());
  const lazuli::detail::Unobserved unobserved;  // schedulers that this one is made of move with it
  optimizer_.settle();
  for (size_t g = 0; g < base_lrs_.size(); ++g) from_last_ |= optimizer_.lr(g) != last_lrs_[g];
  *first_ = nullptr;
  for (size_t g = 0; g < base_lrs_.size(); ++g) {
    const double lr = from_last_ ? next_lr(g, step, optimizer_.lr(g), base_lrs_[g]) : group_lr_at(g, step, base_lrs_[g]);
    optimizer_.set_lr(lr, g);
    last_lrs_[g] = lr;
  }
  step_ = step;
  moved(step);
}

void LRScheduler::set_step(int64_t step) {
  if (step < 0) fail("LRScheduler", "step", "a step of at least 0", std::to_string(step));
  will_change(this, first_, "scheduler at " + std::to_string(step), [this, step] { set_step(step); });
  const lazuli::detail::Unobserved unobserved;
  *first_ = nullptr;
  for (size_t g = 0; g < base_lrs_.size(); ++g) {
    last_lrs_[g] = group_lr_at(g, step, base_lrs_[g]);
    optimizer_.set_lr(last_lrs_[g], g);
  }
  step_ = step;
  moved(step);
}

std::vector<std::pair<std::string, LRScheduler*>> LRScheduler::named_parts() const {
  std::vector<std::pair<std::string, LRScheduler*>> all;
  const std::vector<LRScheduler*> own = parts();
  for (size_t k = 0; k < own.size(); ++k) {
    const std::string name = "parts." + std::to_string(k) + ".";
    all.emplace_back(name, own[k]);
    for (const auto& [inner, part] : own[k]->named_parts()) all.emplace_back(name + inner, part);
  }
  return all;
}

std::string to_string(const LRScheduler& scheduler) {
  return lazuli::detail::class_name(typeid(scheduler)) + "(step=" + std::to_string(scheduler.step_) + ", lr=" + to_string(scheduler.get_last_lr()) +
         ")";
}
std::ostream& operator<<(std::ostream& stream, const LRScheduler& scheduler) { return stream << to_string(scheduler); }

StateDict LRScheduler::state_dict() const {
  optimizer_.settle();
  StateDict state{{"step", detail::stored(step_)}, {"from_last", detail::stored(from_last_)}};
  for (size_t g = 0; g < base_lrs_.size(); ++g) {
    const std::string of = "." + std::to_string(g);
    state.set("base_lr" + of, detail::stored(base_lrs_[g]));
    state.set("last_lr" + of, detail::stored(last_lrs_[g]));
    state.set("lr" + of, detail::stored(optimizer_.lr(g)));
  }
  for (const auto& [name, part] : named_parts())
    for (size_t g = 0; g < part->base_lrs_.size(); ++g) state.set(name + "base_lr." + std::to_string(g), detail::stored(part->base_lrs_[g]));
  return state;
}

void LRScheduler::load_state_dict(const StateDict& state) {
  will_change(this, first_, "load_state_dict", {});
  int64_t step = 0;
  bool from_last = false;
  const auto read = [&](const std::string& name, auto& value) { detail::restore("LRScheduler", name, state.at(name), value); };
  read("step", step);
  if (step < 0) fail("LRScheduler", "step", "a step of at least 0", std::to_string(step));
  std::vector<double> base(base_lrs_.size()), last(base.size()), lrs(base.size());
  for (size_t g = 0; g < base.size(); ++g) {
    const std::string of = "." + std::to_string(g);
    read("base_lr" + of, base[g]);
    read("last_lr" + of, last[g]);
    read("lr" + of, lrs[g]);
  }
  read("from_last", from_last);
  const auto named = named_parts();
  std::vector<std::vector<double>> bases_of_parts(named.size(), std::vector<double>(base.size()));
  for (size_t k = 0; k < named.size(); ++k)
    for (size_t g = 0; g < base.size(); ++g) read(named[k].first + "base_lr." + std::to_string(g), bases_of_parts[k][g]);
  if (state.size() != (3 + named.size()) * base.size() + 2)
    fail("LRScheduler", "state", "the rates of " + std::to_string(base.size()) + " groups", std::to_string(state.size()) + " entries");
  *first_ = nullptr;
  for (size_t k = 0; k < named.size(); ++k) named[k].second->base_lrs_ = bases_of_parts[k];
  base_lrs_ = base, last_lrs_ = last, step_ = step, from_last_ = from_last;
  optimizer_.initial_lrs_ = base;
  for (size_t g = 0; g < lrs.size(); ++g) optimizer_.set_lr(lrs[g], g);
  moved(step);
}

}  // namespace lazuli::optim
