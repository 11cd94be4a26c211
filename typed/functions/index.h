#pragma once
#include "lazuli/ops/index/embedding.h"
#include "lazuli/ops/index/gather.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/typed/functions/parts.h"
#include "lazuli/typed/rules/index.h"

/// Gathering, scattering and look-ups in typed tensors. Indices are int64 or int32.
namespace lazuli {

namespace typed {
/// self and an index, on one device.
template <Text op, auto rule, AnyTyped A, AnyTyped I, class... Arguments>
struct Indexed : Result<op,
                        FirstRefusal<DTypeIs<ElementOfTensor<I>, rules::Wanted::index>, OneDevice<WhereOf<A>, WhereOf<I>>,
                                     Ruled<rule, ShapeOfTensor<A>, Arguments...>>,
                        ElementOfTensor<A>, TogetherOf<A, I>> {};
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
struct LookedUp : Result<op,
                         FirstRefusal<DTypeIs<ElementOfTensor<I>, rules::Wanted::index>, OneDevice<WhereOf<I>, WhereOf<W>>,
                                      Ruled<rule, ShapeOfTensor<I>, ShapeOfTensor<W>>>,
                         ElementOfTensor<W>, TogetherOf<I, W>> {};
}  // namespace typed
LAZULI_TYPED_FUNCTION(embedding, (typed::AnyTyped I, typed::AnyTyped W), (typed::LookedUp<"embedding", &typed::rules::embedding, I, W>),
                      (const I& input, const W& weight), lazuli::embedding(typed::untyped(input), typed::untyped(weight)));
LAZULI_TYPED_FUNCTION(embedding_bag, (typed::AnyTyped I, typed::AnyTyped W), (typed::LookedUp<"embedding_bag", &typed::rules::embedding_bag, I, W>),
                      (const I& input, const W& weight), lazuli::embedding_bag(typed::untyped(input), typed::untyped(weight)));
/// one_hot<classes>(labels)
LAZULI_TYPED_FUNCTION(one_hot, (int64_t classes, typed::AnyTyped I),
                      (typed::Result<"one_hot",
                                     typed::FirstRefusal<typed::DTypeIs<typed::ElementOfTensor<I>, typed::rules::Wanted::index>,
                                                         typed::RuledOf<&typed::rules::one_hot, I, typed::Number<classes>>>,
                                     int64_t, typed::WhereOf<I>>),
                      (const I& input), lazuli::one_hot(typed::untyped(input), classes));

LAZULI_TYPED_FUNCTION(index_fill, (int64_t dim, typed::AnyTyped A, typed::AnyTyped I),
                      (typed::Indexed<"index_fill", &typed::rules::index_fill, A, I, typed::Number<dim>, typed::ShapeOfTensor<I>>),
                      (const A& self, const I& index, const Scalar& value),
                      lazuli::index_fill(typed::untyped(self), dim, typed::untyped(index), value));
#define LAZULI_TYPED_REDUCED(name, rule)                                                                                                          \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A, typed::AnyTyped I, typed::AnyTyped S),                                             \
                        (typed::Indexed<#name, &typed::rules::rule, A, I, typed::Number<dim>, typed::ShapeOfTensor<I>, typed::ShapeOfTensor<S>>), \
                        (const A& self, const I& index, const S& source, std::string_view reduce, bool include_self = true),                      \
                        lazuli::name(typed::untyped(self), dim, typed::untyped(index), typed::untyped(source), reduce, include_self))
LAZULI_TYPED_REDUCED(scatter_reduce, scatter);
LAZULI_TYPED_REDUCED(index_reduce, index_write);
#undef LAZULI_TYPED_REDUCED
LAZULI_TYPED_FUNCTION(put, (typed::AnyTyped A, typed::AnyTyped I, typed::AnyTyped S),
                      (typed::Indexed<"put", &typed::rules::put, A, I, typed::ShapeOfTensor<I>, typed::ShapeOfTensor<S>>),
                      (const A& self, const I& index, const S& source, bool accumulate = false),
                      lazuli::put(typed::untyped(self), typed::untyped(index), typed::untyped(source), accumulate));
LAZULI_TYPED_FUNCTION(take, (typed::AnyTyped A, typed::AnyTyped I), (typed::Indexed<"take", &typed::rules::take, A, I, typed::ShapeOfTensor<I>>),
                      (const A& self, const I& index), lazuli::take(typed::untyped(self), typed::untyped(index)));
LAZULI_TYPED_FUNCTION(searchsorted, (typed::AnyTyped A, typed::AnyTyped V),
                      (typed::Binary<"searchsorted", kInt64, &typed::rules::searchsorted, A, V>),
                      (const A& sorted, const V& values, bool right = false),
                      lazuli::searchsorted(typed::untyped(sorted), typed::untyped(values), {.right = right}));
LAZULI_TYPED_FUNCTION(bucketize, (typed::AnyTyped V, typed::AnyTyped B), (typed::Binary<"bucketize", kInt64, &typed::rules::bucketize, V, B>),
                      (const V& values, const B& boundaries, bool right = false),
                      lazuli::bucketize(typed::untyped(values), typed::untyped(boundaries), false, right));
LAZULI_TYPED_FUNCTION(isin, (typed::AnyTyped A, typed::AnyTyped B), (typed::Binary<"isin", kBool, &typed::rules::first_of, A, B>),
                      (const A& elements, const B& among, bool assume_unique = false, bool invert = false),
                      lazuli::isin(typed::untyped(elements), typed::untyped(among), assume_unique, invert));
/// auto [row, column] = unravel_index<rows, columns>(places)
LAZULI_TYPED_FUNCTION(unravel_index, (int64_t... sizes, typed::AnyTyped I),
                      (typed::Parts<"unravel_index",
                                    typed::FirstRefusal<typed::DTypeIs<typed::ElementOfTensor<I>, typed::rules::Wanted::integer>,
                                                        typed::RuledOf<&typed::rules::unravel_index, I, typed::Ints<sizes...>>>,
                                    int64_t, typed::WhereOf<I>>),
                      (const I& indices), lazuli::unravel_index(typed::untyped(indices), typed::dims_list<sizes...>()));
LAZULI_TYPED_FUNCTION(nonzero_static, (int64_t size, typed::AnyTyped A),
                      (typed::Unary<"nonzero_static", kInt64, &typed::rules::nonzero_static, A, typed::Number<size>>),
                      (const A& a, int64_t fill_value = -1), lazuli::nonzero_static(typed::untyped(a), size, fill_value));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(gather, "gather<dim>(self, index)");
LAZULI_TYPED_REFUSED_VALUES(index_select, "index_select<dim>(self, index)");
LAZULI_TYPED_REFUSED_VALUES(take_along_dim, "take_along_dim<dim>(self, index)");
LAZULI_TYPED_REFUSED_VALUES(scatter, "scatter<dim>(self, index, source) or scatter<dim>(self, index, value)");
LAZULI_TYPED_REFUSED_VALUES(scatter_add, "scatter_add<dim>(self, index, source)");
LAZULI_TYPED_REFUSED_VALUES(index_add, "index_add<dim>(self, index, source)");
LAZULI_TYPED_REFUSED_VALUES(index_copy, "index_copy<dim>(self, index, source)");
LAZULI_TYPED_REFUSED(embedding, "embedding(input, weight)");
LAZULI_TYPED_REFUSED(embedding_bag, "embedding_bag(input, weight)");
LAZULI_TYPED_REFUSED_VALUES(one_hot, "one_hot<classes>(input)");
LAZULI_TYPED_REFUSED_VALUES(index_fill, "index_fill<dim>(self, index, value)");
LAZULI_TYPED_REFUSED_VALUES(scatter_reduce, "scatter_reduce<dim>(self, index, source, reduce, include_self = true)");
LAZULI_TYPED_REFUSED_VALUES(index_reduce, "index_reduce<dim>(self, index, source, reduce, include_self = true)");
LAZULI_TYPED_REFUSED(put, "put(self, index, source, accumulate = false)");
LAZULI_TYPED_REFUSED(take, "take(self, index)");
LAZULI_TYPED_REFUSED(searchsorted, "searchsorted(sorted, values, right = false)");
LAZULI_TYPED_REFUSED(bucketize, "bucketize(values, boundaries, right = false)");
LAZULI_TYPED_REFUSED(isin, "isin(elements, among, assume_unique = false, invert = false)");
LAZULI_TYPED_REFUSED_VALUES(unravel_index, "unravel_index<sizes..>(indices)");
LAZULI_TYPED_REFUSED_VALUES(nonzero_static, "nonzero_static<size>(x, fill_value = -1)");

}  // namespace lazuli
