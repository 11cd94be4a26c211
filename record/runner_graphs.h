#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lazuli/core/memory/work_memory.h"
#include "lazuli/core/slots/matmul_precision.h"
#include "lazuli/core/threads/work_graph.h"
#include "lazuli/record/step_list.h"

namespace lazuli::recording {

/// The calls of a list on one device as graphs (core/threads/work_graph.h): one for each piece between what runs on the host in the middle. Arguments that change from run to run are given to the kernels of
/// a graph before it is launched. What cannot be in a graph runs between two, as it does without them; a device that refuses them has none.
class RunnerGraphs {
 public:
  /// How the list's runner runs its calls and actions.
  struct Calls {
    std::function<void(size_t call)> run;      // with its arguments as they are
    std::function<void(size_t call)> written;  // others are told that what it writes has changed
  };
  /// Null where no device of the list has graphs. The list stays where it is.
  static std::unique_ptr<RunnerGraphs> of(const StepList& list, Calls calls);

  Device device() const { return device_; }
  /// False once it is known that there is nothing to gain.
  bool wanted() const { return refused_.empty(); }
  void refuse(std::string why);
  /// A run of the list. The first one makes the memory that the calls need inside, the next one the graphs. All tensors lie where they did at the run before.
  void run();
  /// "1 graph on cuda:0: 57 kernels and copies for 60 calls", or why there is none.
  std::string text() const;

 private:
  struct Piece {
    size_t begin = 0, end = 0;
    bool kept = false;                      // as a graph
    std::vector<size_t> on_host;            // actions, and calls whose arguments change
    std::unique_ptr<WorkGraph> graph = {};  // once it is captured
  };
  struct Settings {  // that kernels go by and that are no arguments
    MatmulPrecision precision;
    bool deterministic;
    bool operator==(const Settings&) const = default;
    static Settings now();
  };

  RunnerGraphs(const StepList& list, Calls calls, Device device);
  bool is_for_host(size_t call) const;
  bool fits(size_t call) const;
  void divide();
  void run_calls(const Piece& piece, bool host_is_done);
  void run_piece(Piece& piece);
  void capture(Piece& piece);
  void update(WorkGraph& graph, size_t call);
  void refresh(size_t call);
  bool differs(size_t call) const;

  const StepList& list_;
  const Calls calls_;
  const Device device_;
  WorkMemory memory_;
  Settings settings_ = Settings::now();
  std::vector<Piece> pieces_;
  std::vector<bool> outside_;                              // of each call: it was seen that it cannot be in a graph
  std::vector<int64_t> part_;                              // of each call in its graph
  std::vector<std::vector<std::shared_ptr<void>>> given_;  // of each call, the changing arguments that its graph has
  size_t at_ = kNone;                                      // the call that is captured or updated
  int failures_ = 0;
  bool rehearsed_ = false, divided_ = false;
  std::string refused_;

  static constexpr size_t kNone = size_t(-1);
  static constexpr int kMostFailures = 16;  // calls that cannot be in a graph
  static constexpr size_t kMostGraphs = 64;
  static constexpr size_t kLeastCalls = 2;  // of a graph
};

}  // namespace lazuli::recording
