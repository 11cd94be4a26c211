#include "lazuli/distributed/process_group.h"

#include <dlfcn.h>

#include <cstdlib>
#include <mutex>

#include "lazuli/core/error.h"
#include "lazuli/distributed/collectives.h"
#include "lazuli/distributed/group_state.h"
#include "lazuli/distributed/local_engine.h"
#include "lazuli/distributed/nccl_engine.h"
#include "lazuli/nn/batchnorm.h"

namespace lazuli::distributed {
namespace {

/// The process's part of the job.
struct Process {
  std::mutex mutex;
  std::shared_ptr<Engine> engine;  // what is loaded stays to the end of the process: MPI begins only once
  std::shared_ptr<Engine> loaded_mpi;
  std::shared_ptr<detail::FailureDetector> failures;  // of the processes that MPI connects
  bool broken = false;                                // a group that was destroyed since
  std::shared_ptr<detail::GroupState> world;
  std::vector<std::shared_ptr<detail::GroupState>> groups;  // so that all of them end together
};
Process& process() {
  static auto* p = new Process;  // never destroyed: it may be asked for while the program ends
  return *p;
}

// The folder that this code is in: the program's, or liblazuli.so's.
std::string own_folder() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<void*>(&own_folder), &info) || !info.dli_fname) return {};
  std::string file = info.dli_fname;
  size_t end = file.rfind('/');
  return end == std::string::npos ? std::string(".") : file.substr(0, end);
}

using EngineEntry = Engine* (*)();
EngineEntry load_mpi(std::string* reason) {
  std::vector<std::string> places;
  if (const char* chosen = std::getenv("LAZULI_MPI_ENGINE")) {
    places = {chosen};
  } else {
    const std::string folder = own_folder();
    for (const char* place : {"/lazuli/liblazuli_mpi.so", "/../lib/lazuli/liblazuli_mpi.so"}) places.push_back(folder + place);
#ifdef LAZULI_MPI_ENGINE_PLACES
    for (const char* place : {LAZULI_MPI_ENGINE_PLACES}) places.push_back(place);
#endif
    places.push_back("liblazuli_mpi.so");
  }
  for (const std::string& place : places) {
    void* handle = dlopen(place.c_str(), RTLD_NOW | RTLD_GLOBAL);  // MPI's own parts look for its symbols among the global ones
    if (!handle) {
      const char* error = dlerror();
      *reason += (reason->empty() ? "" : "; ") + std::string(error ? error : place);
      continue;
    }
    if (auto entry = reinterpret_cast<EngineEntry>(dlsym(handle, "lazuli_distributed_engine"))) return entry;
    *reason += (reason->empty() ? "" : "; ") + place + " has no lazuli_distributed_engine";
  }
  return nullptr;
}

constexpr double kLastWords = 5;  // seconds that the others have for errors of their own

// The job's last word. What broke cannot be waited for: the others are told to end too.
void at_exit() {
  Process& p = process();
  if (p.failures) p.failures->leave();  // first: what is on its way may wait for others who wait for this one
  destroy_process_group();
  if (p.broken || (p.failures && p.failures->failed())) {
    if (p.failures) p.failures->wait_for_others(kLastWords);
    p.loaded_mpi->abort(1);
  }
  try {
    p.loaded_mpi->finish();
  } catch (const std::exception&) { p.loaded_mpi->abort(1); }
  p.failures = nullptr;
}

void begin(std::shared_ptr<Engine> engine, const ProcessGroupOptions& options) {
  Process& p = process();
  auto world = std::make_shared<detail::GroupState>();
  world->is_world = true;
  world->communicator = &engine->world();
  for (int r = 0; r < world->communicator->size(); ++r) world->ranks.push_back(r);
  const bool over_mpi = p.failures && world->communicator->size() == p.loaded_mpi->world().size();
  if (over_mpi) p.failures->note_calls(0);
  world->progress = std::make_shared<detail::Progress>(over_mpi ? p.failures : nullptr);
  world->timeout = options.timeout;
  const char* check = std::getenv("LAZULI_DISTRIBUTED_CHECK");
  world->check = options.check || (check && std::string_view(check) == "1");
  if (world->communicator->size() > 1) nn::detail::sum_over_ranks = [](const Tensor& own) { return sum_over_ranks(own); };
  p.engine = std::move(engine);
  p.world = std::move(world);
}

void check_begin(const Process& p, const ProcessGroupOptions& options) {
  check_members("init_process_group", options);
  if (p.world) fail(ErrorKind::State, "init_process_group", "", "no group of this process", "one; destroy_process_group() ends it");
}

// With the lock held.
const std::shared_ptr<Engine>& loaded_mpi(Process& p) {
  if (!p.loaded_mpi) {
    std::string reason;
    EngineEntry entry = load_mpi(&reason);
    if (!entry)
      fail(ErrorKind::NotSupported, "init_process_group", "backend", "an engine over MPI (liblazuli_mpi.so, built where MPI is found)", reason);
    try {
      p.loaded_mpi.reset(entry());
      if (p.loaded_mpi->world().size() > 1) p.failures = detail::FailureDetector::connect(p.loaded_mpi->world());
    } catch (const std::exception& e) { fail(ErrorKind::State, "init_process_group", "backend", "an MPI that begins", e.what()); }
    std::atexit(at_exit);
  }
  return p.loaded_mpi;
}

}  // namespace

std::shared_ptr<Engine> mpi_engine() {
  Process& p = process();
  std::lock_guard lock(p.mutex);
  return loaded_mpi(p);
}

void init_process_group(const ProcessGroupOptions& options) {
  Process& p = process();
  std::lock_guard lock(p.mutex);
  check_begin(p, options);
  const std::string backend = options.backend.empty() ? (is_mpirun_launched() ? "mpi" : "local") : options.backend;
  if (backend == "local") return begin(local_engine(), options);
  if (backend == "nccl") return begin(nccl_engine(is_mpirun_launched() ? loaded_mpi(p) : std::shared_ptr<Engine>(local_engine())), options);
  if (backend != "mpi") fail(ErrorKind::NotSupported, "init_process_group", "backend", "\"mpi\", \"nccl\" or \"local\"", "\"" + backend + "\"");
  begin(loaded_mpi(p), options);
}

void init_process_group(std::unique_ptr<Engine> engine, const ProcessGroupOptions& options) {
  Process& p = process();
  std::lock_guard lock(p.mutex);
  check_begin(p, options);
  if (!engine) fail("init_process_group", "engine", "an engine", "null");
  begin(std::move(engine), options);
}

void destroy_process_group() {
  Process& p = process();
  std::vector<std::shared_ptr<detail::GroupState>> groups;
  std::shared_ptr<detail::Progress> progress;
  {
    std::lock_guard lock(p.mutex);
    if (!p.world) return;
    progress = p.world->progress;
    nn::detail::sum_over_ranks = nullptr;
    p.world = nullptr;
    groups.swap(p.groups);
  }
  progress->stop();
  std::lock_guard lock(p.mutex);
  p.broken |= progress->broken();
}

bool is_initialized() {
  Process& p = process();
  std::lock_guard lock(p.mutex);
  return p.world != nullptr;
}

// OpenMPI, MPICH and Intel's MPI tell the processes that they start where they belong.
bool is_mpirun_launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"})
    if (std::getenv(name)) return true;
  return false;
}

bool is_mpi_available() {
  std::string reason;
  return load_mpi(&reason) != nullptr;
}

detail::GroupState& detail::GroupState::of(const ProcessGroup& group, const char* op) {
  Process& p = process();
  std::lock_guard lock(p.mutex);
  if (!p.world) fail(ErrorKind::State, op, "", "a process group", "none; init_process_group() begins one");
  GroupState& state = group.state_ ? *group.state_ : *p.world;
  if (!state.communicator)
    fail(ErrorKind::State, op, "group", "a group that this process is in",
         "one of the ranks " + to_string(Shape(std::vector<int64_t>(state.ranks.begin(), state.ranks.end()))));
  return state;
}

int ProcessGroup::rank() const { return detail::GroupState::of(*this, "rank").communicator->rank(); }
int ProcessGroup::size() const { return int(ranks().size()); }
const std::vector<int>& ProcessGroup::ranks() const { return state_ ? state_->ranks : detail::GroupState::of(*this, "ranks").ranks; }
bool ProcessGroup::contains_this() const { return !state_ || state_->communicator; }

int get_rank(const ProcessGroup& group) { return detail::GroupState::of(group, "get_rank").communicator->rank(); }
int get_world_size(const ProcessGroup& group) { return detail::GroupState::of(group, "get_world_size").communicator->size(); }
std::string get_backend() {
  detail::GroupState::of({}, "get_backend");
  return process().engine->name();
}

ProcessGroup new_group(const std::vector<int>& ranks) {
  detail::GroupState& world = detail::GroupState::of({}, "new_group");
  std::vector<bool> there(world.ranks.size(), false);
  for (int r : ranks) {
    if (r < 0 || size_t(r) >= there.size())
      fail(ErrorKind::Index, "new_group", "ranks", "ranks below " + std::to_string(there.size()), std::to_string(r));
    if (there[size_t(r)]) fail("new_group", "ranks", "each rank once", std::to_string(r) + " twice");
    there[size_t(r)] = true;
  }
  if (ranks.empty()) fail("new_group", "ranks", "at least one rank", "none");
  // Splitting blocks: all are to be there first, within the timeout, and with the same ranks.
  const std::string own = to_string(Shape(std::vector<int64_t>(ranks.begin(), ranks.end())));
  const std::vector<std::string> all = all_gather_text(own);
  for (size_t r = 0; r < all.size(); ++r)
    if (all[r] != all[0])
      fail(ErrorKind::State, "new_group", "ranks", "the same on every rank, as rank 0's " + all[0], all[r] + " on rank " + std::to_string(r));
  auto state = std::make_shared<detail::GroupState>();
  state->ranks = ranks;
  state->progress = world.progress;
  state->timeout = world.timeout;
  state->check = world.check;
  // In the thread that makes all calls, in its turn among the collective ones.
  auto job = std::make_shared<detail::Job>();
  job->op = "new_group";
  job->timeout = world.timeout;
  job->rank = world.communicator->rank();
  job->size = world.communicator->size();
  job->partners = world.ranks;
  job->stages.push_back([&world, state]() -> Started {
    state->own_communicator = world.communicator->split(state->ranks);
    state->communicator = state->own_communicator.get();
    return nullptr;
  });
  world.progress->submit(job);
  job->wait();
  Process& p = process();
  std::lock_guard lock(p.mutex);
  p.groups.push_back(state);
  ProcessGroup group;
  group.state_ = std::move(state);
  return group;
}

}  // namespace lazuli::distributed
