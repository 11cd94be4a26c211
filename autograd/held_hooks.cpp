#include "lazuli/autograd/held_hooks.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "lazuli/autograd/meta.h"

namespace lazuli::autograd::detail {

namespace {

std::mutex& held_mutex() {
  static auto* m = new std::mutex;
  return *m;
}
using Held = std::unordered_map<WeakTensor*, Ref<WeakTensor>>;
Held& held() {
  static auto* all = new Held;
  return *all;
}
constinit std::atomic<size_t> count{0};
constinit std::atomic<size_t> free_at{16};

// What is taken away from a tensor, to be destroyed outside of any lock.
struct Taken {
  HookList<TensorHook> hooks;
  HookList<std::function<void(const Tensor&)>> post_accumulate;
  Ref<Node> node;  // with the hooks that hang on it
};

// `tensor` is one reference more than there are without it.
bool only_by_hooks(const Tensor& tensor) {
  AutogradMeta& meta = *autograd_meta(tensor);
  const AccumulateGrad* accumulator = meta.accumulator.load();
  if ((meta.grad_fn && meta.grad_fn->use_count() != 1) || (accumulator && accumulator->use_count() != 1)) return false;
  const uint32_t before = tensor.body()->use_count();
  const auto hooks = meta.leaf_hooks.snapshot();
  const auto post_accumulate = meta.post_accumulate.snapshot();
  std::vector<NodeHooks::OfOutput> of_node;
  if (NodeHooks* there = meta.grad_fn ? meta.grad_fn->hooks_if_any() : nullptr) of_node = there->snapshot();
  return tensor.body()->use_count() - before == before - 1;
}

Taken take_hooks(const Tensor& tensor) {
  AutogradMeta& meta = *autograd_meta(tensor);
  Taken taken;
  taken.hooks = std::move(meta.leaf_hooks);
  taken.post_accumulate = std::move(meta.post_accumulate);
  taken.node = std::move(meta.grad_fn);
  return taken;
}

}  // namespace

void remember_held(const Tensor& tensor) {
  {
    Ref<WeakTensor> weak = weak_of(tensor);
    std::lock_guard lock(held_mutex());
    held().emplace(weak.get(), weak);
    count = held().size();
  }
  if (count < free_at) return;
  free_held_hooks();
  free_at = std::max<size_t>(16, 2 * count);
}

void free_held_hooks() noexcept {
  if (count.load(std::memory_order_relaxed) == 0) return;
  std::vector<Taken> taken;
  std::vector<Tensor> freed;  // gone after their hooks
  {
    std::lock_guard lock(held_mutex());
    for (auto at = held().begin(); at != held().end();) {
      Tensor tensor = at->second->lock();
      const bool free = tensor.defined() && only_by_hooks(tensor);
      if (free) taken.push_back(take_hooks(tensor));
      if (free || !tensor.defined()) at = held().erase(at);
      else ++at;
      if (tensor.defined()) freed.push_back(std::move(tensor));  // the last reference, it may be: not under the lock
    }
    count = held().size();
  }
}

}  // namespace lazuli::autograd::detail
