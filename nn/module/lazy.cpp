#include "lazuli/nn/module/lazy.h"

#include "lazuli/autograd/meta.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/tensor/uninitialized.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/nn/module/dry_run.h"
#include "lazuli/nn/module/share_data.h"

namespace lazuli::nn {

namespace {
Tensor uninitialized(const UninitializedOptions& options, bool is_parameter) {
  auto* body = new TensorBody;
  Tensor t{Ref<TensorBody>(body)};
  body->dtype = options.dtype.value_or(get_default_dtype());
  body->device = options.device.value_or(get_default_device());
  body->uninitialized = true;
  auto mark = std::make_unique<UninitializedMark>();
  mark->is_parameter = is_parameter;
  body->lazy = std::move(mark);
  if (is_parameter && options.requires_grad) t.requires_grad_();
  return t;
}
bool is_uninitialized(const Tensor& t, bool parameter) {
  return t.defined() && t.body()->uninitialized && static_cast<const UninitializedMark*>(t.body()->lazy.get())->is_parameter == parameter;
}
}  // namespace

UninitializedParameter::UninitializedParameter(const UninitializedOptions& options)
    : Parameter(uninitialized(options, true), options.requires_grad) {}
UninitializedBuffer::UninitializedBuffer(const UninitializedOptions& options) : Buffer(uninitialized(options, false)) {}
void UninitializedParameter::materialize(const Shape& sizes, std::optional<Device> device, std::optional<DType> dtype) const {
  materialize_uninitialized(*this, sizes, device, dtype);
}
void UninitializedBuffer::materialize(const Shape& sizes, std::optional<Device> device, std::optional<DType> dtype) const {
  materialize_uninitialized(*this, sizes, device, dtype);
}
bool is_uninitialized_parameter(const Tensor& t) { return is_uninitialized(t, true); }
bool is_uninitialized_buffer(const Tensor& t) { return is_uninitialized(t, false); }

void materialize_uninitialized(const Tensor& t, const Shape& sizes, std::optional<Device> device, std::optional<DType> dtype) {
  if (!t.defined() || !t.body()->uninitialized)
    fail(ErrorKind::State, "materialize_uninitialized", "t", "an uninitialized parameter or buffer",
         t.defined() ? "one of sizes " + to_string(t.sizes()) : "an undefined tensor");
  TensorBody& body = *t.body();
  Tensor made = new_tensor(sizes, dtype.value_or(body.dtype), detail::DryRun::current ? kMeta : device.value_or(body.device));
  detail::set_data(t, made);
  body.uninitialized = false;
  if (!detail::DryRun::current) body.lazy = std::make_unique<Registration>(static_cast<const Registration&>(*body.lazy));
}

void LazyModule::infer(const Tensor& input) {
  initialize_parameters(input);
  initialized_ = true;
  if (detail::DryRun::current) detail::DryRun::current->infer(*this, input);
}

namespace detail {

void set_data(const Tensor& t, const Tensor& value) {
  replace_leaf_data(t);
  share_data(t, value);
}
void share_data(const Tensor& t, const Tensor& value) {
  TensorBody& to = *t.body();
  const TensorBody& from = *value.body();
  to.storage = from.storage;
  to.sizes = from.sizes;
  to.strides = from.strides;
  to.offset = from.offset;
  to.numel = from.numel;
  to.dtype = from.dtype;
  to.device = from.device;
  to.contiguous = from.contiguous;
}

thread_local constinit DryRun* DryRun::current = nullptr;

struct DryRun::Saved {
  Tensor tensor, data;  // `data` is a body of its own that holds what `tensor` had
  bool uninitialized;
};

DryRun::DryRun(Module& root) : outer_(current), grad_modes_(modes) {
  for (Module* m : root.modules()) modes_.emplace_back(m, m->is_training());
  auto hide = [this](const Tensor& t) {
    TensorBody& body = *t.body();
    Tensor data{Ref<TensorBody>(new TensorBody)};
    set_data(data, t);
    saved_.push_back({t, data, body.uninitialized});
    if (body.uninitialized) body.device = kMeta;
    else set_data(t, new_strided(body.sizes, body.strides, body.dtype, kMeta));
  };
  for (const Tensor& t : root.parameters()) hide(t);
  for (const Tensor& t : root.buffers()) hide(t);
  root.train(false);
  modes.grad = false;
  current = this;
  Call::global_watchers_.fetch_add(1, std::memory_order_relaxed);
}

void DryRun::end() {
  if (ended_) return;
  ended_ = true;
  for (const Saved& s : saved_) {
    set_data(s.tensor, s.data);
    s.tensor.body()->uninitialized = s.uninitialized;
  }
  for (auto& [module, training] : modes_) module->set_training(training);
  for (auto& [lazy, input] : inferred_) {
    lazy->initialized_ = false;
    lazy->forget_sizes();
  }
  current = outer_;
  modes = grad_modes_;
  for (auto& entry : modes_)
    for (const ComputedMember& computed : ComputedMember::of(*entry.first)) computed.refresh(*entry.first);
  Call::global_watchers_.fetch_sub(1, std::memory_order_relaxed);
}

DryRun::~DryRun() { end(); }

namespace {
std::vector<Shape> shapes(const std::vector<Tensor>& tensors) {
  std::vector<Shape> s;
  for (const Tensor& t : tensors) s.push_back(t.sizes());
  return s;
}
}  // namespace

void DryRun::entered(Module& module, const std::vector<Tensor>& inputs) {
  open_.push_back(seen_.size());
  seen_.push_back({&module, int(open_.size()) - 1, shapes(inputs), {}});
}
void DryRun::left(Module&, const std::vector<Tensor>& outputs) {
  seen_[open_.back()].outputs = shapes(outputs);
  open_.pop_back();
}

void watch_all_calls() { Call::watch_all(); }

Materializing::Materializing(Module& model) : model_(model), dtype_(get_default_dtype()) {
  for (const Tensor& p : model.parameters())
    if (is_floating_point(p.body()->dtype)) {
      dtype_ = p.body()->dtype;
      break;
    }
  run_ = std::make_unique<DryRun>(model);
}
void Materializing::call(const Tensor& input) { model_.run(input); }
Materializing::~Materializing() = default;
Tensor Materializing::meta(const Shape& sizes) const { return new_tensor(sizes, dtype_, kMeta); }
Tensor Materializing::meta(const Tensor& t) const { return new_tensor(t.sizes(), t.dtype(), kMeta); }
const std::vector<SeenCall>& Materializing::seen() const { return run_->seen(); }
void Materializing::finish() {
  auto inferred = run_->inferred();
  run_->end();
  for (auto& [lazy, input] : inferred) lazy->ensure_initialized(input);
}

}  // namespace detail

namespace {
template <class T>
void materialize_one(Module& model, const T& input) {
  detail::Materializing run(model);
  run.call(run.meta(input));
  run.finish();
}
}  // namespace
void materialize(Module& model, const Shape& input) { materialize_one(model, input); }
void materialize(Module& model, const Tensor& input) { materialize_one(model, input); }

}  // namespace lazuli::nn

namespace lazuli {

void Tensor::set_data(const Tensor& value) const {
  if (!defined()) fail_undefined("set_data", "self");
  if (!value.defined()) fail_undefined("set_data", "value");
  if (!is_leaf()) fail(ErrorKind::State, "set_data", "self", "a leaf", "a tensor with history");
  nn::detail::set_data(*this, value);
}

}  // namespace lazuli
