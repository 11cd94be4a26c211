#pragma once
#include "lazuli/core/described.h"
#include "lazuli/nn/module/child.h"

/// Layers whose options are one described struct.
///
/// Classes end their constructors with `explicit Linear(...) = delete;`, the worst match of all: a call that none of them takes is then one message, which shows that line and what it says.
/// It is a template where the class has a default constructor, and it is left out where a single argument may be sizes in braces, which the dots would take too.
/// Options may also stand by position, in PyTorch's order, `Conv2d(1, 32, 3, 1)`, `LSTM(10, 20, 2)`: a constructor of its own takes what `detail::ByPosition` allows.
namespace lazuli::nn {

namespace detail {
template <class O>
const O& checked(std::string_view module, const O& options) {
  check_members(module, options);
  return options;
}

template <class Options, size_t K>
using MemberAt = std::remove_cvref_t<decltype(std::declval<Options&>().*line<K>(Options::members()).place)>;
template <class T>
constexpr bool takes_fractions = std::is_same_v<T, double> || std::is_same_v<T, std::optional<double>>;
/// Whether a value may be a member's without its name: no bool for a number or the reverse, no fraction for what counts.
template <class T, class A>
concept StandsFor = std::is_assignable_v<T&, const A&> &&
    (std::is_same_v<T, bool> == std::is_same_v<A, bool>)&&(takes_fractions<T> || !std::is_floating_point_v<A>);
template <class Options, class... A, size_t... K>
constexpr bool stand_for_members(std::index_sequence<K...>) {
  return (StandsFor<MemberAt<Options, K>, A> && ...);
}
/// Values of the first members of Options, in order.
template <class Options, class... A>
concept ByPosition =
    (sizeof...(A) > 0 && sizeof...(A) <= decltype(Options::members())::count) && stand_for_members<Options, A...>(std::index_sequence_for<A...>());
/// What was given by position, and `rest` for what was not.
template <class Options, class... A>
Options positional_and(Options rest, const A&... values) {
  [&]<size_t... K>(std::index_sequence<K...>) { ((rest.*line<K>(Options::members()).place = values), ...); }
  (std::index_sequence_for<A...>());
  return rest;
}
template <class Options, class... A>
Options positional(const A&... values) {
  return positional_and(Options(), values...);
}
/// Numbers in braces, which are sizes of the first member; as a struct of options they would be its first members.
template <class Options>
Options first_in_braces(std::initializer_list<int64_t> sizes) {
  return sizes.size() ? positional<Options>(Shape(sizes)) : Options();
}
}  // namespace detail

/// Base of layers that take a struct of options: it is kept, printed, and what `clone` and construction by name make them from.
template <class O>
class WithOptions : public TensorModule {
 public:
  using Options = O;
  explicit WithOptions(const O& o = {}) : options(o) {}
  O options;
};

}  // namespace lazuli::nn
