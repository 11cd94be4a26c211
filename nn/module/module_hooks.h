#pragma once
#include "lazuli/nn/module/hooks.h"

namespace lazuli::nn {

namespace detail {
/// The hooks of one module. `self` follows the module when it moves, and is null once it is gone.
struct ModuleHooks {
  std::shared_ptr<Module*> self;
  HookList<ForwardPreHook> forward_pre;
  HookList<ForwardHook> forward;
  HookList<BackwardPreHook> backward_pre;
  HookList<BackwardHook> backward;
  HookList<StateDictPreHook> state_dict_pre;
  HookList<StateDictHook> state_dict;
  HookList<LoadStateDictPreHook> load_state_dict_pre;
  HookList<LoadStateDictPostHook> load_state_dict_post;
};
struct GlobalHooks : ModuleHooks {
  HookList<ParameterRegistrationHook> parameter;
  HookList<BufferRegistrationHook> buffer;
  HookList<ModuleRegistrationHook> module;
};
GlobalHooks& global_hooks();
}  // namespace detail

}  // namespace lazuli::nn
