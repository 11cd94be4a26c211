#pragma once
#include "lazuli/nn/module/call.h"

/// How modules are held and cloned by those who know their class.
namespace lazuli::nn {

namespace detail {

std::shared_ptr<Module> cloned(const std::shared_ptr<Module>& module);  // the copy of `module` in the clone that is being made; else itself

/// While it lives, copying modules is allowed.
class Cloning {
 public:
  explicit Cloning(const Module& root);
  ~Cloning();
  void check() const;  // throws Error when the copy still holds tensors of the original

  struct State;
  static State* current();  // null outside

 private:
  std::unique_ptr<State> state_;
};
template <class T>
std::shared_ptr<Module> clone_as(const Module& module) {
  return std::make_shared<T>(static_cast<const T&>(module));
}
[[noreturn]] void fail_clone(const Module& module, const char* expected);

[[noreturn]] void fail_moved_child(const std::type_info& type);

/// A module made from a temporary, or a module that somebody holds already.
template <class T>
requires(std::is_base_of_v<Module, T> && !std::is_lvalue_reference_v<T>) std::shared_ptr<T> hold(T&& module) {
  auto held = std::make_shared<T>(std::move(module));
  know_class(*held);
  return held;
}
template <class T>
void know_held(const std::shared_ptr<T>& module) {
  if (module) know_class(*module);
}
template <class T>
std::shared_ptr<T> hold(std::shared_ptr<T> module) {
  if (module) know_class(*module);
  return module;
}
}  // namespace detail

/// A deep copy: its own parameters, buffers and children, no gradients, no hooks; what the original shares inside, the copy shares too.
/// Throws Error when `module` is in truth of a class derived from T, or keeps a registered tensor in a plain Tensor member (declare it Parameter or Buffer).
template <class T>
requires std::is_base_of_v<Module, T> T clone(const T& module) {
  if (typeid(module) != typeid(T)) detail::fail_clone(module, "a module whose class is known; use module.clone() on what a Child or container holds");
  detail::Cloning cloning(module);
  T copy(module);
  cloning.check();
  return copy;
}

/// A module that is a member of another one, registered under a name. Use it like the module: `fc(x)`, `fc->weight`, `*fc = nn::Linear(512, 2)`.
/// The module has an address of its own, which stays when the parent moves. Copies of a Child are handles on the same module.
template <class T>
class Child {
 public:
  /// Makes the module from `args`, or shares one that exists: `{this, "decoder", shared_pointer}`.
  template <class P, class... A>
  Child(P* parent, std::string_view name, A&&... args) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(args)...));
  }
  /// The same for options in braces, alone or after one or two arguments: `{this, "bn", {.eps = 1e-3}}`.
  template <class P, class U = T>
  requires std::is_constructible_v<U, typename U::Options> Child(P* parent, std::string_view name, const typename U::Options& options)
      : Child(parent, name, std::make_shared<T>(options)) {}
  template <class P, class A, class U = T>
  requires std::is_constructible_v<U, A, typename U::Options> Child(P* parent, std::string_view name, A&& a, const typename U::Options& options)
      : Child(parent, name, std::make_shared<T>(std::forward<A>(a), options)) {}
  template <class P, class A, class B, class U = T>
  requires std::is_constructible_v<U, A, B, typename U::Options> Child(P* parent, std::string_view name, A&& a, B&& b,
                                                                       const typename U::Options& options)
      : Child(parent, name, std::make_shared<T>(std::forward<A>(a), std::forward<B>(b), options)) {}
  Child(const Child& other) : module_(std::static_pointer_cast<T>(detail::cloned(other.module_))) {}
  Child(Child&&) noexcept = default;
  Child& operator=(const Child&) = delete;
  Child& operator=(Child&&) noexcept = default;

  // These throw Error (State) for a Child that was moved from; `get` and `shared` give null.
  T* operator->() const { return &**this; }
  T& operator*() const {
    if (!module_) [[unlikely]]
      detail::fail_moved_child(typeid(T));
    return *module_;
  }
  T* get() const { return module_.get(); }
  const std::shared_ptr<T>& shared() const { return module_; }
  /// Runs the module with its hooks.
  template <class... A>
  auto operator()(A&&... args) const {
    return call(**this, std::forward<A>(args)...);
  }

 private:
  template <class... A>
  static std::shared_ptr<T> made(A&&... args) {
    if constexpr ((std::is_convertible_v<A, std::shared_ptr<T>> && ...) && sizeof...(A) == 1) {
      (detail::know_held(args), ...);
      return {std::forward<A>(args)...};
    } else {
      static_assert(std::is_constructible_v<T, A...>, "this Child's module cannot be made from these arguments");
      if constexpr (std::is_constructible_v<T, A...>) {
        auto module = std::make_shared<T>(std::forward<A>(args)...);
        detail::know_class(*module);
        return module;
      } else {
        return nullptr;
      }
    }
  }
  void enter(Module* parent, std::string_view name, std::shared_ptr<T> module) {
    module_ = std::move(module);
    parent->add_module(name, module_);
  }
  std::shared_ptr<T> module_;
};

}  // namespace lazuli::nn
