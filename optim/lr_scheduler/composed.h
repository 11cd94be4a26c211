#pragma once
#include <concepts>

#include "lazuli/optim/lr_scheduler/scheduler.h"

namespace lazuli::optim {

/// What another scheduler is made of: `&warmup` or `warmup`, which lives as long as that one, or a scheduler made on the spot, which that one keeps.
class SchedulerPart {
 public:
  SchedulerPart(LRScheduler* part) : part_(part) {}
  SchedulerPart(LRScheduler& part) : part_(&part) {}
  template <std::derived_from<LRScheduler> S>
  SchedulerPart(std::shared_ptr<S> part) : part_(part.get()), kept_(std::move(part)) {}
  template <std::derived_from<LRScheduler> S>
  SchedulerPart(S&& part) : SchedulerPart(std::make_shared<S>(std::move(part))) {}
  LRScheduler* get() const { return part_; }

 private:
  LRScheduler* part_;
  std::shared_ptr<LRScheduler> kept_;
};

/// Base of schedulers that are made of others. The parts are of the same optimizer; only the whole takes steps and is saved.
class ComposedScheduler : public LRScheduler {
 protected:
  ComposedScheduler(const char* name, Optimizer& optimizer, std::vector<SchedulerPart> parts);
  /// Of the optimizer of the first part.
  ComposedScheduler(const char* name, const std::vector<SchedulerPart>& parts);
  double restart_lr_of_part(size_t part, size_t group, double lr) const { return parts_[part].get()->restart_lr(group, lr); }
  double next_lr_of_part(size_t part, size_t group, int64_t step, double lr) const {
    return parts_[part].get()->next_lr(group, step, lr, parts_[part].get()->base_lrs_[group]);
  }
  std::vector<LRScheduler*> parts() const override;
  void part_moved(size_t part, int64_t step) { parts_[part].get()->moved(step); }
  size_t num_parts() const { return parts_.size(); }

 private:
  static Optimizer& optimizer_of(const char* name, const std::vector<SchedulerPart>& parts);
  std::vector<SchedulerPart> parts_;
};

/// One after the other: from milestones[k] on, part k + 1 from its step 0, as PyTorch has it: from its own base rate, a MultiplicativeLR from the rate that is there. A warm-up, then cosine:
///   optim::SequentialLR scheduler(sgd, {optim::LinearLR(sgd, 0.1, 1.0, 5), optim::CosineAnnealingLR(sgd, 95)}, {5});
/// Throws Error for milestones that do not rise or are not one less than the parts.
class SequentialLR : public ComposedScheduler {
 public:
  SequentialLR(Optimizer& optimizer, std::initializer_list<SchedulerPart> schedulers, std::vector<int64_t> milestones);
  SequentialLR(Optimizer& optimizer, const std::vector<LRScheduler*>& schedulers, std::vector<int64_t> milestones);
  explicit SequentialLR(...) = delete;  // SequentialLR(optimizer, schedulers, milestones)
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double group_lr_at(size_t group, int64_t step, double base_lr) const override;
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;
  void moved(int64_t step) override;

 private:
  void begin(std::vector<int64_t> milestones);
  size_t part_at(int64_t step) const;
  int64_t start_of(size_t part) const { return part == 0 ? 0 : milestones_[part - 1]; }
  std::vector<int64_t> milestones_;
};

/// All at once: each step goes through every part, in order, each going on from the rate that the one before it set. Step 0 is as the parts left it when they were made.
class ChainedScheduler : public ComposedScheduler {
 public:
  ChainedScheduler(Optimizer& optimizer, std::initializer_list<SchedulerPart> schedulers);
  ChainedScheduler(Optimizer& optimizer, const std::vector<LRScheduler*>& schedulers);
  /// Of their optimizer.
  ChainedScheduler(std::initializer_list<SchedulerPart> schedulers);
  ChainedScheduler(const std::vector<LRScheduler*>& schedulers);
  explicit ChainedScheduler(...) = delete;  // ChainedScheduler([optimizer], schedulers)
  double lr_at(int64_t step, double base_lr) const override;

 protected:
  double group_lr_at(size_t group, int64_t step, double base_lr) const override;
  double next_lr(size_t group, int64_t step, double lr, double base_lr) const override;
  void moved(int64_t step) override;
};

}  // namespace lazuli::optim
