#pragma once
#include <atomic>
#include <tuple>

#include "lazuli/core/error.h"
#include "lazuli/nn/module/module.h"

/// How modules are called, held and cloned by those who know their class.
namespace lazuli::nn {

namespace detail {

/// A call of a module that is under way in this thread. Knows the modules that called it, for the path in errors.
class Call {
 public:
  explicit Call(Module& module) : module_(module), outer_(current_) { current_ = this; }
  ~Call() { current_ = outer_; }
  Call(const Call&) = delete;
  /// Whether hooks, of the module or for all modules, want to see it.
  bool watched() const { return module_.hooks_ || global_watchers_.load(std::memory_order_relaxed); }
  /// Run the hooks; they may replace the tensors.
  void before(std::vector<Tensor*>& inputs);
  void after(std::vector<Tensor*>& outputs);
  /// Adds "in module encoder.fc1 (Linear)" unless a module further in did.
  void explain(Error& error) const;
  static void watch_all() { global_watchers_.fetch_add(1, std::memory_order_relaxed); }

 private:
  friend struct ModuleHooks;
  friend class DryRun;
  static thread_local constinit Call* current_;
  static constinit std::atomic<int> global_watchers_;  // global hooks that were ever registered, and dry runs under way
  Module& module_;
  Call* outer_;
  std::vector<Tensor> inputs_;
  std::shared_ptr<void> backward_;
};

template <class T>
struct TensorsIn {  // anything else has none
  static constexpr bool any = false;
  static void collect(const T&, std::vector<Tensor*>&) {}
};
template <class T>
requires std::is_base_of_v<Tensor, T>
struct TensorsIn<T> {
  static constexpr bool any = true;
  static void collect(Tensor& t, std::vector<Tensor*>& into) {
    if (t.defined()) into.push_back(&t);
  }
};
template <class T>
struct TensorsIn<std::optional<T>> {
  static constexpr bool any = TensorsIn<T>::any;
  static void collect(std::optional<T>& t, std::vector<Tensor*>& into) {
    if (t) TensorsIn<T>::collect(*t, into);
  }
};
template <class T>
struct TensorsIn<std::vector<T>> {
  static constexpr bool any = TensorsIn<T>::any;
  static void collect(std::vector<T>& ts, std::vector<Tensor*>& into) {
    for (T& t : ts) TensorsIn<T>::collect(t, into);
  }
};
template <class A, class B>
struct TensorsIn<std::pair<A, B>> {
  static constexpr bool any = TensorsIn<A>::any || TensorsIn<B>::any;
  static void collect(std::pair<A, B>& p, std::vector<Tensor*>& into) {
    TensorsIn<A>::collect(p.first, into);
    TensorsIn<B>::collect(p.second, into);
  }
};
template <class... T>
struct TensorsIn<std::tuple<T...>> {
  static constexpr bool any = (TensorsIn<std::remove_cvref_t<T>>::any || ...);
  static void collect(std::tuple<T...>& values, std::vector<Tensor*>& into) {
    std::apply([&](auto&... value) { (TensorsIn<std::remove_cvref_t<decltype(value)>>::collect(value, into), ...); }, values);
  }
};
// Hooks may replace the tensors of an argument, so these are copied; other arguments go through as they are.
template <class A>
using HookedArgument = std::conditional_t<TensorsIn<std::remove_cvref_t<A>>::any, std::remove_cvref_t<A>, A&&>;

template <class M, class... A>
auto watched_call(Call& call, M& module, A&&... args) {
  std::tuple<HookedArgument<A>...> arguments(std::forward<A>(args)...);
  std::vector<Tensor*> inputs, outputs;
  TensorsIn<std::tuple<HookedArgument<A>...>>::collect(arguments, inputs);
  call.before(inputs);
  auto run = [&] { return std::apply([&](auto&... a) { return module.forward(static_cast<HookedArgument<A>>(a)...); }, arguments); };
  if constexpr (std::is_void_v<decltype(run())>) {
    run();
    call.after(outputs);
  } else {
    auto result = run();
    TensorsIn<decltype(result)>::collect(result, outputs);
    call.after(outputs);
    return result;
  }
}

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
template <class T>
void know_class(T& module) {
  if constexpr (std::is_copy_constructible_v<T>) {
    if (typeid(module) == typeid(T)) module.clone_ = &clone_as<T>;
  }
}
[[noreturn]] void fail_clone(const Module& module, const char* expected);

/// A module made from a temporary, or a module that somebody holds already.
template <class T>
requires(std::is_base_of_v<Module, T> && !std::is_lvalue_reference_v<T>) std::shared_ptr<T> hold(T&& module) {
  auto held = std::make_shared<T>(std::move(module));
  know_class(*held);
  return held;
}
template <class T>
std::shared_ptr<T> hold(std::shared_ptr<T> module) {
  if (module) know_class(*module);
  return module;
}
}  // namespace detail

/// Runs `module.forward(args...)` with the hooks. Hooks see the tensors among the arguments and results, those in optionals, vectors, pairs and tuples included.
/// An Error thrown inside gets the module's path as context.
template <class M, class... A>
requires std::is_base_of_v<Module, M>
auto call(M& module, A&&... args) {
  detail::Call call(module);
  try {
    if (!call.watched()) [[likely]]
      return module.forward(std::forward<A>(args)...);
    return detail::watched_call(call, module, std::forward<A>(args)...);
  } catch (Error& error) {
    call.explain(error);
    throw;
  }
}

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
  /// Makes the module from `args`.
  template <class... A>
  requires std::is_constructible_v<T, A...> Child(Module* parent, std::string_view name, A&&... args)
      : Child(parent, name, std::make_shared<T>(std::forward<A>(args)...)) {}
  /// The same for options in braces, alone or after one or two arguments: `{this, "bn", {.eps = 1e-3}}`.
  template <class U = T>
  requires std::is_constructible_v<U, typename U::Options> Child(Module* parent, std::string_view name, const typename U::Options& options)
      : Child(parent, name, std::make_shared<T>(options)) {}
  template <class A, class U = T>
  requires std::is_constructible_v<U, A, typename U::Options> Child(Module* parent, std::string_view name, A&& a, const typename U::Options& options)
      : Child(parent, name, std::make_shared<T>(std::forward<A>(a), options)) {}
  template <class A, class B, class U = T>
  requires std::is_constructible_v<U, A, B, typename U::Options> Child(Module* parent, std::string_view name, A&& a, B&& b,
                                                                       const typename U::Options& options)
      : Child(parent, name, std::make_shared<T>(std::forward<A>(a), std::forward<B>(b), options)) {}
  /// Shares a module that exists.
  Child(Module* parent, std::string_view name, std::shared_ptr<T> module) : module_(std::move(module)) {
    if (module_) detail::know_class(*module_);
    parent->add_module(name, module_);
  }
  Child(const Child& other) : module_(std::static_pointer_cast<T>(detail::cloned(other.module_))) {}
  Child(Child&&) noexcept = default;
  Child& operator=(const Child&) = delete;
  Child& operator=(Child&&) noexcept = default;

  T* operator->() const { return module_.get(); }
  T& operator*() const { return *module_; }
  T* get() const { return module_.get(); }
  const std::shared_ptr<T>& shared() const { return module_; }
  /// Runs the module with its hooks.
  template <class... A>
  auto operator()(A&&... args) const {
    return call(*module_, std::forward<A>(args)...);
  }

 private:
  std::shared_ptr<T> module_;
};

}  // namespace lazuli::nn
