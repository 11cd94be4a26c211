#pragma once
#include <functional>
#include <memory>
#include <utility>

#include "lazuli/autograd/node.h"

namespace lazuli {

/// Takes a hook away again; copies share it. Does nothing when the hook or its tensor is gone.
class RemovableHandle {
 public:
  RemovableHandle() = default;
  explicit RemovableHandle(std::function<void()> remover) : remover_(std::make_shared<std::function<void()>>(std::move(remover))) {}
  void remove() {
    if (remover_ && *remover_) std::exchange(*remover_, nullptr)();
  }

 private:
  std::shared_ptr<std::function<void()>> remover_;
};

/// Hooks in the order of their registration, each under a number that is never used again.
template <class F>
class HookList {
 public:
  RemovableHandle add(F f) {
    if (!entries_) entries_ = std::make_shared<Entries>();
    uint64_t id = entries_->next++;
    entries_->list.emplace_back(id, std::move(f));
    return RemovableHandle([weak = std::weak_ptr<Entries>(entries_), id] {
      if (auto e = weak.lock()) std::erase_if(e->list, [id](const auto& entry) { return entry.first == id; });
    });
  }
  bool empty() const { return !entries_ || entries_->list.empty(); }
  /// A copy, so that hooks may remove themselves or add others while they run.
  std::vector<std::pair<uint64_t, F>> snapshot() const { return entries_ ? entries_->list : std::vector<std::pair<uint64_t, F>>(); }

 private:
  struct Entries {
    uint64_t next = 0;
    std::vector<std::pair<uint64_t, F>> list;
  };
  std::shared_ptr<Entries> entries_;
};

/// Sees a tensor's complete gradient in a backward; a defined result replaces it.
using TensorHook = std::function<Tensor(const Tensor& grad)>;

/// What else happens at a node.
struct NodeHooks {
  struct OfOutput {
    uint32_t output;
    HookList<TensorHook> hooks;
    TensorBody* retain_for = nullptr;  // retain_grad: the tensor that wants it; it clears this when it dies
  };
  std::vector<OfOutput> outputs;
  OfOutput& of(uint32_t output);
};

/// Calls `hook` with the gradient of `tensor` in every backward that computes it, before it is accumulated (leaves) or passed on.
/// Throws Error for a tensor that does not require grad.
RemovableHandle register_hook(const Tensor& tensor, TensorHook hook);
template <class F>
RemovableHandle Tensor::register_hook(F hook) const {
  if constexpr (std::is_void_v<std::invoke_result_t<F&, const Tensor&>>) {
    return lazuli::register_hook(*this, [hook = std::move(hook)](const Tensor& grad) mutable {
      hook(grad);
      return Tensor();
    });
  } else {
    return lazuli::register_hook(*this, TensorHook(std::move(hook)));
  }
}
/// Calls `hook` with a leaf after its gradient was accumulated.
RemovableHandle register_post_accumulate_grad_hook(const Tensor& leaf, std::function<void(const Tensor& leaf)> hook);

}  // namespace lazuli
