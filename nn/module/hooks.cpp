#include "lazuli/nn/module/hooks.h"

#include <map>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots/scopes.h"
#include "lazuli/nn/module/dry_run.h"
#include "lazuli/nn/module/module_hooks.h"

namespace lazuli::nn {
namespace detail {

thread_local constinit Call* Call::current_ = nullptr;
constinit std::atomic<int> Call::global_watchers_{0};

GlobalHooks& global_hooks() {
  static GlobalHooks* hooks = new GlobalHooks;
  return *hooks;
}

namespace {

// What the backward hooks of one forward call share: the identity nodes at its outputs and at its inputs.
struct BackwardRun {
  std::shared_ptr<Module*> self;
  Module* module;  // without hooks of its own there is no self to follow
  std::vector<std::pair<uint64_t, BackwardPreHook>> pre[2];
  std::vector<std::pair<uint64_t, BackwardHook>> post[2];
  std::vector<size_t> places;  // of the inputs that require grad among all inputs
  size_t input_count = 0;
  std::vector<Tensor> grad_outputs;

  Module* alive() const { return self ? *self : module; }
  void see_outputs(std::vector<Tensor>& grads) {
    Module* m = alive();
    if (!m) return;
    for (auto& hooks : pre)
      for (auto& hook : hooks)
        if (auto replaced = hook.second.function(*m, grads); !replaced.empty()) take(replaced, grads);
    grad_outputs = grads;
    if (places.empty()) {
      std::vector<Tensor> none_wanted(input_count);
      see_inputs(none_wanted);
    }
  }
  void see_inputs(std::vector<Tensor>& grads) {
    Module* m = alive();
    if (!m) return;
    for (auto& hooks : post)
      for (auto& hook : hooks)
        if (auto replaced = hook.second.function(*m, grads, grad_outputs); !replaced.empty()) take(replaced, grads);
    grad_outputs.clear();
  }
  static void take(std::vector<Tensor>& replaced, std::vector<Tensor>& grads) {
    if (replaced.size() != grads.size())
      fail("backward hook", "result", std::to_string(grads.size()) + " tensors, or none", std::to_string(replaced.size()));
    grads = std::move(replaced);
  }
};

// An identity whose formula is `see(gradients)`.
template <class F>
void put_identity(const char* name, const std::vector<Tensor*>& tensors, F see) {
  std::vector<Tensor> from, to;
  for (Tensor* t : tensors) {
    from.push_back(*t);
    to.push_back(alias(*t));
  }
  if (auto tape = Tape::recording(from))
    tape.record(name, to, [see = std::move(see)](Grads& grads, Needs) {
      std::vector<Tensor> list(grads.begin(), grads.end());
      see(list);
      return Grads(std::move(list));
    });
  for (size_t i = 0; i < tensors.size(); ++i) *tensors[i] = to[i];
}

std::vector<Tensor> values(const std::vector<Tensor*>& tensors) {
  std::vector<Tensor> v;
  for (Tensor* t : tensors) v.push_back(*t);
  return v;
}

void replace(const char* hook, std::vector<Tensor>&& by, const std::vector<Tensor*>& tensors) {
  if (by.empty()) return;
  if (by.size() != tensors.size()) fail(hook, "result", std::to_string(tensors.size()) + " tensors, or none", std::to_string(by.size()));
  for (size_t i = 0; i < by.size(); ++i) *tensors[i] = std::move(by[i]);
}

}  // namespace

void Call::before(std::vector<Tensor*>& inputs) {
  if (lazuli::detail::scope_listening) lazuli::detail::tell_scope_begins({Scope::Kind::Module, name_in_caller(), &module_});
  GlobalHooks& global = global_hooks();
  ModuleHooks* own = module_.hooks_.get();
  for (ModuleHooks* hooks : {static_cast<ModuleHooks*>(&global), own})
    if (hooks)
      for (auto& hook : hooks->forward_pre.snapshot()) replace("forward pre-hook", hook.second.function(module_, values(inputs)), inputs);
  if (!global.backward.empty() || !global.backward_pre.empty() || (own && (!own->backward.empty() || !own->backward_pre.empty()))) {
    auto run = std::make_shared<BackwardRun>();
    run->module = &module_;
    if (own) run->self = own->self;
    run->pre[0] = global.backward_pre.snapshot();
    run->post[0] = global.backward.snapshot();
    if (own) {
      run->pre[1] = own->backward_pre.snapshot();
      run->post[1] = own->backward.snapshot();
    }
    run->input_count = inputs.size();
    std::vector<Tensor*> wanting;
    for (size_t i = 0; i < inputs.size(); ++i)
      if (modes.grad && inputs[i]->requires_grad()) {
        wanting.push_back(inputs[i]);
        run->places.push_back(i);
      }
    if (!wanting.empty())
      put_identity("FullBackwardHook", wanting, [run](std::vector<Tensor>& grads) {
        std::vector<Tensor> all(run->input_count);
        for (size_t i = 0; i < run->places.size(); ++i) all[run->places[i]] = grads[i];
        run->see_inputs(all);
        for (size_t i = 0; i < run->places.size(); ++i) grads[i] = all[run->places[i]];
      });
    backward_ = std::move(run);
  }
  inputs_ = values(inputs);
  if (DryRun::current) DryRun::current->entered(module_, inputs_);
}

void Call::after(std::vector<Tensor*>& outputs) {
  GlobalHooks& global = global_hooks();
  for (int i = 0; i < 2; ++i) {
    ModuleHooks* hooks = i == 0 ? static_cast<ModuleHooks*>(&global) : module_.hooks_.get();
    if (hooks)
      for (auto& hook : hooks->forward.snapshot()) replace("forward hook", hook.second.function(module_, inputs_, values(outputs)), outputs);
  }
  if (backward_) {
    auto run = std::static_pointer_cast<BackwardRun>(backward_);
    std::vector<Tensor*> wanting;
    for (Tensor* t : outputs)
      if (modes.grad && t->requires_grad()) wanting.push_back(t);
    if (!wanting.empty()) put_identity("FullBackwardHook", wanting, [run](std::vector<Tensor>& grads) { run->see_outputs(grads); });
  }
  if (DryRun::current) DryRun::current->left(module_, values(outputs));
  if (lazuli::detail::scope_listening) lazuli::detail::tell_scope_ends({Scope::Kind::Module, {}, &module_});
}

// For a profiler: quick for a module right below its caller. One in a list of the caller's is found among all below it, once.
std::string_view Call::name_in_caller() const {
  thread_local std::map<std::pair<const Module*, const Module*>, std::string> found;
  const Module* caller = outer_ ? &outer_->module_ : nullptr;
  if (caller)
    for (const auto& child : caller->registered_modules())
      if (child->module.get() == &module_) return child->name;
  if (found.size() > 10000) found.clear();
  std::string& name = found[{caller, &module_}];
  if (!name.empty()) return name;
  if (caller)
    for (auto& [path, module] : caller->named_modules())
      if (module == &module_) name = path;
  if (name.empty()) name = module_.class_name();
  return name;
}
void Call::watch_more(int change) { global_watchers_.fetch_add(change); }

void Call::explain(Error& error) const {
  if (lazuli::detail::scope_listening) lazuli::detail::tell_scope_ends({Scope::Kind::Module, {}, &module_});
  if (std::string_view(error.what()).find("\n  in module ") != std::string_view::npos) return;
  error.add_context("in module " + where());
}

std::string Call::where() const {
  std::string path;
  for (const Call* call = this; call->outer_; call = call->outer_)
    for (auto& [name, module] : call->outer_->module_.named_modules())
      if (module == &call->module_ && !name.empty()) {
        path = path.empty() ? name : name + "." + path;
        break;
      }
  return path.empty() ? module_.class_name() : path + " (" + module_.class_name() + ")";
}
std::string Call::current_module() { return current_ ? current_->where() : std::string(); }

}  // namespace detail

namespace {
template <class Hook>
RemovableHandle add_global(HookList<Hook> detail::GlobalHooks::*list, Hook hook) {
  detail::watch_all_calls();
  return (detail::global_hooks().*list).add(std::move(hook));
}
template <class Hook>
RemovableHandle add_global(HookList<Hook> detail::ModuleHooks::*list, Hook hook) {
  detail::watch_all_calls();
  return (detail::global_hooks().*list).add(std::move(hook));
}
}  // namespace

RemovableHandle register_module_forward_pre_hook(ForwardPreHook hook) { return add_global(&detail::ModuleHooks::forward_pre, std::move(hook)); }
RemovableHandle register_module_forward_hook(ForwardHook hook) { return add_global(&detail::ModuleHooks::forward, std::move(hook)); }
RemovableHandle register_module_full_backward_pre_hook(BackwardPreHook hook) {
  return add_global(&detail::ModuleHooks::backward_pre, std::move(hook));
}
RemovableHandle register_module_full_backward_hook(BackwardHook hook) { return add_global(&detail::ModuleHooks::backward, std::move(hook)); }
RemovableHandle register_module_backward_hook(BackwardHook hook) { return register_module_full_backward_hook(std::move(hook)); }
RemovableHandle register_module_parameter_registration_hook(ParameterRegistrationHook hook) {
  return add_global(&detail::GlobalHooks::parameter, std::move(hook));
}
RemovableHandle register_module_buffer_registration_hook(BufferRegistrationHook hook) {
  return add_global(&detail::GlobalHooks::buffer, std::move(hook));
}
RemovableHandle register_module_module_registration_hook(ModuleRegistrationHook hook) {
  return add_global(&detail::GlobalHooks::module, std::move(hook));
}

RemovableHandle Module::register_forward_pre_hook(ForwardPreHook hook) { return hooks().forward_pre.add(std::move(hook)); }
RemovableHandle Module::register_forward_hook(ForwardHook hook) { return hooks().forward.add(std::move(hook)); }
RemovableHandle Module::register_full_backward_pre_hook(BackwardPreHook hook) { return hooks().backward_pre.add(std::move(hook)); }
RemovableHandle Module::register_full_backward_hook(BackwardHook hook) { return hooks().backward.add(std::move(hook)); }
RemovableHandle Module::register_state_dict_pre_hook(StateDictPreHook hook) { return hooks().state_dict_pre.add(std::move(hook)); }
RemovableHandle Module::register_state_dict_post_hook(StateDictHook hook) { return hooks().state_dict.add(std::move(hook)); }
RemovableHandle Module::register_load_state_dict_pre_hook(LoadStateDictPreHook hook) { return hooks().load_state_dict_pre.add(std::move(hook)); }
RemovableHandle Module::register_load_state_dict_post_hook(LoadStateDictPostHook hook) { return hooks().load_state_dict_post.add(std::move(hook)); }
RemovableHandle Module::register_backward_hook(BackwardHook hook) { return register_full_backward_hook(std::move(hook)); }

}  // namespace lazuli::nn
