#include "lazuli/record/runner.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/memory/allocator.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/events.h"
#include "lazuli/core/slots/optimizer_step.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/core/threads/together.h"
#include "lazuli/record/prepared.h"

namespace lazuli::recording {

namespace {

bool steps_parameter(const ListedCall& call) {
  return call.device.is_cpu() && (call.slot == &sgd_kernel || call.slot == &adam_kernel || call.slot == &optimizer_step_kernel);
}

// Neighbouring optimizer calls of different parameters, which need not wait for each other; so many elements that more than one thread may be worth it.
std::vector<std::pair<size_t, size_t>> optimizer_runs(const StepList& list) {
  constexpr int64_t kWorthwhile = 32768;
  std::vector<std::pair<size_t, size_t>> runs;
  std::unordered_set<int32_t> read, written;
  int64_t elements = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= list.calls.size(); ++i) {
    bool goes_on = false;
    if (i < list.calls.size()) {
      const ListedCall& call = list.calls[i];
      goes_on = steps_parameter(call);
      call.for_each_view([&](const BufferView& v, bool writes) { goes_on &= !written.count(v.buffer) && !(writes && read.count(v.buffer)); });
    }
    if (!goes_on) {
      if (i > begin + 1 && elements > kWorthwhile) runs.emplace_back(begin, i);
      read.clear();
      written.clear();
      elements = 0;
      begin = i + 1;
      if (i == list.calls.size()) break;
      if (!steps_parameter(list.calls[i])) continue;
      begin = i;
    }
    list.calls[i].for_each_view([&](const BufferView& v, bool writes) {
      (writes ? written : read).insert(v.buffer);
      if (writes) elements += v.sizes.numel();
    });
  }
  return runs;
}

// Of the plan's size and no more: a cached block may be an eighth larger.
Ref<Storage> lasting_storage(int64_t bytes, Device device) {
  if (!device.is_cpu() || bytes == 0) return Storage::allocate(bytes, device);
  CachingAllocator& allocator = CachingAllocator::of(device);
  void* block = allocator.allocate_exact(bytes);
  lazuli::detail::tell_allocated({block, bytes, device, false});
  return Storage::external(block, bytes, device, std::shared_ptr<void>(block, [&allocator, bytes, device](void* p) {
                             lazuli::detail::tell_freed({p, bytes, device, false});
                             allocator.release_exact(p, bytes);
                           }));
}

}  // namespace

Runner::~Runner() { give_back(); }

// Gradients that nobody holds but their leaves have no need of memory of their own: while they are about to be written anew, others may have it.
void Runner::choose_planned() {
  for (Buffer& buffer : list_.buffers) buffer.planned = false;
  std::unordered_map<const Storage*, std::unordered_set<const TensorBody*>> holders;
  for (const ListedCall& call : list_.calls) {
    if (call.is_action() && (call.action.kind == HostAction::Kind::Region || call.action.found))
      return;  // it may look at them at any time; or all is taken back
    for (const Tensor& g : call.action.gradients)
      if (holders[g.storage().get()].insert(g.body()).second) gradients_.push_back(g);
  }
  const std::vector<Lifetime> lives = lifetimes(list_);
  for (size_t b = 0; b < list_.buffers.size(); ++b) {
    Buffer& buffer = list_.buffers[b];
    if (buffer.role != BufferRole::Kept || !buffer.device.is_cpu() || lives[b].first < 0 || lives[b].written != lives[b].first) continue;
    const auto held = holders.find(buffer.storage.get());
    buffer.planned = held != holders.end() && buffer.storage->use_count() == held->second.size() + 1;
  }
}

void Runner::move_gradients(const std::vector<Ref<Storage>>& arenas) {
  std::unordered_map<const Storage*, Ref<Storage>> moved;
  for (size_t b = 0; b < list_.buffers.size(); ++b) {
    const Buffer& buffer = list_.buffers[b];
    if (!buffer.planned) continue;
    const Ref<Storage>& whole = arenas[size_t(plan_.arena[b])];
    const Ref<Storage> place =
        Storage::external(whole->data() + plan_.offset[b], buffer.bytes, buffer.device, std::shared_ptr<void>(nullptr, [whole](void*) {}));
    std::memcpy(place->data(), buffer.storage->data(), size_t(buffer.bytes));
    moved.emplace(buffer.storage.get(), place);
  }
  // From here on nothing throws: buffers and gradients have the same memory, whatever comes after it.
  std::erase_if(gradients_, [&](const Tensor& g) { return !moved.count(g.storage().get()); });
  for (const Tensor& g : gradients_) g.body()->storage = moved.find(g.storage().get())->second;
  for (Buffer& buffer : list_.buffers)
    if (buffer.planned) buffer.storage = moved.find(buffer.storage.get())->second;
}

// Whoever has a gradient still keeps it, and not all of the plan's memory with it.
void Runner::give_back() noexcept {
  list_.calls.clear();  // which hold them as well
  for (const Tensor& g : gradients_) {
    if (g.body()->use_count() == 1) continue;
    const Ref<Storage> old = g.storage();
    try {
      const Ref<Storage> own = Storage::allocate(old->bytes(), old->device());
      std::memcpy(own->data(), old->data(), size_t(old->bytes()));
      for (const Tensor& other : gradients_)
        if (other.storage() == old) other.body()->storage = own;
    } catch (...) { return; }
  }
}

Tensor Runner::tensor_of(const BufferView& view) {
  const Buffer& buffer = list_.buffers[size_t(view.buffer)];
  Ref<TensorBody> body(new TensorBody);
  set_geometry(*body, view.sizes, view.strides, view.offset, "record");
  body->dtype = view.dtype;
  body->device = buffer.device;
  body->storage = storages_[size_t(view.buffer)];
  const int64_t begin = view.offset * item_size(view.dtype);
  if (buffer.role == BufferRole::Input) {
    const BufferView& input = list_.inputs[size_t(buffer.input)];
    of_input_[size_t(buffer.input)].push_back({body.get(), begin - input.offset * item_size(input.dtype)});
  } else if (buffer.role == BufferRole::Output) {
    of_output_[size_t(view.buffer)].push_back({body.get(), begin});
  }
  return Tensor(std::move(body));
}

Runner::Runner(StepList list, const RunnerOptions& options) : list_(std::move(list)), options_(options), scratch_(list_.calls.size()) {
  if (options_.graphs && !options_.timed)
    graphs_ = RunnerGraphs::of(list_, {[this](size_t i) { call_kernel(calls_[i], scratch_); }, [this](size_t i) { tell_written(calls_[i]); }});
  candidates_ = list_.side_by_side;
  if (!candidates_.empty()) trial_ = Trial::Settled, trial_threads_ = get_num_threads();
  else if (options_.side_by_side && !options_.timed && !graphs_) trial_ = Trial::Measure;
  lay_out();
}

// Anew where it is known what runs side by side.
void Runner::lay_out() {
  laid_out_ = false;
  groups_.clear();
  written_in_groups_.clear();
  gradients_.clear();
  storages_.clear();
  calls_.clear();
  tensors_.clear();
  of_input_.clear();
  of_output_.clear();
  on_host_.clear();
  output_buffers_.clear();
  results_.clear();
  choose_planned();
  list_.side_by_side = candidates_;
  plan_ = plan_memory(list_);
  std::vector<Ref<Storage>> arenas;
  for (const MemoryPlan::Arena& arena : plan_.arenas) arenas.push_back(lasting_storage(arena.bytes, arena.device));
  move_gradients(arenas);
  for (size_t b = 0; b < list_.buffers.size(); ++b) {
    Buffer& buffer = list_.buffers[b];
    if (buffer.role == BufferRole::Input && buffer.storage) on_host_.push_back({size_t(buffer.input), buffer.storage});
    Ref<Storage> storage = buffer.storage;
    if (buffer.role == BufferRole::Output && options_.reuse_outputs) {
      buffer.role = BufferRole::Kept;
      storage = buffer.storage = Storage::allocate(buffer.bytes, buffer.device);
    } else if (buffer.role == BufferRole::Temporary) {
      if (const int32_t arena = plan_.arena[b]; arena >= 0) {
        const Ref<Storage>& whole = arenas[size_t(arena)];
        storage = Storage::external(whole->data() + plan_.offset[b], buffer.bytes, buffer.device,
                                    std::shared_ptr<void>(nullptr, [whole](void*) {}));  // it lives as long as they
      } else {
        storage = Storage::external(nullptr, 0, buffer.device, nullptr);
      }
    }
    storages_.push_back(std::move(storage));
  }

  of_input_.resize(list_.inputs.size());
  of_output_.resize(list_.buffers.size());
  // One tensor for each view, however often it is used.
  struct Known {
    const BufferView* view;
    size_t place, next;  // the next one of its buffer; 0: none
  };
  std::vector<Known> known(1);
  std::vector<size_t> of_buffer(list_.buffers.size());
  const auto place_of = [&](const BufferView& view) {
    size_t& newest = of_buffer[size_t(view.buffer)];
    for (size_t k = newest; k; k = known[k].next)
      if (*known[k].view == view) return known[k].place;
    tensors_.push_back(tensor_of(view));
    known.push_back({&view, tensors_.size() - 1, newest});
    newest = known.size() - 1;
    return tensors_.size() - 1;
  };
  tensors_.emplace_back();     // the undefined one
  std::vector<size_t> places;  // of all views in their order
  for (const ListedCall& call : list_.calls)
    for (const CallArgument& a : call.arguments)
      for (const BufferView& v : a.views) places.push_back(v.defined() ? place_of(v) : 0);
  for (const BufferView& v : list_.outputs) results_.push_back(v.defined() ? tensors_[place_of(v)] : Tensor());
  // From here on `tensors_` grows no more: calls point into it.
  calls_.reserve(list_.calls.size());
  auto next = places.begin();
  for (ListedCall& call : list_.calls) {
    Prepared& p = calls_.emplace_back();
    p.slot = call.slot;
    p.call = call.call;
    p.device = call.device;
    if (call.is_action()) {
      p.action = &call.action;
      p.lists.resize(2);  // what a function on the host writes, and what it reads
    }
    p.at.reserve(call.arguments.size());
    const auto lists =
        std::count_if(call.arguments.begin(), call.arguments.end(), [](const CallArgument& a) { return a.kind == SlotArgument::Kind::Inputs; });
    p.lists.reserve(size_t(lists));  // calls point into both
    p.spans.reserve(size_t(lists));
    for (CallArgument& a : call.arguments) {
      const std::span<const size_t> of_argument(next, a.views.size());
      next += ptrdiff_t(a.views.size());
      const bool written = a.kind == SlotArgument::Kind::Output;
      if (a.refresh) p.refreshed.push_back(&a);
      if (call.is_action()) {
        for (size_t place : of_argument) p.lists[written ? 0 : 1].push_back(tensors_[place]);
      } else if (a.type) {
        p.at.push_back(a.value.get());
      } else if (a.kind == SlotArgument::Kind::Inputs) {
        auto& tensors = p.lists.emplace_back();
        for (size_t place : of_argument) tensors.push_back(tensors_[place]);
        p.at.push_back(&p.spans.emplace_back(tensors));
      } else {
        p.at.push_back(&tensors_[of_argument[0]]);
      }
      if (written && a.views[0].defined())
        if (const BufferRole role = list_.buffers[size_t(a.views[0].buffer)].role; role != BufferRole::Temporary && role != BufferRole::Output)
          p.written.push_back(tensors_[of_argument[0]].body());
    }
  }
  for (const auto& [first, end] : optimizer_runs(list_))
    for (size_t i = first; i < end; ++i) calls_[i].one_pass = i == first ? Prepared::First : Prepared::Further;
  for (size_t b = 0; b < of_output_.size(); ++b)
    if (!of_output_[b].empty()) output_buffers_.push_back(int32_t(b));
  const Order order(list_);
  for (const SideBySide& group : list_.side_by_side) {
    groups_.push_back(std::make_unique<Group>(group, order));
    groups_.back()->taken = trial_ == Trial::Settled;
    calls_[size_t(group.begin)].group = groups_.back().get();
    while (int(lane_scratch_.size()) < group.lanes()) lane_scratch_.push_back(std::make_unique<Scratch>(calls_.size()));
    for (int32_t i = group.begin; i < group.end; ++i)
      for (const TensorBody* body : calls_[size_t(i)].written) written_in_groups_.add(*body->storage);
  }
  if (trial_ != Trial::Settled) list_.side_by_side.clear();
  laid_out_ = true;
}

void Runner::bind_input(size_t i, const Tensor& given) {
  const TensorBody& input = *given.body();
  const int64_t begin = input.offset * item_size(input.dtype);
  for (const Bound& bound : of_input_[i]) {
    bound.body->storage = input.storage;
    bound.body->offset = (begin + bound.bytes_from) / item_size(bound.body->dtype);
  }
}

void Runner::bind(std::span<const Tensor> inputs) {
  if (inputs.size() != list_.inputs.size()) fail("record", "inputs", std::to_string(list_.inputs.size()), std::to_string(inputs.size()));
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!of_input_[i].empty()) bind_input(i, inputs[i]);
  for (OnHost& seen : on_host_) {
    const Tensor& input = inputs[seen.input];
    const BufferView& recorded = list_.inputs[seen.input];
    seen.own = seen.storage->move_external(static_cast<char*>(input.address()) - recorded.offset * item_size(recorded.dtype));
  }
  for (int32_t b : output_buffers_) {
    const Buffer& buffer = list_.buffers[size_t(b)];
    const Ref<Storage> fresh = Storage::allocate(buffer.bytes, buffer.device);
    for (const Bound& bound : of_output_[size_t(b)]) bound.body->storage = fresh;
  }
}

// What came with the run goes with it.
void Runner::unbind() noexcept {
  for (OnHost& seen : on_host_)
    if (char* const own = std::exchange(seen.own, nullptr)) seen.storage->move_external(own);
  for (const auto& bounds : of_input_)
    for (const Bound& bound : bounds) bound.body->storage.reset();
  for (int32_t b : output_buffers_)
    for (const Bound& bound : of_output_[size_t(b)]) bound.body->storage.reset();
}

class Runner::Binding {
 public:
  Binding(Runner& runner, std::span<const Tensor> inputs) : runner_(runner) {
    try {
      runner.bind(inputs);
    } catch (...) {
      runner.unbind();
      throw;
    }
  }
  ~Binding() { runner_.unbind(); }
  Binding(const Binding&) = delete;

 private:
  Runner& runner_;
};

void Runner::call_kernel(Prepared& p, Scratch& scratch) {
  if (p.action && !p.action->function) return p.action->run();
  const Scratch::Call call(scratch, size_t(&p - calls_.data()));
  if (p.action) p.action->function(p.lists[0], p.lists[1]);
  else p.call(*p.slot, p.device, p.at.data());
}

void Runner::tell_written(const Prepared& p) {
  for (TensorBody* body : p.written) body->storage->bump_version();
}

void Runner::run_call(Prepared& p, Scratch& scratch) {
  call_kernel(p, scratch);
  tell_written(p);
}

// `one_by_one`: each call is done before the next begins.
template <bool timed, bool one_by_one, class F>
void Runner::run_calls(F&& after) {
  std::optional<Together> together;
  for (size_t i = 0; i < calls_.size(); ++i) {
    Prepared& p = calls_[i];
    if constexpr (!one_by_one) {
      if (together && p.one_pass != Prepared::Further) together.reset();
      if (p.one_pass == Prepared::First) together.emplace();
      if (p.group && groups_may_run_) {
        together.reset();  // what calls of a group left to it would be done behind those that wait for them
        i = run_group(*p.group) - 1;
        continue;
      }
    }
    [[maybe_unused]] Clock::time_point begin;
    if constexpr (timed) begin = Clock::now();
    p.refresh();
    run_call(p, scratch_);
    if constexpr (timed) p.spent += Clock::now() - begin;
    after(p);
  }
  scratch_.run_ends();
  for (const auto& scratch : lane_scratch_)
    if (groups_may_run_) scratch->run_ends();
  ++runs_;
}

void Runner::run(std::span<const Tensor> inputs, std::vector<Tensor>& outputs) {
  if (goes_by_graphs(inputs)) return run_by_graphs(inputs, outputs);
  if (!laid_out_) lay_out();
  // Whoever listens is told calls one after the other; what was measured holds for so many threads.
  const int threads = trial_ == Trial::None || lazuli::detail::slots_watched ? 1 : get_num_threads();
  groups_may_run_ = threads > 1 && threads == trial_threads_ && apart_from_groups(inputs);
  const Clock::time_point began = trial_ == Trial::Compare ? Clock::now() : Clock::time_point();
  if (threads > 1 && trial_ == Trial::Measure && !could_run_side_by_side(list_)) trial_ = Trial::None;
  {
    const Binding binding(*this, inputs);
    const auto nothing = [](const Prepared&) {};
    if (options_.timed) run_calls<true, true>(nothing);
    else if (threads > 1 && trial_ == Trial::Measure) run_measured();
    else run_calls<false, false>(nothing);
    give(outputs);
  }
  if (groups_may_run_) count_trial(began);
  if (!laid_out_) {
    try {
      lay_out();
    } catch (const std::exception&) {  // the next run lays out what there was, which takes less memory
      candidates_.clear();
      trial_ = Trial::None;
    }
  }
}

void Runner::give(std::vector<Tensor>& outputs) const {
  outputs.resize(results_.size());
  for (size_t i = 0; i < results_.size(); ++i) {
    const Tensor& r = results_[i];
    outputs[i] = r.defined() ? alias(r, r.sizes(), r.strides(), r.storage_offset(), "record") : Tensor();
  }
}

std::vector<Tensor> Runner::run(std::span<const Tensor> inputs) {
  std::vector<Tensor> outputs;
  run(inputs, outputs);
  return outputs;
}

void Runner::run_watched(std::span<const Tensor> inputs, const Watcher& watcher, const std::function<void(const Tensor&)>& see) {
  if (!laid_out_) lay_out();
  const Binding binding(*this, inputs);
  run_calls<false, true>([&](const Prepared& p) {
    if (p.action) return;
    const auto number = size_t(&p - calls_.data());
    const ListedCall& call = list_.calls[number];
    std::vector<SlotArgument> views;
    for (size_t i = 0; i < p.at.size(); ++i) {
      const CallArgument& a = call.arguments[i];
      if (a.type) views.push_back(a.type->view(p.at[i]));
      else if (a.kind == SlotArgument::Kind::Inputs)
        views.push_back(SlotArgument::of<std::span<const Tensor>>(*static_cast<const std::span<const Tensor>*>(p.at[i])));
      else if (a.kind == SlotArgument::Kind::Output) views.push_back(SlotArgument::of<Tensor&>(*static_cast<const Tensor*>(p.at[i])));
      else views.push_back(SlotArgument::of<const Tensor&>(*static_cast<const Tensor*>(p.at[i])));
    }
    watcher(number, views);
  });
  for (const Tensor& t : results_) see(t);
}

std::vector<double> Runner::times() const {
  std::vector<double> all;
  if (options_.timed && runs_)
    for (const Prepared& p : calls_) all.push_back(std::chrono::duration<double, std::micro>(p.spent).count() / double(runs_));
  return all;
}

}  // namespace lazuli::recording
