#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/io/safetensors.h"
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

void Trainer::save(const std::string& file) const {
  if (options_.checkpoint_folder.empty() || !first_rank()) return;
  StateDict all;
  all.merge(model_->state_dict(), "model.");
  all.merge(optimizer_->state_dict(), "optimizer.");
  if (options_.scheduler) all.merge(options_.scheduler->state_dict(), "scheduler.");
  all.merge(options_.precision->state_dict(), "precision.");
  for (const auto& [name, values] : history_) all.set("history." + name, column(values));
  const double seen = loss_.total_weight();
  all.set("trainer.place",
          column({double(epoch_), double(step_), double(batch_), seen > 0 ? loss_.compute() : 0, seen, best_.best(), double(best_.bad_epochs())}));
  save_safetensors(all, options_.checkpoint_folder + "/" + file, {{"format", "lazuli trainer"}, {"generator", default_generator().get_state()}});
}

void Trainer::load(const std::string& path) {
  Metadata metadata;
  const StateDict all = load_safetensors(path, &metadata);
  const Tensor* place = all.find("trainer.place");
  if (!place || place->numel() != 7 || !metadata.contains("generator"))
    fail(ErrorKind::File, "Trainer::fit", "checkpoint_folder", "a trainer's checkpoint", "'" + path + "'");
  model_->load_state_dict(all.with_prefix("model."));
  optimizer_->load_state_dict(all.with_prefix("optimizer."));
  if (options_.scheduler) options_.scheduler->load_state_dict(all.with_prefix("scheduler."));
  options_.precision->load_state_dict(all.with_prefix("precision."));
  for (const auto& [name, values] : all.with_prefix("history.")) history_[name] = values.to_vector<double>();
  const std::vector<double> p = place->to_vector<double>();
  epoch_ = int64_t(p[0]), step_ = int64_t(p[1]), batch_ = int64_t(p[2]);
  if (p[4] > 0) loss_.update(p[3], p[4]);
  best_.restore(p[5], int64_t(p[6]));
  default_generator().set_state(metadata.at("generator"));
}

}  // namespace lazuli::training
