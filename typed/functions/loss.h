#pragma once
#include "lazuli/ops/network/loss.h"
#include "lazuli/ops/network/margin_loss.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/rules/network.h"

/// Losses of typed tensors, which refuse targets of another kind or shape; with `Reduction::None` as the template argument one number a sample.
namespace lazuli {

namespace typed {
/// A loss of a target of its kind: with Reduction::None one number a sample, else one.
template <Text op, auto rule, Reduction reduction, AnyTyped X, AnyTyped Y>
struct Loss : Result<op,
                     FirstRefusal<DTypeIs<ElementOfTensor<X>, rules::Wanted::floating>, OneDevice<WhereOf<X>, WhereOf<Y>>,
                                  Ruled<rule, ShapeOfTensor<X>, ShapeOfTensor<Y>, DTypeArgument<dtype_of_tensor<X>>,
                                        DTypeArgument<dtype_of_tensor<Y>>, Flag<reduction == Reduction::None>>>,
                     ElementOfTensor<X>, TogetherOf<X, Y>> {};
}  // namespace typed
#define LAZULI_TYPED_LOSS_OF_CLASSES(name, rule, Options)                                                                                    \
  LAZULI_TYPED_FUNCTION(name, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y),                                 \
                        (typed::Loss<#name, &typed::rules::rule, reduction, X, Y>), (const X& input, const Y& target, Options options = {}), \
                        (options.reduction = reduction, lazuli::name(typed::untyped(input), typed::untyped(target), std::move(options))))
LAZULI_TYPED_LOSS_OF_CLASSES(cross_entropy, class_loss_or_probabilities, CrossEntropyLossOptions);
LAZULI_TYPED_LOSS_OF_CLASSES(nll_loss, class_loss, NLLLossOptions);
LAZULI_TYPED_LOSS_OF_CLASSES(binary_cross_entropy_with_logits, loss_of_one_shape, BCEWithLogitsLossOptions);
LAZULI_TYPED_LOSS_OF_CLASSES(multi_margin_loss, class_loss_of_any_rank, MultiMarginLossOptions);
LAZULI_TYPED_LOSS_OF_CLASSES(poisson_nll_loss, loss_of_signs, PoissonNLLLossOptions);
#undef LAZULI_TYPED_LOSS_OF_CLASSES
#define LAZULI_TYPED_LOSS(name, rule, ...)                                                                             \
  LAZULI_TYPED_FUNCTION(name, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y),           \
                        (typed::Loss<#name, &typed::rules::rule, reduction, X, Y>), (const X& input, const Y& target), \
                        lazuli::name(typed::untyped(input), typed::untyped(target), __VA_ARGS__))
LAZULI_TYPED_LOSS(mse_loss, loss_of_one_shape, reduction);
LAZULI_TYPED_LOSS(l1_loss, loss_of_one_shape, reduction);
LAZULI_TYPED_LOSS(smooth_l1_loss, loss_of_one_shape, reduction);
LAZULI_TYPED_LOSS(huber_loss, loss_of_one_shape, reduction);
LAZULI_TYPED_LOSS(kl_div, loss_of_one_shape, reduction);
LAZULI_TYPED_LOSS(binary_cross_entropy, loss_of_one_shape, none, reduction);
LAZULI_TYPED_LOSS(soft_margin_loss, loss_of_signs, reduction);
LAZULI_TYPED_LOSS(hinge_embedding_loss, loss_of_signs, 1, reduction);
LAZULI_TYPED_LOSS(multilabel_margin_loss, loss_of_lists, reduction);
LAZULI_TYPED_LOSS(multilabel_soft_margin_loss, loss_of_labels, none, reduction);
#undef LAZULI_TYPED_LOSS

namespace typed {
/// A loss of three tensors.
template <Text op, auto rule, Reduction reduction, AnyTyped X, AnyTyped Y, AnyTyped Z>
struct LossOfThree
    : Result<op,
             FirstRefusal<DTypeIs<ElementOfTensor<X>, rules::Wanted::floating>, OneDevice<WhereOf<X>, WhereOf<Y>>, OneDevice<WhereOf<Y>, WhereOf<Z>>,
                          Ruled<rule, ShapeOfTensor<X>, ShapeOfTensor<Y>, ShapeOfTensor<Z>, Flag<reduction == Reduction::None>>>,
             ElementOfTensor<X>, Together<WhereOf<X>, TogetherOf<Y, Z>>> {};
}  // namespace typed
LAZULI_TYPED_FUNCTION(margin_ranking_loss, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y, typed::AnyTyped Z),
                      (typed::LossOfThree<"margin_ranking_loss", &typed::rules::loss_of_three, reduction, X, Y, Z>),
                      (const X& input1, const Y& input2, const Z& target, double margin = 0),
                      lazuli::margin_ranking_loss(typed::untyped(input1), typed::untyped(input2), typed::untyped(target), margin, reduction));
LAZULI_TYPED_FUNCTION(cosine_embedding_loss, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y, typed::AnyTyped Z),
                      (typed::LossOfThree<"cosine_embedding_loss", &typed::rules::cosine_embedding, reduction, X, Y, Z>),
                      (const X& input1, const Y& input2, const Z& target, double margin = 0),
                      lazuli::cosine_embedding_loss(typed::untyped(input1), typed::untyped(input2), typed::untyped(target), margin, reduction));
LAZULI_TYPED_FUNCTION(gaussian_nll_loss, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y, typed::AnyTyped Z),
                      (typed::LossOfThree<"gaussian_nll_loss", &typed::rules::loss_of_three, reduction, X, Y, Z>),
                      (const X& input, const Y& target, const Z& var, GaussianNLLLossOptions options = {}),
                      (options.reduction = reduction,
                       lazuli::gaussian_nll_loss(typed::untyped(input), typed::untyped(target), typed::untyped(var), std::move(options))));
LAZULI_TYPED_FUNCTION(triplet_margin_loss, (Reduction reduction = Reduction::Mean, typed::AnyTyped X, typed::AnyTyped Y, typed::AnyTyped Z),
                      (typed::LossOfThree<"triplet_margin_loss", &typed::rules::triplet, reduction, X, Y, Z>),
                      (const X& anchor, const Y& positive, const Z& negative, TripletMarginLossOptions options = {}),
                      (options.reduction = reduction,
                       lazuli::triplet_margin_loss(typed::untyped(anchor), typed::untyped(positive), typed::untyped(negative), std::move(options))));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(cross_entropy, "cross_entropy<reduction>(input, target, options = {})");
LAZULI_TYPED_REFUSED_VALUES(nll_loss, "nll_loss<reduction>(input, target, options = {})");
LAZULI_TYPED_REFUSED_VALUES(binary_cross_entropy_with_logits, "binary_cross_entropy_with_logits<reduction>(input, target, options = {})");
LAZULI_TYPED_REFUSED_VALUES(multi_margin_loss, "multi_margin_loss<reduction>(input, target, options = {})");
LAZULI_TYPED_REFUSED_VALUES(poisson_nll_loss, "poisson_nll_loss<reduction>(input, target, options = {})");
LAZULI_TYPED_REFUSED_VALUES(mse_loss, "mse_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(l1_loss, "l1_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(smooth_l1_loss, "smooth_l1_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(huber_loss, "huber_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(kl_div, "kl_div<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(binary_cross_entropy, "binary_cross_entropy<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(soft_margin_loss, "soft_margin_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(hinge_embedding_loss, "hinge_embedding_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(multilabel_margin_loss, "multilabel_margin_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(multilabel_soft_margin_loss, "multilabel_soft_margin_loss<reduction>(input, target)");
LAZULI_TYPED_REFUSED_VALUES(margin_ranking_loss, "margin_ranking_loss<reduction>(input1, input2, target, margin = 0)");
LAZULI_TYPED_REFUSED_VALUES(cosine_embedding_loss, "cosine_embedding_loss<reduction>(input1, input2, target, margin = 0)");
LAZULI_TYPED_REFUSED_VALUES(gaussian_nll_loss, "gaussian_nll_loss<reduction>(input, target, var, options = {})");
LAZULI_TYPED_REFUSED_VALUES(triplet_margin_loss, "triplet_margin_loss<reduction>(anchor, positive, negative, options = {})");

}  // namespace lazuli
