#pragma once
#include <array>
#include <limits>
#include <vector>

#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/padding.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/shape/split.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/functions/reduce.h"
#include "lazuli/typed/rules/shape.h"

/// Views, joins and splits of typed tensors.
namespace lazuli {

namespace typed {
template <Text op, auto rule, AnyTyped A, class... Arguments>
using Viewed = Unary<op, dtype_of_tensor<A>, rule, A, Arguments...>;
/// As sizes for the untyped function: a name is the size that the tensor has there, so that it is -1 at most once; of several, those of `a`.
template <class Target, AnyTyped A>
lazuli::Shape sizes_like(const A& a) {
  constexpr Extents to = Target::value, from = ShapeOfTensor<A>::value;
  lazuli::Shape sizes(to.at, to.rank);
  for (int i = 0; i < to.rank; ++i)
    for (int k = 0; k < from.rank && is_named(to.at[i]); ++k)
      if (from.at[k] == to.at[i]) sizes.data()[i] = a.sizes().data()[k];
  return sizes;
}
}  // namespace typed

/// reshape<dim("batch"), 28, -1>(x): one size may be -1.
LAZULI_TYPED_FUNCTION(reshape, (int64_t... sizes, typed::AnyTyped A), (typed::Viewed<"reshape", &typed::rules::reshape, A, typed::Ints<sizes...>>),
                      (const A& a), lazuli::reshape(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(view, (int64_t... sizes, typed::AnyTyped A), (typed::Viewed<"view", &typed::rules::reshape, A, typed::Ints<sizes...>>),
                      (const A& a), lazuli::view(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(flatten, (int64_t start = 0, int64_t end = -1, typed::AnyTyped A),
                      (typed::Viewed<"flatten", &typed::rules::flatten, A, typed::Number<start>, typed::Number<end>>), (const A& a),
                      lazuli::flatten(typed::untyped(a), start, end));
LAZULI_TYPED_FUNCTION(unflatten, (int64_t dim, int64_t... sizes, typed::AnyTyped A),
                      (typed::Viewed<"unflatten", &typed::rules::unflatten, A, typed::Number<dim>, typed::Ints<sizes...>>), (const A& a),
                      lazuli::unflatten(typed::untyped(a), dim, typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(ravel, (typed::AnyTyped A), (typed::Viewed<"ravel", &typed::rules::flatten, A, typed::Number<0>, typed::Number<-1>>),
                      (const A& a), lazuli::ravel(typed::untyped(a)));
#define LAZULI_TYPED_TRANSPOSE(name)                                                                                                 \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim0, int64_t dim1, typed::AnyTyped A),                                                       \
                        (typed::Viewed<#name, &typed::rules::transpose, A, typed::Number<dim0>, typed::Number<dim1>>), (const A& a), \
                        lazuli::name(typed::untyped(a), dim0, dim1))
LAZULI_TYPED_TRANSPOSE(transpose);
LAZULI_TYPED_TRANSPOSE(swapaxes);
LAZULI_TYPED_TRANSPOSE(swapdims);
#undef LAZULI_TYPED_TRANSPOSE
LAZULI_TYPED_FUNCTION(permute, (int64_t... dims, typed::AnyTyped A), (typed::Viewed<"permute", &typed::rules::permute, A, typed::Ints<dims...>>),
                      (const A& a), lazuli::permute(typed::untyped(a), typed::dims_list<dims...>()));
LAZULI_TYPED_FUNCTION(movedim, (int64_t source, int64_t destination, typed::AnyTyped A),
                      (typed::Viewed<"movedim", &typed::rules::movedim, A, typed::Ints<source>, typed::Ints<destination>>), (const A& a),
                      lazuli::movedim(typed::untyped(a), source, destination));
LAZULI_TYPED_FUNCTION(t, (typed::AnyTyped A), (typed::Viewed<"t", &typed::rules::t, A>), (const A& a), lazuli::t(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(mT, (typed::AnyTyped A), (typed::Viewed<"mT", &typed::rules::matrix_transpose, A>), (const A& a),
                      lazuli::mT(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(adjoint, (typed::AnyTyped A), (typed::Viewed<"adjoint", &typed::rules::matrix_transpose, A>), (const A& a),
                      lazuli::adjoint(typed::untyped(a)));
/// squeeze<0, 2>(x); squeeze(x): all dimensions of extent 1.
LAZULI_TYPED_FUNCTION(squeeze, (int64_t... dims, typed::AnyTyped A), (typed::Viewed<"squeeze", &typed::rules::squeeze, A, typed::Ints<dims...>>),
                      (const A& a),
                      sizeof...(dims) ? lazuli::squeeze(typed::untyped(a), typed::dims_list<dims...>()) : lazuli::squeeze(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(unsqueeze, (int64_t dim, typed::AnyTyped A), (typed::Viewed<"unsqueeze", &typed::rules::unsqueeze, A, typed::Number<dim>>),
                      (const A& a), lazuli::unsqueeze(typed::untyped(a), dim));
LAZULI_TYPED_FUNCTION(expand, (int64_t... sizes, typed::AnyTyped A), (typed::Viewed<"expand", &typed::rules::expand, A, typed::Ints<sizes...>>),
                      (const A& a), lazuli::expand(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(broadcast_to, (int64_t... sizes, typed::AnyTyped A),
                      (typed::Viewed<"broadcast_to", &typed::rules::expand, A, typed::Ints<sizes...>>), (const A& a),
                      lazuli::broadcast_to(typed::untyped(a), typed::sizes_like<typed::Ints<sizes...>>(a)));
LAZULI_TYPED_FUNCTION(expand_as, (typed::AnyTyped A, typed::AnyTyped B),
                      (typed::Unary<"expand_as", typed::dtype_of_tensor<A>, &typed::rules::expand_as, A, typed::ShapeOfTensor<B>>),
                      (const A& a, const B& b), lazuli::expand_as(typed::untyped(a), typed::untyped(b)));
#define LAZULI_TYPED_ATLEAST(name, rank)                                                                                                 \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Viewed<#name, &typed::rules::atleast, A, typed::Number<rank>>), (const A& a), \
                        lazuli::name(typed::untyped(a)))
LAZULI_TYPED_ATLEAST(atleast_1d, 1);
LAZULI_TYPED_ATLEAST(atleast_2d, 2);
LAZULI_TYPED_ATLEAST(atleast_3d, 3);
#undef LAZULI_TYPED_ATLEAST

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

#define LAZULI_TYPED_FLIP(name)                                                                                                                \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A), (typed::Viewed<#name, &typed::rules::along_all, A, typed::Ints<dims...>>), \
                        (const A& a), lazuli::name(typed::untyped(a), typed::dims_list<dims...>()))
LAZULI_TYPED_FLIP(flip);
#undef LAZULI_TYPED_FLIP
/// roll<dim>(x, shift)
LAZULI_TYPED_FUNCTION(roll, (int64_t dim, typed::AnyTyped A), (typed::Viewed<"roll", &typed::rules::along<>, A, typed::Number<dim>>),
                      (const A& a, int64_t shift), lazuli::roll(typed::untyped(a), shift, dim));
#define LAZULI_TYPED_TRIANGLE(name)                                                                                                        \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Viewed<#name, &typed::at_least_matrix, A>), (const A& a, int64_t diagonal = 0), \
                        lazuli::name(typed::untyped(a), diagonal))
namespace typed {
constexpr Ruling at_least_matrix(Writer& say, const Extents& a) {
  if (a.rank >= 2) return a;
  say << "needs a matrix or a batch of them, got " << a;
  return Mistake::linalg_error_requires_at_least_2d;
}
}  // namespace typed
LAZULI_TYPED_TRIANGLE(tril);
LAZULI_TYPED_TRIANGLE(triu);
#undef LAZULI_TYPED_TRIANGLE
/// diag<offset>(x)
LAZULI_TYPED_FUNCTION(diag, (int64_t offset = 0, typed::AnyTyped A), (typed::Viewed<"diag", &typed::rules::diag, A, typed::Number<offset>>),
                      (const A& a), lazuli::diag(typed::untyped(a), offset));
/// pad<left, right, top, bottom, ..>(x, mode, value)
LAZULI_TYPED_FUNCTION(pad, (int64_t... amounts, typed::AnyTyped A), (typed::Viewed<"pad", &typed::rules::pad, A, typed::Ints<amounts...>>),
                      (const A& a, std::string_view mode = "constant", const std::optional<Scalar>& value = {}),
                      lazuli::pad(typed::untyped(a), typed::dims_list<amounts...>(), mode, value));
LAZULI_TYPED_FUNCTION(repeat, (int64_t... repeats, typed::AnyTyped A), (typed::Viewed<"repeat", &typed::rules::repeated, A, typed::Ints<repeats...>>),
                      (const A& a), lazuli::repeat(typed::untyped(a), typed::dims_list<repeats...>()));
LAZULI_TYPED_FUNCTION(tile, (int64_t... repeats, typed::AnyTyped A), (typed::Viewed<"tile", &typed::rules::tile, A, typed::Ints<repeats...>>),
                      (const A& a), lazuli::tile(typed::untyped(a), typed::dims_list<repeats...>()));

namespace typed {
template <AnyTyped... A>
struct JointDType;
template <AnyTyped A>
struct JointDType<A> {
  static constexpr DType value = dtype_of_tensor<A>;
};
template <AnyTyped A, AnyTyped... More>
struct JointDType<A, More...> {
  static constexpr DType value = promoted(dtype_of_tensor<A>, JointDType<More...>::value);
};
template <class First, class...>
struct JointWhere {
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

namespace typed {
namespace detail {
template <bool fine>
struct PartsType {
  template <Text op, class R, class T, class W, size_t... i>
  static auto list(std::index_sequence<i...>) -> std::tuple<Typed<T, ShapeOf<op, R, (i + 1 == sizeof...(i) ? 1 : 0)>, W>...>;
  template <Text op, class R, class T, class W>
  static auto make() -> decltype(list<op, R, T, W>(std::make_index_sequence<size_t(R::ruling.count)>()));
};
template <>
struct PartsType<false> {
  template <Text op, class R, class T, class W>
  static auto make() -> decltype(ShapeOrError<false>::template make<op, R>());
};
}  // namespace detail
/// As many results as the rule says, in a tuple.
template <Text op, class R, class T, class W>
struct Parts {
  static constexpr bool fine = R::fine;
  static auto make() -> decltype(detail::PartsType<fine>::template make<op, R, T, W>());
  static auto from(std::vector<Tensor>&& parts) {
    return [&]<size_t... i>(std::index_sequence<i...>) {
      return decltype(make()){std::tuple_element_t<i, decltype(make())>(Unchecked(), std::move(parts[i]))...};
    }
    (std::make_index_sequence<size_t(R::ruling.count)>());
  }
};
template <Text op, auto rule, AnyTyped A, class... Numbers>
using PartsOf = Parts<op, RuledOf<rule, A, Numbers...>, ElementOfTensor<A>, WhereOf<A>>;
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

}  // namespace lazuli
