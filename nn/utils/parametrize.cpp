#include "lazuli/nn/utils/parametrize.h"

#include <algorithm>
#include <atomic>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::nn::utils::parametrize {

using nn::detail::Parts;

namespace {
thread_local int64_t cache = 0, caches_open = 0;  // of this thread: the number of the cache in use, 0 for none
std::atomic<int64_t> caches_made{0};

void check_like(const Tensor& value, const Tensor& original, const char* what) {
  const char* op = "register_parametrization";
  if (value.dtype() != original.dtype())
    fail(ErrorKind::Type, op, what, "the dtype of the tensor, " + std::string(lazuli::name(original.dtype())), lazuli::name(value.dtype()));
  if (!(value.sizes() == original.sizes()))
    fail(op, what, "the sizes of the tensor, " + to_string(original.sizes()) + " (unless it is unsafe)", to_string(value.sizes()));
}
void write(const Tensor& original, const Tensor& value) {
  if (!original.is_same(value)) nn::detail::set_data(original, clone(value.detach()));
}
ModuleDict* all_of(const Module& module) {
  for (const auto& [name, child] : module.child_entries())
    if (name == "parametrizations") return dynamic_cast<ModuleDict*>(child.get());
  return nullptr;
}
ParametrizationList* list_of(const Module& module, std::string_view name) {
  ModuleDict* all = all_of(module);
  return all && all->has(name) ? &all->at<ParametrizationList>(name) : nullptr;
}
}  // namespace

Tensor ParametrizationList::forward() {
  if (cache && cached_in_ == cache) return cached_;
  std::vector<Tensor> values = originals();
  for (size_t i = 0; i < steps_.size(); ++i) values = {steps_[i].forward((*this)[int64_t(i)], values)};
  if (cache) {
    cached_in_ = cache;
    cached_ = values[0];
  }
  return values[0];
}

void ParametrizationList::right_inverse(const Tensor& value) {
  no_grad guard;
  std::vector<Tensor> values{value};
  for (size_t i = steps_.size(); i-- > 0;) {
    if (!steps_[i].right_inverse)
      fail(ErrorKind::NotSupported, "parametrization", (*this)[int64_t(i)].class_name(), "a right_inverse, as a value is assigned",
           "a class without one");
    values = steps_[i].right_inverse((*this)[int64_t(i)], values[0]);
  }
  const std::vector<Tensor> to = originals();
  if (values.size() != to.size())
    fail("right_inverse", "result", std::to_string(to.size()) + " tensors, as when it was registered", std::to_string(values.size()));
  for (size_t i = 0; i < to.size(); ++i)
    if (!unsafe_) check_like(values[i], to[i], "value");
  for (size_t i = 0; i < to.size(); ++i) write(to[i], values[i]);
  cached_in_ = 0;
}

ParametrizationList ParametrizationList::remade() const {
  ParametrizationList made;
  made.steps_ = steps_;
  made.unsafe_ = unsafe_;
  made.parameter_ = parameter_;
  return made;
}

void add_parametrization(Module& module, std::string_view name, std::shared_ptr<Module> parametrization, const Step& step, bool unsafe) {
  const char* op = "register_parametrization";
  no_grad guard;
  if (ParametrizationList* list = list_of(module, name)) {  // after the others; the originals stay
    const Tensor value = list->forward(), result = step.forward(*parametrization, {value});
    if (!unsafe) {
      check_like(result, value, "parametrization");
      if (step.right_inverse) {
        const std::vector<Tensor> back = step.right_inverse(*parametrization, result);
        if (back.size() != 1) fail(op, "right_inverse", "one tensor, of all but the first parametrization", std::to_string(back.size()));
        check_like(back[0], result, "right_inverse");
      }
    }
    list->push_back_shared(std::move(parametrization));
    list->steps_.push_back(step);
    list->unsafe_ |= unsafe;
    nn::detail::refresh_computed(module);
    return;
  }
  std::shared_ptr<nn::detail::Slot> entry = Parts::find(module, name);
  if (!entry)
    fail(op, "name", "the name of a parameter, buffer or parametrized tensor of this " + module.class_name(), "'" + std::string(name) + "'");
  const Tensor tensor = entry->tensor;
  if (tensor.body()->uninitialized)
    fail(ErrorKind::State, op, "name", "a tensor that has its sizes", "'" + std::string(name) + "', which is not initialized");
  const auto& parameters = Parts::parameters(module);
  auto list = std::make_shared<ParametrizationList>();
  list->unsafe_ = unsafe;
  list->parameter_ = std::find(parameters.begin(), parameters.end(), entry) != parameters.end();
  std::vector<Tensor> originals{tensor};
  try {
    if (step.right_inverse) originals = step.right_inverse(*parametrization, tensor.detach());
  } catch (const Error& error) {  // nothing gives this value: training begins elsewhere
    if (error.kind() != ErrorKind::NotSupported) throw;
  }
  if (!unsafe) {
    check_like(step.forward(*parametrization, originals), tensor, "parametrization");
    if (originals.size() == 1 && originals[0].dtype() != tensor.dtype()) check_like(originals[0], tensor, "right_inverse");
  }
  // Nothing has changed up to here. One original is the parameter itself, so that an optimizer that has it stays right.
  list->push_back_shared(std::move(parametrization));
  list->steps_.push_back(step);
  const bool one = originals.size() == 1, requires_grad = tensor.requires_grad();
  if (one) write(tensor, originals[0]);
  ModuleDict* all = all_of(module);
  if (!all) {
    auto made = std::make_shared<ModuleDict>();
    module.add_module("parametrizations", made);
    all = made.get();
  }
  const std::string kept(name);
  entry->set(clone(tensor.detach()));  // the original leaves this place
  for (size_t i = 0; i < originals.size(); ++i) {
    const std::string original = one ? "original" : "original" + std::to_string(i);
    const Tensor value = one ? tensor : clone(originals[i].detach());
    if (list->parameter_) list->register_parameter(original, value, requires_grad);
    else list->register_buffer(original, value);
  }
  all->set(kept, std::move(list));
  nn::detail::compute_member(
      module, kept, [kept](Module& m) { return list_of(m, kept)->forward(); },
      [kept](Module& m, const Tensor& value) { list_of(m, kept)->right_inverse(value); });
}

bool is_parametrized(const Module& module, std::string_view name) {
  ModuleDict* all = all_of(module);
  return all && (name.empty() ? !all->empty() : all->has(name));
}

ParametrizationList& parametrizations(Module& module, std::string_view name) {
  if (ParametrizationList* list = list_of(module, name)) return *list;
  fail("parametrizations", "name", "the name of a parametrized tensor of this " + module.class_name(), "'" + std::string(name) + "'");
}
Tensor parametrized(Module& module, std::string_view name) {
  parametrizations(module, name);
  return nn::detail::find_computed(module, name)->show(module);
}

Tensor remove_parametrizations(Module& module, std::string_view name, bool leave_parametrized) {
  ParametrizationList& list = parametrizations(module, name);
  const std::vector<Tensor> originals = list.originals();
  if (originals.size() > 1 && !leave_parametrized)
    fail("remove_parametrizations", "leave_parametrized", "true, where a tensor has several originals", "false");
  Tensor value = originals[0];
  bool requires_grad = false;
  for (const Tensor& t : originals) requires_grad |= t.requires_grad();
  if (leave_parametrized) {
    no_grad guard;
    const Tensor now = parametrized(module, name).detach();
    if (originals.size() == 1) write(value, now);
    else value = clone(now).requires_grad_(requires_grad);
  }
  const bool parameter = list.parameter_;
  ModuleDict& all = *all_of(module);
  const std::string kept(name);
  all.erase(kept);
  if (all.empty()) Parts::erase_child(module, "parametrizations");
  nn::detail::stop_computing(module, kept, value, parameter);
  return Parts::find(module, kept)->tensor;
}

cached::cached() {
  if (caches_open++ == 0) cache = ++caches_made;
}
cached::~cached() {
  if (--caches_open == 0) cache = 0;
}

}  // namespace lazuli::nn::utils::parametrize
