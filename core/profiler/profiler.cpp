#include "lazuli/core/profiler/profiler.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>
#include <unordered_map>

#include "lazuli/core/factory.h"
#include "lazuli/core/profiler/call_stack.h"
#include "lazuli/core/profiler/recorder.h"
#include "lazuli/core/slots.h"

namespace lazuli::profiler {

using Kind = ProfilerEvent::Kind;

profile::profile(ProfileOptions options) : recorder_(std::make_unique<Recorder>(std::move(options))) {
  if (recorder_->options.measure_peak) recorder_->peak = measure_peak();
  start();
}
profile::~profile() { stop(); }

namespace {
bool records(ProfilerAction action) { return action != ProfilerAction::None; }
}  // namespace

void profile::start() {
  Recorder& r = *recorder_;
  r.step = 0;
  r.action = r.options.schedule ? r.options.schedule(0) : ProfilerAction::Record;
  if (records(r.action)) r.begin();
}

void profile::stop() {
  Recorder& r = *recorder_;
  const bool ran = r.running && r.action != ProfilerAction::Warmup;
  {
    std::lock_guard lock(r.joined->mutex);
    r.joined->open = false;
  }
  r.end();
  const bool ready = ran && (!r.options.schedule || r.action == ProfilerAction::RecordAndSave || r.action == ProfilerAction::Record);
  r.action = ProfilerAction::None;
  if (ready && r.options.on_trace_ready) r.options.on_trace_ready(*this);
}

void profile::step() {
  Recorder& r = *recorder_;
  if (!r.options.schedule) {
    ++r.step;
    return;
  }
  const ProfilerAction before = r.action;
  r.action = r.options.schedule(++r.step);
  if (before == ProfilerAction::RecordAndSave) {
    r.end();
    if (r.options.on_trace_ready) r.options.on_trace_ready(*this);
  } else if (r.running) {
    const bool warm = before == ProfilerAction::Warmup && r.action != ProfilerAction::Warmup;
    if (!records(r.action) || warm) r.end();
  }
  if (!records(r.action)) return;
  if (!r.running) return r.begin();
  r.end_step();
  r.begin_step();
}
int64_t profile::step_num() const { return recorder_->step; }
double profile::total_time() const { return recorder_->elapsed(); }

namespace {
void append(std::vector<ProfilerEvent>& list, const profile::Recorder& r, int thread) {
  const int before = int(list.size());
  const double tick = r.tick_length();
  std::map<std::vector<void*>, std::string> lines;
  for (const profile::Recorder::Raw& e : r.raw) {
    ProfilerEvent& event = list.emplace_back();
    event.kind = e.kind;
    event.name = r.names[e.name];
    event.module = r.module_of(e);
    event.thread = thread;
    const uint64_t end = std::max(e.end, e.begin);
    event.start = double(e.begin) * tick;
    event.duration = double(end - e.begin) * tick;
    event.self = double(end - e.begin - std::min(e.children, end - e.begin)) * tick;
    event.flops = e.flops;
    event.bytes = e.bytes;
    event.memory = e.memory;
    event.parent = e.parent == profile::Recorder::kNone ? -1 : before + int(e.parent);
    if (e.span != profile::Recorder::kNone) {
      const auto& span = r.spans[e.span];
      event.device = span.device;
      event.device_start = span.start;
      event.device_time = span.time;
    }
    if (e.shapes != profile::Recorder::kNone)
      for (const auto& [dtype, sizes] : r.shapes[e.shapes])
        event.shapes += (event.shapes.empty() ? "" : ", ") + std::string(dtype) + to_string(sizes);
    if (e.stack != profile::Recorder::kNone) {
      auto [at, is_new] = lines.emplace(r.stacks[e.stack], std::string());
      if (is_new) at->second = user_line(at->first);
      event.line = at->second;
    }
  }
}
}  // namespace

std::vector<ProfilerEvent> profile::events() const {
  std::vector<ProfilerEvent> list;
  std::vector<std::thread::id> threads;
  for (const Recorder* r : recorder_->all()) {
    auto at = std::find(threads.begin(), threads.end(), r->thread);
    const int thread = int(at - threads.begin());
    if (at == threads.end()) threads.push_back(r->thread);
    append(list, *r, thread);
  }
  return list;
}

namespace {
EventAverage& entry(EventList& list, std::unordered_map<std::string, size_t>& places, const std::string& key, const std::string& shapes) {
  auto [at, is_new] = places.emplace(key + '\n' + shapes, list.size());
  if (is_new) {
    list.emplace_back();
    list.back().key = key;
    list.back().input_shapes = shapes;
  }
  return list[at->second];
}
// Of an event with all that it encloses.
template <class T>
std::vector<T> with_children(const std::vector<ProfilerEvent>& events, T ProfilerEvent::*number) {
  std::vector<T> all(events.size());
  for (size_t i = events.size(); i-- > 0;) {
    all[i] += events[i].*number;
    if (events[i].parent >= 0) all[size_t(events[i].parent)] += all[i];
  }
  return all;
}
}  // namespace

MachinePeak measure_peak() {
  MachinePeak peak;
  auto best = [](int times, auto&& f) {
    double seconds = 1e9;
    for (int i = 0; i < times; ++i) {
      const auto start = std::chrono::steady_clock::now();
      f();
      seconds = std::min(seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return seconds;
  };
  constexpr int64_t n = 768, count = int64_t(1) << 24;
  Tensor a = new_tensor({n, n}, kFloat32), b = new_tensor({n, n}, kFloat32), out = new_tensor({n, n}, kFloat32);
  fill_kernel(kCPU, a, 0.5);
  fill_kernel(kCPU, b, 0.5);
  peak.gflops = 2e-9 * double(n * n * n) / best(4, [&] { matmul_kernel(kCPU, out, a, b, Tensor(), 0, 1); });
  Tensor from = new_tensor({count}, kFloat32), to = new_tensor({count}, kFloat32);
  fill_kernel(kCPU, from, 0);
  peak.gigabytes = 2e-9 * 4 * double(count) / best(4, [&] { copy_kernel(kCPU, to, from); });
  return peak;
}

EventList profile::key_averages(bool group_by_input_shape) const {
  const std::vector<ProfilerEvent> all = events();
  const std::vector<int64_t> memory = with_children(all, &ProfilerEvent::memory);
  const std::vector<double> device_time = with_children(all, &ProfilerEvent::device_time);
  EventList list;
  list.total_time = total_time();
  list.peak = recorder_->peak;
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < all.size(); ++i) {
    const ProfilerEvent& e = all[i];
    if (e.kind == Kind::Module) continue;
    EventAverage& a = entry(list, places, e.name, group_by_input_shape ? e.shapes : std::string());
    ++a.count;
    a.cpu_time_total += e.duration;
    a.self_cpu_time_total += e.self;
    a.device_time_total += device_time[i];
    a.self_device_time_total += e.device_time;
    a.flops += e.flops;
    a.bytes += e.bytes;
    a.cpu_memory_usage += memory[i];
    a.self_cpu_memory_usage += e.memory;
  }
  return list;
}

EventList profile::module_averages() const {
  EventList list;
  list.total_time = total_time();
  list.peak = recorder_->peak;
  std::unordered_map<std::string, size_t> places;
  for (const ProfilerEvent& e : events()) {
    if (e.module.empty()) continue;
    EventAverage& own = entry(list, places, e.module, {});
    own.count += e.kind == Kind::Module;
    own.self_cpu_time_total += e.self;
    own.self_device_time_total += e.device_time;
    own.self_cpu_memory_usage += e.memory;
    for (size_t end = e.module.size(); end != std::string::npos && end > 0; end = e.module.rfind('.', end - 1)) {
      EventAverage& a = entry(list, places, e.module.substr(0, end), {});
      a.with_children = true;
      a.cpu_time_total += e.self;
      a.device_time_total += e.device_time;
      a.flops += e.flops;
      a.bytes += e.bytes;
      a.cpu_memory_usage += e.memory;
    }
  }
  std::sort(list.begin(), list.end(), [](const EventAverage& a, const EventAverage& b) { return a.key < b.key; });
  return list;
}

MemoryTimeline profile::memory_timeline() const {
  MemoryTimeline line;
  struct Change {
    const Recorder* of;
    const Recorder::MemoryChange* what;
  };
  std::vector<Change> changes;
  for (const Recorder* r : recorder_->all())
    for (const Recorder::MemoryChange& c : r->changes) changes.push_back({r, &c});
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.what->time < b.what->time; });
  // Twice the same walk: to find the peak, and to see who is there at it.
  std::unordered_map<const void*, Change> alive;
  const double tick = recorder_->tick_length();
  int64_t now = 0;
  size_t peak_at = 0;
  auto apply = [&](const Change& c) {
    if (c.what->bytes >= 0) {
      alive[c.what->data] = c;
      now += c.what->bytes;
      return true;
    }
    auto there = alive.find(c.what->data);
    if (there == alive.end()) return false;  // taken before the profile began
    now -= there->second.what->bytes;
    alive.erase(there);
    return true;
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    if (!apply(changes[i])) continue;
    line.points.push_back({double(changes[i].what->time) * tick, now});
    if (now > line.peak_bytes) {
      line.peak_bytes = now;
      line.peak_time = line.points.back().time;
      peak_at = i + 1;
    }
  }
  alive.clear();
  now = 0;
  for (size_t i = 0; i < peak_at; ++i) apply(changes[i]);
  std::unordered_map<std::string, size_t> places;
  for (const auto& [data, taken] : alive) {
    const uint32_t owner = taken.what->owner;
    const Recorder::Raw* e = owner == Recorder::kNone ? nullptr : &taken.of->raw[owner];
    const std::string module = e ? taken.of->module_of(*e) : std::string(), name = e ? taken.of->names[e->name] : std::string("outside of kernels");
    auto [at, is_new] = places.emplace(module + '\n' + name, line.owners.size());
    if (is_new) line.owners.push_back({module, name, 0});
    line.owners[at->second].bytes += taken.what->bytes;
  }
  std::sort(line.owners.begin(), line.owners.end(), [](const MemoryOwner& a, const MemoryOwner& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : std::tie(a.module, a.name) < std::tie(b.module, b.name);
  });
  return line;
}

}  // namespace lazuli::profiler
