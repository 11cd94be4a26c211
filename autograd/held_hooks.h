#pragma once
#include "lazuli/autograd/hooks.h"

/// Hooks that hold the tensor on which they hang: tensor, hooks and what they hold keep each other alive, so that counting references alone would never free them.
namespace lazuli::autograd::detail {

/// To be called with each new hook: remembers the tensor where a copy of `hook` is another reference to it.
template <class F>
void note_hook(const Tensor& tensor, const F& hook);

/// What finds the tensor again without keeping it.
Ref<WeakTensor> weak_of(const Tensor& tensor);
void remember_held(const Tensor& tensor);
/// Takes the hooks away from tensors that nobody but their own hooks holds, and whose node no graph leads to: nothing could ever call them. At the end of each backward, and once in a while
/// where hooks are registered.
void free_held_hooks() noexcept;

template <class F>
void note_hook(const Tensor& tensor, const F& hook) {
  const uint32_t before = tensor.body()->use_count();
  const F copy = hook;
  if (tensor.body()->use_count() > before) remember_held(tensor);
}

}  // namespace lazuli::autograd::detail
