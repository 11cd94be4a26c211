#pragma once
#include <functional>
#include <vector>

#include "lazuli/core/described.h"
#include "lazuli/distributed/throttled_engine.h"
#include "lazuli/nn/module/module.h"

/// How long a step of DistributedDataParallel takes on so many processes and such a network, from what a step of one process takes.
namespace lazuli::distributed {

/// Seconds since a step began.
struct StepProfile {
  struct Gradient {
    double bytes, ready;
  };
  std::vector<Gradient> gradients;  // in the order in which they became complete
  double backward_end = 0;          // all of them are
  double end = 0;                   // and the optimizer has stepped
};

/// Runs `step` once: `gradients_done` says that the backward is over and the optimizer is about to step. `clock` gives seconds; the steady clock if left out.
StepProfile record_step(nn::Module& module, const std::function<void(const std::function<void()>& gradients_done)>& step,
                        std::function<double()> clock = {});

/// Ring: each process sends 1 / ranks of the sum 2 (ranks - 1) times, as all_reduce does. Tree: up and down two binary trees, each of half the bytes, in a pipeline (Sanders, Speck and
/// Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan", 2009).
enum class AllReduceKind { Ring, Tree };
constexpr auto names_of(AllReduceKind) { return enum_names<AllReduceKind>({{AllReduceKind::Ring, "ring"}, {AllReduceKind::Tree, "tree"}}); }
/// Seconds: 2 (n - 1) (latency + bytes / (n bandwidth)), or 2 (ceil(log2 n) latency + bytes / bandwidth).
double all_reduce_time(AllReduceKind kind, const Link& link, double bytes, int ranks);

struct SimulationOptions {
  AllReduceKind kind = AllReduceKind::Ring;
  double bucket_cap_mb = 25;  // DataParallelOptions
  bool overlap = true;        // false: everything travels after the backward
  /// Where the cores that compute also move the bytes, towards 1 and up: how much of a backward stands still while a bucket travels, and how many times as long one takes to travel beside
  /// a backward. A network card leaves both alone.
  double interference = 0, slowdown = 1;
};
struct SimulatedStep {
  double seconds = 0, communication = 0;  // of the step, and in which the link is busy
  double efficiency = 1;                  // the step of one process / this one
};
/// All processes take as long as the profile says, and buckets, filled as DistributedDataParallel fills them, travel one after the other as soon as they are complete.
/// Throws Error unless `interference` is in [0, 1] and `slowdown` at least 1.
SimulatedStep simulate_step(const StepProfile& profile, const Link& link, int ranks, const SimulationOptions& options = {});
/// The `bucket_cap_mb` of the shortest step, out of powers of two from 1/4 to 256.
double tuned_bucket_cap_mb(const StepProfile& profile, const Link& link, int ranks, SimulationOptions options = {});

}  // namespace lazuli::distributed
