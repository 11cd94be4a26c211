#include "lazuli/nn/module/module.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "lazuli/autograd/modes.h"
#include "lazuli/autograd/origin.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/print.h"
#include "lazuli/core/slots/scopes.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/tensor/uninitialized.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/nn/module/module_hooks.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::nn {

using Named = std::vector<StateDict::Entry>;

namespace {

bool uninitialized(const Tensor& t) { return t.body()->uninitialized; }

// A tensor learns its path as seen from the module in which it, or a module above it, was registered last.
void tell_path(const Tensor& t, const std::string& path) {
  if (auto* registration = static_cast<Registration*>(t.body()->lazy.get())) registration->path = path;
}

std::string join(std::string_view prefix, std::string_view name) {
  return prefix.empty() ? std::string(name) : std::string(prefix) + "." + std::string(name);
}

}  // namespace

namespace detail {
std::string class_name(const std::type_info& type) { return lazuli::detail::class_name(type); }
}  // namespace detail

// ---- life ----

Module::Module() {
  // What errors and profilers ask of the rooms above autograd, from the first module on.
  [[maybe_unused]] static const bool told = [] {
    autograd::detail::module_path_source.store(&detail::Call::current_module);
    lazuli::detail::set_watch_modules(&detail::Call::watch_more);
    return true;
  }();
}
Module::~Module() {
  if (hooks_) *hooks_->self = nullptr;
  if (lazuli::detail::step_observer) [[unlikely]]
    lazuli::detail::step_observer->module_gone(this);
}
Module::Module(Module&& other) noexcept
    : parameters_(std::move(other.parameters_)),
      buffers_(std::move(other.buffers_)),
      children_(std::move(other.children_)),
      hooks_(std::move(other.hooks_)),
      recipe_(std::move(other.recipe_)),
      class_(other.class_),
      training_(other.training_),
      moved_from_(std::exchange(other.moved_from_, true)) {
  if (hooks_) *hooks_->self = this;
  mark_moving();
}
Module& Module::operator=(Module&& other) noexcept {
  if (this == &other) return *this;
  parameters_ = std::move(other.parameters_);
  buffers_ = std::move(other.buffers_);
  children_ = std::move(other.children_);
  if (hooks_) *hooks_->self = nullptr;
  hooks_ = std::move(other.hooks_);
  if (hooks_) *hooks_->self = this;
  recipe_ = std::move(other.recipe_);
  training_ = other.training_;
  moved_from_ = std::exchange(other.moved_from_, true);
  mark_moving();
  return *this;
}
// The members come next, and take what is theirs along.
void Module::mark_moving() noexcept {
  for (auto& slot : parameters_) slot->moving = slot->member;
  for (auto& slot : buffers_) slot->moving = slot->member;
  for (auto& child : children_) child->moving = true;
  if (hooks_)
    for (const auto& computed : detail::ComputedMember::of(*this)) computed.mark_moving();
}
void Module::check_whole() const {
  if (moved_from_) [[unlikely]]
    detail::Call::fail_moved(*this);
}

// ---- calling ----

Tensor Module::operator()(const Tensor& input) {
  bool known = class_ && *class_->type == typeid(*this);
  auto forward = known && class_->forward ? class_->forward : [](Module& m, const Tensor& x) { return m.forward_of_class(x); };
  const void* end = reinterpret_cast<const char*>(this) + (known ? class_->size : 0);
  return detail::called(
      *this, end, [&](const Tensor& x) { return forward(*this, x); }, input);
}

void Module::run(const Tensor& input) {
  if (class_ && *class_->type == typeid(*this) && class_->run) class_->run(*this, input);
  else (*this)(input);
}

Tensor Module::forward_of_class(const Tensor&) {
  std::string name = class_name();
  if (class_ && *class_->type == typeid(*this))
    fail(ErrorKind::NotSupported, name, "", "a public forward that takes a tensor and returns one",
         "a class with another one, or none; call it through its Child or as nn::call(module, ...)");
  fail(ErrorKind::NotSupported, name, "", "a class that its base knows how to call: `struct " + name + " : nn::ModuleOf<" + name + ">`",
       "one that neither registers anything nor is held by a Child or container; nn::call(module, x) calls it, too");
}

namespace detail {
void Call::fail_moved(const Module& module) {
  fail(ErrorKind::State, module.class_name(), "", "a module that holds something", "one that was moved from");
}
void fail_moved_child(const std::type_info& type) {
  fail(ErrorKind::State, "Child<" + class_name(type) + ">", "", "a Child that holds a module", "one that was moved from");
}
void Call::check_registered() const {
  const Module& owner = outer_->module_;
  if (const KnownClass* known = owner.class_; known && *known->type == typeid(owner)) {
    auto end = static_cast<const char*>(dynamic_cast<const void*>(&owner)) + known->size;
    if (reinterpret_cast<const char*>(&module_) >= end) return;
  }
  for (Module* m : owner.modules())
    if (m == &module_) return;
  fail(ErrorKind::State, owner.class_name(), "",
       "modules that are registered, as in `nn::Child<" + module_.class_name() + "> name{this, \"name\", ...}`",
       "a " + module_.class_name() + " that is a plain member");
}
}  // namespace detail

// ---- registering ----

void Module::check_name(const char* op, std::string_view name) const {
  check_whole();
  if (name.empty() || name.find('.') != std::string_view::npos)
    fail(op, "name", "a name that is not empty and has no dot", "'" + std::string(name) + "'");
  auto taken = [&](const auto& slots) { return std::any_of(slots.begin(), slots.end(), [&](const auto& s) { return s->name == name; }); };
  if (taken(parameters_) || taken(buffers_) || std::any_of(children_.begin(), children_.end(), [&](const auto& c) { return c->name == name; }))
    fail(op, "name", "a name that the module does not have yet", "'" + std::string(name) + "'");
}

std::shared_ptr<detail::Slot> Module::add_parameter(std::string_view name, const Tensor& value) {
  check_name("register_parameter", name);
  Tensor tensor = value;
  for (auto& hook : detail::global_hooks().parameter.snapshot())
    if (Tensor other = hook.second(*this, std::string(name), tensor); other.defined()) tensor = other;
  parameters_.push_back(std::make_shared<detail::Slot>(std::string(name), tensor, true));
  return parameters_.back();
}
std::shared_ptr<detail::Slot> Module::add_buffer(std::string_view name, const Tensor& value, bool persistent) {
  check_name("register_buffer", name);
  Tensor tensor = value;
  for (auto& hook : detail::global_hooks().buffer.snapshot())
    if (Tensor other = hook.second(*this, std::string(name), tensor); other.defined()) tensor = other;
  buffers_.push_back(std::make_shared<detail::Slot>(std::string(name), tensor, persistent));
  return buffers_.back();
}
Parameter Module::register_parameter(std::string_view name, const Tensor& value, bool requires_grad) {
  return Parameter(this, name, value, requires_grad);
}
Buffer Module::register_buffer(std::string_view name, const Tensor& value, bool persistent) { return Buffer(this, name, value, persistent); }

void Module::add_module(std::string_view name, std::shared_ptr<Module> module) { add_entry(name, std::move(module)); }
std::shared_ptr<detail::ChildEntry> Module::add_entry(std::string_view name, std::shared_ptr<Module> module) {
  check_name("add_module", name);
  if (!module) fail("add_module", "module", "a module", "null");
  for (Module* below : module->modules())
    if (below == this)
      fail("add_module", "module", "a module that is not above this one", module->class_name() + " that contains this " + class_name());
  for (auto& hook : detail::global_hooks().module.snapshot()) hook.second(*this, std::string(name), *module);
  for (auto& [path, t] : module->named_parameters()) tell_path(t, join(name, path));
  for (auto& [path, t] : module->named_buffers()) tell_path(t, join(name, path));
  children_.push_back(std::make_shared<detail::ChildEntry>(std::string(name), std::move(module)));
  return children_.back();
}

// ---- listing ----

std::vector<std::pair<std::string, Module*>> Module::named_modules() const {
  check_whole();
  std::vector<std::pair<std::string, Module*>> all;
  std::unordered_set<const Module*> seen;
  auto visit = [&](auto&& self, const std::string& path, const Module* m) -> void {
    if (!seen.insert(m).second) return;
    all.emplace_back(path, const_cast<Module*>(m));
    for (const auto& child : m->children_) self(self, join(path, child->name), child->module.get());
  };
  visit(visit, "", this);
  return all;
}
std::vector<Module*> Module::modules() const {
  std::vector<Module*> all;
  for (auto& entry : named_modules()) all.push_back(entry.second);
  return all;
}
std::vector<Module*> Module::post_order() const {
  check_whole();
  std::vector<Module*> all;
  std::unordered_set<const Module*> seen;
  auto visit = [&](auto&& self, Module* m) -> void {
    for (const auto& child : m->children_)
      if (seen.insert(child->module.get()).second) self(self, child->module.get());
    all.push_back(m);
  };
  visit(visit, const_cast<Module*>(this));
  return all;
}
std::vector<std::pair<std::string, std::shared_ptr<Module>>> Module::named_children() const {
  check_whole();
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> all;
  for (const auto& child : children_)
    if (std::none_of(all.begin(), all.end(), [&](const auto& c) { return c.second == child->module; })) all.emplace_back(child->name, child->module);
  return all;
}
std::vector<std::pair<std::string, std::shared_ptr<Module>>> Module::child_entries() const {
  check_whole();
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> all;
  for (const auto& child : children_) all.emplace_back(child->name, child->module);
  return all;
}
std::vector<std::shared_ptr<Module>> Module::children() const {
  std::vector<std::shared_ptr<Module>> all;
  for (auto& child : named_children()) all.push_back(child.second);
  return all;
}

namespace {
using Slots = std::vector<std::shared_ptr<detail::Slot>>;

Named list(const std::vector<std::pair<std::string, const Slots*>>& modules) {
  Named all;
  std::unordered_set<const TensorBody*> seen;
  for (auto& [path, slots] : modules)
    for (const auto& slot : *slots)
      if (slot->tensor.defined() && seen.insert(slot->tensor.body()).second) all.emplace_back(join(path, slot->name), slot->tensor);
  return all;
}
std::vector<Tensor> tensors(const Named& named) {
  std::vector<Tensor> all;
  for (const auto& entry : named) all.push_back(entry.second);
  return all;
}
}  // namespace

Named Module::named_parameters(bool recurse) const {
  std::vector<std::pair<std::string, const Slots*>> from;
  check_whole();
  if (!recurse) from.emplace_back("", &parameters_);
  else
    for (auto& [path, module] : named_modules()) from.emplace_back(path, &module->parameters_);
  return list(from);
}
Named Module::named_buffers(bool recurse) const {
  std::vector<std::pair<std::string, const Slots*>> from;
  check_whole();
  if (!recurse) from.emplace_back("", &buffers_);
  else
    for (auto& [path, module] : named_modules()) from.emplace_back(path, &module->buffers_);
  return list(from);
}
std::vector<std::pair<std::string, Module*>> Module::named_modules(const NamedModulesOptions& options) const {
  std::vector<std::pair<std::string, Module*>> all;
  if (options.remove_duplicate) {
    for (auto& [path, module] : named_modules()) all.emplace_back(path.empty() ? options.prefix : join(options.prefix, path), module);
  } else {
    for_each_state(options.prefix, [&](const std::string& path, Module& module) { all.emplace_back(path, &module); });
  }
  return all;
}
Named Module::named_parameters(const NamedRecurseOptions& options) const { return named_slots(options, &Module::parameters_); }
Named Module::named_buffers(const NamedRecurseOptions& options) const { return named_slots(options, &Module::buffers_); }
Named Module::named_slots(const NamedRecurseOptions& options, std::vector<std::shared_ptr<detail::Slot>> Module::*slots) const {
  std::vector<std::pair<std::string, Module*>> from{{options.prefix, const_cast<Module*>(this)}};
  if (options.recurse) from = named_modules({options.prefix, options.remove_duplicate});
  Named all;
  std::unordered_set<const TensorBody*> seen;
  for (auto& [path, module] : from)
    for (const auto& slot : module->*slots)
      if (slot->tensor.defined() && (seen.insert(slot->tensor.body()).second || !options.remove_duplicate))
        all.emplace_back(join(path, slot->name), slot->tensor);
  return all;
}
std::vector<Tensor> Module::parameters(bool recurse) const { return tensors(named_parameters(recurse)); }
std::vector<Tensor> Module::buffers(bool recurse) const { return tensors(named_buffers(recurse)); }

bool Module::has_uninitialized_params() const {
  const std::vector<Tensor> params = parameters(), held = buffers();
  return std::any_of(params.begin(), params.end(), uninitialized) || std::any_of(held.begin(), held.end(), uninitialized);
}
int64_t Module::num_parameters(bool only_trainable) const {
  int64_t n = 0;
  for (const Tensor& p : parameters())
    if (!only_trainable || p.requires_grad()) n += p.numel();
  return n;
}

Module& Module::get_submodule(std::string_view path) const {
  const Module* m = this;
  for (std::string_view rest = path; !rest.empty();) {
    std::string_view name = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    const Module* next = nullptr;
    for (const auto& child : m->children_)
      if (child->name == name) next = child->module.get();
    if (!next)
      fail(ErrorKind::Index, "get_submodule", "path", "the path of a module",
           "'" + std::string(path) + "': " + m->class_name() + " has no module '" + std::string(name) + "'");
    m = next;
  }
  return *const_cast<Module*>(m);
}

namespace {
Tensor find(const char* what, const Module& owner, const Slots& slots, std::string_view path, std::string_view name) {
  for (const auto& slot : slots)
    if (slot->name == name && slot->tensor.defined()) return slot->tensor;
  fail(ErrorKind::Index, std::string("get_") + what, "path", std::string("the path of a ") + what,
       "'" + std::string(path) + "': " + owner.class_name() + " has no " + what + " '" + std::string(name) + "'");
}
std::pair<std::string_view, std::string_view> split_path(std::string_view path) {
  size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::pair(std::string_view(), path) : std::pair(path.substr(0, dot), path.substr(dot + 1));
}
}  // namespace
Tensor Module::get_parameter(std::string_view path) const {
  auto [owner, name] = split_path(path);
  Module& m = get_submodule(owner);
  return find("parameter", m, m.parameters_, path, name);
}
Tensor Module::get_buffer(std::string_view path) const {
  auto [owner, name] = split_path(path);
  Module& m = get_submodule(owner);
  return find("buffer", m, m.buffers_, path, name);
}

// ---- state ----

// Names of a module that is shared are listed under every path, as PyTorch does, so that files interchange.
template <class F>
void Module::for_each_state(const std::string& prefix, F&& visit) const {
  check_whole();
  visit(prefix, const_cast<Module&>(*this));
  for (const auto& child : children_) child->module->for_each_state(join(prefix, child->name), visit);
}

StateDict Module::state_dict() const { return state_dict(StateDictOptions()); }
StateDict Module::state_dict(const StateDictOptions& options) const {
  const std::vector<HookedState> hooked = hooked_states(options.prefix);
  for (const auto& [m, prefix] : hooked)
    if (*m)
      for (auto& [id, hook] : (*m)->hooks_->state_dict_pre.snapshot())
        if (*m) hook(**m, prefix);
  Named all;
  for_each_state(options.prefix, [&](const std::string& path, Module& m) {
    auto add = [&](const detail::Slot& slot) {
      if (slot.tensor.defined() && slot.persistent)
        all.emplace_back(join(path, slot.name), uninitialized(slot.tensor) || options.keep_vars ? slot.tensor : slot.tensor.detach());
    };
    for (const auto& slot : m.parameters_) add(*slot);
    for (const auto& slot : m.buffers_) add(*slot);
  });
  StateDict state(std::move(all));
  for (auto at = hooked.rbegin(); at != hooked.rend(); ++at)
    if (Module* const* const m = at->first.get(); *m)
      for (auto& [id, hook] : (*m)->hooks_->state_dict.snapshot())
        if (*m) hook(**m, state, at->second);
  return state;
}

// The modules with hooks of their own, outer ones first, and what the names in their states begin with.
std::vector<Module::HookedState> Module::hooked_states(const std::string& prefix) const {
  std::vector<HookedState> all;
  for_each_state(prefix, [&](const std::string& path, Module& m) {
    if (m.hooks_) all.emplace_back(m.hooks_->self, path.empty() ? "" : path + ".");
  });
  return all;
}

LoadReport Module::load_state_dict(const StateDict& given, bool strict) {
  const std::vector<HookedState> hooked = hooked_states("");
  StateDict changed_dict;
  const StateDict* loaded = &given;
  for (const auto& [m, prefix] : hooked)
    if (*m)
      for (auto& [id, hook] : (*m)->hooks_->load_state_dict_pre.snapshot()) {
        if (loaded == &given) changed_dict = given, loaded = &changed_dict;
        if (*m) hook(**m, changed_dict, prefix);
      }
  const StateDict& dict = *loaded;
  struct Copy {
    Module* module;
    Tensor to, from;
  };
  LoadReport report;
  std::vector<Copy> copies;
  std::vector<std::string> names;
  std::vector<std::pair<std::string, const TensorBody*>> missing;
  for_each_state("", [&](const std::string& path, Module& m) {
    auto match = [&](const detail::Slot& slot) {
      if (!slot.tensor.defined() || !slot.persistent) return;
      std::string name = join(path, slot.name);
      const Tensor* from = dict.find(name);
      names.push_back(name);
      const Tensor& to = slot.tensor;
      if (!from || !from->defined()) {
        missing.emplace_back(name, to.body());
        return;
      }
      if (uninitialized(*from)) {
        if (!uninitialized(to)) report.shapes.push_back({name, to_string(to.sizes()), "an uninitialized one"});
        return;
      }
      if (std::string expected = uninitialized(to) ? m.expected_sizes(slot.name, from->sizes()) : ""; !expected.empty()) {
        report.shapes.push_back({name, expected, to_string(from->sizes())});
        return;
      }
      if (!uninitialized(to) && !(to.sizes() == from->sizes())) {
        report.shapes.push_back({name, to_string(to.sizes()), to_string(from->sizes())});
        return;
      }
      if (to.body()->dtype != from->dtype())
        report.dtypes.push_back({name, std::string(lazuli::name(to.body()->dtype)), std::string(lazuli::name(from->dtype()))});
      copies.push_back({&m, to, *from});
    };
    for (const auto& slot : m.parameters_) match(*slot);
    for (const auto& slot : m.buffers_) match(*slot);
  });
  for (const auto& [name, body] : missing) {  // a tensor that several names share is there under any of them
    bool there = std::any_of(copies.begin(), copies.end(), [body = body](const Copy& c) { return c.to.body() == body; });
    (there ? report.tied : report.missing).push_back(name);
  }
  std::sort(names.begin(), names.end());
  for (const auto& entry : dict)
    if (!std::binary_search(names.begin(), names.end(), entry.first)) report.unexpected.push_back(entry.first);
  if (strict && !report.ok())
    fail(ErrorKind::State, "load_state_dict", "dict",
         "the state of " + std::string(class_name().find_first_of("AEIOU") == 0 ? "an " : "a ") + class_name(), to_string(report));

  no_grad guard;
  Module* before = nullptr;
  std::vector<Module*> changed;
  for (Copy& c : copies) {
    if (uninitialized(c.to)) materialize_uninitialized(c.to, c.from.sizes());
    if (!c.to.is_same(c.from)) c.to.copy_(c.from);
    if (c.module != before) changed.push_back(before = c.module);
  }
  for (Module* m : changed) m->state_loaded();
  detail::refresh_computed(*this);
  for (auto at = hooked.rbegin(); at != hooked.rend(); ++at)
    if (Module* const* const m = at->first.get(); *m)
      for (auto& [id, hook] : (*m)->hooks_->load_state_dict_post.snapshot())
        if (*m) hook(**m, report);
  return report;
}

std::string to_string(const LoadReport& report) {
  std::string text;
  auto names = [&](const char* title, const std::vector<std::string>& list) {
    if (list.empty()) return;
    text += text.empty() ? "" : "; ";
    text += title;
    for (size_t i = 0; i < list.size(); ++i) text += (i ? ", " : " ") + list[i];
  };
  auto mismatches = [&](const char* title, const std::vector<LoadReport::Mismatch>& list) {
    if (list.empty()) return;
    text += text.empty() ? "" : "; ";
    text += title;
    for (size_t i = 0; i < list.size(); ++i) text += (i ? ", " : " ") + list[i].name + " (has " + list[i].expected + ", dict " + list[i].got + ")";
  };
  names("missing", report.missing);
  names("loaded under another name", report.tied);
  names("unexpected", report.unexpected);
  mismatches("other sizes", report.shapes);
  mismatches("other dtypes", report.dtypes);
  return text.empty() ? "all names match" : text;
}

// ---- modes, devices ----

Module& Module::train(bool on) {
  training_ = on;
  for (auto& child : named_children()) child.second->train(on);
  return *this;
}
Module& Module::requires_grad_(bool requires_grad) {
  for (Tensor& p : parameters()) p.requires_grad_(requires_grad);
  return *this;
}
void Module::zero_grad(bool set_to_none) {
  for (const auto& slot : parameters_) {
    Tensor& p = slot->tensor;
    if (!p.defined()) continue;
    if (set_to_none) {
      p.set_grad({});
    } else if (p.grad().defined()) {
      Tensor zero = p.grad().detach();
      no_grad guard;
      p.set_grad(zero.zero_());
    }
  }
  for (const auto& child : children_) child->module->zero_grad(set_to_none);
}

void Module::convert(const Device* device, const DType* dtype, MemoryFormat format) {
  if (dtype && !is_floating_point(*dtype) && !is_complex(*dtype))
    fail(ErrorKind::Type, "to", "dtype", "a floating point or complex dtype", lazuli::name(*dtype));
  no_grad guard;
  auto changed = [&](const Tensor& t) {
    DType now = t.body()->dtype;
    DType to = dtype && (is_floating_point(now) || is_complex(now)) && !(is_complex(now) && !is_complex(*dtype)) ? *dtype : now;
    return std::pair(device ? *device : t.body()->device, to);
  };
  int64_t rank = format == MemoryFormat::ChannelsLast ? 4 : format == MemoryFormat::ChannelsLast3d ? 5 : -1;
  auto converted = [&](const Tensor& t, Device to_device, DType to_dtype) {
    Tensor moved = lazuli::to(t.detach(), to_device, to_dtype);
    return rank < 0 || t.dim() == rank ? lazuli::to(moved, format) : moved;
  };
  std::vector<Tensor> all = parameters(), values, grads;
  for (const Tensor& b : buffers()) all.push_back(b);
  for (const Tensor& t : all) {  // all copies first: if one fails, nothing has changed
    auto [to_device, to_dtype] = changed(t);
    values.push_back(uninitialized(t) ? Tensor() : converted(t, to_device, to_dtype));
    Tensor grad = t.grad();
    grads.push_back(grad.defined() ? converted(grad, to_device, to_dtype) : grad);
  }
  for (size_t i = 0; i < all.size(); ++i) {
    TensorBody& body = *all[i].body();
    if (values[i].defined()) {
      if (grads[i].defined()) all[i].set_grad({});
      detail::set_data(all[i], values[i]);
      if (grads[i].defined()) all[i].set_grad(grads[i]);
    } else {
      std::tie(body.device, body.dtype) = changed(all[i]);
    }
  }
  detail::refresh_computed(*this);
}
Module& Module::to(Device device) { return convert(&device, nullptr), *this; }
Module& Module::to(DType dtype) { return convert(nullptr, &dtype), *this; }
Module& Module::to(Device device, DType dtype) { return convert(&device, &dtype), *this; }
Module& Module::to(MemoryFormat memory_format) { return convert(nullptr, nullptr, memory_format), *this; }

detail::ModuleHooks& Module::hooks() {
  if (!hooks_) {
    hooks_ = std::make_unique<detail::ModuleHooks>();
    hooks_->self = std::make_shared<Module*>(this);
  }
  return *hooks_;
}

std::string Module::class_name() const { return detail::class_name(typeid(*this)); }

}  // namespace lazuli::nn
