#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lazuli {

/// Memory for small, short-lived objects (tensor handles' bodies, graph nodes): free lists per thread, refilled from and returned to a shared depot in batches.
void* pool_allocate(size_t bytes);
void pool_free(void* block, size_t bytes) noexcept;

/// Base of objects counted inside themselves. `T` gives `static void destroy(T*)` when it needs more than `delete`.
class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) : count_(0) {}
  Counted& operator=(const Counted&) { return *this; }
  void retain() const noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
  /// True when this was the last reference.
  bool release() const noexcept { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  /// Takes a reference unless the object is already dying.
  bool try_retain() const noexcept {
    uint32_t n = count_.load(std::memory_order_relaxed);
    while (n != 0)
      if (count_.compare_exchange_weak(n, n + 1, std::memory_order_acq_rel)) return true;
    return false;
  }
  uint32_t use_count() const noexcept { return count_.load(std::memory_order_acquire); }

 private:
  mutable std::atomic<uint32_t> count_{0};
};

/// An owning pointer to a Counted object.
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  Ref(T* p) : p_(p) {
    if (p_) p_->retain();
  }
  Ref(const Ref& other) : Ref(other.p_) {}
  Ref(Ref&& other) noexcept : p_(std::exchange(other.p_, nullptr)) {}
  template <class U>
  requires requires(U* u, T*& t) { t = u; }
  Ref(const Ref<U>& other) : Ref(static_cast<T*>(other.get())) {}
  Ref& operator=(const Ref& other) noexcept { return *this = Ref(other); }
  Ref& operator=(Ref&& other) noexcept {
    T* old = std::exchange(p_, std::exchange(other.p_, nullptr));  // itself included
    if (old && old->release()) T::destroy(old);
    return *this;
  }
  ~Ref() { reset(); }
  /// Owns `p` without counting it again.
  static Ref adopt(T* p) {
    Ref r;
    r.p_ = p;
    return r;
  }
  void reset() noexcept {
    if (T* p = std::exchange(p_, nullptr); p && p->release()) T::destroy(p);
  }
  T* get() const { return p_; }
  T* operator->() const { return p_; }
  T& operator*() const { return *p_; }
  explicit operator bool() const { return p_ != nullptr; }
  bool operator==(const Ref& other) const { return p_ == other.p_; }

 private:
  T* p_ = nullptr;
};

}  // namespace lazuli
