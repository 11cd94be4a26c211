#pragma once
#include "lazuli/ops/index/embedding.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/index.h"

/// Gathering, scattering and look-ups in typed tensors. Indices are int64 or int32.
namespace lazuli {

namespace typed {
/// self and an index, on one device.
template <Text op, auto rule, AnyTyped A, AnyTyped I, class... Arguments>
using Indexed = Result<
    op,
    FirstRefusal<DTypeIs<ElementOfTensor<I>, rules::Wanted::index>, OneDevice<WhereOf<A>, WhereOf<I>>, Ruled<rule, ShapeOfTensor<A>, Arguments...>>,
    ElementOfTensor<A>, TogetherOf<A, I>>;
}  // namespace typed

LAZULI_TYPED_FUNCTION(gather, (int64_t dim, typed::AnyTyped A, typed::AnyTyped I),
                      (typed::Indexed<"gather", &typed::rules::gather, A, I, typed::Number<dim>, typed::ShapeOfTensor<I>>),
                      (const A& self, const I& index), lazuli::gather(typed::untyped(self), dim, typed::untyped(index)));
LAZULI_TYPED_FUNCTION(index_select, (int64_t dim, typed::AnyTyped A, typed::AnyTyped I),
                      (typed::Indexed<"index_select", &typed::rules::index_select, A, I, typed::Number<dim>, typed::ShapeOfTensor<I>>),
                      (const A& self, const I& index), lazuli::index_select(typed::untyped(self), dim, typed::untyped(index)));
LAZULI_TYPED_FUNCTION(take_along_dim, (int64_t dim, typed::AnyTyped A, typed::AnyTyped I),
                      (typed::Indexed<"take_along_dim", &typed::rules::take_along_dim, A, I, typed::Number<dim>, typed::ShapeOfTensor<I>>),
                      (const A& self, const I& index), lazuli::take_along_dim(typed::untyped(self), typed::untyped(index), dim));
#define LAZULI_TYPED_SCATTER(name, rule)                                                                                                          \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A, typed::AnyTyped I, typed::AnyTyped S),                                             \
                        (typed::Indexed<#name, &typed::rules::rule, A, I, typed::Number<dim>, typed::ShapeOfTensor<I>, typed::ShapeOfTensor<S>>), \
                        (const A& self, const I& index, const S& source),                                                                         \
                        lazuli::name(typed::untyped(self), dim, typed::untyped(index), typed::untyped(source)))
LAZULI_TYPED_SCATTER(scatter, scatter);
LAZULI_TYPED_SCATTER(scatter_add, scatter);
LAZULI_TYPED_SCATTER(index_add, index_write);
LAZULI_TYPED_SCATTER(index_copy, index_write);
#undef LAZULI_TYPED_SCATTER
LAZULI_TYPED_FUNCTION(scatter, (int64_t dim, typed::AnyTyped A, typed::AnyTyped I),
                      (typed::Indexed<"scatter", &typed::rules::scatter_value, A, I, typed::Number<dim>, typed::ShapeOfTensor<I>>),
                      (const A& self, const I& index, const Scalar& value), lazuli::scatter(typed::untyped(self), dim, typed::untyped(index), value));

namespace typed {
template <Text op, auto rule, AnyTyped I, AnyTyped W>
using LookedUp = Result<op,
                        FirstRefusal<DTypeIs<ElementOfTensor<I>, rules::Wanted::index>, OneDevice<WhereOf<I>, WhereOf<W>>,
                                     Ruled<rule, ShapeOfTensor<I>, ShapeOfTensor<W>>>,
                        ElementOfTensor<W>, TogetherOf<I, W>>;
}  // namespace typed
LAZULI_TYPED_FUNCTION(embedding, (typed::AnyTyped I, typed::AnyTyped W), (typed::LookedUp<"embedding", &typed::rules::embedding, I, W>),
                      (const I& input, const W& weight), lazuli::embedding(typed::untyped(input), typed::untyped(weight)));
LAZULI_TYPED_FUNCTION(embedding_bag, (typed::AnyTyped I, typed::AnyTyped W), (typed::LookedUp<"embedding_bag", &typed::rules::embedding_bag, I, W>),
                      (const I& input, const W& weight), lazuli::embedding_bag(typed::untyped(input), typed::untyped(weight)));
/// one_hot<classes>(labels)
LAZULI_TYPED_FUNCTION(one_hot, (int64_t classes, typed::AnyTyped I),
                      (typed::Unary<"one_hot", kInt64, &typed::rules::one_hot, I, typed::Number<classes>>), (const I& input),
                      lazuli::one_hot(typed::untyped(input), classes));

}  // namespace lazuli
