#pragma once
#include <vector>

#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/typed/functions/parts.h"
#include "lazuli/typed/rules/join.h"

/// Typed tensors joined.
namespace lazuli {

namespace typed {
template <AnyTyped... A>
struct JointDType {
  static constexpr DType value = kFloat32;  // of no operands, which rules refuse
};
template <AnyTyped A>
struct JointDType<A> {
  static constexpr DType value = dtype_of_tensor<A>;
};
template <AnyTyped A, AnyTyped... More>
struct JointDType<A, More...> {
  static constexpr DType value = promoted(dtype_of_tensor<A>, JointDType<More...>::value);
};
template <class... Where>
struct JointWhere {
  using type = Anywhere;
  using Check = OneDevice<Anywhere, Anywhere>;
};
template <class First>
struct JointWhere<First> {
  using type = First;
  using Check = OneDevice<First, First>;
};
template <class First, class Next, class... More>
struct JointWhere<First, Next, More...> {
  using Rest = JointWhere<Together<First, Next>, More...>;
  using type = typename Rest::type;
  using Check = FirstRefusal<OneDevice<First, Next>, typename Rest::Check>;
};
/// Of several operands, whose devices agree.
template <Text op, auto rule, class Numbers, AnyTyped... A>
struct JointResult;
template <Text op, auto rule, class... Numbers, AnyTyped... A>
struct JointResult<op, rule, std::tuple<Numbers...>, A...>
    : Result<op, FirstRefusal<typename JointWhere<WhereOf<A>...>::Check, Ruled<rule, Several<ShapeOfTensor<A>...>, Numbers...>>,
             Element<JointDType<A...>::value>, typename JointWhere<WhereOf<A>...>::type> {};
template <AnyTyped... A>
std::vector<Tensor> listed(const A&... a) {
  return {a.untyped()...};
}
}  // namespace typed

/// cat<1>(a, b, c)
LAZULI_TYPED_FUNCTION(cat, (int64_t dim = 0, typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"cat", &typed::rules::cat, std::tuple<typed::Number<dim>>, A, B...>), (const A& a, const B&... b),
                      lazuli::cat(typed::listed(a, b...), dim));
LAZULI_TYPED_FUNCTION(concat, (int64_t dim = 0, typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"concat", &typed::rules::cat, std::tuple<typed::Number<dim>>, A, B...>), (const A& a, const B&... b),
                      lazuli::cat(typed::listed(a, b...), dim));
LAZULI_TYPED_FUNCTION(stack, (int64_t dim = 0, typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"stack", &typed::rules::stack, std::tuple<typed::Number<dim>>, A, B...>), (const A& a, const B&... b),
                      lazuli::stack(typed::listed(a, b...), dim));
#define LAZULI_TYPED_STACK(name, rank, dim)                                                                                                       \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped... B),                                                                          \
                        (typed::JointResult<#name, &typed::rules::stack_at_least, std::tuple<typed::Number<rank>, typed::Number<dim>>, A, B...>), \
                        (const A& a, const B&... b), lazuli::name(typed::listed(a, b...)))
LAZULI_TYPED_STACK(hstack, 1, 1);
LAZULI_TYPED_STACK(vstack, 2, 0);
LAZULI_TYPED_STACK(dstack, 3, 2);
#undef LAZULI_TYPED_STACK
LAZULI_TYPED_FUNCTION(column_stack, (typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"column_stack", &typed::rules::column_stack, std::tuple<>, A, B...>), (const A& a, const B&... b),
                      lazuli::column_stack(typed::listed(a, b...)));

LAZULI_TYPED_FUNCTION(row_stack, (typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointResult<"row_stack", &typed::rules::stack_at_least, std::tuple<typed::Number<2>, typed::Number<0>>, A, B...>),
                      (const A& a, const B&... b), lazuli::row_stack(typed::listed(a, b...)));
#define LAZULI_TYPED_JOINED(name)                                                                                                                 \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A, typed::AnyTyped... B), (typed::JointResult<#name, &typed::rules::name, std::tuple<>, A, B...>), \
                        (const A& a, const B&... b), lazuli::name(typed::listed(a, b...)))
LAZULI_TYPED_JOINED(block_diag);
LAZULI_TYPED_JOINED(cartesian_prod);
#undef LAZULI_TYPED_JOINED
namespace typed {
namespace detail {
template <bool fine>
struct JointPartsType {
  template <class R, Text op, class Where, AnyTyped... A>
  static auto make() -> std::tuple<Typed<ElementOfTensor<A>, ShapeOf<op, R>, Where>...>;
};
template <>
struct JointPartsType<false> {
  template <class R, Text op, class Where, AnyTyped... A>
  static auto make() -> decltype(ShapeOrError<false>::make<op, R>());
};
}  // namespace detail
template <Text op, auto rule, class Numbers, AnyTyped... A>
struct JointParts;
/// As many results as operands, each of its own dtype.
template <Text op, auto rule, class... Numbers, AnyTyped... A>
struct JointParts<op, rule, std::tuple<Numbers...>, A...> {
  using R = FirstRefusal<typename JointWhere<WhereOf<A>...>::Check, Ruled<rule, Several<ShapeOfTensor<A>...>, Numbers...>>;
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::JointPartsType<fine>::template make<R, op, typename JointWhere<WhereOf<A>...>::type, A...>());
  static auto from(std::vector<Tensor>&& parts) { return typed_parts<decltype(make())>(std::move(parts)); }
};
}  // namespace typed
/// auto [x, y] = meshgrid(a, b); meshgrid<true>(a, b): the first two dimensions the other way round, "xy".
LAZULI_TYPED_FUNCTION(meshgrid, (bool xy = false, typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointParts<"meshgrid", &typed::rules::meshgrid, std::tuple<typed::Flag<xy>>, A, B...>), (const A& a, const B&... b),
                      lazuli::meshgrid(typed::listed(a, b...), xy ? "xy" : "ij"));
LAZULI_TYPED_FUNCTION(broadcast_tensors, (typed::AnyTyped A, typed::AnyTyped... B),
                      (typed::JointParts<"broadcast_tensors", &typed::rules::broadcast_tensors, std::tuple<>, A, B...>), (const A& a, const B&... b),
                      lazuli::broadcast_tensors(typed::listed(a, b...)));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(cat, "cat<dim = 0>(a, b..)");
LAZULI_TYPED_REFUSED_VALUES(concat, "concat<dim = 0>(a, b..)");
LAZULI_TYPED_REFUSED_VALUES(stack, "stack<dim = 0>(a, b..)");
LAZULI_TYPED_REFUSED(hstack, "hstack(a, b..)");
LAZULI_TYPED_REFUSED(vstack, "vstack(a, b..)");
LAZULI_TYPED_REFUSED(dstack, "dstack(a, b..)");
LAZULI_TYPED_REFUSED(column_stack, "column_stack(a, b..)");
LAZULI_TYPED_REFUSED(row_stack, "row_stack(a, b..)");
LAZULI_TYPED_REFUSED(block_diag, "block_diag(a, b..)");
LAZULI_TYPED_REFUSED(cartesian_prod, "cartesian_prod(a, b..)");
LAZULI_TYPED_REFUSED_VALUES(meshgrid, "meshgrid<xy = false>(a, b..)");
LAZULI_TYPED_REFUSED(broadcast_tensors, "broadcast_tensors(a, b..)");

}  // namespace lazuli
