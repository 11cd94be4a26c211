#pragma once
#include <atomic>
#include <concepts>
#include <optional>
#include <tuple>
#include <typeinfo>

#include "lazuli/core/described.h"
#include "lazuli/core/error.h"
#include "lazuli/nn/module/clone.h"
#include "lazuli/nn/module/tensors_in.h"

/// How modules are called: with any arguments and any result, through their hooks.
namespace lazuli::nn {

namespace detail {

/// Whether `module.forward(args...)` can be written.
template <class M, class... A>
concept ForwardTakes = requires(M& module, A&&... args) {
  module.forward(std::forward<A>(args)...);
};
template <class M>
concept MapsTensor = requires(M& module, const Tensor& input) {
  { module.forward(input) } -> std::convertible_to<Tensor>;
};
template <class M>
concept MapsTensorReference = requires(M& module, Tensor& input) {
  { module.forward(input) } -> std::convertible_to<Tensor>;
};

/// What a base cannot see of the class derived from it, once someone who sees that class has told it.
struct KnownClass {
  const std::type_info* type;
  size_t size;
  Tensor (*forward)(Module&, const Tensor&);         // null: it takes or returns something else
  void (*run)(Module&, const Tensor&);               // the same for any result, which is dropped
  std::shared_ptr<Module> (*remade)(const Module&);  // null: clone.h does not find out how to make it again
  void (*copy_members)(const Module&, Module&, Cloning&);
};

template <class T>
Tensor forward_as(Module& module, const Tensor& input) {
  if constexpr (MapsTensor<T>) {
    return static_cast<T&>(module).forward(input);
  } else {
    Tensor own = input;
    return static_cast<T&>(module).forward(own);
  }
}
template <class T>
void run_as(Module& module, const Tensor& input) {
  Tensor own = input;
  if constexpr (ForwardTakes<T, Tensor&>) call(static_cast<T&>(module), own);
  else call(static_cast<T&>(module), std::move(own));
}
template <class T>
constexpr KnownClass describe_class() {
  KnownClass c{&typeid(T), sizeof(T), nullptr, nullptr, nullptr, &copy_members<T>};
  if constexpr (MapsTensor<T> || MapsTensorReference<T>) c.forward = &forward_as<T>;
  if constexpr (ForwardTakes<T, Tensor> || ForwardTakes<T, Tensor&>) c.run = &run_as<T>;
  if constexpr (Remakeable<T>) c.remade = &remade_as<T>;
  return c;
}
template <class T>
inline constexpr KnownClass known_class = describe_class<T>();

/// Of a module that is whole: `T` counts when it is its very class, not a base of it.
template <class T>
void know_class(T& module) {
  if constexpr (!std::is_same_v<T, Module>) {
    if (typeid(module) == typeid(T)) static_cast<Module&>(module).class_ = &known_class<T>;
  }
}
/// Of a module under construction, by its members: the last one to tell is the nearest to its class.
template <class P>
Module* know_as(Module* module) {
  if constexpr (!std::is_same_v<P, Module>) module->class_ = &known_class<P>;
  return module;
}
template <class P>
Module* know_parent(P* parent) {
  constexpr bool is_module = std::is_base_of_v<Module, P>;
  static_assert(is_module, "a Child, Parameter or Buffer is a member of a class derived from nn::Module, and gets `this` first");
  if constexpr (is_module) {
    return know_as<P>(parent);
  } else {
    return nullptr;
  }
}

/// A call of a module that is under way in this thread. Knows the modules that called it, for the path in errors.
class Call {
 public:
  /// `end`: of the object that the module is the beginning of, as far as its class is known.
  Call(Module& module, const void* end) : module_(module), end_(static_cast<const char*>(end)), outer_(current_) {
    if (module.moved_from_) [[unlikely]]
      fail_moved(module);
    if (outer_) {
      auto at = reinterpret_cast<const char*>(&module), from = reinterpret_cast<const char*>(&outer_->module_);
      if (at > from && at < outer_->end_) [[unlikely]]
        check_registered();
    }
    current_ = this;
  }
  ~Call() { current_ = outer_; }
  Call(const Call&) = delete;
  /// Whether hooks, of the module or for all modules, want to see it.
  bool watched() const { return module_.hooks_ || global_watchers_.load(std::memory_order_relaxed); }
  /// Run the hooks; they may replace the tensors.
  void before(std::vector<Tensor*>& inputs);
  void after(std::vector<Tensor*>& outputs);
  /// Adds "in module encoder.fc1 (Linear)" unless a module further in did.
  void explain(Error& error) const;
  /// "encoder.fc1 (Linear)", and of the call that this thread is in; empty outside of all.
  std::string where() const;
  static std::string current_module();
  /// "fc1", or the class of an outermost module.
  std::string_view name_in_caller() const;
  static void watch_more(int change);
  static void watch_all() { global_watchers_.fetch_add(1, std::memory_order_relaxed); }
  [[noreturn]] static void fail_moved(const Module& module);

 private:
  friend struct ModuleHooks;
  friend class DryRun;
  void check_registered() const;
  static thread_local constinit Call* current_;
  static constinit std::atomic<int> global_watchers_;  // global hooks that were ever registered, and dry runs under way
  Module& module_;
  const char* end_;
  Call* outer_;
  std::vector<Tensor> inputs_;
  std::shared_ptr<void> backward_;
};

// Hooks may replace the tensors of an argument, so these are copied; other arguments go through as they are.
template <class A>
using HookedArgument = std::conditional_t<TensorsIn<std::remove_cvref_t<A>>::any, std::remove_cvref_t<A>, A&&>;
// An argument that forward cannot change.
template <class A>
using Kept = std::conditional_t<std::is_lvalue_reference_v<A>, const std::remove_reference_t<A>&, A&&>;
// The copy as what was given, a temporary or something with a name; what forward is to change, as it is.
template <class A, bool as_it_is, class Copy>
decltype(auto) as_given(std::remove_reference_t<A>& original, Copy& copy) {
  if constexpr (as_it_is && std::is_lvalue_reference_v<A>) return static_cast<A&&>(original);
  else return static_cast<std::conditional_t<std::is_lvalue_reference_v<A>, Copy&, Copy&&>>(copy);
}

/// `forward(args...)` with what its hooks make of the tensors in arguments and result.
template <class F, class... A>
auto watched_call(Call& call, F& forward, A&&... args) {
  std::tuple<HookedArgument<A>...> arguments(std::forward<A>(args)...);
  std::vector<Tensor*> inputs, outputs;
  collect_tensors(arguments, inputs);
  call.before(inputs);
  constexpr bool changes_some = !std::is_invocable_v<F&, Kept<A>...>;
  auto run = [&] { return std::apply([&](auto&... copies) { return forward(as_given<A, changes_some>(args, copies)...); }, arguments); };
  if constexpr (std::is_void_v<decltype(run())>) {
    run();
    call.after(outputs);
  } else {
    auto result = run();
    collect_tensors(result, outputs);
    call.after(outputs);
    return result;
  }
}

template <class F, class... A>
auto called(Module& module, const void* end, F&& forward, A&&... args) {
  Call call(module, end);
  try {
    if (!call.watched()) [[likely]]
      return forward(std::forward<A>(args)...);
    return watched_call(call, forward, std::forward<A>(args)...);
  } catch (Error& error) {
    call.explain(error);
    throw;
  }
}

}  // namespace detail

/// Runs `module.forward(args...)` with the hooks. Hooks see the tensors among the arguments and results, those in optionals, vectors, arrays, pairs, tuples and in
/// structs that list them included; they do not replace those of an argument that forward takes by a reference that is not const.
/// An Error thrown inside gets the module's path as context.
template <class M, class... A>
requires std::is_base_of_v<Module, M>
auto call(M& module, A&&... args) {
  if constexpr (std::is_same_v<M, Module>) {
    return module(std::forward<A>(args)...);
  } else {
    constexpr bool takes = detail::ForwardTakes<M, A...>;
    static_assert(takes, "the module has no public forward that takes these arguments");
    if constexpr (takes) {
      return detail::called(
          module, &module + 1,
          [&module](auto&&... a) -> decltype(auto) requires detail::ForwardTakes<M, decltype(a)...> {
            return module.forward(std::forward<decltype(a)>(a)...);
          },
          std::forward<A>(args)...);
    } else {
      return detail::Unknown();
    }
  }
}

namespace detail {

template <class T>
struct WithoutOptional {
  using type = T;
};
template <class T>
struct WithoutOptional<std::optional<T>> {
  using type = T;
};
template <class Forward>
struct Parameters;
template <class M, class R, class... P>
struct Parameters<R (M::*)(P...)> {
  static constexpr size_t count = sizeof...(P);
  using Last = typename WithoutOptional<std::remove_cvref_t<std::tuple_element_t<count - 1, std::tuple<P...>>>>::type;
};
template <class M, class R, class... P>
struct Parameters<R (M::*)(P...) const> : Parameters<R (M::*)(P...)> {};
// The class of what may stand in braces as the last of `count` arguments: `attention(q, k, v, {.need_weights = false})`. A module with several forwards names it itself, as LSTM does.
template <class M, size_t count>
struct LastArgument {};
template <class M, size_t count>
requires(Parameters<decltype(&M::forward)>::count == count) struct LastArgument<M, count> {
  using type = typename Parameters<decltype(&M::forward)>::Last;
};
template <class M, size_t count>
requires requires { typename M::LastArgument; }
struct LastArgument<M, count> {
  using type = typename M::LastArgument;
};
template <class M, size_t count>
using InBraces = std::type_identity_t<typename LastArgument<M, count>::type>&&;

}  // namespace detail

/// A module that names its class, which is called as that class is: with any arguments, the last one in braces too, and any result.
///
///   struct Vae : nn::ModuleOf<Vae> {
///     std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& x);
///   };
///   auto [image, mean, log_variance] = vae(x);
template <class Self, class Base = Module>
class ModuleOf : public Base {
 public:
  template <class... A>
  auto operator()(A&&... args) {
    return call(static_cast<Self&>(*this), std::forward<A>(args)...);
  }
  template <class A, class M = Self>
  auto operator()(A&& a, detail::InBraces<M, 2> last) {
    return call(static_cast<M&>(*this), std::forward<A>(a), std::move(last));
  }
  template <class A, class B, class M = Self>
  auto operator()(A&& a, B&& b, detail::InBraces<M, 3> last) {
    return call(static_cast<M&>(*this), std::forward<A>(a), std::forward<B>(b), std::move(last));
  }
  template <class A, class B, class C, class M = Self>
  auto operator()(A&& a, B&& b, C&& c, detail::InBraces<M, 4> last) {
    return call(static_cast<M&>(*this), std::forward<A>(a), std::forward<B>(b), std::forward<C>(c), std::move(last));
  }

 protected:
  using Base::Base;
  ModuleOf() = default;

 private:
  struct Name {
    explicit Name(Module* module) { detail::know_as<Self>(module); }
  };
  [[no_unique_address]] Name name_{this};  // a member, so that every constructor runs it
};

/// Base of modules of one tensor to one that others derive from: what they override is called, whoever calls. The library's layers are such modules.
class TensorModule : public Module {
 public:
  virtual Tensor forward(const Tensor& input) = 0;
  /// Of the library's modules, what they were made of, as "in_features=3, out_features=2, bias=True".
  std::string extra_repr() const override;

 private:
  Tensor forward_of_class(const Tensor& input) final { return forward(input); }
};

}  // namespace lazuli::nn
