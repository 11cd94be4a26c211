#include "lazuli/core/profiler/recorder.h"

#include <cstring>

#include "lazuli/core/error.h"
#include "lazuli/core/profiler/call_stack.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli::profiler {

using Kind = ProfilerEvent::Kind;

namespace {
double elements(const Tensor& t) {
  double n = 1;
  for (int64_t d = 0; d < t.dim(); ++d)
    if (t.strides()[d] != 0) n *= double(t.sizes()[d]);
  return n;
}
double product(const Shape& sizes, int64_t from) {
  double n = 1;
  for (int64_t d = from; d < sizes.size(); ++d) n *= double(sizes[d]);
  return n;
}
}  // namespace

void work_of(const SlotCall& call, double& flops, double& bytes) {
  const Tensor* first = nullptr;
  const Tensor* tensors[3] = {};
  size_t count = 0;
  for (const SlotArgument& a : call.arguments)
    for (const Tensor& t : a.tensors()) {
      if (count < 3) tensors[count] = &t;
      ++count;
      if (!t.defined()) continue;
      if (!first) first = &t;
      bytes += elements(t) * double(t.item_size());
    }
  if (!first) return;
  auto is = [&](const char* name) { return std::strcmp(call.slot.name, name) == 0; };
  if (is("matmul") || is("matmul_fused")) {
    flops = 2 * double(first->numel()) * double(tensors[1]->sizes().back());
  } else if (is("convolution") || is("convolution_fused") || is("convolution_backward_input")) {
    // Each place of the one image meets the kernel of each channel of the other.
    const Tensor &image = is("convolution_backward_input") ? *tensors[1] : *first, &weight = *tensors[2];
    if (weight.defined()) flops = 2 * double(image.numel()) * product(weight.sizes(), 1);
  } else if (is("convolution_backward_weight")) {
    flops = 2 * double(tensors[1]->numel()) * product(first->sizes(), 1);
  } else if (is("copy") || is("fill")) {
    flops = 0;
  } else {
    for (size_t i = 0; i < std::min<size_t>(count, 3); ++i)  // an operation for each element of the largest
      if (tensors[i]->defined()) flops = std::max(flops, elements(*tensors[i]));
  }
}

uint32_t profile::Recorder::interned(std::string_view name) {
  auto [at, is_new] = by_text.emplace(std::string(name), uint32_t(names.size()));
  if (is_new) names.emplace_back(name);
  return at->second;
}

uint32_t profile::Recorder::push(Kind kind, uint32_t name, const void* object) {
  const auto index = uint32_t(raw.size());
  Raw e{};
  e.kind = kind;
  e.name = name;
  e.module = module;
  e.parent = open.empty() ? kNone : open.back().event;
  e.shapes = e.stack = kNone;
  if (options.with_stack) {
    e.stack = uint32_t(stacks.size());
    stacks.push_back(call_stack());
  }
  e.begin = now();
  raw.push_back(e);
  open.push_back({index, module, object});
  return index;
}

void profile::Recorder::pop(uint64_t at) noexcept {
  const Open top = open.back();
  open.pop_back();
  module = top.module_before;
  Raw& e = raw[top.event];
  e.end = at;
  if (e.parent != kNone) raw[e.parent].children += e.end - e.begin;
}

// What an exception left open inside ends with what encloses it.
void profile::Recorder::close_until(Kind kind, const void* object) noexcept {
  const uint64_t at = now();
  size_t place = open.size();
  while (place > 0 && !(raw[open[place - 1].event].kind == kind && open[place - 1].object == object)) --place;
  if (place == 0) return;  // it began before the profile
  while (open.size() >= place) pop(at);
}

void profile::Recorder::call_begins(const SlotCall& call) {
  uint64_t code = UINT64_MAX;
  std::string_view code_name;
  for (const SlotArgument& a : call.arguments)
    if (a.kind() == SlotArgument::Kind::Code) {
      code = uint64_t(a.code());
      code_name = a.code_name();
      break;
    }
  const std::pair key{static_cast<const void*>(&call.slot), code};
  auto at = known_names.find(key);  // emplace would allocate before it looks
  if (at == known_names.end())
    at = known_names.emplace(key, interned(std::string(call.slot.name) + (code_name.empty() ? "" : ".") + std::string(code_name))).first;
  const uint32_t index = push(Kind::Kernel, at->second, &call.slot);
  if (options.device_times && call.by == ServedBy::Device && !call.device.is_cpu()) begin_span(call, index);
  if (options.with_flops) work_of(call, raw[index].flops, raw[index].bytes);
  if (options.record_shapes) {
    raw[index].shapes = uint32_t(shapes.size());
    auto& list = shapes.emplace_back();
    for (const SlotArgument& a : call.arguments)
      for (const Tensor& t : a.tensors())
        if (t.defined()) list.emplace_back(name(t.dtype()).data(), t.sizes());
  }
}
void profile::Recorder::call_ends(const SlotCall& call, bool threw) noexcept {
  if (!open.empty() && open.back().object == &call.slot && !threw) end_span(raw[open.back().event]);
  close_until(Kind::Kernel, &call.slot);
}

// ---- times of devices ----

void profile::Recorder::begin_span(const SlotCall& call, uint32_t index) {
  const Stream stream = current_stream(call.device);
  const int key = int(call.device.type) * 256 + call.device.index;
  if (auto [at, is_new] = origins.try_emplace(key); is_new) {
    at->second.event.record(stream);
    at->second.event.synchronize();
    at->second.at = elapsed();
  }
  raw[index].span = uint32_t(spans.size());
  Span& span = spans.emplace_back();
  span.device = call.device;
  span.begin.record(stream);
}
void profile::Recorder::end_span(Raw& e) noexcept {
  if (e.span == kNone) return;
  Span& span = spans[e.span];
  try {
    span.end.record(current_stream(span.device));
    span.complete = true;
  } catch (const Error&) {  // then its time is not known
  }
}
void profile::Recorder::resolve_spans() noexcept {
  for (Span& span : spans) {
    if (!span.complete) continue;
    try {
      const Origin& origin = origins.at(int(span.device.type) * 256 + span.device.index);
      span.start = origin.at + 1e3 * origin.event.elapsed(span.begin);
      span.time = 1e3 * span.begin.elapsed(span.end);
    } catch (const Error&) {}
    span.begin = Event();
    span.end = Event();
  }
  origins.clear();
}

void profile::Recorder::transfer_begins(const Transfer& transfer) {
  const uint32_t index = push(Kind::Transfer, interned("transfer " + to_string(transfer.from) + " to " + to_string(transfer.to)), transfer.target);
  raw[index].bytes = double(transfer.bytes);
}
void profile::Recorder::transfer_ends(const Transfer& transfer) noexcept { close_until(Kind::Transfer, transfer.target); }

void profile::Recorder::allocated(const Allocation& memory) noexcept {
  if (!options.profile_memory) return;
  const uint32_t owner = open.empty() ? kNone : open.back().event;
  if (owner != kNone) raw[owner].memory += memory.bytes;
  changes.push_back({now(), memory.bytes, owner, memory.data});
}
void profile::Recorder::freed(const Allocation& memory) noexcept {
  if (!options.profile_memory) return;
  const uint32_t owner = open.empty() ? kNone : open.back().event;
  if (owner != kNone) raw[owner].memory -= memory.bytes;
  changes.push_back({now(), -memory.bytes, owner, memory.data});
}

void profile::Recorder::scope_begins(const Scope& scope) noexcept {
  switch (scope.kind) {
    case Scope::Kind::Module: {
      if (!options.with_modules) return;
      const std::pair key{scope.object, uint64_t(module)};
      auto at = known_modules.find(key);
      if (at == known_modules.end()) {
        std::string path = modules[module].empty() ? std::string(scope.name) : modules[module] + "." + std::string(scope.name);
        auto [place, unseen] = by_path.emplace(path, uint32_t(modules.size()));
        if (unseen) modules.push_back(path);
        at = known_modules.emplace(key, KnownModule{place->second, interned(scope.name)}).first;
      }
      const uint32_t before = module;
      module = at->second.path;
      push(Kind::Module, at->second.name, scope.object);
      open.back().module_before = before;
      return;
    }
    case Scope::Kind::Backward: {
      const std::pair key{static_cast<const void*>(scope.name.data()), UINT64_MAX - 1};
      auto at = known_names.find(key);
      if (at == known_names.end()) at = known_names.emplace(key, interned(std::string(scope.name) + " backward")).first;
      const uint32_t before = module;
      if (auto made = recorded_in.find(scope.object); made != recorded_in.end()) module = made->second;
      push(Kind::Backward, at->second, scope.object);
      open.back().module_before = before;
      return;
    }
    case Scope::Kind::User: push(Kind::User, interned(scope.name), scope.name.data()); return;
  }
}
void profile::Recorder::scope_ends(const Scope& scope) noexcept {
  switch (scope.kind) {
    case Scope::Kind::Module: return close_until(Kind::Module, scope.object);
    case Scope::Kind::Backward: return close_until(Kind::Backward, scope.object);
    case Scope::Kind::User: return close_until(Kind::User, scope.name.data());
  }
}
void profile::Recorder::operator_recorded(std::string_view, const void* node) noexcept {
  if (options.with_modules) recorded_in[node] = module;
}

// ---- steps ----

void profile::Recorder::clear() {
  raw.clear();
  open.clear();
  shapes.clear();
  stacks.clear();
  changes.clear();
  spans.clear();
  origins.clear();
  recorded_in.clear();
  module = 0;
  start = Clock::now();
  first_tick = ticks();
  ended = 0;
}

namespace {
thread_local std::vector<ProfileHandle> begun;  // of this thread, those that record
}
ProfileHandle current_profile() { return begun.empty() ? ProfileHandle() : begun.back(); }

void profile::Recorder::listen() {
  running = true;
  thread = std::this_thread::get_id();
  scopes.emplace(*this);
  listening.emplace(*this);
  begun.push_back(joined);
}
void profile::Recorder::begin() {
  if (running) return;
  clear();
  {
    std::lock_guard lock(joined->mutex);
    joined->options = options;
    joined->start = start;
    joined->first_tick = first_tick;
    joined->open = true;
    joined->done.clear();
    ++joined->cycle;
  }
  listen();
  begin_step();
}
void profile::Recorder::begin_beside(Clock::time_point profile_start, uint64_t profile_tick) {
  clear();
  start = profile_start;
  first_tick = profile_tick;
  listen();
}
void profile::Recorder::end() {
  if (!running) return;
  listening.reset();
  scopes.reset();
  std::erase(begun, joined);
  running = false;
  ended = now();
  tick = tick_now();
  while (!open.empty()) pop(ended);
  resolve_spans();
}
std::vector<const profile::Recorder*> profile::Recorder::all() const {
  std::vector<const Recorder*> list{this};
  std::lock_guard lock(joined->mutex);
  for (const auto& r : joined->done) list.push_back(r.get());
  return list;
}

on_this_thread::on_this_thread(ProfileHandle profile) {
  if (!profile || current_profile()) return;
  std::lock_guard lock(profile->mutex);
  if (!profile->open) return;
  recorder_ = std::make_unique<profile::Recorder>(profile->options, profile);
  recorder_->options.schedule = {};
  recorder_->options.on_trace_ready = {};
  cycle_ = profile->cycle;
  recorder_->begin_beside(profile->start, profile->first_tick);
}
on_this_thread::~on_this_thread() {
  if (!recorder_) return;
  recorder_->end();
  const ProfileHandle profile = recorder_->joined;
  std::lock_guard lock(profile->mutex);
  if (profile->cycle == cycle_) profile->done.push_back(std::move(recorder_));
}
void profile::Recorder::begin_step() {
  if (options.schedule) push(Kind::Step, interned("ProfilerStep#" + std::to_string(step)), this);
}
void profile::Recorder::end_step() noexcept {
  const uint64_t at = now();
  while (!open.empty()) pop(at);
}
double profile::Recorder::tick_now() const {
  const double elapsed = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  const uint64_t passed = now();
  return passed ? elapsed / double(passed) : 0;
}
double profile::Recorder::elapsed() const { return running ? double(now()) * tick_now() : double(ended) * tick; }

// ---- the schedule ----

Schedule schedule(const ScheduleOptions& o) {
  for (auto [name, value] :
       {std::pair{"wait", o.wait}, std::pair{"warmup", o.warmup}, std::pair{"repeat", o.repeat}, std::pair{"skip_first", o.skip_first}})
    if (value < 0) fail("schedule", name, "a number that is not negative", std::to_string(value));
  if (o.active < 1) fail("schedule", "active", "at least 1", std::to_string(o.active));
  return [o](int64_t step) {
    step -= o.skip_first;
    const int64_t cycle = o.wait + o.warmup + o.active, place = step % cycle;
    if (step < 0 || (o.repeat > 0 && step / cycle >= o.repeat) || place < o.wait) return ProfilerAction::None;
    if (place < o.wait + o.warmup) return ProfilerAction::Warmup;
    return place + 1 == cycle ? ProfilerAction::RecordAndSave : ProfilerAction::Record;
  };
}

}  // namespace lazuli::profiler
