#include "lazuli/distributed/fully_sharded.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <set>

#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/checkpoint.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/distributed/module_state.h"
#include "lazuli/nn/module/containers.h"
#include "lazuli/nn/module/hooks.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/share_data.h"
#include "lazuli/nn/utils.h"
#include "lazuli/ops/ops.h"

namespace lazuli::distributed {
namespace {

constexpr int64_t kAligned = 64;      // elements: where a parameter begins, and each rank's part
constexpr size_t kReducing = 2;       // gradients of so many flats may be on their way at once
constexpr size_t kNoFlat = SIZE_MAX;  // of no unit

int64_t aligned(int64_t n) { return (n + kAligned - 1) / kAligned * kAligned; }

/// Parameters of one unit, dtype, device and kind, one after the other: `own` is this rank's part of them, and `whole` all of them while they are gathered.
struct Flat {
  size_t unit = 0;
  bool trains = false;
  std::vector<size_t> parameters;
  int64_t count = 0, part = 0;  // elements of all, and of each rank's part
  Tensor own, whole;
  Work gathering;
  // Of the backward under way.
  Tensor gradients, reduced;
  bool accumulated = false;  // `gradients` has those of backwards without synchronization
  size_t missing = 0;
  Work reducing;
};
struct Unit {
  nn::Module* module = nullptr;
  std::vector<size_t> flats;
  bool started = false, whole = false;  // the gathering, and whether the parameters have their data
};
struct Sharded {
  std::string name;
  Tensor parameter, own;  // the module's, and this rank's part of it
  size_t flat = kNoFlat;
  Shape sizes;
  int64_t begin = 0, first = 0;  // in the flat; and the first element of the parameter that `own` has
};

}  // namespace

struct ParameterShards::Impl : std::enable_shared_from_this<Impl> {
  nn::Module& module;
  FullyShardedOptions options;
  int rank, ranks;
  std::vector<Sharded> parameters;
  std::vector<Flat> flats;
  std::vector<Unit> units;  // inner ones first, that of the whole model last
  std::vector<RemovableHandle> handles;
  std::map<const Storage*, size_t> whole_of;  // flats that are gathered
  std::vector<size_t> calls, expected;        // units in the order of this forward and of the one before
  bool running = false, sync = true;          // a backward, and whether its gradients are reduced
  bool exact = false;                         // parameters are gathered as they are kept, whatever mixed_precision says
  std::deque<size_t> reducing;

  Impl(nn::Module& m, const FullyShardedOptions& o)
      : module(m), options(o), rank(get_rank(o.process_group)), ranks(get_world_size(o.process_group)) {}
  const ProcessGroup& group() const { return options.process_group; }
  bool is_root(size_t unit) const { return unit + 1 == units.size(); }

  // ---- taking the model apart ----
  void find_parameters() {
    for (auto& [name, p] : module.named_parameters()) {
      if (nn::is_uninitialized_parameter(p))
        fail(ErrorKind::State, "FullyShardedDataParallel", name, "a parameter with sizes (nn::materialize gives it some)", "an uninitialized one");
      if (p.dim() == 0) fail("FullyShardedDataParallel", name, "a parameter of at least one dimension", "a number");
      Sharded s;
      s.name = name, s.parameter = p, s.sizes = p.sizes();
      parameters.push_back(std::move(s));
    }
    if (parameters.empty()) fail("FullyShardedDataParallel", "module", "a module with parameters", "one without");
  }
  size_t number_of(const Tensor& parameter) const {
    for (size_t p = 0; p < parameters.size(); ++p)
      if (parameters[p].parameter.is_same(parameter)) return p;
    return SIZE_MAX;
  }
  // Of parameters that several modules have, no inner unit may be the owner.
  std::set<size_t> tied() const {
    std::map<size_t, int> owners;
    for (nn::Module* m : module.modules())
      for (const Tensor& p : m->parameters(false)) ++owners[number_of(p)];
    std::set<size_t> all;
    for (auto [p, count] : owners)
      if (count > 1) all.insert(p);
    return all;
  }
  bool is_unit(nn::Module& m, int64_t count) const {
    if (dynamic_cast<nn::ModuleList*>(&m) || dynamic_cast<nn::ModuleDict*>(&m)) return false;  // they are never called
    return options.unit ? options.unit(m) : count >= options.min_num_params;
  }
  void find_units() {
    const std::set<size_t> not_inner = tied();
    std::set<size_t> taken;
    std::set<nn::Module*> seen;
    std::function<void(nn::Module&)> visit = [&](nn::Module& m) {
      if (!seen.insert(&m).second) return;
      for (const auto& child : m.children()) visit(*child);
      const bool root = &m == &module;
      std::vector<size_t> left;
      int64_t count = 0;
      for (const Tensor& p : m.parameters()) {
        const size_t number = number_of(p);
        if (taken.count(number) || (!root && not_inner.count(number))) continue;
        left.push_back(number);
        count += p.numel();
      }
      if (!root && (left.empty() || !is_unit(m, count))) return;
      taken.insert(left.begin(), left.end());
      add_unit(m, left);
    };
    visit(module);
  }
  void add_unit(nn::Module& m, const std::vector<size_t>& members) {
    units.emplace_back().module = &m;
    for (size_t p : members) {
      const Tensor& t = parameters[p].parameter;
      size_t f = kNoFlat;
      for (size_t other : units.back().flats) {
        const Tensor& first = parameters[flats[other].parameters[0]].parameter;
        if (first.dtype() == t.dtype() && first.device() == t.device() && first.requires_grad() == t.requires_grad()) f = other;
      }
      if (f == kNoFlat) {
        f = flats.size();
        units.back().flats.push_back(f);
        flats.emplace_back();
        flats[f].unit = units.size() - 1;
        flats[f].trains = t.requires_grad();
      }
      parameters[p].flat = f;
      parameters[p].begin = flats[f].count;
      flats[f].parameters.push_back(p);
      flats[f].count += aligned(t.numel());
    }
  }
  void cut(Flat& flat) {
    no_grad guard;
    flat.part = aligned((flat.count + ranks - 1) / ranks);
    const Tensor& first = parameters[flat.parameters[0]].parameter;
    flat.own = zeros({flat.part}, {.dtype = first.dtype(), .device = first.device()});
    for (size_t p : flat.parameters) {
      Sharded& s = parameters[p];
      const int64_t count = s.sizes.numel(), begin = std::clamp(rank * flat.part, s.begin, s.begin + count),
                    end = std::clamp((rank + 1) * flat.part, s.begin, s.begin + count);
      s.first = begin - s.begin;
      s.own = alias(flat.own, {end - begin}, {1}, end > begin ? begin - rank * flat.part : 0);
      if (end > begin) s.own.copy_(alias(s.parameter).reshape({-1}).slice(0, s.first, s.first + end - begin));
      s.own.requires_grad_(flat.trains);
      mark_as_part(s.own);
      s.parameter.set_grad(Tensor());
      take_data(s);
    }
  }
  void begin() {
    find_parameters();
    std::vector<StateDict::Entry> entries;
    for (const Sharded& s : parameters) entries.emplace_back(s.name, s.parameter);
    detail::check_same_parameters("FullyShardedDataParallel", entries, group());
    detail::broadcast_from_first(module.parameters(), group());
    detail::broadcast_from_first(module.buffers(), group());
    find_units();
    for (Flat& flat : flats) cut(flat);
    for (size_t u = 0; u < units.size(); ++u) watch(u);
  }
  void watch(size_t u) {
    nn::Module& m = *units[u].module;
    using Tensors = std::vector<Tensor>;
    handles.push_back(m.register_forward_pre_hook([this, u](nn::Module&, const Tensors&) { before_forward(u); }));
    handles.push_back(m.register_forward_hook([this, u](nn::Module&, const Tensors&, const Tensors&) { after_forward(u); }));
    handles.push_back(m.register_full_backward_pre_hook([this, u](nn::Module&, const Tensors&) { before_backward(u); }));
    for (size_t f : units[u].flats)
      for (size_t p : flats[f].parameters)
        if (flats[f].trains)
          handles.push_back(register_post_accumulate_grad_hook(parameters[p].parameter, [this, p](const Tensor&) { complete(p); }));
  }

  // ---- dtypes: of the whole parameters, and of the gradients on their way ----
  DType whole_dtype(const Flat& flat) const {
    const auto& chosen = options.mixed_precision.param_dtype;
    return chosen && !exact && is_floating_point(flat.own.dtype()) ? *chosen : flat.own.dtype();
  }
  DType reduce_dtype(const Flat& flat) const {
    const auto& chosen = options.mixed_precision.reduce_dtype;
    return chosen && is_floating_point(flat.own.dtype()) ? *chosen : whole_dtype(flat);
  }

  // ---- parameters come and go ----
  void take_data(const Sharded& s) { nn::detail::share_data(s.parameter, new_tensor(s.sizes, s.own.dtype(), kMeta)); }
  void gather(size_t u) {
    Unit& unit = units[u];
    if (unit.started) return;
    unit.started = true;
    for (size_t f : unit.flats) {
      Flat& flat = flats[f];
      flat.whole = new_tensor({flat.part * ranks}, whole_dtype(flat), flat.own.device());
      flat.gathering = all_gather_into_tensor_async(flat.whole, alias(flat.own).to(flat.whole.dtype()), group());
    }
  }
  Tensor in_whole(const Flat& flat, const Sharded& s) const {
    const Tensor t = alias(flat.whole, {s.sizes.numel()}, {1}, s.begin);
    no_grad guard;
    return t.view(s.sizes);
  }
  void use(size_t u) {
    Unit& unit = units[u];
    if (unit.whole) return;
    gather(u);
    for (size_t f : unit.flats) {
      Flat& flat = flats[f];
      flat.gathering.wait();
      flat.gathering = {};
      for (size_t p : flat.parameters) nn::detail::share_data(parameters[p].parameter, in_whole(flat, parameters[p]));
      whole_of[flat.whole.storage().get()] = f;
    }
    unit.whole = true;
  }
  void release(size_t u) {
    Unit& unit = units[u];
    if (!unit.started) return;
    for (size_t f : unit.flats) {
      Flat& flat = flats[f];
      try {
        flat.gathering.wait();  // one that was gathered ahead and not used
      } catch (const Error&) {  // of an exchange that failed: the next one tells
      }
      flat.gathering = {};
      whole_of.erase(flat.whole.storage().get());
      for (size_t p : flat.parameters) take_data(parameters[p]);
      flat.whole = Tensor();
    }
    unit.started = unit.whole = false;
  }
  void release_all() {
    for (size_t u = 0; u < units.size(); ++u) release(u);
  }
  void ahead(size_t u) {
    if (options.forward_prefetch) gather(u);
  }

  // ---- a step ----
  void new_forward() {
    if (current_node) return;  // inside of a backward
    release_all();
    for (Flat& flat : flats)
      if (!flat.accumulated) flat.gradients = Tensor();
    running = false;
    if (!calls.empty()) expected = std::move(calls);
    calls.clear();
    if (options.broadcast_buffers && is_grad_enabled() && module.is_training()) detail::broadcast_from_first(module.buffers(), group());
  }
  void before_forward(size_t u) {
    use(u);
    if (autograd::is_recomputing()) return;
    const size_t k = calls.size();
    calls.push_back(u);
    if (k + 1 < expected.size() && expected[k] == u) ahead(expected[k + 1]);
  }
  void after_forward(size_t u) {
    if (is_root(u) || autograd::is_recomputing()) return;
    if (options.sharding_strategy == ShardingStrategy::FullShard || !is_grad_enabled()) release(u);
  }
  void before_backward(size_t u) {
    if (!running) {
      running = true;
      for (Flat& flat : flats) flat.missing = flat.parameters.size();
      autograd::queue_callback([self = shared_from_this()] { self->finish(); });
    }
    use(u);
    const auto last = std::find(calls.rbegin(), calls.rend(), u);
    if (last != calls.rend() && last + 1 != calls.rend()) ahead(*(last + 1));
  }
  // A parameter's gradient is whole.
  void complete(size_t p) {
    if (!running) return;  // of something else than the model's outputs
    no_grad guard;
    Sharded& s = parameters[p];
    Flat& flat = flats[s.flat];
    const Tensor place = alias(gradients_of(flat), {s.sizes.numel()}, {1}, s.begin), grad = s.parameter.grad().reshape({-1});
    if (flat.accumulated) place.add_(grad);
    else place.copy_(grad);
    s.parameter.set_grad(Tensor());
    if (--flat.missing > 0) return;
    if (sync) reduce(s.flat);
    const std::vector<size_t>& all = units[flat.unit].flats;
    if (std::all_of(all.begin(), all.end(), [&](size_t f) { return !flats[f].trains || flats[f].missing == 0; })) release(flat.unit);
  }
  const Tensor& gradients_of(Flat& flat) {
    if (!flat.gradients.defined()) flat.gradients = zeros({flat.part * ranks}, {.dtype = reduce_dtype(flat), .device = flat.own.device()});
    return flat.gradients;
  }
  void reduce(size_t f) {
    Flat& flat = flats[f];
    flat.missing = 0;
    flat.accumulated = false;
    flat.reduced = new_tensor({flat.part}, gradients_of(flat).dtype(), flat.own.device());
    flat.reducing = reduce_scatter_tensor_async(flat.reduced, flat.gradients, ReduceOp::Mean, group());
    reducing.push_back(f);
    while (!reducing.empty() && (reducing.size() > kReducing || flats[reducing.front()].reducing.is_completed())) keep_reduced();
  }
  // The oldest of those on their way becomes part of the gradients.
  void keep_reduced() {
    Flat& flat = flats[reducing.front()];
    reducing.pop_front();
    flat.reducing.wait();
    flat.reduced = flat.reduced.to(flat.own.dtype());
    for (size_t p : flat.parameters) {
      Sharded& s = parameters[p];
      const int64_t count = s.own.numel();
      const Tensor grad = alias(flat.reduced, {count}, {1}, count ? s.begin + s.first - rank * flat.part : 0);
      if (s.own.grad().defined()) s.own.grad().add_(grad);
      else s.own.set_grad(grad);
    }
    flat.gradients = flat.reduced = Tensor();
    flat.reducing = {};
  }
  void finish() {
    no_grad guard;
    for (size_t f = 0; f < flats.size(); ++f) {
      if (!sync) flats[f].accumulated |= flats[f].gradients.defined();
      else if (flats[f].trains && flats[f].missing > 0) reduce(f);
    }
    while (!reducing.empty()) keep_reduced();
    release_all();
    running = false;
  }
};

namespace {

/// In a model's graph a gathered parameter is not kept: its place is, from where it is read when the backward gathers it again.
template <class Impl>
class SavedParts : public autograd::detail::SavedTensorHooks {
 public:
  explicit SavedParts(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<void> pack(const Tensor& t) override {
    auto kept = std::make_shared<Kept>();
    const auto found = t.storage() ? impl_->whole_of.find(t.storage().get()) : impl_->whole_of.end();
    if (found != impl_->whole_of.end() && impl_->flats[found->second].whole.dtype() == t.dtype()) {
      kept->flat = found->second;
      kept->sizes = t.sizes(), kept->strides = t.strides(), kept->offset = t.storage_offset();
    } else {
      kept->tensor = autograd::detail::data_of(t);
      kept->version = t.version();
    }
    return kept;
  }
  Tensor unpack(const std::shared_ptr<void>& packed) override {
    const Kept& kept = *static_cast<Kept*>(packed.get());
    if (kept.flat != kNoFlat) {
      impl_->use(impl_->flats[kept.flat].unit);
      return alias(impl_->flats[kept.flat].whole, kept.sizes, kept.strides, kept.offset);
    }
    if (kept.tensor.version() != kept.version)
      fail(ErrorKind::State, "backward", "", "the tensor that was saved for the backward, at version " + std::to_string(kept.version),
           "version " + std::to_string(kept.tensor.version()) + ": it has been modified by an in-place operation (sizes " +
               to_string(kept.tensor.sizes()) + ")");
    return kept.tensor;
  }

 private:
  struct Kept {
    Tensor tensor;
    uint32_t version = 0;
    size_t flat = kNoFlat;
    Shape sizes, strides;
    int64_t offset = 0;
  };
  std::shared_ptr<Impl> impl_;
};

}  // namespace

ParameterShards::ParameterShards(nn::Module& module, const FullyShardedOptions& options) {
  check_members("FullyShardedDataParallel", options);
  const auto& mixed = options.mixed_precision;
  for (auto [name, dtype] : {std::pair{"param_dtype", mixed.param_dtype}, {"reduce_dtype", mixed.reduce_dtype}})
    if (dtype && !is_floating_point(*dtype))
      fail(ErrorKind::Type, "FullyShardedDataParallel", name, "a dtype of floating point", lazuli::name(*dtype));
  impl_ = std::make_shared<Impl>(module, options);
  impl_->begin();
}
ParameterShards::~ParameterShards() {
  for (RemovableHandle& h : impl_->handles) h.remove();
}

ParameterShards::Forward::Forward(ParameterShards& shards) : shards_(shards) {
  shards.impl_->new_forward();
  if (is_grad_enabled()) saved_ = std::make_unique<autograd::detail::SavedTensorHooksScope>(std::make_shared<SavedParts<Impl>>(shards.impl_));
}
ParameterShards::Forward::~Forward() {
  if (!saved_) shards_.impl_->release_all();
}

std::vector<StateDict::Entry> ParameterShards::named_parameters() const {
  std::vector<StateDict::Entry> entries;
  for (const Sharded& s : impl_->parameters) entries.emplace_back(s.name, s.own);
  return entries;
}
Tensor ParameterShards::as_input(const Tensor& t) const {
  const auto& dtype = impl_->options.mixed_precision.param_dtype;
  return dtype && t.defined() && is_floating_point(t.dtype()) ? t.to(*dtype) : t;
}
bool ParameterShards::set_sync(bool on) { return std::exchange(impl_->sync, on); }
size_t ParameterShards::num_units() const { return impl_->units.size(); }

Tensor ParameterShards::clip_grad_norm_(double max_norm, double norm_type) {
  no_grad guard;
  std::vector<Tensor> own, gradients;
  for (const Sharded& s : impl_->parameters)
    if (s.own.grad().defined() && s.own.numel() > 0) {
      own.push_back(s.own);
      gradients.push_back(s.own.grad());
    }
  const bool largest = std::isinf(norm_type);
  Tensor norm = nn::utils::get_total_norm(gradients, norm_type).detach().to(kFloat32).clone();
  if (!largest) norm = norm.pow(norm_type);
  all_reduce(norm, largest ? ReduceOp::Max : ReduceOp::Sum, impl_->group());
  if (!largest) norm = norm.pow(1 / norm_type);
  nn::utils::clip_grads_with_norm_(own, max_norm, norm);
  return norm;
}

void ParameterShards::with_whole_parameters(const std::function<void()>& f, bool keep_changes) {
  Impl& impl = *impl_;
  impl.release_all();
  struct End {
    Impl& impl;
    ~End() {
      impl.release_all();
      impl.exact = false;
    }
  };
  const End end{impl};
  impl.exact = true;
  for (size_t u = 0; u < impl.units.size(); ++u) impl.use(u);
  f();
  if (!keep_changes) return;
  no_grad guard;
  for (Flat& flat : impl.flats) alias(flat.own).copy_(flat.whole.slice(0, impl.rank * flat.part, (impl.rank + 1) * flat.part));
}

std::unique_ptr<TensorPart> ParameterShards::part_of(const Tensor& own) const {
  for (const Sharded& s : impl_->parameters)
    if (s.own.is_same(own)) return std::make_unique<TensorPart>(TensorPart{s.sizes, s.first, {}});
  return nullptr;
}

ShardedState ParameterShards::sharded_state_dict() const {
  ShardedState state;
  for (const Sharded& s : impl_->parameters) state.add(s.name, {s.sizes, s.first, s.own.detach()});
  if (impl_->rank == 0)
    for (const auto& [name, t] : impl_->module.state_dict())
      if (!(t.device() == kMeta)) state.add(name, t);  // buffers, alike on all ranks
  return state;
}

void ParameterShards::load_sharded(const PartReader& reader) {
  no_grad guard;
  Impl& impl = *impl_;
  impl.release_all();
  std::vector<std::pair<Tensor, Tensor>> read;
  auto check = [&](const std::string& name, const Shape& expected) {
    if (!(reader.sizes(name) == expected)) fail("load_sharded", name, "sizes " + to_string(expected), to_string(reader.sizes(name)));
  };
  for (const Sharded& s : impl.parameters) {
    check(s.name, s.sizes);
    read.emplace_back(alias(s.own), reader.read(s.name, s.first, s.first + s.own.numel()));
  }
  for (const auto& [name, t] : impl.module.named_buffers())
    if (reader.contains(name)) {
      check(name, t.sizes());
      read.emplace_back(alias(t), reader.read(name));
    }
  for (auto& [to, from] : read) to.copy_(from);
}

}  // namespace lazuli::distributed
