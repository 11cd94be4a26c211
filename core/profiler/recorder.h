#pragma once
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "lazuli/core/kernel.h"
#include "lazuli/core/profiler/profiler.h"
#include "lazuli/core/shape.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli::profiler {

/// Of a profile: what other threads see of it, and what they give to it.
struct profile::Joined {
  std::mutex mutex;
  ProfileOptions options;
  std::chrono::steady_clock::time_point start;
  uint64_t first_tick = 0, cycle = 0;  // counts beginnings
  bool open = false;                   // it records
  std::vector<std::unique_ptr<Recorder>> done;
};

/// Listens on its thread and keeps what happens, as little worked up as can be.
struct profile::Recorder final : EventListener, ScopeListener {
  using Clock = std::chrono::steady_clock;
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Raw {
    uint64_t begin, end = 0, children = 0;  // ticks since the beginning
    double flops = 0, bytes = 0;
    int64_t memory = 0;
    uint32_t name, module;
    uint32_t parent;
    uint32_t shapes = kNone, stack = kNone, span = kNone;
    ProfilerEvent::Kind kind;
  };
  /// Of a call on another device: the places in its stream, and what they come to at the end, in microseconds.
  struct Span {
    Device device;
    Event begin, end;
    bool complete = false;
    double start = 0, time = 0;
  };
  struct Open {
    uint32_t event;
    uint32_t module_before;
    const void* object;
  };
  struct MemoryChange {
    uint64_t time;
    int64_t bytes;
    uint32_t owner;  // event
    const void* data;
  };

  explicit Recorder(ProfileOptions o, std::shared_ptr<Joined> of = std::make_shared<Joined>()) : options(std::move(o)), joined(std::move(of)) {}

  // ---- what happens ----
  void call_begins(const SlotCall& call) override;
  void call_ends(const SlotCall& call, bool threw) noexcept override;
  void transfer_begins(const Transfer& transfer) override;
  void transfer_ends(const Transfer& transfer) noexcept override;
  void allocated(const Allocation& memory) noexcept override;
  void freed(const Allocation& memory) noexcept override;
  void scope_begins(const Scope& scope) noexcept override;
  void scope_ends(const Scope& scope) noexcept override;
  void operator_recorded(std::string_view name, const void* node) noexcept override;

  // ---- steps ----
  void begin();
  /// On another thread than the profile's, which began then.
  void begin_beside(Clock::time_point profile_start, uint64_t profile_tick);
  void end();
  void clear();
  void begin_step();
  void end_step() noexcept;

  // ---- what it gives ----
  std::string module_of(const Raw& e) const { return modules[e.module]; }
  double elapsed() const;
  /// Microseconds of a tick.
  double tick_length() const { return running ? tick_now() : tick; }

  /// This one and those of other threads.
  std::vector<const Recorder*> all() const;

  ProfileOptions options;
  std::shared_ptr<Joined> joined;
  std::thread::id thread;
  MachinePeak peak;
  std::vector<Raw> raw;
  std::vector<Span> spans;
  std::vector<Open> open;
  std::vector<std::string> names, modules{std::string()};
  std::vector<std::vector<std::pair<const char*, Shape>>> shapes;  // dtype and sizes of each tensor
  std::vector<std::vector<void*>> stacks;
  std::vector<MemoryChange> changes;
  Clock::time_point start;
  uint64_t first_tick = 0, ended = 0;
  double tick = 0;
  uint32_t module = 0;
  bool running = false;
  int64_t step = 0;
  ProfilerAction action = ProfilerAction::None;

 private:
  struct KeyHash {
    size_t operator()(const std::pair<const void*, uint64_t>& k) const {
      return std::hash<const void*>()(k.first) * 0x9e3779b97f4a7c15u ^ std::hash<uint64_t>()(k.second);
    }
  };
  template <class T>
  using ByKey = std::unordered_map<std::pair<const void*, uint64_t>, T, KeyHash>;

  // The processor's own counter where there is one: a clock of the system may take longer than all the rest.
  static uint64_t ticks() {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return uint64_t(Clock::now().time_since_epoch().count());
#endif
  }
  uint64_t now() const { return ticks() - first_tick; }
  double tick_now() const;
  void listen();
  void begin_span(const SlotCall& call, uint32_t index);
  void end_span(Raw& e) noexcept;
  void resolve_spans() noexcept;
  uint32_t push(ProfilerEvent::Kind kind, uint32_t name, const void* object);
  void pop(uint64_t at) noexcept;
  void close_until(ProfilerEvent::Kind kind, const void* object) noexcept;
  uint32_t interned(std::string_view name);

  struct KnownModule {
    uint32_t path, name;
  };
  ByKey<uint32_t> known_names;
  ByKey<KnownModule> known_modules;
  std::unordered_map<std::string, uint32_t> by_text, by_path;
  std::unordered_map<const void*, uint32_t> recorded_in;  // of nodes
  struct Origin {
    Event event;
    double at;  // microseconds
  };
  std::unordered_map<int, Origin> origins;  // of the devices that were used, by type and index
  std::optional<Listening> listening;
  std::optional<lazuli::detail::ScopeListening> scopes;
};

/// Multiplications and additions of a call, and the bytes of its tensors, each element that is there once.
void work_of(const SlotCall& call, double& flops, double& bytes);

}  // namespace lazuli::profiler
