#pragma once
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/typed/functions/unary.h"
#include "lazuli/typed/rules/dims.h"

/// Functions of three typed tensors that broadcast, with masks, and along a dimension.
namespace lazuli {

namespace typed {
/// Of three operands that broadcast; the dtype that of the last two.
template <Text op, AnyTyped A, AnyTyped B, AnyTyped C>
struct Ternary : Result<op,
                        FirstRefusal<OneDevice<WhereOf<A>, WhereOf<B>>, OneDevice<TogetherOf<A, B>, WhereOf<C>>,
                                     Ruled<&rules::broadcast3, ShapeOfTensor<A>, ShapeOfTensor<B>, ShapeOfTensor<C>>>,
                        Element<promoted_of<B, C>>, Together<TogetherOf<A, B>, WhereOf<C>>> {};
template <AnyTyped A, AnyTyped B, AnyTyped C>
struct WhereResult
    : Result<"where",
             FirstRefusal<DTypeIs<ElementOfTensor<A>, rules::Wanted::boolean>, OneDevice<WhereOf<A>, WhereOf<B>>,
                          OneDevice<TogetherOf<A, B>, WhereOf<C>>, Ruled<&rules::broadcast3, ShapeOfTensor<A>, ShapeOfTensor<B>, ShapeOfTensor<C>>>,
             Element<promoted_of<B, C>>, Together<TogetherOf<A, B>, WhereOf<C>>> {};
template <Text op, AnyTyped A, AnyTyped B, AnyTyped C>
struct TernaryOfAll : Result<op,
                             FirstRefusal<OneDevice<WhereOf<A>, WhereOf<B>>, OneDevice<TogetherOf<A, B>, WhereOf<C>>,
                                          Ruled<&rules::broadcast3, ShapeOfTensor<A>, ShapeOfTensor<B>, ShapeOfTensor<C>>>,
                             Element<promoted(promoted_of<A, B>, promoted_of<A, C>)>, Together<TogetherOf<A, B>, WhereOf<C>>> {};
template <AnyTyped A, AnyTyped M, Text op = "masked_fill">
struct Masked : Result<op,
                       FirstRefusal<DTypeIs<ElementOfTensor<M>, rules::Wanted::boolean>, OneDevice<WhereOf<A>, WhereOf<M>>,
                                    Ruled<&rules::broadcast, ShapeOfTensor<A>, ShapeOfTensor<M>>>,
                       ElementOfTensor<A>, TogetherOf<A, M>> {};
}  // namespace typed
LAZULI_TYPED_FUNCTION(where, (typed::AnyTyped C, typed::AnyTyped A, typed::AnyTyped B), (typed::WhereResult<C, A, B>),
                      (const C& condition, const A& a, const B& b), lazuli::where(typed::untyped(condition), typed::untyped(a), typed::untyped(b)));
LAZULI_TYPED_FUNCTION(addcmul, (typed::AnyTyped A, typed::AnyTyped B, typed::AnyTyped C), (typed::Ternary<"addcmul", A, B, C>),
                      (const A& self, const B& b, const C& c, const Scalar& value = 1),
                      lazuli::addcmul(typed::untyped(self), typed::untyped(b), typed::untyped(c), value));
LAZULI_TYPED_FUNCTION(addcdiv, (typed::AnyTyped A, typed::AnyTyped B, typed::AnyTyped C), (typed::Ternary<"addcdiv", A, B, C>),
                      (const A& self, const B& b, const C& c, const Scalar& value = 1),
                      lazuli::addcdiv(typed::untyped(self), typed::untyped(b), typed::untyped(c), value));
LAZULI_TYPED_FUNCTION(lerp, (typed::AnyTyped A, typed::AnyTyped B, typed::AnyTyped C), (typed::TernaryOfAll<"lerp", A, B, C>),
                      (const A& self, const B& end, const C& weight),
                      lazuli::lerp(typed::untyped(self), typed::untyped(end), typed::untyped(weight)));
LAZULI_TYPED_FUNCTION(lerp, (typed::AnyTyped A, typed::AnyTyped B), (typed::BinaryAlike<"lerp", &typed::rules::broadcast, A, B>),
                      (const A& self, const B& end, const Scalar& weight), lazuli::lerp(typed::untyped(self), typed::untyped(end), weight));
LAZULI_TYPED_FUNCTION(masked_fill, (typed::AnyTyped A, typed::AnyTyped M), (typed::Masked<A, M>), (const A& self, const M& mask, const Scalar& value),
                      lazuli::masked_fill(typed::untyped(self), typed::untyped(mask), value));

/// clamp(x, 0, 1)
template <typed::AnyTyped A, typed::Arithmetic L, typed::Arithmetic H>
typed::SameShape<A, typed::promoted(typed::promoted_of<A, L>, typed::promoted_of<A, H>)> clamp(const A& a, L min, H max) {
  return {typed::Unchecked(), lazuli::clamp(typed::untyped(a), Scalar(min), Scalar(max))};
}
LAZULI_TYPED_FUNCTION(clamp, (typed::AnyTyped A, typed::AnyTyped B, typed::AnyTyped C), (typed::TernaryOfAll<"clamp", A, B, C>),
                      (const A& self, const B& min, const C& max), lazuli::clamp(typed::untyped(self), typed::untyped(min), typed::untyped(max)));
LAZULI_TYPED_FUNCTION(masked_scatter, (typed::AnyTyped A, typed::AnyTyped M, typed::AnyTyped S), (typed::Masked<A, M, "masked_scatter">),
                      (const A& self, const M& mask, const S& source),
                      lazuli::masked_scatter(typed::untyped(self), typed::untyped(mask), typed::untyped(source)));
// Along a dimension: the shape stays.
namespace typed {
template <Text op, DType dtype, AnyTyped A, int64_t dim, auto rule = &rules::along<>>
struct Along : Unary<op, dtype, rule, A, Number<dim>> {};
}
#define LAZULI_TYPED_ALONG(name, dtype, mistake)                                                                                        \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A),                                                                         \
                        (typed::Along<#name, dtype(typed::dtype_of_tensor<A>), A, dim, &typed::rules::along<typed::Mistake::mistake>>), \
                        (const A& a), lazuli::name(typed::untyped(a), dim))
LAZULI_TYPED_ALONG(softmax, typed::floating, softmax_error_dim_out_of_range);
LAZULI_TYPED_ALONG(log_softmax, typed::floating, softmax_error_dim_out_of_range);
LAZULI_TYPED_ALONG(softmin, typed::floating, softmax_error_dim_out_of_range);
LAZULI_TYPED_ALONG(cumsum, typed::summed, dimension_error_out_of_range);
LAZULI_TYPED_ALONG(cumprod, typed::summed, dimension_error_out_of_range);
LAZULI_TYPED_ALONG(logcumsumexp, typed::floating, dimension_error_out_of_range);
#undef LAZULI_TYPED_ALONG

/// glu<dim>(x): half as long there.
LAZULI_TYPED_FUNCTION(glu, (int64_t dim = -1, typed::AnyTyped A),
                      (typed::Unary<"glu", typed::dtype_of_tensor<A>, &typed::rules::halved, A, typed::Number<dim>>), (const A& a),
                      lazuli::glu(typed::untyped(a), dim));
/// prelu(x, weight): one number, or one a channel.
LAZULI_TYPED_FUNCTION(prelu, (typed::AnyTyped A, typed::AnyTyped W), (typed::BinaryAlike<"prelu", &typed::rules::weighted_channels, A, W>),
                      (const A& a, const W& weight), lazuli::prelu(typed::untyped(a), typed::untyped(weight)));
/// Mantissas and exponents.
LAZULI_TYPED_FUNCTION(frexp, (typed::AnyTyped A),
                      (typed::TwoResults<"frexp", typed::RuledOf<&typed::rules::twice, A>, typed::ElementOfTensor<A>, int32_t, typed::WhereOf<A>>),
                      (const A& a), lazuli::frexp(typed::untyped(a)));

// How they are called.
LAZULI_TYPED_REFUSED(where, "where(condition, a, b)");
LAZULI_TYPED_REFUSED(addcmul, "addcmul(self, b, c, value = 1)");
LAZULI_TYPED_REFUSED(addcdiv, "addcdiv(self, b, c, value = 1)");
LAZULI_TYPED_REFUSED(lerp, "lerp(self, end, weight)");
LAZULI_TYPED_REFUSED(masked_fill, "masked_fill(self, mask, value)");
LAZULI_TYPED_REFUSED(clamp, "clamp(x, min, max)");
LAZULI_TYPED_REFUSED(masked_scatter, "masked_scatter(self, mask, source)");
LAZULI_TYPED_REFUSED_VALUES(softmax, "softmax<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(log_softmax, "log_softmax<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(softmin, "softmin<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(cumsum, "cumsum<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(cumprod, "cumprod<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(logcumsumexp, "logcumsumexp<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(glu, "glu<dim = -1>(x)");
LAZULI_TYPED_REFUSED(prelu, "prelu(x, weight)");
LAZULI_TYPED_REFUSED(frexp, "frexp(x)");

}  // namespace lazuli
