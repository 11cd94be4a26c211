#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/core/device.h"
#include "lazuli/core/slots/scopes.h"

/// What a thread spends its time and memory on: kernels, modules, backwards and regions of one's own.
///   profiler::profile p({.profile_memory = true});
///   for (...) train_step();
///   p.stop();
///   std::cout << p.key_averages().table("self_cpu_time_total", 20);
///   p.export_chrome_trace("trace.json");
namespace lazuli::profiler {

enum class ProfilerAction : uint8_t { None, Warmup, Record, RecordAndSave /*the last of a cycle*/ };
struct ScheduleOptions {
  int64_t wait = 0, warmup = 0, active = 1;
  int64_t repeat = 0;  // cycles; 0: for as long as there are steps
  int64_t skip_first = 0;
};
using Schedule = std::function<ProfilerAction(int64_t step)>;
/// Which steps are recorded: after `skip_first`, in cycles, `wait` steps not, `warmup` steps to get warm, whose records are dropped, and `active` ones. Throws Error for numbers that
/// are negative, or active 0.
Schedule schedule(const ScheduleOptions& options);
inline Schedule schedule(int64_t wait, int64_t warmup, int64_t active, int64_t repeat = 0, int64_t skip_first = 0) {
  return schedule(ScheduleOptions{wait, warmup, active, repeat, skip_first});
}

class profile;
struct ProfileOptions {
  Schedule schedule = {};                             // none: every step
  std::function<void(profile&)> on_trace_ready = {};  // at the end of each cycle, and of a profile without a schedule
  bool record_shapes = false;                         // of the tensors of each call
  bool profile_memory = false;                        // what is taken and given back, and by whom
  bool with_stack = false;                            // the user's line of each call: some microseconds more each
  bool with_flops = true;
  bool with_modules = true;
  bool measure_peak = false;  // of the machine, when the profile is made
  bool device_times = true;   // of kernels on other devices than the CPU, by events in their streams
};

/// One thing that happened. Times are in microseconds since the profile began.
struct ProfilerEvent {
  enum class Kind : uint8_t { Kernel, Module, Backward, User, Transfer, Step };
  Kind kind;
  std::string name;    // "matmul", "binary.Add", "fc1", "linear_backward", "[memory] ..."
  std::string module;  // the path of the module in whose forward it was or to whose forward its backward belongs: "Net.encoder.fc1"
  std::string shapes, line;
  double start = 0, duration = 0, self = 0;
  double flops = 0, bytes = 0;  // of the call itself: multiplications and additions, and what its tensors hold
  int64_t memory = 0;           // taken less given back in it
  int parent = -1;              // the event that encloses it
  int thread = 0;               // 0: the profile's own; others in the order in which they took part
  Device device;                // of a kernel
  double device_start = 0,
         device_time = 0;  // of a kernel that another device than the CPU ran, by that device's clock; known when the profile has stopped
};

/// A line of a table.
struct EventAverage {
  std::string key, input_shapes;
  int64_t count = 0;
  double cpu_time_total = 0, self_cpu_time_total = 0;  // microseconds
  double device_time_total = 0, self_device_time_total = 0;
  double flops = 0, bytes = 0;
  int64_t cpu_memory_usage = 0, self_cpu_memory_usage = 0;
  bool with_children = false;  // flops and bytes are those of all of cpu_time_total, not of the self time
  double cpu_time() const { return count ? cpu_time_total / double(count) : 0; }
  double gflops_per_second() const { return rate(flops); }
  double gigabytes_per_second() const { return rate(bytes); }

 private:
  double rate(double work) const {
    const double time = with_children ? cpu_time_total : self_cpu_time_total;
    return time > 0 ? work / time * 1e-3 : 0;
  }
};
/// What the machine gives at best, as measured: products of float32 matrices, and copies of memory.
struct MachinePeak {
  double gflops = 0, gigabytes = 0;  // a second
};
/// Takes about a tenth of a second.
MachinePeak measure_peak();

/// What `key_averages` gives.
class EventList : public std::vector<EventAverage> {
 public:
  using vector::vector;
  /// As text: share of the time, times, those of devices where there are any, calls, GFLOP/s, GB/s, memory. `sort_by`: "self_cpu_time_total", "cpu_time_total", "cpu_time",
  /// "self_device_time_total", "device_time_total", "count", "flops", "cpu_memory_usage" or "self_cpu_memory_usage"; an empty one leaves the order. Throws Error for another one.
  std::string table(const std::string& sort_by = "self_cpu_time_total", int64_t row_limit = 100) const;
  /// Null where there is none of that name.
  const EventAverage* find(std::string_view key) const;
  double total_time = 0;  // of the whole profile, microseconds
  MachinePeak peak;       // where it was measured: the table then has each line's share of it
};

/// Who owned the memory when most of it was in use.
struct MemoryOwner {
  std::string module, name;  // the path, and the kernel or scope that took it
  int64_t bytes = 0;
};
struct MemoryTimeline {
  struct Point {
    double time;    // microseconds
    int64_t bytes;  // taken since the profile began and not given back
  };
  std::vector<Point> points;
  int64_t peak_bytes = 0;
  double peak_time = 0;
  std::vector<MemoryOwner> owners;  // at the peak, the largest first
  /// The peak and its owners as text.
  std::string table(int64_t row_limit = 20) const;
};

/// Records what this thread does for as long as it lives, or from `start` to `stop`, and what other threads do that take part (`on_this_thread`). Kernels' own threads count as their
/// caller. A kernel on a GPU has two times: the host's, of its call, and the device's. While none lives nothing is recorded and each call costs a branch. Modules' paths begin with the
/// class of the outermost module.
class profile {
 public:
  explicit profile(ProfileOptions options = {});
  ~profile();
  profile(const profile&) = delete;
  profile& operator=(const profile&) = delete;
  /// Called by the constructor.
  void start();
  void stop();
  /// Ends a step of the schedule and begins the next.
  void step();
  int64_t step_num() const;

  // What was recorded: without a schedule all of it, with one the last cycle. Ask after `stop`, or in on_trace_ready.
  /// Copies, in the order in which they began.
  std::vector<ProfilerEvent> events() const;
  /// By name, kernels, backwards, regions and transfers; each with its shapes when asked for (and recorded).
  EventList key_averages(bool group_by_input_shape = false) const;
  /// By module: the time of its forward and its backward with all below, and without (self).
  EventList module_averages() const;
  double total_time() const;  // microseconds
  MemoryTimeline memory_timeline() const;

  // Files. Throw Error (File) where they cannot be written.
  /// For chrome://tracing and ui.perfetto.dev.
  void export_chrome_trace(const std::string& path) const;
  /// "Net;fc1;matmul 1234" a line: self time in microseconds by stack, what flame graph programs read.
  void export_stacks(const std::string& path) const;
  std::string chrome_trace() const;
  std::string stacks() const;
  /// The memory in use over time: CSV of microseconds and bytes.
  void export_memory_timeline(const std::string& path) const;

  struct Recorder;
  struct Joined;

 private:
  std::unique_ptr<Recorder> recorder_;
};

/// What other threads need to take part in a profile: none, or the profile that this thread began last and that still records. Outlives it.
using ProfileHandle = std::shared_ptr<profile::Joined>;
ProfileHandle current_profile();

/// While it lives, this thread takes part in another thread's profile, as a DataLoader's workers do by themselves. What it recorded counts when it has ended. Does nothing without a
/// profile that records, or where this thread has one of its own.
///   std::thread worker([profile = profiler::current_profile()] { profiler::on_this_thread here(profile); work(); });
class [[nodiscard]] on_this_thread {
 public:
  explicit on_this_thread(ProfileHandle profile);
  ~on_this_thread();
  on_this_thread(const on_this_thread&) = delete;
  on_this_thread& operator=(const on_this_thread&) = delete;

 private:
  std::unique_ptr<profile::Recorder> recorder_;
  uint64_t cycle_ = 0;
};

/// Calls in a block of a name, for profiles of this thread: `profiler::record_function region("augment");`
class [[nodiscard]] record_function {
 public:
  explicit record_function(std::string name) : name_(std::move(name)), scope_(Scope::Kind::User, name_, nullptr) {}

 private:
  std::string name_;
  lazuli::detail::ScopeGuard scope_;
};

/// An `on_trace_ready` that writes FOLDER/WORKER.N.pt.trace.json.
std::function<void(profile&)> tensorboard_trace_handler(const std::string& folder, const std::string& worker = "worker");

}  // namespace lazuli::profiler
