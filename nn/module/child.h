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
  /// Makes the module from `args`, or shares one that exists: `{this, "decoder", shared_pointer}`.
  template <class P, class... A>
  Child(P* parent, std::string_view name, A&&... args) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(args)...));
  }
  /// The same for options in braces, alone or after up to three arguments: `{this, "bn", {.eps = 1e-3}}`, `{this, "conv", 3, 16, {3, 5}, {.padding = 1}}`.
  template <class P, class U = T>
  requires std::is_constructible_v<U, typename U::Options> Child(P* parent, std::string_view name, const typename U::Options& options) {
    enter(detail::know_parent(parent), name, made(options));
  }
  template <class P, class A, class U = T>
  requires std::is_constructible_v<U, A, typename U::Options> Child(P* parent, std::string_view name, A&& a, const typename U::Options& options) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(a), options));
  }
  template <class P, class A, class B, class U = T>
  requires std::is_constructible_v<U, A, B, typename U::Options> Child(P* parent, std::string_view name, A&& a, B&& b,
                                                                       const typename U::Options& options) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(a), std::forward<B>(b), options));
  }
  template <class P, class A, class B, class C, class U = T>
  requires std::is_constructible_v<U, A, B, C, typename U::Options> Child(P* parent, std::string_view name, A&& a, B&& b, C&& c,
                                                                          const typename U::Options& options) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(a), std::forward<B>(b), std::forward<C>(c), options));
  }
  template <class P, class A, class B, class U = T>
  requires std::is_constructible_v<U, A, B, Shape, typename U::Options> Child(P* parent, std::string_view name, A&& a, B&& b, const Shape& shape,
                                                                              const typename U::Options& options) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(a), std::forward<B>(b), shape, options));
  }
  // And for sizes in braces: `{this, "pool", {3, 3}}`, `{this, "conv", 3, 16, {3, 5}, 1}`, `{this, "conv", 3, 16, 5, {2, 1}, {1, 2}}`.
  template <class P, class... More, class U = T>
  requires std::is_constructible_v<U, Shape, More...> Child(P* parent, std::string_view name, std::initializer_list<int64_t> sizes, More&&... more) {
    enter(detail::know_parent(parent), name, made(Shape(sizes), std::forward<More>(more)...));
  }
  template <class P, class U = T>
  requires std::is_constructible_v<U, Shape, typename U::Options> Child(P* parent, std::string_view name, std::initializer_list<int64_t> sizes,
                                                                        const typename U::Options& options) {
    enter(detail::know_parent(parent), name, made(Shape(sizes), options));
  }
  template <class P, class... More, class U = T>
  requires std::is_constructible_v<U, Shape, Shape, Shape, More...> Child(P* parent, std::string_view name, const detail::Sizes& kernel,
                                                                          const detail::Sizes& stride, const detail::Sizes& padding, More&&... more) {
    enter(detail::know_parent(parent), name, made(kernel.value, stride.value, padding.value, std::forward<More>(more)...));
  }
  template <class P, class A, class B, class... More, class U = T>
  requires std::is_constructible_v<U, A, B, Shape, More...> Child(P* parent, std::string_view name, A&& a, B&& b,
                                                                  std::initializer_list<int64_t> sizes, More&&... more) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(a), std::forward<B>(b), Shape(sizes), std::forward<More>(more)...));
  }
  template <class P, class A, class B, class... More, class U = T>
  requires std::is_constructible_v<U, A, B, Shape, Shape, Shape, More...> Child(P* parent, std::string_view name, A&& a, B&& b,
                                                                                const detail::Sizes& kernel, const detail::Sizes& stride,
                                                                                const detail::Sizes& padding, More&&... more) {
    enter(detail::know_parent(parent), name,
          made(std::forward<A>(a), std::forward<B>(b), kernel.value, stride.value, padding.value, std::forward<More>(more)...));
  }
  template <class P, class U = T>
  requires std::is_constructible_v<U, Shape> Child(P* parent, std::string_view name, std::initializer_list<int64_t> shape) {
    enter(detail::know_parent(parent), name, made(Shape(shape)));
  }
  /// The same after options by position: `{this, "conv", 3, 16, 3, 1, 1, {.bias = false}}`.
  template <class P, class A, class B, class C, class D, class U = T>
  requires std::is_constructible_v<U, A, B, C, D, typename U::Options> Child(P* parent, std::string_view name, A&& a, B&& b, C&& c, D&& d,
                                                                             const typename U::Options& options) {
    enter(detail::know_parent(parent), name, made(std::forward<A>(a), std::forward<B>(b), std::forward<C>(c), std::forward<D>(d), options));
  }
  template <class P, class A, class B, class C, class D, class E, class U = T>
  requires std::is_constructible_v<U, A, B, C, D, E, typename U::Options> Child(P* parent, std::string_view name, A&& a, B&& b, C&& c, D&& d, E&& e,
                                                                                const typename U::Options& options) {
    enter(detail::know_parent(parent), name,
          made(std::forward<A>(a), std::forward<B>(b), std::forward<C>(c), std::forward<D>(d), std::forward<E>(e), options));
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
