#include "lazuli/record/runner_graphs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lazuli/core/backend.h"
#include "lazuli/core/error.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/threads/stream.h"

namespace lazuli::recording {

RunnerGraphs::Settings RunnerGraphs::Settings::now() { return {float32_matmul_precision(), are_deterministic_algorithms_enabled()}; }

std::unique_ptr<RunnerGraphs> RunnerGraphs::of(const StepList& list, Calls calls) {
  std::map<std::pair<DeviceType, int>, size_t> on;
  for (const ListedCall& call : list.calls)
    if (!call.is_action() && !call.device.is_cpu() && !call.device.is_meta()) ++on[{call.device.type, call.device.index}];
  if (on.empty()) return nullptr;
  const auto most = std::max_element(on.begin(), on.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const Device device(most->first.first, most->first.second);
  if (!backend_of(device).new_work_graph(device.index)) return nullptr;
  return std::unique_ptr<RunnerGraphs>(new RunnerGraphs(list, std::move(calls), device));
}

RunnerGraphs::RunnerGraphs(const StepList& list, Calls calls, Device device)
    : list_(list),
      calls_(std::move(calls)),
      device_(device),
      memory_(device, list.calls.size()),
      outside_(list.calls.size()),
      part_(list.calls.size()),
      given_(list.calls.size()) {}

void RunnerGraphs::refuse(std::string why) {
  pieces_.clear();
  refused_ = std::move(why);
}

// Numbers and gradients: no elements are read or written.
bool RunnerGraphs::is_for_host(size_t call) const {
  const ListedCall& c = list_.calls[call];
  if (!c.is_action()) return std::any_of(c.arguments.begin(), c.arguments.end(), [](const CallArgument& a) { return bool(a.refresh); });
  return (c.action.kind == HostAction::Kind::Numbers || c.action.kind == HostAction::Kind::Gradient) && !c.action.function && !c.action.found;
}

bool RunnerGraphs::fits(size_t call) const {
  const ListedCall& c = list_.calls[call];
  if (c.is_action()) return is_for_host(call);
  bool here = c.device == device_ && !outside_[call];
  c.for_each_view([&](const BufferView& v, bool) { here &= list_.buffers[size_t(v.buffer)].device == device_; });
  return here;
}

void RunnerGraphs::divide() {
  pieces_.clear();
  size_t graphs = 0;
  for (size_t i = 0; i < list_.calls.size();) {
    Piece piece{i, i, fits(i), {}};
    size_t calls = 0;
    for (; piece.end < list_.calls.size() && fits(piece.end) == piece.kept; ++piece.end) {
      calls += !list_.calls[piece.end].is_action();
      if (is_for_host(piece.end)) piece.on_host.push_back(piece.end);
    }
    piece.kept &= calls >= kLeastCalls;
    graphs += piece.kept;
    i = piece.end;
    pieces_.push_back(std::move(piece));
  }
  divided_ = true;
  if (graphs == 0) refuse("no two calls on " + to_string(device_) + " follow each other");
  if (graphs > kMostGraphs) refuse(fmt::format("the host looks on at more than {} places", kMostGraphs));
}

void RunnerGraphs::refresh(size_t call) {
  for (const CallArgument& a : list_.calls[call].arguments)
    if (a.refresh) a.refresh(a.value.get());
}
bool RunnerGraphs::differs(size_t call) const {
  size_t k = 0;
  for (const CallArgument& a : list_.calls[call].arguments)
    if (a.refresh && !a.type->equal(a.value.get(), given_[call][k++].get())) return true;
  return false;
}

void RunnerGraphs::run() {
  if (const Settings now = Settings::now(); !(now == settings_)) {
    settings_ = now;
    rehearsed_ = divided_ = false;
  }
  if (!rehearsed_) {
    run_calls({0, list_.calls.size(), false, {}}, false);
    rehearsed_ = true;
    return;
  }
  if (!divided_) divide();
  if (pieces_.empty()) return run_calls({0, list_.calls.size(), false, {}}, false);
  for (Piece& piece : pieces_)
    if (piece.kept && refused_.empty()) run_piece(piece);
    else run_calls(piece, false);
  if (!refused_.empty()) pieces_.clear();
}

void RunnerGraphs::run_calls(const Piece& piece, bool host_is_done) {
  for (size_t i = piece.begin; i < piece.end; ++i) {
    if (host_is_done && list_.calls[i].is_action()) continue;
    if (!host_is_done) refresh(i);
    {
      const WorkMemory::Call call(memory_, i, WorkMemory::Way::Rehearsed);
      calls_.run(i);
    }
    calls_.written(i);
  }
}

void RunnerGraphs::run_piece(Piece& piece) {
  std::vector<size_t> changed;
  for (size_t i : piece.on_host) {
    if (list_.calls[i].is_action()) calls_.run(i);
    else if (refresh(i); piece.graph && differs(i)) changed.push_back(i);
  }
  at_ = kNone;
  try {
    if (!piece.graph) capture(piece);
    else
      for (size_t i : changed) update(*piece.graph, i);
    piece.graph->launch(current_stream_handle(device_));
  } catch (const Error& error) {
    // Nothing has run: the calls do what the graph was to do, and it is remembered.
    piece.graph = nullptr;
    divided_ = false;
    if (at_ == kNone || ++failures_ > kMostFailures) refused_ = error.what();
    else outside_[at_] = true;
    return run_calls(piece, true);
  } catch (...) {
    piece.graph = nullptr;
    throw;
  }
  for (size_t i = piece.begin; i < piece.end; ++i) calls_.written(i);
}

// On a stream of its own: what other threads queue on the device's default one is not in it.
void RunnerGraphs::capture(Piece& piece) {
  std::unique_ptr<WorkGraph> graph = backend_of(device_).new_work_graph(device_.index);
  if (!graph) fail(ErrorKind::NotSupported, "record", "", "a device with graphs", to_string(device_));
  const Stream side(device_);
  const StreamGuard guard(side);
  graph->begin(side.handle());
  int64_t part = 0;
  for (size_t i = piece.begin; i < piece.end; ++i) {
    if (list_.calls[i].is_action()) continue;
    at_ = i;
    const WorkMemory::Call call(memory_, i, WorkMemory::Way::Kept);
    graph->begin_part(is_for_host(i));
    part_[i] = part++;
    calls_.run(i);
    given_[i].clear();
    for (const CallArgument& a : list_.calls[i].arguments)
      if (a.refresh) given_[i].push_back(a.type->copy(a.value.get()));
  }
  at_ = kNone;
  graph->end();
  piece.graph = std::move(graph);
}

void RunnerGraphs::update(WorkGraph& graph, size_t i) {
  at_ = i;
  graph.begin_update(part_[i]);
  {
    const WorkMemory::Call call(memory_, i, WorkMemory::Way::Again);
    calls_.run(i);
  }
  graph.end_update();
  size_t k = 0;
  for (const CallArgument& a : list_.calls[i].arguments)
    if (a.refresh) a.type->assign(given_[i][k++].get(), a.value.get());
  at_ = kNone;
}

std::string RunnerGraphs::text() const {
  if (!refused_.empty()) return "no graph: " + refused_ + "\n";
  int64_t graphs = 0, calls = 0, operations = 0;
  for (const Piece& piece : pieces_) {
    if (!piece.graph) continue;
    ++graphs;
    operations += piece.graph->size();
    for (size_t i = piece.begin; i < piece.end; ++i) calls += !list_.calls[i].is_action();
  }
  if (graphs == 0) return "a graph on " + to_string(device_) + " after more replays\n";
  return fmt::format("{} graph{} on {}: {} kernels and copies for {} of {} calls\n", graphs, graphs == 1 ? "" : "s", to_string(device_), operations,
                     calls, std::count_if(list_.calls.begin(), list_.calls.end(), [](const ListedCall& c) { return !c.is_action(); }));
}

}  // namespace lazuli::recording
