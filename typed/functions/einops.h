#pragma once
#include "lazuli/typed/functions/join.h"
#include "lazuli/typed/functions/parts.h"
#include "lazuli/typed/functions/rearrange.h"
#include "lazuli/typed/plans/einops.h"
#include "lazuli/typed/plans/einsum.h"
#include "lazuli/typed/plans/pack.h"

/// einsum and einops whose patterns the compiler reads, and for which it plans what is to be done: permutes, products, reshapes (plans/). Of typed tensors it knows the result's shape as well; of
/// untyped ones the ranks are checked when the program runs.
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
struct Einsum
    : Result<"einsum",
             FirstRefusal<typename JointWhere<WhereOf<A>...>::Check, Ruled<&rules::einsum, Literal<equation>, Several<ShapeOfTensor<A>...>>>,
             Element<JointDType<A...>::value>, typename JointWhere<WhereOf<A>...>::type> {};
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
struct EinsumOfSublists
    : Result<"einsum", FirstRefusal<typename JointWhere<WhereOf<A>...>::Check, Ruled<&rules::einsum_sublists, Lists, Several<ShapeOfTensor<A>...>>>,
             Element<JointDType<A...>::value>, typename JointWhere<WhereOf<A>...>::type> {};
/// Sublists as an equation.
template <class... Lists>
struct EquationOf {
  static constexpr void write(Writer& to) {
    Writer quiet;
    rules::write_sublists(quiet, to, SublistsType<Lists...>::value);
  }
  static constexpr int64_t length = [] {
    Writer count;
    write(count);
    return count.length();
  }();
  static constexpr auto text = [] {
    Text<size_t(length) + 1> equation;
    Writer to(equation.chars);
    write(to);
    return equation;
  }();
};
template <Text equation, int operands>
struct EinsumOfPlain : Untyped<"einsum", Ruled<&rules::einsum_equation, Literal<equation>, std::integral_constant<int, operands>>> {};
template <class Lists, int operands>
struct SublistsOfPlain : Untyped<"einsum", Ruled<&rules::einsum_sublists_alone, Lists, std::integral_constant<int, operands>>> {};
}  // namespace typed

/// einsum<"bij,bjk->bik">(a, b)
LAZULI_TYPED_FUNCTION(einsum, (typed::Text equation, typed::AnyTyped... A), (typed::Einsum<equation, A...>), (const A&... a),
                      typed::EinsumCall<equation, typed::Several<typed::ShapeOfTensor<A>...>>::run(a...));
LAZULI_TYPED_FUNCTION(einsum, (typed::Text equation, typed::Plain A, typed::Plain... B), (typed::EinsumOfPlain<equation, 1 + int(sizeof...(B))>),
                      (const A& a, const B&... b),
                      typed::EinsumCall<equation, typed::ShapesOfLetters<equation, 1 + int(sizeof...(B))>>::run(a, b...));
/// einsum<Sublist<0, 1>, Sublist<1, 2>, Sublist<0, 2>>(a, b)
LAZULI_TYPED_FUNCTION(einsum, (typed::AnySublist L, typed::AnySublist... M, typed::AnyTyped... A),
                      (typed::EinsumOfSublists<typed::SublistsType<L, M...>, A...>), (const A&... a),
                      typed::EinsumCall<typed::EquationOf<L, M...>::text, typed::Several<typed::ShapeOfTensor<A>...>>::run(a...));
LAZULI_TYPED_FUNCTION(
    einsum, (typed::AnySublist L, typed::AnySublist... M, typed::Plain A, typed::Plain... B),
    (typed::SublistsOfPlain<typed::SublistsType<L, M...>, 1 + int(sizeof...(B))>), (const A& a, const B&... b),
    typed::EinsumCall<typed::EquationOf<L, M...>::text, typed::ShapesOfLetters<typed::EquationOf<L, M...>::text, 1 + int(sizeof...(B))>>::run(a,
                                                                                                                                              b...));

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
struct Einops : Unary<op, dtype, &rules::einops_transform, A, PurposeType<purpose>, Literal<pattern>, Lengths> {};
template <Text op, rules::Purpose purpose, Text pattern, class Lengths>
struct EinopsPlain : Untyped<op, Ruled<&rules::einops_pattern, PurposeType<purpose>, Literal<pattern>, Lengths>> {};
constexpr DType reduced_dtype(DType t, einops::ReduceOp op) {
  using Op = einops::ReduceOp;
  return op == Op::any || op == Op::all ? kBool : op == Op::sum || op == Op::prod ? summed(t) : t;
}
}  // namespace typed

// Lengths are a text, `rearrange<"b (heads d) -> b heads d", "heads=8">(x)`; typed::Axes, `rearrange<"(h p) -> h p", typed::Axes{.p = 16}>(x)`; or an argument, `rearrange<"(h p) -> h p">(x, {.p = 16})`, whose
// extents are then dynamic.
namespace typed {
template <Text pattern, rules::Purpose purpose, class Lengths, AnyTyped A>
using CallOf = EinopsCall<pattern, purpose, Lengths, ShapeOfTensor<A>::rank>;
template <Text pattern, rules::Purpose purpose, class Lengths>
using CallOfPlain = EinopsCall<pattern, purpose, Lengths, -1>;
}  // namespace typed
#define LAZULI_TYPED_EINOPS(name)                                                                                                                  \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::Text lengths = "", typed::AnyTyped A),                                                  \
                        (typed::Einops<#name, typed::rules::Purpose::name, typed::dtype_of_tensor<A>, A, pattern, typed::LengthsOfText<lengths>>), \
                        (const A& a), typed::CallOf<pattern, typed::rules::Purpose::name, typed::LengthsOfText<lengths>, A>::run(a));              \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::Axes lengths, typed::AnyTyped A),                                                       \
                        (typed::Einops<#name, typed::rules::Purpose::name, typed::dtype_of_tensor<A>, A, pattern, typed::LengthsOfAxes<lengths>>), \
                        (const A& a), typed::CallOf<pattern, typed::rules::Purpose::name, typed::LengthsOfAxes<lengths>, A>::run(a));              \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::AnyTyped A),                                                                            \
                        (typed::Einops<#name, typed::rules::Purpose::name, typed::dtype_of_tensor<A>, A, pattern, typed::LengthsLater>),           \
                        (const A& a, const typed::Axes& axes),                                                                                     \
                        typed::CallOf<pattern, typed::rules::Purpose::name, typed::LengthsLater, A>::run(a, axes));                                \
  LAZULI_TYPED_FUNCTION(name, (typed::Text pattern, typed::Text lengths = "", typed::Plain A),                                                     \
                        (typed::EinopsPlain<#name, typed::rules::Purpose::name, pattern, typed::LengthsOfText<lengths>>), (const A& a),            \
                        typed::CallOfPlain<pattern, typed::rules::Purpose::name, typed::LengthsOfText<lengths>>::run(a));                          \
  LAZULI_TYPED_FUNCTION(                                                                                                                           \
      name, (typed::Text pattern, typed::Plain A), (typed::EinopsPlain<#name, typed::rules::Purpose::name, pattern, typed::LengthsLater>),         \
      (const A& a, const typed::Axes& axes), typed::CallOfPlain<pattern, typed::rules::Purpose::name, typed::LengthsLater>::run(a, axes))
LAZULI_TYPED_EINOPS(rearrange);
LAZULI_TYPED_EINOPS(repeat);
#undef LAZULI_TYPED_EINOPS
namespace typed {
template <AnyTyped A, Text pattern, einops::ReduceOp op, class Lengths>
struct ReducedByPattern : Einops<"reduce", rules::Purpose::reduce, reduced_dtype(dtype_of_tensor<A>, op), A, pattern, Lengths> {};
}
/// reduce<"b c (h 2) (w 2) -> b c h w", einops::ReduceOp::max>(x)
LAZULI_TYPED_FUNCTION(reduce, (typed::Text pattern, einops::ReduceOp op, typed::Text lengths = "", typed::AnyTyped A),
                      (typed::ReducedByPattern<A, pattern, op, typed::LengthsOfText<lengths>>), (const A& a),
                      typed::CallOf<pattern, typed::rules::Purpose::reduce, typed::LengthsOfText<lengths>, A>::template run<op>(a));
LAZULI_TYPED_FUNCTION(reduce, (typed::Text pattern, einops::ReduceOp op, typed::AnyTyped A),
                      (typed::ReducedByPattern<A, pattern, op, typed::LengthsLater>), (const A& a, const typed::Axes& axes),
                      typed::CallOf<pattern, typed::rules::Purpose::reduce, typed::LengthsLater, A>::template run<op>(a, axes));
LAZULI_TYPED_FUNCTION(reduce, (typed::Text pattern, einops::ReduceOp op, typed::Text lengths = "", typed::Plain A),
                      (typed::EinopsPlain<"reduce", typed::rules::Purpose::reduce, pattern, typed::LengthsOfText<lengths>>), (const A& a),
                      typed::CallOfPlain<pattern, typed::rules::Purpose::reduce, typed::LengthsOfText<lengths>>::template run<op>(a));
LAZULI_TYPED_FUNCTION(reduce, (typed::Text pattern, einops::ReduceOp op, typed::Plain A),
                      (typed::EinopsPlain<"reduce", typed::rules::Purpose::reduce, pattern, typed::LengthsLater>),
                      (const A& a, const typed::Axes& axes),
                      typed::CallOfPlain<pattern, typed::rules::Purpose::reduce, typed::LengthsLater>::template run<op>(a, axes));

namespace typed {
constexpr Ruling pack_pattern(Writer& say, std::string_view text) {
  int before = 0, after = 0;
  return rules::read_pack(say, text, before, after);
}
/// A pattern of pack or unpack for untyped tensors: fine, or an error.
template <Text op, Text pattern>
struct PackPlain {
  using R = Ruled<&pack_pattern, Literal<pattern>>;
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::ShapeOrError<false>::template make<op, R>());
};
template <Text op, Text pattern>
requires(Ruled<&pack_pattern, Literal<pattern>>::fine) struct PackPlain<op, pattern> {
  static constexpr bool fine = true;
};
}  // namespace typed
/// pack<"b *">(image, features): the packed tensor; of untyped ones also the shapes for unpack, as the function without a pattern in the type.
LAZULI_TYPED_FUNCTION(pack, (typed::Text pattern, typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"pack", &typed::rules::pack, std::tuple<typed::Literal<pattern>>, A, B...>), (const A& a, const B&... b),
                      std::get<0>(typed::PackCall<pattern>::pack(typed::listed(a, b...))));
template <typed::Text pattern>
requires(typed::PackPlain<"pack", pattern>::fine) std::tuple<Tensor, std::vector<Shape>> pack(const std::vector<Tensor>& tensors) {
  return typed::PackCall<pattern>::pack(tensors);
}
template <typed::Text pattern>
requires(!typed::PackPlain<"pack", pattern>::fine) auto pack(const std::vector<Tensor>& tensors)
    -> decltype(typed::PackPlain<"pack", pattern>::make());
template <typed::Text pattern>
requires(typed::PackPlain<"unpack", pattern>::fine) std::vector<Tensor> unpack(const Tensor& self, const std::vector<Shape>& packed_shapes) {
  return typed::PackCall<pattern>::unpack(self, packed_shapes);
}
template <typed::Text pattern>
requires(!typed::PackPlain<"unpack", pattern>::fine) auto unpack(const Tensor& self, const std::vector<Shape>& packed_shapes)
    -> decltype(typed::PackPlain<"unpack", pattern>::make());
namespace typed {
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
  static auto from(std::vector<Tensor>&& parts) { return typed_parts<decltype(make())>(std::move(parts)); }
};
}  // namespace typed
/// unpack<"b *", Dims<3, 4>, Dims<>>(x): the parts whose packed dimensions had those shapes.
LAZULI_TYPED_FUNCTION(unpack, (typed::Text pattern, class... Shapes, typed::AnyTyped A), (typed::Unpacked<A, typed::Literal<pattern>, Shapes...>),
                      (const A& a), typed::PackCall<pattern>::unpack(a, std::vector<lazuli::Shape>{typed::list_of<Shapes>()...}));

// How they are called.
LAZULI_TYPED_REFUSED_PATTERN(einsum, "einsum<\"ij,jk->ik\">(a, b) or einsum<Sublist<0, 1>, Sublist<1, 2>, Sublist<0, 2>>(a, b)");
LAZULI_TYPED_REFUSED_PATTERN(rearrange, "rearrange<pattern, lengths>(x) or rearrange<pattern>(x, axes)");
LAZULI_TYPED_REFUSED_PATTERN(repeat, "repeat<pattern, lengths>(x), repeat<pattern>(x, axes) or repeat<repeats..>(x)");
LAZULI_TYPED_REFUSED_PATTERN(reduce, "reduce<pattern, op, lengths>(x) or reduce<pattern, op>(x, axes)");
LAZULI_TYPED_REFUSED_PATTERN(pack, "pack<\"b *\">(a, b..)");
LAZULI_TYPED_REFUSED_PATTERN(unpack, "unpack<\"b *\", Dims<..>..>(x)");

}  // namespace lazuli
