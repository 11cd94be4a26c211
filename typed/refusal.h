#pragma once
#include <string>
#include <utility>
#include <vector>

#include "lazuli/typed/tensor.h"

/// Calls that no form of a function takes: the error says how it was called and what its forms are, in place of a list of all candidates.
namespace lazuli::typed {

namespace detail {
template <class X>
constexpr std::string_view spelled_type() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("X = ") + 4);
  return text.substr(0, text.find_first_of(";]"));
}
template <class X>
concept WrittenText = std::is_convertible_v<const X&, std::string_view>;

/// "float32[32, 784]", "Tensor", "integer", "text".
template <class X>
constexpr void write_argument(Writer& to) {
  if constexpr (AnyTyped<X>) to << kDTypes[int(dtype_of_tensor<X>)].name << ShapeOfTensor<X>::value;
  else if constexpr (std::is_base_of_v<Tensor, X>) to << "Tensor";
  else if constexpr (std::is_same_v<X, bool>) to << "bool";
  else if constexpr (std::is_integral_v<X>) to << "integer";
  else if constexpr (std::is_floating_point_v<X>) to << "number";
  else if constexpr (WrittenText<X>) to << "text";
  else to << spelled_type<X>();
}
template <auto value>
constexpr void write_value(Writer& to) {
  if constexpr (std::is_integral_v<decltype(value)>) to << int64_t(value);
  else if constexpr (requires { value.view(); }) to << '`' << value.view() << '`';
  else to << "..";
}
template <class... A>
constexpr void write_arguments(Writer& to) {
  int written = 0;
  ((to << (written++ ? ", " : ""), write_argument<std::remove_cvref_t<A>>(to)), ...);
}

template <class... A>
inline constexpr bool any_tensor = (std::is_convertible_v<std::remove_reference_t<A>*, const Tensor*> || ...);

template <auto... values>
struct Values {
  static constexpr void write(Writer& to) {
    int written = 0;
    if (sizeof...(values)) to << '<';
    ((to << (written++ ? ", " : ""), write_value<values>(to)), ...);
    if (sizeof...(values)) to << '>';
  }
};
/// The ruling of a call `f<given..>(A..)` of a function with these forms.
template <Text forms, class Given, class... A>
struct NoForm {
  static constexpr Ruling ruling = Mistake::call_error_no_such_form;
  static constexpr void say(Writer& to) {
    to << "no form takes ";
    Given::write(to);
    to << '(';
    write_arguments<A...>(to);
    to << "); its typed forms: " << forms.view();
  }
};
}  // namespace detail

template <auto... values>
using Given = detail::Values<values...>;
/// Asks whether a call is one, of a result that may be incomplete.
template <class Result>
using Callable = void;

/// What is no operand of an operator, whatever stands on its other side.
template <class X>
inline constexpr bool no_operand = std::is_pointer_v<X> || std::is_array_v<X> || std::is_null_pointer_v<X> || detail::WrittenText<X>;
template <class T, class A>
inline constexpr bool no_operand<std::vector<T, A>> = true;
template <class A, class B>
concept Unlikely = (AnyTyped<A> && no_operand<B>) || (no_operand<A> && AnyTyped<B>);

/// The class of a module as a text.
template <class M>
inline constexpr auto class_text = [] {
  constexpr std::string_view whole = detail::spelled_type<M>();
  constexpr std::string_view name = whole.substr(whole.rfind(':') + 1);
  Text<name.size() + 1> text;
  for (size_t i = 0; i < name.size(); ++i) text.chars[i] = name[i];
  return text;
}();

/// The type of a call that no form takes.
template <Text op, Text forms, class Given, class... A>
struct Refused {
  static auto make() -> decltype(detail::ShapeOrError<false>::template make<op, detail::NoForm<forms, Given, A...>>());
};
/// The same where the constraint asks for a tensor. (An older clang reads the type first: without one there is nothing to tell.)
template <Text op, Text forms, class... A>
struct RefusedTensors {
  static void make();
};
template <Text op, Text forms, class... A>
requires detail::any_tensor<A...>
struct RefusedTensors<op, forms, A...> : Refused<op, forms, Given<>, A...> {
};

}  // namespace lazuli::typed

/// After the last form of a function: its calls with tensors that no form takes. `forms` says how it is called.
#define LAZULI_TYPED_REFUSED_IN(space, op, name, forms)                                                                                        \
  template <class... A>                                                                                                                        \
  requires(typed::detail::any_tensor<A...> && !requires { typename typed::Callable<decltype(space::name(std::declval<A>()...))>; }) auto name( \
      A&&...)                                                                                                                                  \
      ->decltype(typed::RefusedTensors<op, forms, A...>::make())
/// Also with values as template arguments. `First` is the kind of the first one: a text is none of `auto`.
#define LAZULI_TYPED_REFUSED_VALUES_IN(space, op, name, forms, First)                                                              \
  LAZULI_TYPED_REFUSED_IN(space, op, name, forms);                                                                                 \
  template <First first, auto... more, class... A>                                                                                 \
  requires(!requires { typename typed::Callable<decltype(space::name<first, more...>(std::declval<A>()...))>; }) auto name(A&&...) \
      ->decltype(typed::Refused<op, forms, typed::Given<first, more...>, A...>::make())
#define LAZULI_TYPED_REFUSED(name, forms) LAZULI_TYPED_REFUSED_IN(lazuli, #name, name, forms)
#define LAZULI_TYPED_REFUSED_VALUES(name, forms) LAZULI_TYPED_REFUSED_VALUES_IN(lazuli, #name, name, forms, auto)
#define LAZULI_TYPED_REFUSED_PATTERN(name, forms) LAZULI_TYPED_REFUSED_VALUES_IN(lazuli, #name, name, forms, typed::Text)
