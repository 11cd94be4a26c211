#pragma once
#include <functional>
#include <map>
#include <memory>

#include "lazuli/core/profiler/profiler.h"
#include "lazuli/distributed/report.h"
#include "lazuli/lazuli.h"
#include "lazuli/training/progress_bar.h"
#include "run_options.h"

namespace examples {

/// A process's part of a batch.
struct Share {
  int64_t begin = 0, size = 1;
  double weight = 1;
  /// The mean over the part as it counts in the mean over the processes, so that this is the batch's.
  lazuli::Tensor weighted(const lazuli::Tensor& mean) const { return weight == 1 ? mean : mean * weight; }
};

/// A training run that may be stopped at any step and go on bit for bit. It counts steps, shows them, gathers what they gave, keeps curves, and writes all that it holds into
/// one checkpoint: modules, optimizers, the random generator, its place.
///
///   Run run("program", options, "what a checkpoint must share with this run");
///   run.hold("model", model);
///   run.hold("optimizer", optimizer);
///   run.resume();
///   while (run.epoch() < epochs) {
///     run.begin(epochs, loader.size(), batch);
///     for (auto& [x, y] : loader.epoch(run.epoch(), run.done())) {
///       ...
///       run.measure("loss", loss);
///       if (!run.advance()) return run.stopped();
///     }
///     run.record("train loss", run.mean("loss"));
///     run.end_epoch();
///   }
class Run {
 public:
  /// Sets threads, backend and seed as the options say. `essential` lists the options that a checkpoint must have been made with.
  Run(std::string program, RunOptions options, std::string essential);

  void hold(const std::string& name, lazuli::nn::Module& module) { modules_.emplace_back(name, &module); }
  void hold(const std::string& name, lazuli::optim::Optimizer& optimizer) { optimizers_.emplace_back(name, &optimizer); }
  /// Goes on from the checkpoint of --resume, where there is one. Throws Error when the file is none, or one of other options.
  void resume();

  lazuli::Device device() const { return device_; }
  /// The processes of this run, and which of them this is: more than one under mpirun. Only the first one prints and writes files.
  int rank() const { return rank_; }
  int ranks() const { return ranks_; }
  /// This process's part of a batch of `size`: the first ones take one more of what they do not divide. Throws Error naming `option` where there are fewer than processes.
  Share share(int64_t size, const char* option) const;
  /// Random numbers of this step that other processes do not have (dropout); alone, the default generator's.
  lazuli::Generator own_random() const;
  /// The same for what a loader does to each batch.
  lazuli::data::Transform own_random(lazuli::data::Transform transform) const;
  /// Epochs that are over, steps done of the one that is not, and steps in all.
  int64_t epoch() const { return epoch_; }
  int64_t done() const { return count_; }
  int64_t step() const { return step_; }
  /// Begins an epoch of `steps` steps, or goes on with it. Each step counts for so many `items`, which the progress bar calls `unit`.
  void begin(int64_t epochs, int64_t steps, int64_t items, const std::string& unit = "samples");
  /// A number that each step of the epoch gives, 0-d: a loss, of floating point, or a count; of several processes the mean, or the sum. Reading it waits for the device, so it is done for dozens of steps at once; one that is not finite is an Error that names its step.
  void measure(const std::string& name, const lazuli::Tensor& value);
  /// Ends a step; false when the run is to stop here: on Ctrl-C or after --stop-after steps.
  bool advance();
  /// Saves and says so. The program's exit code.
  int stopped();
  /// Over the steps of the epoch.
  double sum(const std::string& name);
  double mean(const std::string& name) { return sum(name) / double(count_); }
  /// Items a second in this epoch.
  double rate() const { return bar_ ? bar_->rate(count_ * items_) : 0; }

  /// Adds a point to a curve.
  void record(const std::string& curve, double value);
  const std::vector<double>& curve(const std::string& name) const;
  /// Counts the epoch and writes the checkpoint of --save, where that is asked for.
  void end_epoch();
  /// What --kernel-counts and --profile ask for, and each process's throughput where there are several.
  void finish();

 private:
  struct Measure {
    double sum = 0;
    std::vector<lazuli::Tensor> pending = {};
  };
  void read();
  void save();

  std::string program_, essential_;
  RunOptions options_;
  lazuli::Device device_;
  int rank_ = 0, ranks_ = 1;
  std::vector<std::pair<std::string, lazuli::nn::Module*>> modules_;
  std::vector<std::pair<std::string, lazuli::optim::Optimizer*>> optimizers_;
  int64_t epoch_ = 0, step_ = 0, count_ = 0, read_ = 0, items_ = 1;  // count_: steps of this epoch; read_: those whose measures were read
  double last_ = 0;                                                  // of the first loss, what the progress bar shows
  std::map<std::string, Measure> measures_;
  std::map<std::string, std::vector<double>> curves_;
  std::unique_ptr<lazuli::profiler::profile> profile_;
  std::unique_ptr<lazuli::training::ProgressBar> bar_;
  lazuli::distributed::RankClock clock_;  // of the epochs' steps
  std::string unit_ = "samples";
};

/// Of the device; on the CPU, of the whole process.
double peak_memory_mib(lazuli::Device device);

/// The exit code of a program that does `body`: an error is told in one line, and Ctrl-C is left to Run::advance; a second one stops at once.
int guarded(const char* program, const std::function<int()>& body);

}  // namespace examples
