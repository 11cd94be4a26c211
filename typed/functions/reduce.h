#pragma once
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/reduce.h"

/// Reductions of typed tensors: `sum(x)` of all elements, `sum<1>(x)` over dimension 1, `sum<0, 1>(x, typed::keepdim)`.
namespace lazuli {

namespace typed {

template <Text op, DType dtype, AnyTyped A, bool keep, int64_t... dims>
using Reduced = Unary<op, dtype, &rules::reduction, A, Ints<dims...>, Flag<keep>>;
template <int64_t... dims>
const lazuli::Shape& dims_list() {
  static const lazuli::Shape list{dims...};
  return list;
}
constexpr DType as_it_is(DType t) { return t; }
constexpr DType to_bool(DType) { return kBool; }
constexpr DType to_index(DType) { return kInt64; }

}  // namespace typed

#define LAZULI_TYPED_REDUCTION(name, dtype)                                                                                                       \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A), (typed::Reduced<#name, dtype(typed::dtype_of_tensor<A>), A, false, dims...>), \
                        (const A& a), lazuli::name(typed::untyped(a), typed::dims_list<dims...>()));                                              \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A), (typed::Reduced<#name, dtype(typed::dtype_of_tensor<A>), A, true, dims...>),  \
                        (const A& a, typed::Keepdim), lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), true))
LAZULI_TYPED_REDUCTION(sum, typed::summed);
LAZULI_TYPED_REDUCTION(nansum, typed::summed);
LAZULI_TYPED_REDUCTION(prod, typed::summed);
LAZULI_TYPED_REDUCTION(mean, typed::as_it_is);
LAZULI_TYPED_REDUCTION(nanmean, typed::as_it_is);
LAZULI_TYPED_REDUCTION(logsumexp, typed::floating);
LAZULI_TYPED_REDUCTION(amax, typed::as_it_is);
LAZULI_TYPED_REDUCTION(amin, typed::as_it_is);
LAZULI_TYPED_REDUCTION(any, typed::to_bool);
LAZULI_TYPED_REDUCTION(all, typed::to_bool);
#undef LAZULI_TYPED_REDUCTION
LAZULI_TYPED_FUNCTION(count_nonzero, (int64_t... dims, typed::AnyTyped A), (typed::Reduced<"count_nonzero", kInt64, A, false, dims...>), (const A& a),
                      lazuli::count_nonzero(typed::untyped(a), typed::dims_list<dims...>()));
#define LAZULI_TYPED_VARIANCE(name)                                                                                                             \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A),                                                                             \
                        (typed::Reduced<#name, real_dtype(typed::dtype_of_tensor<A>), A, false, dims...>), (const A& a, double correction = 1), \
                        lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), correction));                                              \
  LAZULI_TYPED_FUNCTION(                                                                                                                        \
      name, (int64_t... dims, typed::AnyTyped A), (typed::Reduced<#name, real_dtype(typed::dtype_of_tensor<A>), A, true, dims...>),             \
      (const A& a, typed::Keepdim, double correction = 1), lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), correction, true))
LAZULI_TYPED_VARIANCE(var);
LAZULI_TYPED_VARIANCE(std);
#undef LAZULI_TYPED_VARIANCE

#define LAZULI_TYPED_PLACE(name)                                                                                                             \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A), (typed::Reduced<#name, kInt64, A, false, dim>), (const A& a),                \
                        lazuli::name(typed::untyped(a), dim));                                                                               \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A), (typed::Reduced<#name, kInt64, A, true, dim>), (const A& a, typed::Keepdim), \
                        lazuli::name(typed::untyped(a), dim, true))
LAZULI_TYPED_PLACE(argmax);
LAZULI_TYPED_PLACE(argmin);
#undef LAZULI_TYPED_PLACE

namespace typed {
/// Values and their places.
template <Text op, auto rule, AnyTyped A, class... Arguments>
using WithIndices = TwoResults<op, RuledOf<rule, A, Arguments...>, ElementOfTensor<A>, int64_t, WhereOf<A>>;
}  // namespace typed
#define LAZULI_TYPED_WITH_INDICES(name)                                                                                                              \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A),                                                                                      \
                        (typed::WithIndices<#name, &typed::rules::reduction_with_indices, A, typed::Number<dim>, typed::Flag<false>>), (const A& a), \
                        lazuli::name(typed::untyped(a), dim));                                                                                       \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A),                                                                                      \
                        (typed::WithIndices<#name, &typed::rules::reduction_with_indices, A, typed::Number<dim>, typed::Flag<true>>),                \
                        (const A& a, typed::Keepdim), lazuli::name(typed::untyped(a), dim, true))
LAZULI_TYPED_WITH_INDICES(max);
LAZULI_TYPED_WITH_INDICES(min);
LAZULI_TYPED_WITH_INDICES(median);
LAZULI_TYPED_WITH_INDICES(nanmedian);
LAZULI_TYPED_WITH_INDICES(mode);
#undef LAZULI_TYPED_WITH_INDICES
#define LAZULI_TYPED_OF_ALL(name)                                                                                              \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Reduced<#name, typed::dtype_of_tensor<A>, A, false>), (const A& a), \
                        lazuli::name(typed::untyped(a)))
LAZULI_TYPED_OF_ALL(max);
LAZULI_TYPED_OF_ALL(min);
LAZULI_TYPED_OF_ALL(median);
LAZULI_TYPED_OF_ALL(nanmedian);
#undef LAZULI_TYPED_OF_ALL

/// CumExtremeResult: values and indices.
LAZULI_TYPED_FUNCTION(cummax, (int64_t dim, typed::AnyTyped A),
                      (typed::WithIndices<"cummax", &typed::rules::along_with_indices, A, typed::Number<dim>>), (const A& a),
                      lazuli::cummax(typed::untyped(a), dim));
LAZULI_TYPED_FUNCTION(cummin, (int64_t dim, typed::AnyTyped A),
                      (typed::WithIndices<"cummin", &typed::rules::along_with_indices, A, typed::Number<dim>>), (const A& a),
                      lazuli::cummin(typed::untyped(a), dim));
LAZULI_TYPED_FUNCTION(sort, (int64_t dim, typed::AnyTyped A), (typed::WithIndices<"sort", &typed::rules::along_with_indices, A, typed::Number<dim>>),
                      (const A& a, bool descending = false, bool stable = false), lazuli::sort(typed::untyped(a), dim, descending, stable));
LAZULI_TYPED_FUNCTION(argsort, (int64_t dim, typed::AnyTyped A), (typed::Unary<"argsort", kInt64, &typed::rules::along<>, A, typed::Number<dim>>),
                      (const A& a, bool descending = false, bool stable = false), lazuli::argsort(typed::untyped(a), dim, descending, stable));
/// topk<5>(x), topk<5, 0>(x)
LAZULI_TYPED_FUNCTION(topk, (int64_t k, int64_t dim = -1, typed::AnyTyped A),
                      (typed::WithIndices<"topk", &typed::rules::topk, A, typed::Number<k>, typed::Number<dim>>),
                      (const A& a, bool largest = true, bool sorted = true), lazuli::topk(typed::untyped(a), k, dim, largest, sorted));
/// diff<n, dim>(x)
LAZULI_TYPED_FUNCTION(diff, (int64_t n = 1, int64_t dim = -1, typed::AnyTyped A),
                      (typed::Unary<"diff", typed::dtype_of_tensor<A>, &typed::rules::diff, A, typed::Number<n>, typed::Number<dim>>), (const A& a),
                      lazuli::diff(typed::untyped(a), n, dim));

namespace typed {
template <AnyTyped A>
using ItemRuled = RuledOf<&rules::scalar, A>;
}
/// The single element of a tensor of one.
template <typed::AnyTyped A>
requires(typed::ItemRuled<A>::fine) auto item(const A& a) -> typed::ElementOfTensor<A> {
  return a.untyped().template item<typed::ElementOfTensor<A>>();
}
template <typed::AnyTyped A>
requires(!typed::ItemRuled<A>::fine) auto item(const A& a) -> decltype(typed::detail::ShapeOrError<false>::make<"item", typed::ItemRuled<A>>());

}  // namespace lazuli
