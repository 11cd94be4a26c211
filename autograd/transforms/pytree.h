#pragma once
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lazuli/core/state_dict.h"
#include "lazuli/core/tensor.h"

/// Values with tensors inside: tensors, vectors, arrays, maps, optionals, pairs, tuples, StateDicts, and structs whose `tensors()` ties theirs; in any nesting. What is none of these is carried along.
namespace lazuli::pytree {

/// What a transform keeps of an argument: its own copy, a plain Tensor of a Parameter, and a reference to what cannot be copied, such as a module.
template <class T>
using Kept =
    std::conditional_t<std::is_base_of_v<Tensor, std::remove_cvref_t<T>>, Tensor,
                       std::conditional_t<std::is_copy_constructible_v<std::remove_cvref_t<T>>, std::remove_cvref_t<T>, std::remove_cvref_t<T>&>>;

/// A function that a transform keeps: its own copy, or a reference to one that cannot be copied.
template <class F>
struct Callee {
  mutable F function;
  template <class... A>
  decltype(auto) operator()(A&&... args) const {
    return function(std::forward<A>(args)...);
  }
};
template <class F>
struct Callee<F&> {
  F& function;
  template <class... A>
  decltype(auto) operator()(A&&... args) const {
    return function(std::forward<A>(args)...);
  }
};
template <class F>
using CalleeOf =
    Callee<std::conditional_t<std::is_lvalue_reference_v<F> && !std::is_copy_constructible_v<std::remove_cvref_t<F>>, F, std::remove_cvref_t<F>>>;

namespace detail {
template <class T>
concept Sequence = requires(T& t) {
  t.begin();
  t.end();
  typename T::value_type;
}
&&!std::is_arithmetic_v<typename T::value_type>;
template <class T>
concept TupleLike = requires {
  std::tuple_size<T>::value;
};
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
}  // namespace detail

/// Calls f(Tensor&) for each tensor, in order; undefined ones too.
template <class T, class F>
void visit(T& tree, F&& f) {
  if constexpr (std::is_base_of_v<Tensor, T>) f(static_cast<Tensor&>(tree));
  else if constexpr (std::is_const_v<T>) return;
  else if constexpr (std::is_same_v<T, StateDict>) {
    for (const auto& [name, tensor] : StateDict(tree)) {
      Tensor t = tensor;
      f(t);
      tree.set(name, std::move(t));
    }
  } else if constexpr (requires { std::apply([](auto&...) {}, tree.tensors()); }) {
    std::apply([&](auto&... inner) { (visit(inner, f), ...); }, tree.tensors());
  } else if constexpr (detail::is_optional<T>) {
    if (tree) visit(*tree, f);
  } else if constexpr (detail::TupleLike<T>) {
    std::apply([&](auto&... inner) { (visit(inner, f), ...); }, tree);
  } else if constexpr (detail::Sequence<T>) {
    for (auto& inner : tree) visit(inner, f);
  }
}

/// Whether there can be tensors in a T.
template <class T>
inline constexpr bool is_tensor = std::is_convertible_v<T, Tensor> && !std::is_arithmetic_v<std::remove_cvref_t<T>>;

/// All tensors of `tree`, in order.
template <class T>
std::vector<Tensor> leaves(const T& tree) {
  std::vector<Tensor> all;
  if constexpr (std::is_copy_constructible_v<T>) {
    T copy = tree;
    visit(copy, [&](Tensor& t) { all.push_back(t); });
  }
  return all;
}

/// `tree` with other tensors in the places of its own, from `at` on, which moves on.
template <class T>
T rebuild(const T& tree, const std::vector<Tensor>& tensors, size_t& at) {
  T copy = tree;
  visit(copy, [&](Tensor& t) { t = tensors[at++]; });
  return copy;
}
template <class T>
T rebuild(const T& tree, const std::vector<Tensor>& tensors) {
  size_t at = 0;
  return rebuild(tree, tensors, at);
}

}  // namespace lazuli::pytree
