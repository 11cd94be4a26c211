#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lazuli/core/state_dict.h"
#include "lazuli/optim/lr_scheduler/scheduler.h"
#include "lazuli/training/early_stopping.h"
#include "lazuli/training/logger.h"

namespace lazuli::training {

class Trainer;

/// What a batch gives: its loss (0-d), and scores and target where meters are to see them.
struct StepOutput {
  StepOutput() = default;
  StepOutput(Tensor loss_of_batch, Tensor scores_of_batch = {}, Tensor target_of_batch = {})
      : loss(std::move(loss_of_batch)), scores(std::move(scores_of_batch)), target(std::move(target_of_batch)) {}
  Tensor loss, scores, target;
};

/// Called at the places its members name; any of them may call `trainer.stop()`.
struct Callback {
  virtual ~Callback() = default;
  virtual void on_fit_begin(Trainer&) {}
  virtual void on_epoch_begin(Trainer&) {}
  virtual void on_step_end(Trainer&) {}  // after each step of the optimizer
  virtual void on_validation_end(Trainer&) {}
  virtual void on_epoch_end(Trainer&) {}  // all of the epoch's metrics are there
  virtual void on_fit_end(Trainer&) {}
};

/// What mixed precision changes about a step; this one changes nothing.
struct MixedPrecision {
  virtual ~MixedPrecision() = default;
  /// What is to live while a batch's forward and loss are computed.
  virtual std::shared_ptr<void> forward_guard() { return nullptr; }
  virtual void backward(const Tensor& loss) { loss.backward(); }
  /// Before gradients are clipped.
  virtual void unscale(optim::Optimizer&) {}
  virtual void step(optim::Optimizer& optimizer) { optimizer.step(); }
  virtual StateDict state_dict() const { return {}; }
  virtual void load_state_dict(const StateDict&) {}
};

enum class Interval : uint8_t { Epoch, Step };

struct TrainerOptions {
  int64_t max_epochs = 1;
  /// Steps of the optimizer in all; -1: no limit.
  int64_t max_steps = -1;
  /// Batches whose gradients are summed, each by its share, before a step.
  int64_t accumulate = 1;
  /// Limits of the gradients' total norm and of each element; 0: none.
  double clip_norm = 0, clip_value = 0;
  /// A CheckpointFolder, written at each epoch's end and on Ctrl-C: the newest `keep_last` and the best stay. Its parts are "model", "optimizer", "scheduler", "precision" and "trainer". Empty: nowhere.
  std::string checkpoint_folder = {};
  int64_t keep_last = 3;
  /// Goes on from the newest checkpoint where there is one: bit for bit where a run would have gone on (meters count only what comes after, in that epoch).
  bool resume = true;
  /// The metric that tells what is best: "val_loss", or "loss" where there is no validation.
  std::string monitor = {};
  bool maximize = false;
  /// Stops when the monitored metric does not become better: its `maximize` is that above.
  std::optional<EarlyStoppingOptions> early_stopping = {};
  /// Stepped after each epoch, or after each step.
  optim::LRScheduler* scheduler = nullptr;
  Interval scheduler_interval = Interval::Epoch;
  std::shared_ptr<Logger> logger = {};
  /// Steps between two losses that are logged and shown.
  int64_t log_every = 50;
  std::vector<std::shared_ptr<Callback>> callbacks = {};
  std::shared_ptr<MixedPrecision> precision = {};
  /// Trains with the other ranks of the process group (docs/distributed.md): each has its own loader, of its part of the data (data::DistributedSampler) and as many batches as the others',
  /// and gradients are the mean over all. Metrics of an epoch are the ranks' mean; checkpoints, logger and progress bar are rank 0's. The model's parameters have sizes.
  bool distributed = false;
  /// Forwards and backwards, clipping and the optimizer's steps are recorded and replayed (docs/recording.md). Batches are `data::Example`s, or what else lists its tensors.
  bool record = false;
  /// A progress bar, where standard error is a terminal.
  bool progress = true;
  /// Ctrl-C ends the run after its step, with a checkpoint; a second one ends the program.
  bool catch_interrupt = true;
};

}  // namespace lazuli::training
