#include "lazuli/record/recorder.h"

#include <algorithm>
#include <cstring>

#include "lazuli/autograd/meta.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/memory/memory.h"
#include "lazuli/core/profiler/call_stack.h"
#include "lazuli/core/slots.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/record/frozen/contracts.h"

namespace lazuli::recording {
namespace {

std::string here() {
  const std::string line = user_line(call_stack());
  return line.empty() ? "" : ", at " + line;
}

const Tensor& gradient_of(const Tensor& leaf) {
  static const Tensor none;
  const AutogradMeta* meta = autograd_meta(leaf);
  return meta ? meta->grad : none;
}
bool has_history(const Tensor& t) {
  const AutogradMeta* meta = autograd_meta(t);
  return meta && (meta->grad_fn || meta->base.defined());
}

std::shared_ptr<void> keeping(const Ref<Storage>& storage) {
  return std::shared_ptr<void>(nullptr, [storage](void*) {});
}

BufferView bytes_view(int32_t buffer, int64_t bytes) { return {buffer, kUInt8, {bytes}, {1}, 0}; }

}  // namespace

// ---- guards ----

bool Guards::hold(std::span<const Tensor> inputs) const {
  for (const Leaf& l : leaves_)
    if (!inputs[l.input].is_same(l.tensor)) return false;
  if (structural_changes_ != lazuli::detail::structural_changes()) return false;
  const auto same = [](const Captured& c) { return c.tensor.body()->storage == c.storage && c.tensor.body()->requires_grad == c.requires_grad; };
  for (const LeafGradient& g : gradients_) {
    const Tensor& now = gradient_of(g.leaf);
    if (now.defined() != g.defined || (g.storage && now.body()->storage != g.storage)) return false;
  }
  for (const Captured& c : captured_)
    if (!same(c)) return false;
  for (const ModuleState& m : modules_)
    if (nn::detail::Parts::training(*m.module) != m.training) return false;
  for (const ModuleTensor& m : module_tensors_)
    if (!m.slot->tensor.is_same(m.state.tensor) || !same(m.state)) return false;
  for (const auto& holds : others_)
    if (!holds()) return false;
  return true;
}

// ---- the run ----

Recorder::Recorder(bool lenient) : lenient_(lenient) {}
Recorder::~Recorder() { stop(); }

std::vector<Tensor> Recorder::begin(std::span<const Tensor> inputs) {
  std::vector<Tensor> given;
  for (const Tensor& input : inputs) {
    const bool memory = input.defined() && input.storage();
    holders_.emplace_back(memory ? input.body()->use_count() : 0, memory ? input.storage()->use_count() : 0);
    inputs_.push_back(input);
    if (!input.defined()) {
      list_.inputs.emplace_back();
      given.push_back(input);
      continue;
    }
    if (has_history(input) && input.requires_grad())
      fail(ErrorKind::State, "record", "inputs", "tensors without history", "one that was computed with gradients: detach() it");
    const TensorBody& body = *input.body();
    Tensor own = input;
    if (!body.requires_grad && body.storage) {
      Ref<TensorBody> shadow(new TensorBody);
      set_geometry(*shadow, body.sizes, body.strides, body.offset, "record");
      shadow->dtype = body.dtype;
      shadow->device = body.device;
      shadow->inference = body.inference;
      shadow->storage = Storage::external(body.storage->data(), body.storage->bytes(), body.storage->device(), keeping(body.storage));
      own = Tensor(std::move(shadow));
    }
    const int32_t buffer = new_buffer(own.storage(), BufferRole::Input);
    list_.buffers.back().input = int32_t(given.size());
    if (!input_of_.emplace(own.storage().get(), buffer).second)
      fail(ErrorKind::NotSupported, "record", "inputs", "leaves that require grad in memory of their own", "two in the same");
    list_.inputs.push_back({buffer, body.dtype, body.sizes, body.strides, body.offset});
    given.push_back(std::move(own));
  }
  return given;
}

void Recorder::start() {
  list_.calls.reserve(128);
  memory_.before = memory_.most = bytes_now_ = memory_stats(kCPU).allocated;
  listening_.emplace(*this);
  scopes_.emplace(*this);
  observer_before_ = std::exchange(lazuli::detail::step_observer, this);
  running_ = true;
}

void Recorder::stop() noexcept {
  if (!running_) return;
  running_ = false;
  lazuli::detail::step_observer = observer_before_;
  scopes_.reset();
  listening_.reset();
}

void Recorder::refuse(std::string_view function, std::string_view what) {
  if (paused_ || !why_not_.empty()) return;
  const std::string got = std::string(function) + ", which " + std::string(what) + here();
  if (!lenient_)
    fail(ErrorKind::NotSupported, "record", std::string(function), "a step whose calls are the same each time, without values read on the host", got);
  why_not_ = got;
}

// ---- calls ----

bool Recorder::takes_fresh_values(const SlotCall& call) const {
  return std::any_of(call.arguments.begin(), call.arguments.end(),
                     [&](const SlotArgument& a) { return a.as<PhiloxState>() || fresh_.contains(a.address()); });
}

void Recorder::call_begins(const SlotCall& call) {
  if (paused_) return;
  const bool whole = inside_ > 0 || call.by != ServedBy::Composite || takes_fresh_values(call);
  if (whole && inside_ == 0 && why_not_.empty()) list_call(call);
  open_calls_.push_back(whole);
  inside_ += whole;
}
void Recorder::call_ends(const SlotCall& call, bool threw) noexcept {
  if (paused_ || open_calls_.empty()) return;
  if (after_ && inside_ == 1 && open_calls_.back() && !threw) after_(int32_t(list_.calls.size()) - 1, call);
  inside_ -= open_calls_.back();
  open_calls_.pop_back();
}

void Recorder::add_call(ListedCall call) {
  if (!paths_.empty()) call.module = paths_.back();
  call.number = int32_t(list_.calls.size());
  list_.calls.push_back(std::move(call));
}
void Recorder::add_action(HostAction action) {
  ListedCall call;
  call.action = std::move(action);
  add_call(std::move(call));
}

void Recorder::list_call(const SlotCall& call) {
  const SlotType* type = slot_type(call.slot);
  if (!type) return refuse(call.slot.name, "is a slot that is not known: know_slot() makes it known");
  ListedCall listed;
  listed.slot = type->slot;
  listed.call = type->call;
  listed.device = call.device;
  std::vector<CallArgument>& arguments = listed.arguments;
  arguments.resize(call.arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    CallArgument& a = arguments[i];
    a.kind = call.arguments[i].kind();
    a.type = type->arguments[i].value;
    if (!a.type) continue;
    const void* at = call.arguments[i].address();
    a.value = a.type->copy(at);
    if (auto fresh = fresh_.find(at); fresh != fresh_.end()) a.refresh = std::move(fresh->second);
    else if (const PhiloxState* place = call.arguments[i].as<PhiloxState>()) a.refresh = fresh_place(*place);
  }
  const auto take = [&](size_t i, Access access) {
    const std::span<const Tensor> tensors = call.arguments[i].tensors();
    arguments[i].views.reserve(tensors.size());
    for (const Tensor& t : tensors) arguments[i].views.push_back(t.defined() ? view_of(t, access) : BufferView());
  };
  // What is read first: of a tensor that was made on the host and is only now written, the values are to be kept.
  const auto is_output = [&](size_t i) { return arguments[i].kind == SlotArgument::Kind::Output; };
  for (size_t i = 0; i < arguments.size(); ++i)
    if (!is_output(i)) take(i, Access::Reads);
  for (size_t i = 0; i < arguments.size(); ++i)
    if (is_output(i) && reads_output(listed, i)) take(i, Access::Changes);
  for (size_t i = 0; i < arguments.size(); ++i)
    if (is_output(i) && arguments[i].views.empty()) take(i, Access::Overwrites);
  fresh_.clear();
  add_call(std::move(listed));
}

void Recorder::transfer(Tensor& to, const Tensor& from, bool non_blocking) {
  if (paused_ || inside_) return;
  const BufferView source = view_of(from, Access::Reads), target = view_of(to, Access::Overwrites);
  add_call(ListedCall::of(*slot_type("transfer"), to.device(),
                          {CallArgument::output(target), CallArgument::input(source), CallArgument::of(non_blocking)}));
}

void Recorder::argument(const void* value, std::function<void(void*)> refresh) {
  if (!paused_) fresh_[value] = std::move(refresh);
}

// ---- buffers ----

int32_t Recorder::new_buffer(const Ref<Storage>& storage, BufferRole role) {
  const int32_t buffer = list_.add_buffer(role, storage->bytes(), storage->device());
  Known& k = known_.emplace_back();
  k.storage = storage.get();
  if (role != BufferRole::Temporary) k.held = storage;
  return buffer;
}

int32_t Recorder::buffer_of(const Tensor& t, Access access) {
  const bool write = access != Access::Reads;
  const Ref<Storage>& storage = t.storage();
  int32_t buffer = -1;
  if (auto input = input_of_.find(storage.get()); input != input_of_.end()) {
    buffer = input->second;
  } else if (storage->bytes() == 0) {
    return new_buffer(storage, BufferRole::Temporary);
  } else {
    const void* data = storage->data();
    if (auto known = live_.find(data); known != live_.end()) {
      buffer = known->second;
    } else {
      if (born_in_region_.contains(data)) refuse("cut", "makes a tensor that the step uses afterwards: write into one that was there before");
      const bool from_host = numbers_.contains(storage.get()), born = from_host || born_.contains(data);
      if (!write && born && !from_host && storage->version() > 0)
        refuse("data_ptr",
               "is where code of your own writes, unseen: a slot that is known, host_function() or a tensor that is made of numbers are seen");
      // In-place functions count the version up before they write what nobody has written yet.
      const bool fresh = !from_host && (access == Access::Overwrites || (write && storage->version() == 0));
      const BufferRole role = !born ? BufferRole::Captured : fresh ? BufferRole::Temporary : BufferRole::Constant;
      buffer = new_buffer(storage, role);
      known_.back().born = born;
      live_.emplace(data, buffer);
    }
    Known& k = known_[size_t(buffer)];
    if (k.first_call < 0) k.first_call = int32_t(list_.calls.size());
    if (!write && list_.buffers[size_t(buffer)].role == BufferRole::Captured && !has_history(t) && captured_seen_.insert(t.body()).second)
      guards_.captured_.push_back({t, storage, t.body()->requires_grad});
  }
  if (write) about_to_write(buffer);
  return buffer;
}

void Recorder::about_to_write(int32_t buffer) {
  Known& k = known_[size_t(buffer)];
  k.last_writer = int32_t(list_.calls.size());
  if (std::exchange(k.written, true) || list_.buffers[size_t(buffer)].role != BufferRole::Constant) return;
  if (!k.storage->device().is_cpu()) refuse("step", "writes to memory of a device that the host has written");
  ++paused_;
  k.before = Storage::allocate(k.storage->bytes(), kCPU);
  --paused_;
  std::memcpy(k.before->data(), k.storage->data(), size_t(k.storage->bytes()));
}

BufferView Recorder::view_of(const Tensor& t, Access access) {
  const TensorBody& body = *t.body();
  return {buffer_of(t, access), body.dtype, body.sizes, body.strides, body.offset};
}

void Recorder::allocated(const Allocation& memory) noexcept {
  if (memory.device.is_cpu()) memory_.most = std::max(memory_.most, bytes_now_ += memory.bytes);
  if (in_region_) born_in_region_.insert(memory.data);
  else if (!paused_) born_.insert(memory.data);
}
void Recorder::freed(const Allocation& memory) noexcept {
  if (memory.device.is_cpu()) bytes_now_ -= memory.bytes;
  born_.erase(memory.data);
  born_in_region_.erase(memory.data);
  if (auto at = live_.find(memory.data); at != live_.end()) {
    known_[size_t(at->second)].gone = true;
    live_.erase(at);
  }
}
void Recorder::made_on_host(Storage& storage) {
  if (paused_) return;
  if (numbers_.insert(&storage).second) held_numbers_.emplace_back(&storage);
}

// ---- what cannot be recorded ----

void Recorder::value_read(const Tensor& t) {
  if (paused_ || inside_) return;
  const Ref<Storage>& storage = t.storage();
  const char* writer = "there before the step";
  std::string by;
  if (auto known = live_.find(storage->data()); known != live_.end()) {
    const Known& k = known_[size_t(known->second)];
    if (k.born && !k.written) return;  // the host made it
    if (k.last_writer >= 0) by = "computed by '" + name_of(list_.calls[size_t(k.last_writer)]) + "'";
  } else if (numbers_.contains(storage.get()) || born_.contains(storage->data())) {
    return;
  }
  if (reads_decide_ && t.numel() == 1 && t.device().is_cpu()) return read_decides(t);
  if (by.empty()) by = input_of_.contains(storage.get()) ? "an input" : writer;
  refuse("item", "reads a value that is " + by + ": the step would go on by it");
}

// What runs before it is taken back where a call has to begin again.
void Recorder::need_way_back(std::string_view function) {
  for (const ListedCall& call : list_.calls)
    if (const HostAction& a = call.action; call.is_action() && !a.save && !a.function && !a.found)
      return refuse(function, "decides how the step goes on, behind '" + a.name + "', which cannot be taken back");
}

void Recorder::read_decides(const Tensor& t) {
  need_way_back("item");
  const auto value = [](const Tensor& at) { return load_scalar(at.const_data_ptr(), at.dtype()); };
  const Scalar found = decisions_->next([&] { return value(t); });
  ListedCall call;
  call.action = {HostAction::Kind::Function, "item = " + to_string(found), nullptr, nullptr, {}, nullptr, {}, found};
  call.action.function = [decisions = decisions_, value, found](std::span<Tensor>, std::span<const Tensor> in) {
    if (!same_number(decisions->next([&] { return value(in[0]); }), found)) throw GoesElsewhere();
  };
  call.arguments.push_back(CallArgument::inputs({view_of(t, Access::Reads)}));
  add_call(std::move(call));
}

Scalar Recorder::decide(std::string_view name, std::function<Scalar()> find) {
  if (paused_) return find();
  need_way_back(name);
  list_gradients();
  end_segments();
  Scalar found;
  unseen(true, [&] { found = decisions_->next(find); });
  HostAction action{HostAction::Kind::Region, std::string(name) + " = " + to_string(found), nullptr, nullptr, {}, nullptr, {}, found};
  action.run = [decisions = decisions_, find = std::move(find), found] {
    if (!same_number(decisions->next(find), found)) throw GoesElsewhere();
  };
  add_action(std::move(action));
  return found;
}
void Recorder::host_loop(std::string_view function, Device) {
  if (paused_ || inside_ || function == "linspace") return;  // that one makes numbers of numbers
  refuse(function, "computes on the host");
}

// ---- modules ----

void Recorder::scope_begins(const Scope& scope) noexcept {
  std::string path = paths_.empty() ? std::string() : paths_.back();
  switch (scope.kind) {
    case Scope::Kind::Module:
      path += (path.empty() ? "" : ".") + std::string(scope.name);
      if (auto* module = static_cast<nn::Module*>(const_cast<void*>(scope.object));
          std::find(modules_.begin(), modules_.end(), module) == modules_.end())
        modules_.push_back(module);
      break;
    case Scope::Kind::Backward:
      backward_seen_.insert(scope.object);
      if (auto made = node_paths_.find(scope.object); made != node_paths_.end()) path = made->second + " backward";
      break;
    case Scope::Kind::User: break;
  }
  paths_.push_back(std::move(path));
}
void Recorder::scope_ends(const Scope&) noexcept {
  if (!paths_.empty()) paths_.pop_back();
}
void Recorder::operator_recorded(std::string_view, const void* node) noexcept {
  backward_seen_.erase(node);  // another one was there before
  node_paths_[node] = paths_.empty() ? std::string() : paths_.back();
}
void Recorder::module_gone(const void* module) noexcept { std::erase(modules_, module); }

// ---- the host ----

void Recorder::numbers(std::string_view name, std::function<void()> run, std::function<std::function<void()>()> save) {
  if (!paused_) add_action({HostAction::Kind::Numbers, std::string(name), std::move(run), std::move(save), {}, {}});
}

// Runs `f` with nobody to see what it does.
template <class F>
void Recorder::unseen(bool as_region, F&& f) {
  struct Pause {
    Recorder& r;
    const bool region;
    Pause(Recorder& recorder, bool as_region) : r(recorder), region(as_region) {
      ++r.paused_, r.in_region_ += region;
      lazuli::detail::step_observer = nullptr;
    }
    ~Pause() {
      lazuli::detail::step_observer = &r;
      --r.paused_, r.in_region_ -= region;
    }
  } const pause(*this, as_region);
  f();
}

void Recorder::region(std::string_view name, std::function<void()> run) {
  if (paused_) return run();
  list_gradients();
  end_segments();
  add_action({HostAction::Kind::Region, std::string(name), run, nullptr, {}, {}});
  unseen(true, run);
}

void Recorder::host_function(std::string_view name, std::span<Tensor> outputs, std::span<const Tensor> inputs, const HostFunction& f,
                             PhiloxState* place) {
  if (paused_ || inside_ || !why_not_.empty()) return f(outputs, inputs);
  ListedCall call;
  call.action = {HostAction::Kind::Function, std::string(name), nullptr, nullptr, {}, f};
  std::vector<BufferView> read;
  for (const Tensor& t : inputs) read.push_back(view_of(t, Access::Reads));
  for (const Tensor& t : outputs) call.arguments.push_back(CallArgument::output(view_of(t, Access::Overwrites)));
  call.arguments.push_back(CallArgument::inputs(std::move(read)));
  if (place)
    call.action.function = [f, place, refresh = fresh_place(*place)](std::span<Tensor> out, std::span<const Tensor> in) {
      refresh(place);
      f(out, in);
    };
  add_call(std::move(call));
  unseen(false, [&] { f(outputs, inputs); });
}

void Recorder::initialize(const std::function<void()>& run) { unseen(false, run); }

void Recorder::guard(std::function<bool()> holds) {
  if (!paused_) guards_.others_.push_back(std::move(holds));
}

// ---- random numbers ----

Recorder::Segment* Recorder::open_segment(const void* stream) {
  for (Segment& s : segments_)
    if (s.open && s.stream == stream) return &s;
  return nullptr;
}

Recorder::Segment& Recorder::begin_segment(const Generator& generator, const void* stream, const PhiloxState& now, bool absolute) {
  Segment& s = segments_.emplace_back(Segment{generator, stream, now, now.offset, std::make_shared<PhiloxState>(now), std::make_shared<uint64_t>(0)});
  s.absolute = absolute;
  auto save = [generator]() -> std::function<void()> { return [generator, state = generator.get_state()] { generator.set_state(state); }; };
  std::function<void()> run;
  if (absolute)
    run = [generator, now, advance = s.advance] {
      generator.set_state("philox " + std::to_string(now.seed) + " " + std::to_string(now.offset + *advance));
    };
  else run = [generator, base = s.base, advance = s.advance] { *base = generator.take(*advance); };
  add_action({HostAction::Kind::Numbers,
              absolute ? "random stream from " + std::to_string(now.seed) + " " + std::to_string(now.offset) : "random stream",
              std::move(run),
              std::move(save),
              {stream},
              {}});
  return s;
}

void Recorder::end_segments() {
  for (Segment& s : segments_) s.open = false;
}

void Recorder::drawn(const Generator& generator, const void* stream, const PhiloxState& at, uint64_t counters) {
  if (paused_ || inside_) return;
  Segment* s = open_segment(stream);
  if (!s) s = &begin_segment(generator, stream, at, false);
  *s->advance = at.offset + counters - s->first.offset;
  s->furthest = std::max(s->furthest, at.offset + counters);
  draws_.push_back({at.seed, at.offset, counters, size_t(s - segments_.data())});
}

void Recorder::placed(const Generator& generator, const void* stream, const PhiloxState& at) {
  if (paused_ || inside_) return;
  Segment* s = open_segment(stream);
  // Back to where it was in this step, as a recomputation does, is the same way in each replay.
  if (s && at.seed == s->first.seed && at.offset >= s->first.offset && at.offset <= s->furthest) {
    *s->advance = at.offset - s->first.offset;
    return;
  }
  if (s) s->open = false;
  begin_segment(generator, stream, at, true);
}

std::function<void(void*)> Recorder::fresh_place(const PhiloxState& place) {
  for (auto draw = draws_.rbegin(); draw != draws_.rend(); ++draw)
    if (draw->seed == place.seed && place.offset >= draw->offset && place.offset <= draw->offset + draw->counters) {
      const Segment& s = segments_[draw->segment];
      const uint64_t from_base = place.offset - s.first.offset;
      return [base = s.base, from_base](void* value) { *static_cast<PhiloxState*>(value) = {base->seed, base->offset + from_base}; };
    }
  refuse("random", "takes a place in a stream that no generator gave in this step");
  return {};
}

// ---- gradients ----

// Nobody but the step has it, which makes another one in each call.
bool Recorder::made_here(const Tensor& t) const {
  const Ref<Storage>& storage = t.storage();
  if (!storage || !storage->bytes()) return false;
  if (auto known = live_.find(storage->data()); known != live_.end()) return known_[size_t(known->second)].born;
  return numbers_.contains(storage.get()) || born_.contains(storage->data());
}
void Recorder::gradient_read(const Tensor& leaf) {
  if (paused_ || has_history(leaf) || made_here(leaf) || !leaf_seen_.insert(leaf.body()).second) return;
  const Tensor& now = gradient_of(leaf);
  guards_.gradients_.push_back({leaf, now.defined(), now.defined() ? now.body()->storage.get() : nullptr, nullptr});
}
void Recorder::gradient_set(const Tensor& leaf) {
  if (paused_ || has_history(leaf) || made_here(leaf)) return;
  for (const Tensor& input : inputs_)
    if (input.is_same(leaf)) refuse("backward", "gives a gradient to an input: pass it to autograd::grad, or capture it");
  leaf_seen_.insert(leaf.body());
  for (const Tensor& known : changed_leaves_)
    if (known.is_same(leaf)) return;
  changed_leaves_.push_back(leaf);
}

void Recorder::list_gradients() {
  if (changed_leaves_.empty()) return;
  struct Change {
    Tensor leaf, gradient;
  };
  std::vector<Change> changes;
  HostAction action{HostAction::Kind::Gradient, "gradients", nullptr, nullptr, {}, {}};
  for (const Tensor& leaf : changed_leaves_) {
    Tensor g = gradient_of(leaf);
    if (g.defined()) {
      const int32_t buffer = buffer_of(g, Access::Reads);
      if (list_.buffers[size_t(buffer)].role == BufferRole::Input) refuse("set_grad", "gives an argument of the step to a tensor: clone() it");
      gradient_buffers_.insert(buffer);
      if (has_history(g) || g.body()->requires_grad) g = alias(g);
      action.gradients.push_back(g);
    }
    action.subjects.push_back(leaf.body());
    if (!g.defined()) action.subjects.push_back(nullptr);
    changes.push_back({leaf, std::move(g)});
  }
  changed_leaves_.clear();
  action.save = [changes]() -> std::function<void()> {
    std::vector<Change> before = changes;
    for (Change& c : before) c.gradient = gradient_of(c.leaf);
    return [before] {
      for (const Change& c : before) c.leaf.set_grad(c.gradient);
    };
  };
  action.run = [changes = std::move(changes)] {
    for (const Change& c : changes)
      if (!gradient_of(c.leaf).is_same(c.gradient)) c.leaf.set_grad(c.gradient);
  };
  add_action(std::move(action));
}

// ---- the end ----

Tensor Recorder::returned(const Tensor& result) {
  if (!result.defined() || !why_not_.empty()) return result;
  if (const Ref<Node> made_by = result.requires_grad() ? result.grad_fn() : Ref<Node>(); made_by && !backward_seen_.contains(made_by.get())) {
    const std::string got =
        std::string("one of '") + made_by->name() + "' with gradients still to be computed: call backward() in the step, detach() it, or use no_grad";
    if (!lenient_) fail(ErrorKind::State, "record", "result", "results whose backward is in the step, or that are detached", got);
    why_not_ = "a result that is " + got;
    return result;
  }
  if (const Ref<Storage>& storage = result.storage(); storage && (result.body()->use_count() > 1 || storage->use_count() > 1))
    if (const auto at = live_.find(storage->data()); at != live_.end() && !gradient_buffers_.contains(at->second))
      if (const Known& k = known_[size_t(at->second)]; k.born && seen_by_actions(k.first_call)) return clone(result.detach());
  return alias(result);
}

// Whether code on the host that may hold anything runs behind this call.
bool Recorder::seen_by_actions(int32_t from) const {
  return std::any_of(list_.calls.begin() + from, list_.calls.end(),
                     [](const ListedCall& call) { return call.is_action() && call.action.kind == HostAction::Kind::Region; });
}

// Arguments that were stored in the step: actions may hold them. They see the run's argument through the storage that this one got; a leaf has none, and has to be the same one.
void Recorder::find_inputs_of_actions() {
  if (!seen_by_actions(0)) return;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const Tensor& input = inputs_[i];
    if (!list_.inputs[i].defined()) continue;
    const auto b = size_t(list_.inputs[i].buffer);
    const Ref<Storage>& own = known_[b].held;
    if (own != input.storage()) {
      if (own->use_count() > 1) list_.buffers[b].storage = own;
      continue;
    }
    const auto ours = std::count_if(guards_.gradients_.begin(), guards_.gradients_.end(), [&](const auto& g) { return g.leaf.is_same(input); });
    if (input.body()->use_count() > holders_[i].first + 1 + size_t(ours) || own->use_count() > holders_[i].second + 1)
      guards_.leaves_.push_back({i, input});
  }
}

StepList Recorder::finish(const std::vector<Tensor>& outputs) {
  list_gradients();
  end_segments();
  lazuli::detail::step_observer = observer_before_;
  ++paused_;
  find_inputs_of_actions();
  settle_roles(outputs);
  restore_constants();
  stop();
  std::unordered_map<const Storage*, size_t> captured;
  for (size_t b = 0; b < known_.size(); ++b)
    if (list_.buffers[b].role == BufferRole::Captured) captured[known_[b].storage] = b;
  for (auto& g : guards_.gradients_)
    if (const auto at = captured.find(g.memory); at != captured.end()) g.storage = known_[at->second].held;
  for (nn::Module* module : modules_) {
    guards_.modules_.push_back({module, nn::detail::Parts::training(*module)});
    for (const auto* slots : {&nn::detail::Parts::parameters(*module), &nn::detail::Parts::buffers(*module)})
      for (const auto& slot : *slots)
        if (const Tensor& t = slot->tensor; t.defined()) guards_.module_tensors_.push_back({slot, {t, t.body()->storage, t.body()->requires_grad}});
  }
  guards_.structural_changes_ = lazuli::detail::structural_changes();
  for (size_t i = 0; i < inputs_.size(); ++i)  // what was written to an input was written to its other storage
    if (const BufferView& v = list_.inputs[i]; v.defined() && known_[size_t(v.buffer)].written) inputs_[i].storage()->bump_version();
  return std::move(list_);
}

void Recorder::settle_roles(const std::vector<Tensor>& outputs) {
  for (const Tensor& t : outputs) {
    if (!t.defined()) {
      list_.outputs.emplace_back();
      continue;
    }
    const BufferView view = view_of(t, Access::Reads);
    if (list_.buffers[size_t(view.buffer)].role == BufferRole::Constant) about_to_write(view.buffer);  // theirs to change
    list_.outputs.push_back(view);
  }
  for (size_t b = 0; b < known_.size(); ++b) {
    Known& k = known_[b];
    Buffer& buffer = list_.buffers[b];
    if (buffer.role == BufferRole::Constant && k.before) {
      buffer.role = BufferRole::Temporary;
      k.gone = k.held->use_count() == 1 + uint32_t(numbers_.contains(k.storage));
    }
    if (buffer.role == BufferRole::Temporary) {
      const bool returned = std::any_of(list_.outputs.begin(), list_.outputs.end(), [&](const BufferView& v) { return v.buffer == int32_t(b); });
      if (buffer.bytes == 0 || k.gone) continue;
      buffer.role = returned && !gradient_buffers_.contains(int32_t(b)) ? BufferRole::Output : BufferRole::Kept;
      if (buffer.role == BufferRole::Kept) buffer.storage = Ref<Storage>(const_cast<Storage*>(k.storage));
    } else if (buffer.role != BufferRole::Input) {
      buffer.storage = k.held;
    }
  }
}

// A buffer that the host made and that a call writes gets its first contents in each run.
void Recorder::restore_constants() {
  struct Copy {
    int32_t at, to;
    Ref<Storage> from;
  };
  std::vector<Copy> copies;
  for (size_t b = 0; b < known_.size(); ++b)
    if (known_[b].before) copies.push_back({known_[b].first_call, int32_t(b), known_[b].before});
  std::sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) { return a.at > b.at; });
  for (const Copy& copy : copies) {
    const int64_t bytes = copy.from->bytes();
    const int32_t from = list_.add_buffer(BufferRole::Constant, bytes, kCPU);
    list_.buffers.back().storage = copy.from;
    ListedCall call = ListedCall::of(*slot_type(copy_kernel), kCPU,
                                     {CallArgument::output(bytes_view(copy.to, bytes)), CallArgument::input(bytes_view(from, bytes))});
    list_.calls.insert(list_.calls.begin() + copy.at, std::move(call));
  }
}

}  // namespace lazuli::recording
