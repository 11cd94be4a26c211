#pragma once
#include <limits>

#include "lazuli/ops/shape/split.h"
#include "lazuli/typed/functions/shape.h"
#include "lazuli/typed/rules/parts.h"

/// Parts of typed tensors.
namespace lazuli {

/// select<dim, index>(x)
LAZULI_TYPED_FUNCTION(select, (int64_t dim, int64_t index, typed::AnyTyped A),
                      (typed::Viewed<"select", &typed::rules::select, A, typed::Number<dim>, typed::Number<index>>), (const A& a),
                      lazuli::select(typed::untyped(a), dim, index));
namespace typed {
inline constexpr int64_t to_the_end = std::numeric_limits<int64_t>::max();
}
/// slice<dim, start, end, step>(x)
LAZULI_TYPED_FUNCTION(
    slice, (int64_t dim, int64_t start = 0, int64_t end = typed::to_the_end, int64_t step = 1, typed::AnyTyped A),
    (typed::Viewed<"slice", &typed::rules::slice, A, typed::Number<dim>, typed::Number<start>, typed::Number<end>, typed::Number<step>>),
    (const A& a), lazuli::slice(typed::untyped(a), dim, start, end, step));
/// narrow<dim, start, length>(x)
LAZULI_TYPED_FUNCTION(narrow, (int64_t dim, int64_t start, int64_t length, typed::AnyTyped A),
                      (typed::Viewed<"narrow", &typed::rules::narrow, A, typed::Number<dim>, typed::Number<start>, typed::Number<length>>),
                      (const A& a), lazuli::narrow(typed::untyped(a), dim, start, length));
namespace typed {
template <int64_t... indices>
Tensor selected_at(Tensor x) {
  ((x = lazuli::select(x, 0, indices)), ...);
  return x;
}
}  // namespace typed
/// at<2, 3>(x): x[2][3]
LAZULI_TYPED_FUNCTION(at, (int64_t... indices, typed::AnyTyped A), (typed::Viewed<"at", &typed::rules::at, A, typed::Ints<indices...>>), (const A& a),
                      typed::selected_at<indices...>(typed::untyped(a)));

namespace typed {
namespace detail {
template <bool fine>
struct PartsType {
  template <Text op, class R, class T, class W, size_t... i>
  static auto list(std::index_sequence<i...>) -> std::tuple<Typed<T, ShapeOf<op, R, (int(i) < R::ruling.firsts ? 0 : 1)>, W>...>;
  template <Text op, class R, class T, class W>
  static auto make() -> decltype(list<op, R, T, W>(std::make_index_sequence<size_t(R::ruling.count)>()));
};
template <>
struct PartsType<false> {
  template <Text op, class R, class T, class W>
  static auto make() -> decltype(ShapeOrError<false>::template make<op, R>());
};
}  // namespace detail
/// The tensors as the types of a tuple.
template <class Tuple>
Tuple typed_parts(std::vector<Tensor>&& parts) {
  return [&]<size_t... i>(std::index_sequence<i...>) { return Tuple{std::tuple_element_t<i, Tuple>(Unchecked(), std::move(parts[i]))...}; }
  (std::make_index_sequence<std::tuple_size_v<Tuple>>());
}
/// As many results as the rule says, in a tuple.
template <Text op, class R, class T, class W>
struct Parts {
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::PartsType<fine>::template make<op, R, T, W>());
  static auto from(std::vector<Tensor>&& parts) { return typed_parts<decltype(make())>(std::move(parts)); }
};
template <Text op, auto rule, AnyTyped A, class... Numbers>
struct PartsOf : Parts<op, RuledOf<rule, A, Numbers...>, ElementOfTensor<A>, WhereOf<A>> {};
}  // namespace typed
/// auto [a, b, c] = split<2, 1>(x): parts of 2 along dimension 1.
LAZULI_TYPED_FUNCTION(split, (int64_t size, int64_t dim = 0, typed::AnyTyped A),
                      (typed::PartsOf<"split", &typed::rules::split<>, A, typed::Number<size>, typed::Number<dim>>), (const A& a),
                      lazuli::split(typed::untyped(a), size, dim));
/// auto [q, k, v] = chunk<3, -1>(x)
LAZULI_TYPED_FUNCTION(chunk, (int64_t chunks, int64_t dim = 0, typed::AnyTyped A),
                      (typed::PartsOf<"chunk", &typed::rules::chunk, A, typed::Number<chunks>, typed::Number<dim>>), (const A& a),
                      lazuli::chunk(typed::untyped(a), chunks, dim));
LAZULI_TYPED_FUNCTION(unbind, (int64_t dim = 0, typed::AnyTyped A), (typed::PartsOf<"unbind", &typed::rules::unbind, A, typed::Number<dim>>),
                      (const A& a), lazuli::unbind(typed::untyped(a), dim));

/// auto [a, b, c] = tensor_split<3, 1>(x): three parts along dimension 1, the first ones longer where needed.
LAZULI_TYPED_FUNCTION(tensor_split, (int64_t sections, int64_t dim = 0, typed::AnyTyped A),
                      (typed::PartsOf<"tensor_split", &typed::rules::tensor_split, A, typed::Number<sections>, typed::Number<dim>>), (const A& a),
                      lazuli::tensor_split(typed::untyped(a), sections, dim));
#define LAZULI_TYPED_SPLIT(name, dim, least)                                                                                                        \
  LAZULI_TYPED_FUNCTION(name, (int64_t sections, typed::AnyTyped A),                                                                                \
                        (typed::PartsOf<#name, &typed::rules::split_evenly, A, typed::Number<sections>, typed::Number<dim>, typed::Number<least>>), \
                        (const A& a), lazuli::name(typed::untyped(a), sections))
LAZULI_TYPED_SPLIT(hsplit, 1, 1);
LAZULI_TYPED_SPLIT(vsplit, 0, 2);
LAZULI_TYPED_SPLIT(dsplit, 2, 3);
#undef LAZULI_TYPED_SPLIT
namespace typed {
namespace detail {
template <bool fine>
struct SizedParts {
  template <AnyTyped A, class Sizes, int64_t dim, size_t... i>
  static auto list(std::index_sequence<i...>)
      -> std::tuple<Typed<ElementOfTensor<A>,
                          ShapeOf<"split_with_sizes", RuledOf<&rules::split_with_sizes, A, Sizes, Number<dim>, Number<int64_t(i)>>>, WhereOf<A>>...>;
  template <AnyTyped A, class Sizes, int64_t dim>
  static auto make() -> decltype(list<A, Sizes, dim>(std::make_index_sequence<size_t(Sizes::rank)>()));
};
template <>
struct SizedParts<false> {
  template <AnyTyped A, class Sizes, int64_t dim>
  static auto make()
      -> decltype(ShapeOrError<false>::make<"split_with_sizes", RuledOf<&rules::split_with_sizes, A, Sizes, Number<dim>, Number<0>>>());
};
}  // namespace detail
template <AnyTyped A, class Sizes, int64_t dim>
struct SplitWithSizes {
  static constexpr bool fine = RuledOf<&rules::split_with_sizes, A, Sizes, Number<dim>, Number<0>>::fine;
  static auto make() -> decltype(detail::SizedParts<fine>::template make<A, Sizes, dim>());
  static auto from(std::vector<Tensor>&& parts) { return typed_parts<decltype(make())>(std::move(parts)); }
};
}  // namespace typed
/// auto [a, b] = split_with_sizes<typed::Ints<2, 3>, 1>(x)
LAZULI_TYPED_FUNCTION(split_with_sizes, (class Sizes, int64_t dim = 0, typed::AnyTyped A), (typed::SplitWithSizes<A, Sizes, dim>), (const A& a),
                      lazuli::split_with_sizes(typed::untyped(a), typed::list_of<Sizes>(), dim));
/// unfold<dim, size, step>(x): windows along a dimension.
LAZULI_TYPED_FUNCTION(unfold, (int64_t dim, int64_t size, int64_t step, typed::AnyTyped A),
                      (typed::Viewed<"unfold", &typed::rules::windows_along, A, typed::Number<dim>, typed::Number<size>, typed::Number<step>>),
                      (const A& a), lazuli::unfold(typed::untyped(a), dim, size, step));
LAZULI_TYPED_FUNCTION(narrow_copy, (int64_t dim, int64_t start, int64_t length, typed::AnyTyped A),
                      (typed::Viewed<"narrow_copy", &typed::rules::narrow, A, typed::Number<dim>, typed::Number<start>, typed::Number<length>>),
                      (const A& a), lazuli::narrow_copy(typed::untyped(a), dim, start, length));
LAZULI_TYPED_FUNCTION(select_scatter, (int64_t dim, int64_t index, typed::AnyTyped A, typed::AnyTyped S),
                      (typed::BinaryAlike<"select_scatter", &typed::rules::select_scatter, A, S, typed::Number<dim>, typed::Number<index>>),
                      (const A& a, const S& source), lazuli::select_scatter(typed::untyped(a), typed::untyped(source), dim, index));
LAZULI_TYPED_FUNCTION(slice_scatter,
                      (int64_t dim, int64_t start = 0, int64_t end = typed::to_the_end, int64_t step = 1, typed::AnyTyped A, typed::AnyTyped S),
                      (typed::BinaryAlike<"slice_scatter", &typed::rules::slice_scatter, A, S, typed::Number<dim>, typed::Number<start>,
                                          typed::Number<end>, typed::Number<step>>),
                      (const A& a, const S& source), lazuli::slice_scatter(typed::untyped(a), typed::untyped(source), dim, start, end, step));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(select, "select<dim, index>(x)");
LAZULI_TYPED_REFUSED_VALUES(slice, "slice<dim, start = 0, end, step = 1>(x)");
LAZULI_TYPED_REFUSED_VALUES(narrow, "narrow<dim, start, length>(x)");
LAZULI_TYPED_REFUSED_VALUES(at, "at<indices..>(x)");
LAZULI_TYPED_REFUSED_VALUES(split, "split<size, dim = 0>(x)");
LAZULI_TYPED_REFUSED_VALUES(chunk, "chunk<chunks, dim = 0>(x)");
LAZULI_TYPED_REFUSED_VALUES(unbind, "unbind<dim = 0>(x)");
LAZULI_TYPED_REFUSED_VALUES(tensor_split, "tensor_split<sections, dim = 0>(x)");
LAZULI_TYPED_REFUSED_VALUES(hsplit, "hsplit<sections>(x)");
LAZULI_TYPED_REFUSED_VALUES(vsplit, "vsplit<sections>(x)");
LAZULI_TYPED_REFUSED_VALUES(dsplit, "dsplit<sections>(x)");
LAZULI_TYPED_REFUSED_VALUES(split_with_sizes, "split_with_sizes<Sizes, dim = 0>(x)");
LAZULI_TYPED_REFUSED_VALUES(narrow_copy, "narrow_copy<dim, start, length>(x)");
LAZULI_TYPED_REFUSED_VALUES(select_scatter, "select_scatter<dim, index>(x, source)");
LAZULI_TYPED_REFUSED_VALUES(slice_scatter, "slice_scatter<dim, start = 0, end, step = 1>(x, source)");

}  // namespace lazuli
