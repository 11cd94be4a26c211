#pragma once
#include <functional>
#include <optional>

#include "lazuli/core/random/generator.h"
#include "lazuli/io/safetensors.h"

namespace lazuli {

struct CheckpointOptions {
  /// How many of the newest checkpoints stay; the best one stays besides them.
  int64_t keep_last = 3;
  bool keep_best = true;
  /// Whether a metric is the better the higher it is: an accuracy, not a loss.
  bool higher_is_better = false;
  /// Stores and restores the state of the default generator along with the rest.
  bool random_state = true;
};

/// A folder with checkpoints of a training run: files step-NNNNNNNNNNNN.safetensors, each with all parts that were added. A file is written all or nothing and flushed to the disk before older ones
/// go, so that whenever the program dies a whole one is there; going on from it is bit for bit what the run would have done.
///
///   CheckpointFolder checkpoints("runs/a", {.keep_last = 2});
///   checkpoints.add("model", model);  checkpoints.add("optimizer", adam);  checkpoints.add("scheduler", scheduler);  checkpoints.add("loader", loader);
///   checkpoints.load_latest();                                  // false where there is none yet
///   for (auto& [x, y] : loader) ...
///   checkpoints.save(step, validation_loss);                    // ... and load_best() at the end
///
/// One process writes to a folder at a time; any number may read.
class CheckpointFolder {
 public:
  /// Makes the folder where it is not there, and removes what a writer that died left half done. Throws Error (File) where that fails, and for keep_last below 1.
  explicit CheckpointFolder(std::string folder, const CheckpointOptions& options = {});

  /// Adds a part, which has to live as long as this: anything with state_dict() and load_state_dict(StateDict) - modules, optimizers, schedulers, scalers, averaged models, loaders.
  /// Throws Error for a name that is there, is empty or holds a dot.
  template <class Part>
  requires requires(Part& part, const StateDict& state) {
    part.load_state_dict(state);
    StateDict(part.state_dict());
  }
  void add(const std::string& name, Part& part) {
    add_part(
        name, [&part] { return StateDict(part.state_dict()); }, [&part](const StateDict& state) { part.load_state_dict(state); });
  }
  /// A number: an epoch, the best loss so far.
  void add(const std::string& name, int64_t& number);
  void add(const std::string& name, double& number);
  /// A generator besides the default one.
  void add(const std::string& name, const Generator& generator);

  /// Writes all parts and removes the checkpoints that are too many; the path. A step that is there already is replaced. Throws Error (File) when the file cannot be written, in which case all
  /// earlier ones are still there; for a negative step; and (State) where there is no part.
  std::string save(int64_t step, std::optional<double> metric = {});

  /// Restores all parts from the newest checkpoint that can be read; false where there is none. One that is damaged is passed over for the one before it; where all are, that is an Error (File).
  /// Throws Error for a part that is not in the file or does not fit; parts before it are restored then.
  bool load_latest();
  /// From the one of the best metric; false where no checkpoint has a metric.
  bool load_best();
  /// Throws Error (Index) where there is none of that step.
  void load(int64_t step);

  /// The steps of the checkpoints there are, the oldest first.
  std::vector<int64_t> steps() const;
  std::optional<int64_t> latest_step() const;
  std::optional<int64_t> best_step() const;
  std::optional<double> best_metric() const;
  std::string path(int64_t step) const;

 private:
  struct Part {
    std::string name;
    std::function<StateDict()> save;
    std::function<void(const StateDict&)> load;
  };
  struct Best {
    int64_t step;
    double metric;
  };
  void add_part(const std::string& name, std::function<StateDict()> save, std::function<void(const StateDict&)> load);
  std::optional<Best> best() const;
  void restore(const std::string& file, const StateDict& all, const Metadata& texts);

  std::string folder_;
  CheckpointOptions options_;
  std::vector<Part> parts_;
};

}  // namespace lazuli
