#pragma once
#include "lazuli/typed/mistakes.h"

/// Rules applied. A rule is a constexpr function `Ruling rule(Writer& say, const Extents& a, ...)`: it says the result's shape, or a mistake and, to `say`, what is wrong with the operands.
namespace lazuli::typed {

/// A rule with its arguments, which are types with a `value`: Dims, Ints, Several, Literal, std::integral_constant.
template <auto rule, class... Arguments>
struct Ruled {
  static constexpr Ruling ruling = [] {
    Writer nowhere;
    return rule(nowhere, Arguments::value...);
  }();
  static constexpr bool fine = ruling.mistake == Mistake::none;
  static constexpr void say(Writer& to) { rule(to, Arguments::value...); }
};

/// The first of several that refuses; the last one if none does.
template <class R, class... More>
struct FirstRefusal : R {};
template <class R, class Next, class... More>
requires(R::fine) struct FirstRefusal<R, Next, More...> : FirstRefusal<Next, More...> {
};

namespace detail {

/// "matmul: inner dimensions do not match: ..."
template <Text op, class R>
struct Message {
  static constexpr int64_t length = [] {
    Writer count;
    count << op.view() << ": ";
    R::say(count);
    return count.length();
  }();
  static constexpr auto whole = [] {
    Text<size_t(length) + 1> message;
    Writer to(message.chars);
    to << op.view() << ": ";
    R::say(to);
    return message;
  }();
#if defined(__clang__) && __clang_major__ >= 15
  static constexpr size_t pieces = (size_t(length) + 27) / 28;
  static constexpr Lines<pieces> text{whole.view()};
#else
  static constexpr auto text = whole;
#endif
};

/// The shape of result `which` of 0, 1, 2.
constexpr const Extents& shape_of(const Ruling& ruling, int which) { return which == 0 ? ruling.shape : which == 1 ? ruling.second : ruling.third; }
template <class R, int which, size_t... i>
auto dims_of(std::index_sequence<i...>) -> Dims<shape_of(R::ruling, which).at[i]...>;

template <bool fine>
struct ShapeOrError {
  template <Text op, class R, int which = 0>
  static auto make() -> decltype(dims_of<R, which>(std::make_index_sequence<size_t(shape_of(R::ruling, which).rank)>()));
};
template <>
struct ShapeOrError<false> {
  template <Text op, class R, int which = 0>
  static auto make() -> decltype(Named<R::ruling.mistake>::template make<Message<op, R>>());
};

}  // namespace detail

/// The shape that a rule gives as a type, or the named error.
template <Text op, class R, int which = 0>
using ShapeOf = decltype(detail::ShapeOrError<R::fine>::template make<op, R, which>());

}  // namespace lazuli::typed
