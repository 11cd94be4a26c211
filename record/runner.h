#pragma once
#include <chrono>
#include <span>

#include "lazuli/core/memory/scratch.h"
#include "lazuli/record/memory_ranges.h"
#include "lazuli/record/plan.h"
#include "lazuli/record/runner_graphs.h"
#include "lazuli/record/side_by_side.h"

namespace lazuli::recording {

struct RunnerOptions {
  bool reuse_outputs = false;  // results lie in the same memory each time
  bool timed = false;          // measures each call
  bool graphs = false;         // calls on a device that has graphs become some (record/runner_graphs.h)
  bool side_by_side =
      false;  // independent calls run at the same time where that was measured to be quicker; those of a list that has such groups already do
};

/// Runs a list: its arguments are made once, on planned memory, so that a run is its calls and nothing else. It asks the allocator for the results only; what kernels need inside
/// is kept (core/memory/scratch.h). Not for several threads at once.
class Runner {
 public:
  Runner(StepList list, const RunnerOptions& options);
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  ~Runner();

  /// `inputs` have the sizes, strides, dtypes and devices of the list's. The results, without history, in the list's order; `outputs` has room for them.
  void run(std::span<const Tensor> inputs, std::vector<Tensor>& outputs);
  std::vector<Tensor> run(std::span<const Tensor> inputs);

  /// After each call of a run: the call's number, and the runner's tensors of its arguments.
  using Watcher = std::function<void(size_t call, std::span<const SlotArgument> arguments)>;
  /// ... and each result in the end.
  void run_watched(std::span<const Tensor> inputs, const Watcher& watcher, const std::function<void(const Tensor& result)>& see);

  const StepList& list() const { return list_; }
  const MemoryPlan& plan() const { return plan_; }
  /// Mean microseconds of each call of timed runs; empty otherwise.
  std::vector<double> times() const;
  /// What graphs there are, or why there are none; empty where no device of the list has any.
  std::string graphs_text() const { return graphs_ ? graphs_->text() : std::string(); }

 private:
  struct Prepared;
  struct Group;
  class Binding;
  struct OnHost {  // an argument as actions see it
    size_t input;
    Ref<Storage> storage;
    char* own = nullptr;  // where it lies outside of runs
  };
  struct Bound {  // a tensor whose memory comes with each run
    TensorBody* body;
    int64_t bytes_from;  // where it begins, from the begin of the input or the buffer
  };
  void lay_out();
  void choose_planned();
  void move_gradients(const std::vector<Ref<Storage>>& arenas);
  void give_back() noexcept;
  Tensor tensor_of(const BufferView& view);
  void bind(std::span<const Tensor> inputs);
  void unbind() noexcept;
  void call_kernel(Prepared& p, Scratch& scratch);  // with its arguments as they are
  static void tell_written(const Prepared& p);      // to others who see what it writes
  void run_call(Prepared& p, Scratch& scratch);
  size_t run_group(Group& group);
  // Runs the list, and each call several times, so that it is known what it takes on all threads and on one; what may run side by side is then laid out so.
  void run_measured();
  CallCost measure(Prepared& call, const ListedCall& listed, Scratch& scratch_alone);
  void choose_groups(std::span<const CallCost> costs);
  void count_trial(std::chrono::steady_clock::time_point began);
  bool apart_from_groups(std::span<const Tensor> inputs) const;
  template <bool timed, bool one_by_one, class F>
  void run_calls(F&& after);
  void give(std::vector<Tensor>& outputs) const;
  // By graphs (record/runner_by_graphs.cpp): arguments and results lie in the same memory each time, and are copied to and from there.
  struct Lasting {
    Ref<Storage> storage;
    int64_t from = 0;  // where it begins, in bytes from the begin of the input
  };
  bool goes_by_graphs(std::span<const Tensor> inputs);
  void run_by_graphs(std::span<const Tensor> inputs, std::vector<Tensor>& outputs);
  void prepare_lasting(std::span<const Tensor> inputs);
  void bind_lasting(std::span<const Tensor> inputs);
  void bind_input(size_t i, const Tensor& input);

  StepList list_;
  RunnerOptions options_;
  MemoryPlan plan_;
  std::vector<Tensor> gradients_;  // in the plan's memory
  Scratch scratch_;
  std::vector<Ref<Storage>> storages_;  // of each buffer; null where it comes with the run
  std::vector<Prepared> calls_;
  std::vector<Tensor> tensors_;
  std::vector<std::vector<Bound>> of_input_, of_output_;  // by input, by buffer of an output
  std::vector<OnHost> on_host_;
  std::vector<int32_t> output_buffers_;
  std::vector<Tensor> results_;  // as views of their buffers
  uint64_t runs_ = 0;
  std::vector<Lasting> lasting_inputs_;
  std::vector<Ref<Storage>> lasting_outputs_;  // by buffer
  MemoryRanges written_for_others_;            // memory that is written and that somebody may give as an argument
  bool lasting_ = false;
  std::unique_ptr<RunnerGraphs> graphs_;

  // Calls are measured in a first run, groups of them against what they are one after the other in some more; then it is settled, for a while.
  enum class Trial : uint8_t { None, Measure, Compare, Settled };
  Trial trial_ = Trial::None;
  int trial_threads_ = 0, trial_runs_ = 0, comparisons_ = 0;
  bool laid_out_ = false;
  bool groups_may_run_ = false;         // in this run
  std::vector<SideBySide> candidates_;  // of the plan; those of the list are quicker
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<std::unique_ptr<Scratch>> lane_scratch_;
  MemoryRanges written_in_groups_;  // memory that others see
};

}  // namespace lazuli::recording
