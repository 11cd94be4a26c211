#include "lazuli/optim/lr_scheduler/composed.h"

#include <algorithm>

#include "lazuli/core/error.h"

namespace lazuli::optim {

ComposedScheduler::ComposedScheduler(const char* name, Optimizer& optimizer, std::vector<SchedulerPart> given)
    : LRScheduler(optimizer), parts_(std::move(given)) {
  if (parts_.empty()) fail(name, "schedulers", "at least one", "none");
  for (size_t k = 0; k < parts_.size(); ++k) {
    const std::string which = "schedulers[" + std::to_string(k) + "]";
    const LRScheduler* part = parts_[k].get();
    if (!part) fail(name, which, "a scheduler", "null");
    if (&part->optimizer() != &optimizer) fail(name, which, "a scheduler of this optimizer", "one of another");
    if (part->base_lrs_.size() != optimizer.num_groups())
      fail(name, which, "a scheduler of " + std::to_string(optimizer.num_groups()) + " groups", std::to_string(part->base_lrs_.size()));
  }
  go_from_last();
}

Optimizer& ComposedScheduler::optimizer_of(const char* name, const std::vector<SchedulerPart>& parts) {
  if (parts.empty() || !parts[0].get()) fail(name, "schedulers", "at least one", parts.empty() ? "none" : "null");
  return parts[0].get()->optimizer();
}
ComposedScheduler::ComposedScheduler(const char* name, const std::vector<SchedulerPart>& given)
    : ComposedScheduler(name, optimizer_of(name, given), given) {}

std::vector<LRScheduler*> ComposedScheduler::parts() const {
  std::vector<LRScheduler*> all;
  for (const SchedulerPart& part : parts_) all.push_back(part.get());
  return all;
}

SequentialLR::SequentialLR(Optimizer& optimizer, std::initializer_list<SchedulerPart> schedulers, std::vector<int64_t> milestones)
    : ComposedScheduler("SequentialLR", optimizer, schedulers) {
  begin(std::move(milestones));
}
SequentialLR::SequentialLR(Optimizer& optimizer, const std::vector<LRScheduler*>& schedulers, std::vector<int64_t> milestones)
    : ComposedScheduler("SequentialLR", optimizer, std::vector<SchedulerPart>(schedulers.begin(), schedulers.end())) {
  begin(std::move(milestones));
}
void SequentialLR::begin(std::vector<int64_t> milestones) {
  milestones_ = std::move(milestones);
  if (milestones_.size() + 1 != num_parts())
    fail("SequentialLR", "milestones", std::to_string(num_parts() - 1) + ", one less than schedulers", std::to_string(milestones_.size()));
  for (size_t k = 0; k < milestones_.size(); ++k)
    if (milestones_[k] <= start_of(k))
      fail("SequentialLR", "milestones", "numbers above 0 that rise", std::to_string(milestones_[k]) + " after " + std::to_string(start_of(k)));
  take_back();
}

size_t SequentialLR::part_at(int64_t step) const {
  return size_t(std::upper_bound(milestones_.begin(), milestones_.end(), step) - milestones_.begin());
}
double SequentialLR::lr_at(int64_t step, double base_lr) const { return group_lr_at(0, step, base_lr); }
double SequentialLR::group_lr_at(size_t group, int64_t step, double base_lr) const {
  double lr = base_lr;
  for (int64_t s = 0; s <= step; ++s) lr = next_lr(group, s, lr, base_lr);
  return lr;
}
double SequentialLR::next_lr(size_t group, int64_t step, double lr, double /*base_lr*/) const {
  const size_t part = part_at(step);
  const int64_t since = step - start_of(part);
  return since == 0 && part > 0 ? restart_lr_of_part(part, group, lr) : next_lr_of_part(part, group, since, lr);
}
void SequentialLR::moved(int64_t step) {
  const size_t part = part_at(step);
  part_moved(part, step - start_of(part));
}

ChainedScheduler::ChainedScheduler(Optimizer& optimizer, std::initializer_list<SchedulerPart> schedulers)
    : ComposedScheduler("ChainedScheduler", optimizer, schedulers) {}
ChainedScheduler::ChainedScheduler(Optimizer& optimizer, const std::vector<LRScheduler*>& schedulers)
    : ComposedScheduler("ChainedScheduler", optimizer, std::vector<SchedulerPart>(schedulers.begin(), schedulers.end())) {}
ChainedScheduler::ChainedScheduler(std::initializer_list<SchedulerPart> schedulers) : ComposedScheduler("ChainedScheduler", schedulers) {}
ChainedScheduler::ChainedScheduler(const std::vector<LRScheduler*>& schedulers)
    : ComposedScheduler("ChainedScheduler", std::vector<SchedulerPart>(schedulers.begin(), schedulers.end())) {}
double ChainedScheduler::lr_at(int64_t step, double base_lr) const { return group_lr_at(0, step, base_lr); }
double ChainedScheduler::group_lr_at(size_t group, int64_t step, double base_lr) const {
  double lr = base_lr;
  for (int64_t s = 0; s <= step; ++s)
    for (size_t k = 0; k < num_parts(); ++k) lr = next_lr_of_part(k, group, s, lr);
  return lr;
}
double ChainedScheduler::next_lr(size_t group, int64_t step, double lr, double /*base_lr*/) const {
  for (size_t k = 0; step > 0 && k < num_parts(); ++k) lr = next_lr_of_part(k, group, step, lr);
  return lr;
}
void ChainedScheduler::moved(int64_t step) {
  for (size_t k = 0; k < num_parts(); ++k) part_moved(k, step);
}

}  // namespace lazuli::optim
