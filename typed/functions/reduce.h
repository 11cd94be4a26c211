#pragma once
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/linalg/covariance.h"
#include "lazuli/ops/linalg/distance.h"
#include "lazuli/ops/linalg/matrix_norm.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/histogram.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/finite_difference.h"
#include "lazuli/typed/function.h"
#include "lazuli/typed/functions/parts.h"
#include "lazuli/typed/functions/unary.h"
#include "lazuli/typed/rules/reduce.h"

/// Reductions of typed tensors: `sum(x)` of all elements, `sum<1>(x)` over dimension 1, `sum<0, 1>(x, typed::keepdim)`.
namespace lazuli {

namespace typed {

template <Text op, DType dtype, AnyTyped A, KeepdimOrNot Keep, int64_t... dims>
struct Reduced : Result<op, Kept<&rules::reduction, Keep, A, Ints<dims...>>, Element<dtype>, WhereOf<A>> {};
constexpr DType as_it_is(DType t) { return t; }
constexpr DType to_bool(DType) { return kBool; }
constexpr DType to_index(DType) { return kInt64; }

}  // namespace typed

#define LAZULI_TYPED_REDUCTION(name, dtype)                                                                             \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A, typed::KeepdimOrNot K = typed::Dropdim),             \
                        (typed::Reduced<#name, dtype(typed::dtype_of_tensor<A>), A, K, dims...>), (const A& a, K = {}), \
                        lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), typed::keeps<K>))
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
LAZULI_TYPED_FUNCTION(count_nonzero, (int64_t... dims, typed::AnyTyped A), (typed::Reduced<"count_nonzero", kInt64, A, typed::Dropdim, dims...>),
                      (const A& a), lazuli::count_nonzero(typed::untyped(a), typed::dims_list<dims...>()));
#define LAZULI_TYPED_VARIANCE(name)                                                                                                           \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A),                                                                           \
                        (typed::Reduced<#name, real_dtype(typed::dtype_of_tensor<A>), A, typed::Dropdim, dims...>),                           \
                        (const A& a, double correction = 1), lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), correction));       \
  LAZULI_TYPED_FUNCTION(                                                                                                                      \
      name, (int64_t... dims, typed::AnyTyped A), (typed::Reduced<#name, real_dtype(typed::dtype_of_tensor<A>), A, typed::Keepdim, dims...>), \
      (const A& a, typed::Keepdim, double correction = 1), lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), correction, true))
LAZULI_TYPED_VARIANCE(var);
LAZULI_TYPED_VARIANCE(std);
#undef LAZULI_TYPED_VARIANCE
namespace typed {
template <Text op, class T, class U, AnyTyped A, KeepdimOrNot Keep, int64_t... dims>
struct ReducedTwice : TwoResults<op, Kept<&rules::reduction_twice, Keep, A, Ints<dims...>>, T, U, WhereOf<A>> {};
template <AnyTyped A>
using RealOf = Element<real_dtype(dtype_of_tensor<A>)>;
}  // namespace typed
#define LAZULI_TYPED_VARIANCE(name)                                                                                                     \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A),                                                                     \
                        (typed::ReducedTwice<#name, typed::RealOf<A>, typed::ElementOfTensor<A>, A, typed::Dropdim, dims...>),          \
                        (const A& a, double correction = 1), lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), correction)); \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A),                                                                     \
                        (typed::ReducedTwice<#name, typed::RealOf<A>, typed::ElementOfTensor<A>, A, typed::Keepdim, dims...>),          \
                        (const A& a, typed::Keepdim, double correction = 1),                                                            \
                        lazuli::name(typed::untyped(a), typed::dims_list<dims...>(), correction, true))
LAZULI_TYPED_VARIANCE(var_mean);
LAZULI_TYPED_VARIANCE(std_mean);
#undef LAZULI_TYPED_VARIANCE
/// norm<dims..>(x, p): of all elements without dims.
#define LAZULI_TYPED_NORM(space, name, text)                                                                                                       \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A),                                                                                \
                        (typed::Reduced<text, real_dtype(typed::dtype_of_tensor<A>), A, typed::Dropdim, dims...>), (const A& a, double order = 2), \
                        space::name(typed::untyped(a), {order, typed::dims_list<dims...>()}));                                                     \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dims, typed::AnyTyped A),                                                                                \
                        (typed::Reduced<text, real_dtype(typed::dtype_of_tensor<A>), A, typed::Keepdim, dims...>),                                 \
                        (const A& a, typed::Keepdim, double order = 2), space::name(typed::untyped(a), {order, typed::dims_list<dims...>(), true}))
LAZULI_TYPED_NORM(lazuli, norm, "norm");
namespace linalg {
LAZULI_TYPED_NORM(linalg, vector_norm, "linalg.vector_norm");
/// norm<dims..>(x): of one dimension, or of all, that of vectors; of two that of matrices (Frobenius).
LAZULI_TYPED_FUNCTION(norm, (int64_t... dims, typed::AnyTyped A, typed::KeepdimOrNot K = typed::Dropdim),
                      (typed::Reduced<"linalg.norm", real_dtype(typed::dtype_of_tensor<A>), A, K, dims...>), (const A& a, K = {}),
                      linalg::norm(typed::untyped(a), {.dim = typed::dims_list<dims...>(), .keepdim = typed::keeps<K>}));
/// matrix_norm<rows, columns>(x, order)
LAZULI_TYPED_FUNCTION(matrix_norm, (int64_t rows = -2, int64_t columns = -1, typed::AnyTyped A),
                      (typed::Reduced<"linalg.matrix_norm", real_dtype(typed::dtype_of_tensor<A>), A, typed::Dropdim, rows, columns>),
                      (const A& a, const NormOrder& order = "fro"), linalg::matrix_norm(typed::untyped(a), {order, {rows, columns}}));
LAZULI_TYPED_FUNCTION(matrix_norm, (int64_t rows = -2, int64_t columns = -1, typed::AnyTyped A),
                      (typed::Reduced<"linalg.matrix_norm", real_dtype(typed::dtype_of_tensor<A>), A, typed::Keepdim, rows, columns>),
                      (const A& a, typed::Keepdim, const NormOrder& order = "fro"),
                      linalg::matrix_norm(typed::untyped(a), {order, {rows, columns}, true}));
}  // namespace linalg
#undef LAZULI_TYPED_NORM

#define LAZULI_TYPED_PLACE(name)                                                                                                                    \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A, typed::KeepdimOrNot K = typed::Dropdim), (typed::Reduced<#name, kInt64, A, K, dim>), \
                        (const A& a, K = {}), lazuli::name(typed::untyped(a), dim, typed::keeps<K>))
LAZULI_TYPED_PLACE(argmax);
LAZULI_TYPED_PLACE(argmin);
#undef LAZULI_TYPED_PLACE

namespace typed {
/// Values and their places, of one dimension.
template <Text op, auto rule, AnyTyped A, KeepdimOrNot Keep, class... Arguments>
struct ReducedWithIndices : TwoResults<op, Kept<rule, Keep, A, Arguments...>, ElementOfTensor<A>, int64_t, WhereOf<A>> {};
template <Text op, auto rule, AnyTyped A, class... Arguments>
struct WithIndices : TwoResults<op, RuledOf<rule, A, Arguments...>, ElementOfTensor<A>, int64_t, WhereOf<A>> {};
}  // namespace typed
#define LAZULI_TYPED_WITH_INDICES(name)                                                                                                            \
  LAZULI_TYPED_FUNCTION(name, (int64_t dim, typed::AnyTyped A, typed::KeepdimOrNot K = typed::Dropdim),                                            \
                        (typed::ReducedWithIndices<#name, &typed::rules::reduction_with_indices, A, K, typed::Number<dim>>), (const A& a, K = {}), \
                        lazuli::name(typed::untyped(a), dim, typed::keeps<K>))
LAZULI_TYPED_WITH_INDICES(max);
LAZULI_TYPED_WITH_INDICES(min);
LAZULI_TYPED_WITH_INDICES(median);
LAZULI_TYPED_WITH_INDICES(nanmedian);
LAZULI_TYPED_WITH_INDICES(mode);
#undef LAZULI_TYPED_WITH_INDICES
#define LAZULI_TYPED_OF_ALL(name)                                                                                                       \
  LAZULI_TYPED_FUNCTION(name, (typed::AnyTyped A), (typed::Reduced<#name, typed::dtype_of_tensor<A>, A, typed::Dropdim>), (const A& a), \
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

/// Least and greatest: of all elements, or along one dimension.
LAZULI_TYPED_FUNCTION(aminmax, (typed::AnyTyped A),
                      (typed::ReducedTwice<"aminmax", typed::ElementOfTensor<A>, typed::ElementOfTensor<A>, A, typed::Dropdim>), (const A& a),
                      lazuli::aminmax(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(aminmax, (int64_t dim, typed::AnyTyped A, typed::KeepdimOrNot K = typed::Dropdim),
                      (typed::ReducedTwice<"aminmax", typed::ElementOfTensor<A>, typed::ElementOfTensor<A>, A, K, dim>), (const A& a, K = {}),
                      lazuli::aminmax(typed::untyped(a), dim, typed::keeps<K>));
/// kthvalue<k, dim>(x)
LAZULI_TYPED_FUNCTION(kthvalue, (int64_t k, int64_t dim = -1, typed::AnyTyped A, typed::KeepdimOrNot K = typed::Dropdim),
                      (typed::ReducedWithIndices<"kthvalue", &typed::rules::kthvalue, A, K, typed::Number<k>, typed::Number<dim>>),
                      (const A& a, K = {}), lazuli::kthvalue(typed::untyped(a), k, dim, typed::keeps<K>));
/// quantile<dim>(x, 0.5); quantile(x, 0.5) of all; of several, quantile<dim>(x, q) for q [..].
#define LAZULI_TYPED_QUANTILE(name)                                                                                                     \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dim, typed::AnyTyped A, typed::KeepdimOrNot K = typed::Dropdim),                              \
                        (typed::Reduced<#name, typed::dtype_of_tensor<A>, A, K, dim...>), (const A& a, double q, K = {}),               \
                        lazuli::name(typed::untyped(a), q, {.dim = typed::optional_dim<dim...>(), .keepdim = typed::keeps<K>}));        \
  LAZULI_TYPED_FUNCTION(name, (int64_t... dim, typed::AnyTyped A, typed::AnyTyped Q, typed::KeepdimOrNot K = typed::Dropdim),           \
                        (typed::BinaryAlike<#name, &typed::rules::quantiles, A, Q, typed::Ints<dim...>, typed::Flag<typed::keeps<K>>>), \
                        (const A& a, const Q& q, K = {}),                                                                               \
                        lazuli::name(typed::untyped(a), typed::untyped(q), {.dim = typed::optional_dim<dim...>(), .keepdim = typed::keeps<K>}))
LAZULI_TYPED_QUANTILE(quantile);
LAZULI_TYPED_QUANTILE(nanquantile);
#undef LAZULI_TYPED_QUANTILE
LAZULI_TYPED_FUNCTION(msort, (typed::AnyTyped A), (typed::Unary<"msort", typed::dtype_of_tensor<A>, &typed::rules::along<>, A, typed::Number<0>>),
                      (const A& a), lazuli::msort(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(renorm, (int64_t dim, typed::AnyTyped A),
                      (typed::Unary<"renorm", typed::dtype_of_tensor<A>, &typed::rules::along<>, A, typed::Number<dim>>),
                      (const A& a, double p, double maxnorm), lazuli::renorm(typed::untyped(a), p, dim, maxnorm));
/// trapezoid<dim>(y, dx)
LAZULI_TYPED_FUNCTION(trapezoid, (int64_t dim = -1, typed::AnyTyped A),
                      (typed::Reduced<"trapezoid", typed::floating(typed::dtype_of_tensor<A>), A, typed::Dropdim, dim>),
                      (const A& y, const Scalar& dx = 1), lazuli::trapezoid(typed::untyped(y), dx, dim));
LAZULI_TYPED_FUNCTION(trapezoid, (int64_t dim = -1, typed::AnyTyped A, typed::AnyTyped X),
                      (typed::Binary<"trapezoid", typed::floating(typed::promoted_of<A, X>), &typed::rules::integrated, A, X, typed::Number<dim>>),
                      (const A& y, const X& x), lazuli::trapezoid(typed::untyped(y), typed::untyped(x), dim));
LAZULI_TYPED_FUNCTION(
    cumulative_trapezoid, (int64_t dim = -1, typed::AnyTyped A, typed::AnyTyped X),
    (typed::Binary<"cumulative_trapezoid", typed::floating(typed::promoted_of<A, X>), &typed::rules::integrated_so_far, A, X, typed::Number<dim>>),
    (const A& y, const X& x), lazuli::cumulative_trapezoid(typed::untyped(y), typed::untyped(x), dim));
LAZULI_TYPED_FUNCTION(
    cumulative_trapezoid, (int64_t dim = -1, typed::AnyTyped A),
    (typed::Unary<"cumulative_trapezoid", typed::floating(typed::dtype_of_tensor<A>), &typed::rules::between, A, typed::Number<dim>>),
    (const A& y, const Scalar& dx = 1), lazuli::cumulative_trapezoid(typed::untyped(y), dx, dim));
/// auto [dy, dx] = gradient(image); gradient<1>(x)
LAZULI_TYPED_FUNCTION(gradient, (int64_t... dims, typed::AnyTyped A),
                      (typed::Parts<"gradient", typed::RuledOf<&typed::rules::gradient, A, typed::Ints<dims...>>,
                                    typed::Element<typed::floating(typed::dtype_of_tensor<A>)>, typed::WhereOf<A>>),
                      (const A& a, double spacing = 1),
                      lazuli::gradient(typed::untyped(a), std::vector<double>{spacing}, typed::dims_list<dims...>()));
/// histc<bins>(x, min, max), histogram<bins>(x)
LAZULI_TYPED_FUNCTION(histc, (int64_t bins = 100, typed::AnyTyped A),
                      (typed::Unary<"histc", typed::dtype_of_tensor<A>, &typed::rules::histogram, A, typed::Number<bins>>),
                      (const A& a, const Scalar& min = 0, const Scalar& max = 0), lazuli::histc(typed::untyped(a), {bins, min, max}));
LAZULI_TYPED_FUNCTION(histogram, (int64_t bins, typed::AnyTyped A),
                      (typed::TwoResults<"histogram", typed::RuledOf<&typed::rules::histogram, A, typed::Number<bins>>, typed::ElementOfTensor<A>,
                                         typed::ElementOfTensor<A>, typed::WhereOf<A>>),
                      (const A& a, const HistogramOptions& options = {}), lazuli::histogram(typed::untyped(a), bins, options));
LAZULI_TYPED_FUNCTION(cov, (typed::AnyTyped A), (typed::Unary<"cov", typed::floating(typed::dtype_of_tensor<A>), &typed::rules::covariance, A>),
                      (const A& a, const CovOptions& options = {}), lazuli::cov(typed::untyped(a), options));
LAZULI_TYPED_FUNCTION(corrcoef, (typed::AnyTyped A),
                      (typed::Unary<"corrcoef", typed::floating(typed::dtype_of_tensor<A>), &typed::rules::covariance, A>), (const A& a),
                      lazuli::corrcoef(typed::untyped(a)));
LAZULI_TYPED_FUNCTION(dist, (typed::AnyTyped A, typed::AnyTyped B),
                      (typed::BinaryAlike<"dist", &typed::rules::of_both, A, B, typed::Ints<>, typed::Flag<false>>),
                      (const A& a, const B& b, double p = 2), lazuli::dist(typed::untyped(a), typed::untyped(b), p));
/// cosine_similarity<dim>(a, b)
LAZULI_TYPED_FUNCTION(cosine_similarity, (int64_t dim = 1, typed::AnyTyped A, typed::AnyTyped B),
                      (typed::BinaryAlike<"cosine_similarity", &typed::rules::of_both, A, B, typed::Ints<dim>, typed::Flag<false>>),
                      (const A& a, const B& b, double eps = 1e-8), lazuli::cosine_similarity(typed::untyped(a), typed::untyped(b), dim, eps));
LAZULI_TYPED_FUNCTION(pairwise_distance, (typed::AnyTyped A, typed::AnyTyped B),
                      (typed::Binary<"pairwise_distance", typed::real_floating(typed::promoted_of<A, B>), &typed::rules::of_both, A, B,
                                     typed::Ints<-1>, typed::Flag<false>>),
                      (const A& a, const B& b, double p = 2, double eps = 1e-6),
                      lazuli::pairwise_distance(typed::untyped(a), typed::untyped(b), {p, eps}));
LAZULI_TYPED_FUNCTION(pdist, (typed::AnyTyped A), (typed::Unary<"pdist", typed::dtype_of_tensor<A>, &typed::rules::pdist, A>),
                      (const A& a, double p = 2), lazuli::pdist(typed::untyped(a), p));

// How they are called.
LAZULI_TYPED_REFUSED_VALUES(sum, "sum<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(nansum, "nansum<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(prod, "prod<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(mean, "mean<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(nanmean, "nanmean<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(logsumexp, "logsumexp<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(amax, "amax<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(amin, "amin<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(any, "any<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(all, "all<dims..>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(count_nonzero, "count_nonzero<dims..>(x)");
LAZULI_TYPED_REFUSED_VALUES(var, "var<dims..>(x, correction = 1) or var<dims..>(x, keepdim, correction = 1)");
LAZULI_TYPED_REFUSED_VALUES(std, "std<dims..>(x, correction = 1) or std<dims..>(x, keepdim, correction = 1)");
LAZULI_TYPED_REFUSED_VALUES(var_mean, "var_mean<dims..>(x, correction = 1) or var_mean<dims..>(x, keepdim, correction = 1)");
LAZULI_TYPED_REFUSED_VALUES(std_mean, "std_mean<dims..>(x, correction = 1) or std_mean<dims..>(x, keepdim, correction = 1)");
LAZULI_TYPED_REFUSED_VALUES(norm, "norm<dims..>(x, order = 2) or norm<dims..>(x, keepdim, order = 2)");
LAZULI_TYPED_REFUSED_VALUES(argmax, "argmax<dim>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(argmin, "argmin<dim>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(max, "max<dim>(x, keepdim) or max(x)");
LAZULI_TYPED_REFUSED_VALUES(min, "min<dim>(x, keepdim) or min(x)");
LAZULI_TYPED_REFUSED_VALUES(median, "median<dim>(x, keepdim) or median(x)");
LAZULI_TYPED_REFUSED_VALUES(nanmedian, "nanmedian<dim>(x, keepdim) or nanmedian(x)");
LAZULI_TYPED_REFUSED_VALUES(mode, "mode<dim>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(cummax, "cummax<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(cummin, "cummin<dim>(x)");
LAZULI_TYPED_REFUSED_VALUES(sort, "sort<dim>(x, descending = false, stable = false)");
LAZULI_TYPED_REFUSED_VALUES(argsort, "argsort<dim>(x, descending = false, stable = false)");
LAZULI_TYPED_REFUSED_VALUES(topk, "topk<k, dim = -1>(x, largest = true, sorted = true)");
LAZULI_TYPED_REFUSED_VALUES(diff, "diff<n = 1, dim = -1>(x)");
LAZULI_TYPED_REFUSED(item, "item(x)");
LAZULI_TYPED_REFUSED_VALUES(aminmax, "aminmax(x) or aminmax<dim>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(kthvalue, "kthvalue<k, dim = -1>(x, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(quantile, "quantile<dim..>(x, q, keepdim)");
LAZULI_TYPED_REFUSED_VALUES(nanquantile, "nanquantile<dim..>(x, q, keepdim)");
LAZULI_TYPED_REFUSED(msort, "msort(x)");
LAZULI_TYPED_REFUSED_VALUES(renorm, "renorm<dim>(x, p, maxnorm)");
LAZULI_TYPED_REFUSED_VALUES(trapezoid, "trapezoid<dim = -1>(y, dx = 1) or trapezoid<dim = -1>(y, x)");
LAZULI_TYPED_REFUSED_VALUES(cumulative_trapezoid, "cumulative_trapezoid<dim = -1>(y, x) or cumulative_trapezoid<dim = -1>(y, dx = 1)");
LAZULI_TYPED_REFUSED_VALUES(gradient, "gradient<dims..>(x, spacing = 1)");
LAZULI_TYPED_REFUSED_VALUES(histc, "histc<bins = 100>(x, min = 0, max = 0)");
LAZULI_TYPED_REFUSED_VALUES(histogram, "histogram<bins>(x, options = {})");
LAZULI_TYPED_REFUSED(cov, "cov(x, options = {})");
LAZULI_TYPED_REFUSED(corrcoef, "corrcoef(x)");
LAZULI_TYPED_REFUSED(dist, "dist(a, b, p = 2)");
LAZULI_TYPED_REFUSED_VALUES(cosine_similarity, "cosine_similarity<dim = 1>(a, b, eps = 1e-8)");
LAZULI_TYPED_REFUSED(pairwise_distance, "pairwise_distance(a, b, p = 2, eps = 1e-6)");
LAZULI_TYPED_REFUSED(pdist, "pdist(x, p = 2)");
namespace linalg {
LAZULI_TYPED_REFUSED_VALUES_IN(linalg, "linalg.vector_norm", vector_norm,
                               "vector_norm<dims..>(x, order = 2) or vector_norm<dims..>(x, keepdim, order = 2)", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(linalg, "linalg.norm", norm, "norm<dims..>(x, keepdim)", auto);
LAZULI_TYPED_REFUSED_VALUES_IN(
    linalg, "linalg.matrix_norm", matrix_norm,
    "matrix_norm<rows = -2, columns = -1>(x, order = \"fro\") or matrix_norm<rows = -2, columns = -1>(x, keepdim, order = \"fro\")", auto);
}  // namespace linalg

}  // namespace lazuli
