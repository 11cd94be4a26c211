#include "lazuli/nn/module/computed.h"

#include <algorithm>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/nn/module/module_hooks.h"

namespace lazuli::nn::detail {

struct ComputedMember::State {
  std::shared_ptr<Slot> entry;  // the module's list has it no more, the member has
  Compute compute;
  Assign assign;
  Tensor shown;
  RemovableHandle handle;
};

const std::string& ComputedMember::name() const { return state_->entry->name; }

// The entry's tensor is written past Slot::set: a value in between is not registered anywhere.
Tensor ComputedMember::show(Module& module) const {
  Slot& entry = *state_->entry;
  if (state_->assign && entry.tensor.defined() && !entry.tensor.is_same(state_->shown)) {
    const Tensor given = entry.tensor;
    entry.tensor = state_->shown;
    state_->assign(module, given);
  }
  state_->shown = state_->compute(module);
  entry.tensor = state_->shown;
  if (entry.member) static_cast<Tensor&>(*entry.member) = state_->shown;
  return state_->shown;
}
void ComputedMember::refresh(Module& module) const {
  enable_grad recorded;
  std::vector<std::pair<Module*, bool>> modes;
  for (Module* m : module.modules()) modes.emplace_back(m, std::exchange(Parts::training(*m), false));
  auto restore = [&] {
    for (auto& [m, training] : modes) Parts::training(*m) = training;
  };
  try {
    show(module);
  } catch (...) {
    restore();
    throw;
  }
  restore();
}
std::vector<Tensor> ComputedMember::operator()(Module& module, const std::vector<Tensor>&) const {
  show(module);
  return {};
}
void ComputedMember::mark_moving() const { state_->entry->moving = state_->entry->member; }

std::vector<ComputedMember> ComputedMember::of(const Module& module) {
  std::vector<ComputedMember> all;
  if (const ModuleHooks* hooks = Parts::hooks(module))
    for (auto& hook : hooks->forward_pre.snapshot())
      if (auto* computed = hook.second.function.target<ComputedMember>()) all.push_back(*computed);
  return all;
}

void ComputedMember::copy_to(Module& copy, std::shared_ptr<Slot> entry) const {
  ComputedMember member;
  member.state_ =
      std::make_shared<State>(State{entry ? entry : std::make_shared<Slot>(name(), Tensor(), true), state_->compute, state_->assign, {}, {}});
  member.state_->entry->tensor = {};
  ForwardPreHook hook([](Module&, const Tensor&) {});
  hook.function = member;
  std::weak_ptr<State> state = member.state_;  // the hook is what holds the state
  RemovableHandle handle = Parts::hooks(copy).forward_pre.add(std::move(hook));
  state.lock()->handle = handle;
  member.refresh(copy);
}

void compute_member(Module& module, std::string_view name, Compute compute, Assign assign) {
  std::shared_ptr<Slot> entry = Parts::find(module, name);
  if (!entry) fail("compute_member", "name", "the name of a parameter or buffer of this " + module.class_name(), "'" + std::string(name) + "'");
  ComputedMember member;
  member.state_ = std::make_shared<ComputedMember::State>(ComputedMember::State{entry, std::move(compute), std::move(assign), {}, {}});
  Parts::erase(module, name);
  entry->set({});
  ComputedMember(member).copy_to(module, entry);
}

void stop_computing(Module& module, std::string_view name, const Tensor& value, bool is_parameter) {
  for (const ComputedMember& computed : ComputedMember::of(module)) {
    if (computed.name() != name) continue;
    std::shared_ptr<Slot> entry = computed.state_->entry;
    computed.state_->handle.remove();
    entry->tensor = {};
    entry->set(is_parameter ? Tensor(Parameter(value, value.requires_grad())) : value);
    (is_parameter ? Parts::parameters(module) : Parts::buffers(module)).push_back(entry);
    return;
  }
}

std::optional<ComputedMember> find_computed(const Module& module, std::string_view name) {
  for (const ComputedMember& computed : ComputedMember::of(module))
    if (computed.name() == name) return computed;
  return {};
}

void refresh_computed(Module& module) {
  for (Module* m : module.modules())
    for (const ComputedMember& computed : ComputedMember::of(*m)) computed.refresh(*m);
}

std::shared_ptr<Slot> Parts::find(Module& module, std::string_view name) {
  for (auto* list : {&module.parameters_, &module.buffers_})
    for (const auto& slot : *list)
      if (slot->name == name && slot->tensor.defined()) return slot;
  return nullptr;
}
void Parts::erase(Module& module, std::string_view name) {
  for (auto* list : {&module.parameters_, &module.buffers_}) std::erase_if(*list, [&](const auto& slot) { return slot->name == name; });
}
void Parts::erase_child(Module& module, std::string_view name) {
  std::erase_if(module.children_, [&](const auto& child) { return child->name == name; });
}

}  // namespace lazuli::nn::detail
