#pragma once
#include "lazuli/ops/linalg/einsum.h"
#include "lazuli/ops/shape/einops.h"
#include "lazuli/typed/functions/shape.h"
#include "lazuli/typed/rules/einops.h"

/// einsum and einops whose patterns the compiler reads; of typed tensors it knows the result's shape as well. Of untyped ones the pattern is checked, and the ranks when the program runs.
namespace lazuli {

namespace typed {
/// An equation or pattern without shapes: fine, or an error.
template <Text op, class R>
struct Untyped {
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::ShapeOrError<false>::template make<op, R>());
};
template <Text op, class R>
requires(R::fine) struct Untyped<op, R> {
  static constexpr bool fine = true;
  static Tensor make();
  static Tensor from(Tensor&& tensor) { return std::move(tensor); }
};
template <class X>
concept Plain = std::is_convertible_v<const X&, const Tensor&> && !AnyTyped<X>;
template <Text equation, AnyTyped... A>
using Einsum =
    Result<"einsum", FirstRefusal<typename JointWhere<WhereOf<A>...>::Check, Ruled<&rules::einsum, Literal<equation>, Several<ShapeOfTensor<A>...>>>,
           Element<JointDType<A...>::value>, typename JointWhere<WhereOf<A>...>::type>;
template <class... Lists>
struct SublistsType {
  static constexpr const int64_t* lists[] = {Lists::list...};
  static constexpr int counts[] = {Lists::count...};
  static constexpr rules::Sublists value{lists, counts, int(sizeof...(Lists))};
};
template <class X>
inline constexpr bool is_sublist = false;
template <int64_t... s>
inline constexpr bool is_sublist<Sublist<s...>> = true;
template <class X>
concept AnySublist = is_sublist<X>;
/// All but the last list belong to operands.
template <class Lists, AnyTyped... A>
using EinsumOfSublists =
    Result<"einsum", FirstRefusal<typename JointWhere<WhereOf<A>...>::Check, Ruled<&rules::einsum_sublists, Lists, Several<ShapeOfTensor<A>...>>>,
           Element<JointDType<A...>::value>, typename JointWhere<WhereOf<A>...>::type>;
template <class... Lists>
std::string equation_of() {
  char text[160] = {};
  Writer to(text), quiet;
  for (int i = 0; i < int(sizeof...(Lists)); ++i) {
    if (i) to << (i + 1 == int(sizeof...(Lists)) ? "->" : ",");
    rules::write_sublist(quiet, to, SublistsType<Lists...>::lists[i], SublistsType<Lists...>::counts[i]);
  }
  return text;
}
}  // namespace typed

/// einsum<"bij,bjk->bik">(a, b)
LAZULI_TYPED_FUNCTION(einsum, (typed::Text equation, typed::AnyTyped... A), (typed::Einsum<equation, A...>), (const A&... a),
                      lazuli::einsum(equation.view(), typed::listed(a...)));
LAZULI_TYPED_FUNCTION(
    einsum, (typed::Text equation, typed::Plain... A),
    (typed::Untyped<"einsum",
                    typed::Ruled<&typed::rules::einsum_equation, typed::Literal<equation>, std::integral_constant<int, int(sizeof...(A))>>>),
    (const A&... a), lazuli::einsum(equation.view(), std::vector<Tensor>{a...}));
/// einsum<Sublist<0, 1>, Sublist<1, 2>, Sublist<0, 2>>(a, b)
LAZULI_TYPED_FUNCTION(einsum, (typed::AnySublist L0, typed::AnySublist L1, typed::AnyTyped A),
                      (typed::EinsumOfSublists<typed::SublistsType<L0, L1>, A>), (const A& a),
                      lazuli::einsum(typed::equation_of<L0, L1>(), typed::listed(a)));
LAZULI_TYPED_FUNCTION(einsum, (typed::AnySublist L0, typed::AnySublist L1, typed::AnySublist L2, typed::AnyTyped A, typed::AnyTyped B),
                      (typed::EinsumOfSublists<typed::SublistsType<L0, L1, L2>, A, B>), (const A& a, const B& b),
                      lazuli::einsum(typed::equation_of<L0, L1, L2>(), typed::listed(a, b)));

namespace typed {
template <Text text>
struct LengthsOfText {
  static constexpr rules::Lengths value{.text = text.view()};
};
template <Axes axes>
struct LengthsOfAxes {
  static constexpr rules::Lengths value{.axes = axes};
};
struct LengthsLater {
  static constexpr rules::Lengths value{.later = true};
};
template <rules::Purpose purpose>
using PurposeType = std::integral_constant<rules::Purpose, purpose>;
template <Text op, rules::Purpose purpose, DType dtype, AnyTyped A, Text pattern, class Lengths>
using Einops = Unary<op, dtype, &rules::einops_transform, A, PurposeType<purpose>, Literal<pattern>, Lengths>;
template <Text op, rules::Purpose purpose, Text pattern, class Lengths>
using EinopsPlain = Untyped<op, Ruled<&rules::einops_pattern, PurposeType<purpose>, Literal<pattern>, Lengths>>;
/// The lengths of those axes that the pattern has, for the untyped function.
einops::Axes axes_of(std::string_view pattern, const rules::Lengths& lengths);
inline einops::Axes axes_of(std::string_view text, const rules::Lengths& lengths) {
  rules::EinopsPattern pattern;
  Writer quiet;
  rules::read_pattern(quiet, rules::Purpose::repeat, text, pattern);
  einops::Axes axes;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    while (at < text.size() && rules::is_name(text[at])) ++at;
    const std::string_view name = text.substr(start, at - start);
    if (!name.empty() && lengths.of(name) > 0) {
      bool known = false;
      for (const auto& axis : axes) known = known || axis.first == name;
      if (!known) axes.emplace_back(std::string(name), lengths.of(name));
    }
    if (at == start) ++at;
  }
  return axes;
}
constexpr DType reduced_dtype(DType t, einops::ReduceOp op) {
  using Op = einops::ReduceOp;
  return op == Op::any || op == Op::all ? kBool : op == Op::sum || op == Op::prod ? summed(t) : t;
}
}  // namespace typed

// Lengths are a text, `rearrange<"b (heads d) -> b heads d", "heads=8">(x)`; typed::Axes, `rearrange<"(h p) -> h p", typed::Axes{.p = 16}>(x)`; or an argument, `rearrange<"(h p) -> h p">(x, {.p = 16})`, whose
// extents are then dynamic.
#define LAZULI_TYPED_EINOPS(name)                                                                                                                  \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::Text lengths = "", typed::AnyTyped A),                                                  \
                        (typed::Einops<#name, typed::rules::Purpose::name, typed::dtype_of_tensor<A>, A, pattern, typed::LengthsOfText<lengths>>), \
                        (const A& a),                                                                                                              \
                        lazuli::name(typed::untyped(a), pattern.view(), typed::axes_of(pattern.view(), typed::LengthsOfText<lengths>::value)));    \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::Axes lengths, typed::AnyTyped A),                                                       \
                        (typed::Einops<#name, typed::rules::Purpose::name, typed::dtype_of_tensor<A>, A, pattern, typed::LengthsOfAxes<lengths>>), \
                        (const A& a),                                                                                                              \
                        lazuli::name(typed::untyped(a), pattern.view(), typed::axes_of(pattern.view(), typed::LengthsOfAxes<lengths>::value)));    \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::AnyTyped A),                                                                            \
                        (typed::Einops<#name, typed::rules::Purpose::name, typed::dtype_of_tensor<A>, A, pattern, typed::LengthsLater>),           \
                        (const A& a, const typed::Axes& axes),                                                                                     \
                        lazuli::name(typed::untyped(a), pattern.view(), typed::axes_of(pattern.view(), {.axes = axes})));                          \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::Text lengths = "", typed::Plain A),                                                     \
                        (typed::EinopsPlain<#name, typed::rules::Purpose::name, pattern, typed::LengthsOfText<lengths>>), (const A& a),            \
                        lazuli::name(a, pattern.view(), typed::axes_of(pattern.view(), typed::LengthsOfText<lengths>::value)));                    \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::Plain A),                                                                               \
                        (typed::EinopsPlain<#name, typed::rules::Purpose::name, pattern, typed::LengthsLater>),                                    \
                        (const A& a, const typed::Axes& axes), lazuli::name(a, pattern.view(), typed::axes_of(pattern.view(), {.axes = axes})))
LAZULI_TYPED_EINOPS(rearrange);
LAZULI_TYPED_EINOPS(repeat);
#undef LAZULI_TYPED_EINOPS
/// reduce<"b c (h 2) (w 2) -> b c h w", einops::ReduceOp::max>(x)
LAZULI_TYPED_FUNCTION(reduce, (typed::Text pattern, einops::ReduceOp op, typed::Text lengths = "", typed::AnyTyped A),
                      (typed::Einops<"reduce", typed::rules::Purpose::reduce, typed::reduced_dtype(typed::dtype_of_tensor<A>, op), A, pattern,
                                     typed::LengthsOfText<lengths>>),
                      (const A& a),
                      lazuli::reduce(typed::untyped(a), pattern.view(), op, typed::axes_of(pattern.view(), typed::LengthsOfText<lengths>::value)));
LAZULI_TYPED_FUNCTION(
    reduce, (typed::Text pattern, einops::ReduceOp op, typed::AnyTyped A),
    (typed::Einops<"reduce", typed::rules::Purpose::reduce, typed::reduced_dtype(typed::dtype_of_tensor<A>, op), A, pattern, typed::LengthsLater>),
    (const A& a, const typed::Axes& axes), lazuli::reduce(typed::untyped(a), pattern.view(), op, typed::axes_of(pattern.view(), {.axes = axes})));
LAZULI_TYPED_FUNCTION(reduce, (typed::Text pattern, einops::ReduceOp op, typed::Text lengths = "", typed::Plain A),
                      (typed::EinopsPlain<"reduce", typed::rules::Purpose::reduce, pattern, typed::LengthsOfText<lengths>>), (const A& a),
                      lazuli::reduce(a, pattern.view(), op, typed::axes_of(pattern.view(), typed::LengthsOfText<lengths>::value)));

/// pack<"b *">(image, features): the packed tensor.
LAZULI_TYPED_FUNCTION(pack, (typed::Text pattern, typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"pack", &typed::rules::pack, std::tuple<typed::Literal<pattern>>, A, B...>), (const A& a, const B&... b),
                      std::get<0>(lazuli::pack(typed::listed(a, b...), pattern.view())));
namespace typed {
template <class Shape>
lazuli::Shape list_of() {
  return lazuli::Shape(Shape::value.at, Shape::rank);
}
namespace detail {
template <bool fine>
struct UnpackedType {
  template <AnyTyped A, class All, class Pattern, class... S, size_t... i>
  static auto list(std::index_sequence<i...>)
      -> std::tuple<Typed<ElementOfTensor<A>, ShapeOf<"unpack", RuledOf<&rules::unpack, A, Pattern, All, Number<int64_t(i)>>>, WhereOf<A>>...>;
  template <AnyTyped A, class All, class Pattern, class... S>
  static auto make() -> decltype(list<A, All, Pattern, S...>(std::index_sequence_for<S...>()));
};
template <>
struct UnpackedType<false> {
  template <AnyTyped A, class All, class Pattern, class... S>
  static auto make() -> decltype(ShapeOrError<false>::make<"unpack", RuledOf<&rules::unpack, A, Pattern, All, Number<0>>>());
};
}  // namespace detail
template <AnyTyped A, class Pattern, class... S>
struct Unpacked {
  static constexpr bool fine = RuledOf<&rules::unpack, A, Pattern, Several<S...>, Number<0>>::fine;
  static auto make() -> decltype(detail::UnpackedType<fine>::template make<A, Several<S...>, Pattern, S...>());
  static auto from(std::vector<Tensor>&& parts) {
    return [&]<size_t... i>(std::index_sequence<i...>) {
      return decltype(make()){std::tuple_element_t<i, decltype(make())>(Unchecked(), std::move(parts[i]))...};
    }
    (std::index_sequence_for<S...>());
  }
};
}  // namespace typed
/// unpack<"b *", Dims<3, 4>, Dims<>>(x): the parts whose packed dimensions had those shapes.
LAZULI_TYPED_FUNCTION(unpack, (typed::Text pattern, class... Shapes, typed::AnyTyped A), (typed::Unpacked<A, typed::Literal<pattern>, Shapes...>),
                      (const A& a), lazuli::unpack(typed::untyped(a), std::vector<lazuli::Shape>{typed::list_of<Shapes>()...}, pattern.view()));

}  // namespace lazuli
