#pragma once
#include <utility>

#include "lazuli/core/described.h"
#include "lazuli/core/in_braces.h"

/// How functions take what may be left out. Up to two such arguments stand in the parameter list (`dims` of reductions beside them). Where there are more, they are the members of one
/// struct, described once (core/described.h), which the module of that name shares where there is one:
///   cross_entropy(x, y, {.label_smoothing = 0.1, .reduction = Reduction::Sum})
/// The struct is taken by value: a misspelt member is then one message of four lines.
///
/// Where programs write them by position too, `sort(x, 0, true)` beside `sort(x, {.descending = true})`, the first of them is of any type: that struct, or what its first member takes.
/// The function over the struct is the one in the namespace with_options.
///   template <class Dim = SortOptions>
///   std::tuple<Tensor, Tensor> sort(const Tensor& self, Dim dim = {}, bool descending = false, bool stable = false) {
///     return with_options::sort(self, by_position<SortOptions>(std::move(dim), descending, stable));
///   }
/// Two overloads would do the same, but a compiler tells about a misspelt member how it fits neither of them, in 20 lines.
/// Braces are always the struct: `f(x, {})` is `f(x)`, and `conv2d(x, w, {}, 2)` has no bias and stride 2. Numbers in them are sizes where its first member is (in_braces.h).
namespace lazuli {

namespace detail {
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
/// Sets member K, which options given by name as well leave alone. Throws Error where they do not.
template <size_t K, class Options, class A>
void set_by_position(Options& options, const A& value) {
  const auto member = line<K>(Options::members());
  auto& place = options.*member.place;
  if constexpr (requires { place == place; }) {
    if (!(place == Options().*member.place)) fail_given_twice(member.name);
  }
  place = value;
}
/// Numbers in braces behind K values by position are the next one.
template <size_t K, class Options>
void set_next_in_braces(Options& options) {
  if constexpr (TakesBraces<Options> && K < decltype(Options::members())::count) {
    const Shape sizes = numbers_in_braces(options);
    if (sizes.empty()) return;
    if constexpr (std::is_assignable_v<MemberAt<Options, K>&, const Shape&>) set_by_position<K>(options, sizes);
    else fail_given_twice(line<0>(Options::members()).name);
  }
}
/// What was given by position, and `rest` for what was not.
template <class Options, class... A>
Options positional_and(Options rest, const A&... values) {
  set_next_in_braces<sizeof...(A)>(rest);
  [&]<size_t... K>(std::index_sequence<K...>) { (set_by_position<K>(rest, values), ...); }
  (std::index_sequence_for<A...>());
  return rest;
}
template <class Options, class... A>
Options positional(const A&... values) {
  return positional_and(Options(), values...);
}

/// Sets what says something else than the default.
template <class Member>
void set_changed(Member& member, const Member& value, const Member& otherwise) {
  bool changed;
  if constexpr (requires { value.has_value(); }) changed = value.has_value();
  else if constexpr (requires { value.equal(0.0); }) changed = !value.equal(otherwise.template to<double>());
  else changed = !(value == otherwise);
  if (changed) member = value;
}
}  // namespace detail

/// The options that `first` and those after it say, which are the members of Options in order. Where `first` is the struct itself, the others are set that are not the defaults.
template <class Options, class First, class... Rest>
Options by_position(First&& first, const Rest&... rest) {
  static_assert(!requires_braces<Options>, "options that begin with sizes have members for numbers in braces");
  if constexpr (std::is_same_v<First, Options>) {
    if constexpr (TakesBraces<Options>) take_braces(first);
    const Options defaults;
    [&]<size_t... K>(std::index_sequence<K...>) {
      (detail::set_changed(first.*line<K + 1>(Options::members()).place, rest, defaults.*line<K + 1>(Options::members()).place), ...);
    }
    (std::index_sequence_for<Rest...>());
    return std::move(first);
  } else {
    using Member = detail::FirstMember<Options>;
    constexpr bool fits = std::is_convertible_v<First, Member>;
    static_assert(fits, "the first optional argument has another type by position: names in braces, {.name = value}, set any of them");
    if constexpr (!fits) return {};
    else if constexpr (TakesBraces<Options>)
      return Options{not_in_braces, not_in_braces, not_in_braces, static_cast<Member>(std::move(first)), rest...};
    else return Options{static_cast<Member>(std::move(first)), rest...};
  }
}

}  // namespace lazuli
