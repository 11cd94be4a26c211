#pragma once
#include <functional>
#include <memory>
#include <utility>

#include "lazuli/autograd/node.h"
#include "lazuli/core/threads/mutex.h"

namespace lazuli {

/// Takes a hook away again; copies share it. Does nothing when the hook or its tensor is gone.
class RemovableHandle {
 public:
  RemovableHandle() = default;
  explicit RemovableHandle(std::function<void()> remover);
  void remove();

 private:
  std::shared_ptr<std::function<void()>> remover_;
};

/// Hooks in the order of their registration. Any thread may add, remove and read them.
template <class F>
class HookList {
  using List = std::vector<std::pair<uint64_t, F>>;  // each under a number that is never used again

 public:
  HookList() = default;
  HookList(HookList&& other) noexcept : entries_(other.entries_.exchange(nullptr)) {}
  HookList& operator=(HookList&& other) noexcept {
    HookList old(std::move(*this));
    entries_ = other.entries_.exchange(nullptr);
    return *this;
  }
  ~HookList() {
    if (Ref<Entries> e = Ref<Entries>::adopt(entries_.load())) e->exchange({});  // handles may keep the entries longer, but not what the hooks hold
  }

  RemovableHandle add(F f) {
    Ref<Entries> e = entries();
    Mutex::Guard lock(e->mutex);
    uint64_t id = e->next++;
    e->list.emplace_back(id, std::move(f));
    return RemovableHandle([e, id] { e->remove(id); });
  }
  bool empty() const { return !entries_.load(std::memory_order_acquire) || snapshot().empty(); }
  /// A copy, so that hooks may remove themselves or add others while they run.
  List snapshot() const {
    Entries* e = entries_.load(std::memory_order_acquire);
    if (!e) return {};
    Mutex::Guard lock(e->mutex);
    return e->list;
  }

 private:
  struct Entries : Counted {
    Mutex mutex;
    uint64_t next = 0;
    List list;
    // What the hooks hold is freed outside the lock: it may be anything.
    List exchange(List with) {
      Mutex::Guard lock(mutex);
      return std::exchange(list, std::move(with));
    }
    void remove(uint64_t id) {
      List removed;
      Mutex::Guard lock(mutex);
      auto at = list.begin();
      while (at != list.end() && at->first != id) ++at;
      if (at == list.end()) return;
      removed.push_back(std::move(*at));
      list.erase(at);
    }
    static void destroy(Entries* e) { delete e; }
  };
  Ref<Entries> entries() {
    if (!entries_.load(std::memory_order_acquire)) {
      Ref<Entries> made(new Entries);
      Entries* there = nullptr;
      if (entries_.compare_exchange_strong(there, made.get())) made->retain();
    }
    return Ref<Entries>(entries_.load(std::memory_order_acquire));
  }
  std::atomic<Entries*> entries_{nullptr};  // owned
};

/// Sees a tensor's complete gradient in a backward; a defined result replaces it.
using TensorHook = std::function<Tensor(const Tensor& grad)>;

/// Refers to a tensor without keeping it alive. Its mutex guards the tensor's `grad` against backwards at once.
struct WeakTensor : Counted {
  explicit WeakTensor(TensorBody* of) : body(of) {}
  Mutex mutex;
  TensorBody* body;  // null once the tensor is gone

  /// Undefined once nobody holds the tensor any more.
  Tensor lock();
  void forget();
  static void destroy(WeakTensor* w) { delete w; }
};

/// What else happens at a node.
class NodeHooks {
 public:
  struct OfOutput {
    uint32_t output;
    std::vector<TensorHook> hooks;
    Ref<WeakTensor> retain_for;  // retain_grad: the tensor that wants the gradient, after the hooks
  };
  RemovableHandle add(uint32_t output, TensorHook hook);
  void retain(uint32_t output, Ref<WeakTensor> tensor);
  std::vector<OfOutput> snapshot();

 private:
  struct Entry {
    HookList<TensorHook> hooks;
    Ref<WeakTensor> retain_for;
  };
  Mutex mutex_;
  std::vector<std::pair<uint32_t, Entry>> outputs_;
  Entry& of(uint32_t output);
};

/// Calls `hook` with the gradient of `tensor` in every backward that computes it, as soon as it is complete, before it is accumulated (leaves) or passed on. A defined result
/// replaces the gradient: of the same sizes, dtype and device, else the backward is an Error. Hooks run in the order of their registration, in the thread of the backward.
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
inline void Tensor::remove_hook(RemovableHandle handle) const { handle.remove(); }
/// Calls `hook` with a leaf after its gradient was accumulated, before the rest of the backward goes on.
RemovableHandle register_post_accumulate_grad_hook(const Tensor& leaf, std::function<void(const Tensor& leaf)> hook);
template <class F>
RemovableHandle Tensor::register_post_accumulate_grad_hook(F hook) const {
  return lazuli::register_post_accumulate_grad_hook(*this, [hook = std::move(hook)](Tensor leaf) mutable { hook(leaf); });
}

}  // namespace lazuli
