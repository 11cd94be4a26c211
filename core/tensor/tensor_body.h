#pragma once
#include <atomic>

#include "lazuli/core/dtype.h"
#include "lazuli/core/memory/owned.h"
#include "lazuli/core/memory/storage.h"
#include "lazuli/core/shape.h"

namespace lazuli {

/// What a room above core attaches to a tensor's body: autograd its history, nn the mark of an uninitialized parameter.
struct TensorExtension {
  virtual ~TensorExtension() = default;
};

/// Owns an extension, which several threads may want to attach at once.
class ExtensionSlot {
 public:
  ExtensionSlot() = default;
  ~ExtensionSlot() { delete get(); }
  TensorExtension* get() const { return extension_.load(std::memory_order_acquire); }
  explicit operator bool() const { return get() != nullptr; }
  /// Attaches `mine` unless another thread was faster; what is there then.
  TensorExtension& attach(Owned<TensorExtension> mine) {
    TensorExtension* there = nullptr;
    return extension_.compare_exchange_strong(there, mine.get(), std::memory_order_acq_rel) ? *mine.release() : *there;
  }
  /// For a body that no other thread has yet.
  TensorExtension& attach_first(Owned<TensorExtension> mine) {
    extension_.store(mine.get(), std::memory_order_release);
    return *mine.release();
  }

 private:
  std::atomic<TensorExtension*> extension_{nullptr};
};

/// The body that tensor handles share. Rooms below `nn` work on it; users hold Tensor.
struct TensorBody : Counted {
  Ref<Storage> storage;
  Shape sizes, strides;  // in elements
  int64_t offset = 0;    // in elements, into storage
  int64_t numel = 0;
  DType dtype = kFloat32;
  Device device;
  bool contiguous = true;       // row-major and dense
  bool wrapped_number = false;  // a C++ number as 0-d tensor: only its kind takes part in promotion
  bool requires_grad = false;   // a leaf that asked for it, or a result with history
  bool is_view = false;         // autograd follows it back to its base: history may arrive through the base
  bool inference = false;       // made in inference mode
  bool uninitialized = false;   // an UninitializedParameter or UninitializedBuffer: any use is an error until it materializes
  ExtensionSlot autograd;
  Owned<TensorExtension> lazy;

  static void destroy(TensorBody* body) noexcept;
  static void* operator new(size_t bytes) { return pool_allocate(bytes); }
  static void operator delete(void* p, size_t bytes) { pool_free(p, bytes); }
};

}  // namespace lazuli
