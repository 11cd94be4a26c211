#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/training/trainer.h"

namespace lazuli::training {

namespace {

Tensor column(const std::vector<double>& values) {
  Tensor t = empty({int64_t(values.size())}, kFloat64);
  std::copy(values.begin(), values.end(), t.data_ptr<double>());
  return t;
}

}  // namespace

void Trainer::open_checkpoints() {
  checkpoints_.reset();
  if (options_.checkpoint_folder.empty()) return;
  checkpoints_.emplace(options_.checkpoint_folder, CheckpointOptions{.keep_last = options_.keep_last, .higher_is_better = options_.maximize});
  checkpoints_->add("model", *model_);
  checkpoints_->add("optimizer", *optimizer_);
  if (options_.scheduler) checkpoints_->add("scheduler", *options_.scheduler);
  checkpoints_->add("precision", *options_.precision);
  checkpoints_->add("trainer", progress_);
  if (options_.resume) checkpoints_->load_latest();
}

void Trainer::save(std::optional<double> monitored) {
  if (checkpoints_ && first_rank()) checkpoints_->save(step_, monitored);
}

StateDict Trainer::Progress::state_dict() const {
  StateDict all;
  for (const auto& [name, values] : trainer.history_) all.set("history." + name, column(values));
  const RunningMean& loss = trainer.loss_;
  const double seen = loss.total_weight();
  all.set("place", column({double(trainer.epoch_), double(trainer.step_), double(trainer.batch_), seen > 0 ? loss.compute() : 0, seen,
                           trainer.best_.best(), double(trainer.best_.bad_epochs())}));
  return all;
}

void Trainer::Progress::load_state_dict(const StateDict& state) {
  const Tensor* place = state.find("place");
  if (!place || place->numel() != 7)
    fail(ErrorKind::File, "Trainer::fit", "checkpoint_folder", "a trainer's checkpoint", "'" + trainer.options_.checkpoint_folder + "'");
  for (const auto& [name, values] : state.with_prefix("history.")) trainer.history_[name] = values.to_vector<double>();
  const std::vector<double> p = place->to_vector<double>();
  trainer.epoch_ = int64_t(p[0]), trainer.step_ = int64_t(p[1]), trainer.batch_ = int64_t(p[2]);
  if (p[4] > 0) trainer.loss_.update(p[3], p[4]);
  trainer.best_.restore(p[5], int64_t(p[6]));
}

}  // namespace lazuli::training
