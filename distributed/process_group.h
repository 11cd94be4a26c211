#pragma once
#include <memory>
#include <string>
#include <vector>

#include "lazuli/core/described.h"

/// Processes that work together, each with a rank. `mpirun -np 4 program` starts four; `init_process_group()` makes them one group, the world.
namespace lazuli::distributed {

class Engine;

/// How a group begins.
struct ProcessGroupOptions {
  std::string backend = {};  // "mpi", or "local": this process alone; empty: mpi where mpirun started the process, else local
  double timeout = 1800;     // seconds that an operation may take before it is an Error
  bool check =
      false;  // ranks compare operation, dtype, sizes and order before each: a mistake is an Error that shows them. LAZULI_DISTRIBUTED_CHECK=1 sets it too

  static constexpr auto members() {
    return Members{member("backend", &ProcessGroupOptions::backend), member("timeout", &ProcessGroupOptions::timeout, {.above = 0}),
                   member("check", &ProcessGroupOptions::check)};
  }
};

namespace detail {
struct GroupState;
}

/// Some of the ranks; one that was not given is the world. Copies share it.
class ProcessGroup {
 public:
  /// The world, once there is one.
  ProcessGroup() = default;
  /// This process's rank within the group, from 0. Throws Error (State) where this process has none in it, or nothing was initialized.
  int rank() const;
  int size() const;
  /// Ranks of the world, in the order of the group's.
  const std::vector<int>& ranks() const;
  /// Whether this process is one of them.
  bool contains_this() const;

 private:
  friend ProcessGroup new_group(const std::vector<int>& ranks);
  friend struct detail::GroupState;
  std::shared_ptr<detail::GroupState> state_;
};

/// Begins the group of all processes. Every process calls it, once. Throws Error (State) where one is there already, (NotSupported) for a backend that cannot be loaded.
/// A process that ends without `destroy_process_group` says goodbye to the others as it exits; one that goes down in an Error ends the whole job.
void init_process_group(const ProcessGroupOptions& options = {});
/// The same over an engine of your own.
void init_process_group(std::unique_ptr<Engine> engine, const ProcessGroupOptions& options = {});
/// The engine over MPI, which is begun once in a process, for one of your own that wraps it (distributed/throttled_engine.h). Throws Error (NotSupported) where it cannot be loaded.
std::shared_ptr<Engine> mpi_engine();
/// Ends all groups, after what is on its way. Nothing else happens where there is none.
void destroy_process_group();
bool is_initialized();
/// Whether this process was started by mpirun or its like, so that `init_process_group()` finds others.
bool is_mpirun_launched();
/// Whether the engine over MPI was built and can be loaded.
bool is_mpi_available();

/// Of this process in `group`, and the number of its processes. Throw Error (State) where nothing was initialized.
int get_rank(const ProcessGroup& group = {});
int get_world_size(const ProcessGroup& group = {});
/// "mpi" or "local".
std::string get_backend();
/// A group of some ranks of the world. All processes call it, in the same order, those that are not in it too. Throws Error for ranks that are not there or stand twice.
ProcessGroup new_group(const std::vector<int>& ranks);

}  // namespace lazuli::distributed
