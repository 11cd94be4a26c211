#pragma once
#include "lazuli/nn/module/call.h"

/// How modules are held by those who know their class.
namespace lazuli::nn {

namespace detail {

/// Sizes as an argument of a constructor, a number or numbers in braces.
struct Sizes {
  Sizes() = default;
  template <SizeNumber First, SizeNumber... Rest>
  Sizes(First first, Rest... rest) : value(first, rest...) {}
  Shape value;
};
struct NoBraces {};

/// What an argument in braces is to the constructor of T behind those of types Before: its options where it takes them there, else sizes.
template <class T, class... Before>
constexpr auto braces_after() {
  constexpr bool options = [] {
    if constexpr (requires { typename T::Options; }) return std::is_constructible_v<T, Before..., typename T::Options>;
    else return false;
  }();
  if constexpr (options) return std::type_identity<typename T::Options>();
  // A constructor that takes anything does not ask for sizes.
  else if constexpr (sizeof...(Before) > 0 || (std::is_constructible_v<T, Shape> && !std::is_constructible_v<T, NoBraces>))
    return std::type_identity<Sizes>();
  else return std::type_identity<NoBraces>();
}
template <class A>
using Argument = std::conditional_t<std::is_same_v<A, Sizes>, Shape, A>;
template <class T, class... Before>
using BracesAfter = typename decltype(braces_after<T, Argument<Before>...>())::type;
template <class A>
Argument<A>&& argument(std::remove_reference_t<A>& a) {
  if constexpr (std::is_same_v<A, Sizes>) return std::move(a.value);
  else return static_cast<A&&>(a);
}

[[noreturn]] void fail_moved_child(const std::type_info& type);

/// A module from its constructor's arguments. Where its class does not say how to make it again, the module keeps them for `clone`.
template <class T, class... A>
std::shared_ptr<T> make(A&&... args) {
  auto module = std::make_shared<T>(std::forward<A>(args)...);
  if constexpr (sizeof...(A) > 0 && !MakesItselfAgain<T> && std::is_constructible_v<T, const std::decay_t<A>&...> &&
                (std::is_copy_constructible_v<std::decay_t<A>> && ...))
    keep_recipe(*module, std::make_shared<RecipeOf<T, std::decay_t<A>...>>(std::forward<A>(args)...));
  know_class(*module);
  return module;
}

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

/// A module that is a member of another one, registered under a name. Use it like the module: `fc(x)`, `fc->weight`, `*fc = nn::Linear(512, 2)`.
/// The module has an address of its own, which stays when the parent moves. Copies of a Child are handles on what the parent has under that name; assigning one by move, or
/// swapping two, changes that.
template <class T>
class Child {
 public:
  /// Makes the module from up to five arguments and more, or shares one that exists: `{this, "decoder", shared_pointer}`. The last one in braces may be options, others may be sizes:
  /// `{this, "bn", {.eps = 1e-3}}`, `{this, "conv", 3, 16, {3, 5}, {.padding = 1}}`, `{this, "pool", {3, 3}, {2, 1}}`.
  // Braces have no type, so a parameter that is given them is of its default one. A constructor for each number of arguments: compilers list them all where one does not fit.
  template <class P, class A = detail::BracesAfter<T>>
  Child(P* parent, std::string_view name, A&& a = none_given<A>()) {
    enter(detail::know_parent(parent), name, made_of_one<A>(a));
  }
  template <class P, class A = detail::Sizes, class B = detail::BracesAfter<T, A>>
  Child(P* parent, std::string_view name, A&& a, B&& b) {
    enter(detail::know_parent(parent), name, made(detail::argument<A>(a), detail::argument<B>(b)));
  }
  template <class P, class A = detail::Sizes, class B = detail::Sizes, class C = detail::BracesAfter<T, A, B>>
  Child(P* parent, std::string_view name, A&& a, B&& b, C&& c) {
    enter(detail::know_parent(parent), name, made(detail::argument<A>(a), detail::argument<B>(b), detail::argument<C>(c)));
  }
  template <class P, class A = detail::Sizes, class B = detail::Sizes, class C = detail::Sizes, class D = detail::BracesAfter<T, A, B, C>>
  Child(P* parent, std::string_view name, A&& a, B&& b, C&& c, D&& d) {
    enter(detail::know_parent(parent), name, made(detail::argument<A>(a), detail::argument<B>(b), detail::argument<C>(c), detail::argument<D>(d)));
  }
  template <class P, class A = detail::Sizes, class B = detail::Sizes, class C = detail::Sizes, class D = detail::Sizes,
            class E = detail::BracesAfter<T, A, B, C, D>>
  Child(P* parent, std::string_view name, A&& a, B&& b, C&& c, D&& d, E&& e) {
    enter(detail::know_parent(parent), name,
          made(detail::argument<A>(a), detail::argument<B>(b), detail::argument<C>(c), detail::argument<D>(d), detail::argument<E>(e)));
  }
  template <class P, class A = detail::Sizes, class B = detail::Sizes, class C = detail::Sizes, class D = detail::Sizes, class E = detail::Sizes,
            class F = detail::BracesAfter<T, A, B, C, D, E>, class... More>
  Child(P* parent, std::string_view name, A&& a, B&& b, C&& c, D&& d, E&& e, F&& f, More&&... more) {
    static_assert(sizeof...(More) == 0 || !std::is_same_v<F, detail::BracesAfter<T, A, B, C, D, E>>,
                  "options are the last argument, and sizes in braces among the first five");
    enter(detail::know_parent(parent), name,
          made(detail::argument<A>(a), detail::argument<B>(b), detail::argument<C>(c), detail::argument<D>(d), detail::argument<E>(e),
               detail::argument<F>(f), std::forward<More>(more)...));
  }
  Child(const Child&) = default;
  Child(Child&& other) noexcept { take(other); }
  Child& operator=(const Child&) = delete;
  Child& operator=(Child&& other) noexcept {
    if (other.entry_ && !other.entry_->moving && entry_) entry_->module = other.entry_->module;
    else if (this != &other) take(other);
    return *this;
  }

  // These throw Error (State) for a Child that was moved from; `get` and `shared` give null.
  T* operator->() const { return &**this; }
  T& operator*() const {
    if (!entry_) [[unlikely]]
      detail::fail_moved_child(typeid(T));
    return static_cast<T&>(*entry_->module);
  }
  T* get() const { return entry_ ? &**this : nullptr; }
  /// The parts of a container: `blocks[0]`, `heads["value"]`, `for (nn::Module& block : blocks)`.
  template <class I, class M = T>
  auto operator[](const I& i) const -> decltype(std::declval<M&>()[i]) {
    return (**this)[i];
  }
  template <class M = T>
  auto begin() const -> decltype(std::declval<M&>().begin()) {
    return (**this).begin();
  }
  template <class M = T>
  auto end() const -> decltype(std::declval<M&>().end()) {
    return (**this).end();
  }
  std::shared_ptr<T> shared() const { return entry_ ? std::static_pointer_cast<T>(entry_->module) : nullptr; }
  /// Runs the module with its hooks.
  template <class... A>
  auto operator()(A&&... args) const {
    return call(**this, std::forward<A>(args)...);
  }
  template <class A, class M = T>
  auto operator()(A&& a, detail::InBraces<M, 2> last) const {
    return call(**this, std::forward<A>(a), std::move(last));
  }
  template <class A, class B, class M = T>
  auto operator()(A&& a, B&& b, detail::InBraces<M, 3> last) const {
    return call(**this, std::forward<A>(a), std::forward<B>(b), std::move(last));
  }
  template <class A, class B, class C, class M = T>
  auto operator()(A&& a, B&& b, C&& c, detail::InBraces<M, 4> last) const {
    return call(**this, std::forward<A>(a), std::forward<B>(b), std::forward<C>(c), std::move(last));
  }

 private:
  template <class... A>
  static std::shared_ptr<T> made(A&&... args) {
    if constexpr ((std::is_convertible_v<A, std::shared_ptr<T>> && ...) && sizeof...(A) == 1) {
      return {detail::hold(std::forward<A>(args))...};
    } else {
      static_assert(std::is_constructible_v<T, A...>, "this Child's module cannot be made from these arguments");
      if constexpr (std::is_constructible_v<T, A...>) return detail::make<T>(std::forward<A>(args)...);
      else return nullptr;
    }
  }
  template <class A>
  static A none_given() {
    static_assert(!std::is_same_v<A, detail::Sizes> || std::is_default_constructible_v<T>, "this Child's module cannot be made without arguments");
    return A();
  }
  template <class A>
  static std::shared_ptr<T> made_of_one(std::remove_reference_t<A>& a) {
    if constexpr (std::is_same_v<A, detail::NoBraces>) {
      return made();
    } else {
      if constexpr (std::is_same_v<A, detail::Sizes> && std::is_default_constructible_v<T>)
        if (a.value.empty()) return made();
      return made(detail::argument<A>(a));
    }
  }
  void enter(Module* parent, std::string_view name, std::shared_ptr<T> module) { entry_ = parent->add_entry(name, std::move(module)); }
  // The parent is being moved, with what it has; or this is another name's module, of which the other keeps its entry.
  void take(Child& other) noexcept {
    if (!other.entry_ || other.entry_->moving) {
      entry_ = std::move(other.entry_);
      if (entry_) entry_->moving = false;
    } else {
      entry_ = std::make_shared<detail::ChildEntry>(*other.entry_);
    }
  }
  std::shared_ptr<detail::ChildEntry> entry_;
};

}  // namespace lazuli::nn
