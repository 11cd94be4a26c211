#pragma once
#include <concepts>
#include <functional>
#include <map>
#include <optional>

#include "lazuli/data/dataloader.h"
#include "lazuli/distributed/report.h"
#include "lazuli/io/checkpoint.h"
#include "lazuli/nn/module/call.h"
#include "lazuli/ops/network/loss.h"
#include "lazuli/record/record.h"
#include "lazuli/training/meter.h"
#include "lazuli/training/trainer_options.h"

/// The loop, for those who do not want to write it. A hand-written one does all of this with the same parts; docs/training.md has both.
namespace lazuli::distributed {
class GradientReducer;
}

namespace lazuli::training {

/// Fits models:
///
///   training::Trainer trainer({.max_epochs = 10, .checkpoint_folder = "run"});
///   trainer.add_meter("accuracy", training::Accuracy());
///   trainer.fit(model, adam, loader, &test_loader);            // batches of data and target, by cross entropy
///   trainer.fit(model, adam, loader, &test_loader, step);      // step(batch) gives a loss, or a StepOutput
///   trainer.metric("val_accuracy");
class Trainer {
 public:
  /// Throws Error for options out of range.
  explicit Trainer(TrainerOptions options = {});
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;
  template <std::derived_from<Meter> M>
  void add_meter(const std::string& name, M meter) {
    meters_[name] = std::make_shared<M>(std::move(meter));
  }

  /// A step for batches of `data` and `target`; `loss(scores, target)` is cross entropy if left out.
  static auto supervised(nn::Module& model, std::function<Tensor(const Tensor&, const Tensor&)> loss = {}) {
    return [&model, loss = std::move(loss)](const auto& batch) {
      Tensor scores = model(batch.data);
      return StepOutput(loss ? loss(scores, batch.target) : cross_entropy(scores, batch.target), scores, batch.target);
    };
  }

  /// Trains until the epochs or steps are over, something calls `stop`, or Ctrl-C. `loader` has `size()` and `epoch(number, first_batch)`. Throws Error (State) for a loss that is not
  /// finite; what the loader, the step or a callback throws passes through.
  template <class Loader, class Step>
  void fit(nn::Module& model, optim::Optimizer& optimizer, Loader& loader, std::type_identity_t<Loader>* validation, Step step) {
    run(model, optimizer, source(loader, step), validation ? source(*validation, step) : Source());
  }
  /// The same for batches of `data` and `target`, with `loss(model(data), target)`.
  template <class Loader>
  void fit(nn::Module& model, optim::Optimizer& optimizer, Loader& loader, std::type_identity_t<Loader>* validation = nullptr) {
    fit(model, optimizer, loader, validation, supervised(model));
  }
  /// The metrics of one pass over a loader, in evaluation mode and without gradients: "loss" and the meters. The model's mode is as before afterwards.
  template <class Loader, class Step>
  std::map<std::string, double> validate(nn::Module& model, Loader& loader, Step step) {
    return evaluate(model, source(loader, step));
  }
  template <class Loader>
  std::map<std::string, double> validate(nn::Module& model, Loader& loader) {
    return validate(model, loader, supervised(model));
  }

  /// Ends the run after this step, or where it is called after an epoch, at once.
  void stop() { stopping_ = true; }
  bool interrupted() const { return interrupted_; }
  int64_t epoch() const { return epoch_; }
  /// Steps of the optimizer.
  int64_t step() const { return step_; }
  /// By the end of the last epoch: "loss", the meters by their names, the same of the validation with "val_" before them, "lr". Throws Error (Index) naming what is there.
  double metric(const std::string& name) const;
  /// Of every epoch.
  const std::map<std::string, std::vector<double>>& history() const { return history_; }
  /// The loss of the last step, which waits for it.
  double last_loss() const;
  double best() const { return best_.best(); }
  /// Each rank's throughput and the time that it waited for others, in the last epoch's training; empty before, and where training is not distributed.
  const std::vector<distributed::RankTimes>& rank_times() const { return rank_times_; }
  nn::Module& model() const { return *model_; }
  optim::Optimizer& optimizer() const { return *optimizer_; }
  const TrainerOptions& options() const { return options_; }

 private:
  struct Stream {
    virtual ~Stream() = default;
    virtual bool next() = 0;
    virtual StepOutput output() = 0;
    // The batch's tensors, and its output with others in their place.
    virtual std::vector<Tensor> tensors() = 0;
    virtual StepOutput output(const std::vector<Tensor>& tensors) = 0;
  };
  struct Source {
    int64_t batches = 0;
    std::function<std::unique_ptr<Stream>(int64_t epoch, int64_t first)> start = {};
  };
  template <class Loader, class Step>
  static Source source(Loader& loader, Step& step) {
    using Epoch = decltype(loader.epoch(0, 0));
    using Batch = std::remove_cvref_t<decltype(*std::declval<Epoch&>().begin())>;
    struct Typed : Stream {
      Typed(Epoch e, Step& s) : epoch(std::move(e)), step(s) {}
      bool next() override { return epoch.next(batch); }
      StepOutput output() override { return step(batch); }
      std::vector<Tensor> tensors() override {
        if constexpr (recording::Tree<Batch>) return pytree::leaves(batch);
        else fail(ErrorKind::NotSupported, "Trainer::fit", "record", "batches that hold tensors only", "another kind");
      }
      StepOutput output([[maybe_unused]] const std::vector<Tensor>& tensors) override {
        if constexpr (recording::Tree<Batch>) return step(pytree::rebuild(batch, tensors));
        else return step(batch);  // not reached: there are no tensors
      }
      Epoch epoch;
      Step& step;
      Batch batch = {};
    };
    return {loader.size(), [&loader, &step](int64_t number, int64_t first) { return std::make_unique<Typed>(loader.epoch(number, first), step); }};
  }
  void run(nn::Module& model, optim::Optimizer& optimizer, const Source& train, const Source& validation);
  bool run_epoch(const Source& train);
  std::map<std::string, double> evaluate(nn::Module& model, const Source& source);
  StepOutput backward(Stream& batches, bool first, int64_t group);  // of one batch; the first of a group, whose gradients are summed
  void step_optimizer();
  void record_steps();
  void see(const StepOutput& output);
  void finish_epoch(const Source& validation);
  void tell(void (Callback::*what)(Trainer&));
  bool first_rank() const { return rank_ == 0; }
  std::vector<double> over_ranks(std::vector<double> values, bool largest) const;  // the mean
  /// The part of a checkpoint that is the run's own: where it is, and its history.
  struct Progress {
    Trainer& trainer;
    StateDict state_dict() const;
    void load_state_dict(const StateDict& state);
  };
  void open_checkpoints();
  void save(std::optional<double> monitored = {});

  TrainerOptions options_;
  std::map<std::string, std::shared_ptr<Meter>> meters_;
  std::map<std::string, std::vector<double>> history_;
  nn::Module* model_ = nullptr;
  optim::Optimizer* optimizer_ = nullptr;
  RunningMean loss_;
  Tensor last_loss_;
  EarlyStopping best_;
  Progress progress_{*this};
  std::optional<CheckpointFolder> checkpoints_;
  Stream* batches_ = nullptr;  // those of this epoch, for the recorded steps
  std::function<StepOutput(const std::vector<Tensor>& tensors, bool first, int64_t group)> recorded_backward_;
  std::function<void()> recorded_step_;
  int64_t epoch_ = 0, step_ = 0, batch_ = 0;
  bool stopping_ = false, interrupted_ = false;
  int rank_ = 0;
  std::shared_ptr<distributed::GradientReducer> reducer_;  // where training is distributed
  std::vector<distributed::RankTimes> rank_times_;
};

}  // namespace lazuli::training
