#pragma once
#include "lazuli/ops/network/dropout.h"
#include "lazuli/ops/pointwise/activation.h"
#include "lazuli/ops/pointwise/aliases.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/bessel.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/typed/function.h"

/// Elementwise functions of one typed tensor.
namespace lazuli {

namespace typed {
template <AnyTyped A, DType dtype>
using SameShape = Typed<Element<dtype>, ShapeOfTensor<A>, WhereOf<A>>;
/// Options of the untyped function, but no further tensors: those have typed forms of their own.
template <class O>
concept PlainOption = !AnyTyped<O> && !std::is_convertible_v<O, const Tensor&>;
}  // namespace typed

// Of one operand: the shape stays. `dtype` says what becomes of the elements' type.
#define LAZULI_TYPED_UNARY(name, dtype)                                                                  \
  template <typed::AnyTyped A, typed::PlainOption... Options>                                            \
  requires requires(const Tensor& plain, const Options&... options) { lazuli::name(plain, options...); } \
  typed::SameShape<A, dtype(typed::dtype_of_tensor<A>)> name(const A& a, const Options&... options) {    \
    return {typed::Unchecked(), lazuli::name(typed::untyped(a), options...)};                            \
  }                                                                                                      \
  LAZULI_TYPED_REFUSED(name, #name "(x, options..)");
namespace typed {
constexpr DType kept(DType t) { return t; }
constexpr DType boolean(DType) { return kBool; }
constexpr DType multiplied(DType t) { return t == kBool ? kInt64 : t; }
constexpr DType real_floating(DType t) { return real_dtype(floating(t)); }
}  // namespace typed
LAZULI_TYPED_UNARY(sign, typed::kept)
LAZULI_TYPED_UNARY(sgn, typed::kept)
LAZULI_TYPED_UNARY(square, typed::multiplied)
LAZULI_TYPED_UNARY(floor, typed::kept)
LAZULI_TYPED_UNARY(ceil, typed::kept)
LAZULI_TYPED_UNARY(round, typed::kept)
LAZULI_TYPED_UNARY(trunc, typed::kept)
LAZULI_TYPED_UNARY(frac, typed::kept)
LAZULI_TYPED_UNARY(nan_to_num, typed::kept)
LAZULI_TYPED_UNARY(neg, typed::kept)
LAZULI_TYPED_UNARY(positive, typed::kept)
LAZULI_TYPED_UNARY(bitwise_not, typed::kept)
LAZULI_TYPED_UNARY(conj, typed::kept)
LAZULI_TYPED_UNARY(conj_physical, typed::kept)
LAZULI_TYPED_UNARY(resolve_conj, typed::kept)
LAZULI_TYPED_UNARY(resolve_neg, typed::kept)
LAZULI_TYPED_UNARY(fix, typed::kept)
LAZULI_TYPED_UNARY(clone, typed::kept)
LAZULI_TYPED_UNARY(contiguous, typed::kept)
LAZULI_TYPED_UNARY(detach, typed::kept)
LAZULI_TYPED_UNARY(fill, typed::kept)
LAZULI_TYPED_UNARY(bernoulli, typed::kept)
LAZULI_TYPED_UNARY(real, real_dtype)
LAZULI_TYPED_UNARY(imag, real_dtype)
LAZULI_TYPED_UNARY(angle, typed::real_floating)
LAZULI_TYPED_UNARY(abs, real_dtype)
LAZULI_TYPED_UNARY(absolute, real_dtype)
LAZULI_TYPED_UNARY(negative, typed::kept)
LAZULI_TYPED_UNARY(signbit, typed::boolean)
LAZULI_TYPED_UNARY(logical_not, typed::boolean)
LAZULI_TYPED_UNARY(isfinite, typed::boolean)
LAZULI_TYPED_UNARY(isinf, typed::boolean)
LAZULI_TYPED_UNARY(isnan, typed::boolean)
LAZULI_TYPED_UNARY(isneginf, typed::boolean)
LAZULI_TYPED_UNARY(isposinf, typed::boolean)
LAZULI_TYPED_UNARY(isreal, typed::boolean)
LAZULI_TYPED_UNARY(reciprocal, typed::floating)
LAZULI_TYPED_UNARY(sqrt, typed::floating)
LAZULI_TYPED_UNARY(rsqrt, typed::floating)
LAZULI_TYPED_UNARY(exp, typed::floating)
LAZULI_TYPED_UNARY(exp2, typed::floating)
LAZULI_TYPED_UNARY(expm1, typed::floating)
LAZULI_TYPED_UNARY(log, typed::floating)
LAZULI_TYPED_UNARY(log2, typed::floating)
LAZULI_TYPED_UNARY(log10, typed::floating)
LAZULI_TYPED_UNARY(log1p, typed::floating)
LAZULI_TYPED_UNARY(sin, typed::floating)
LAZULI_TYPED_UNARY(cos, typed::floating)
LAZULI_TYPED_UNARY(tan, typed::floating)
LAZULI_TYPED_UNARY(asin, typed::floating)
LAZULI_TYPED_UNARY(acos, typed::floating)
LAZULI_TYPED_UNARY(atan, typed::floating)
LAZULI_TYPED_UNARY(sinh, typed::floating)
LAZULI_TYPED_UNARY(cosh, typed::floating)
LAZULI_TYPED_UNARY(tanh, typed::floating)
LAZULI_TYPED_UNARY(asinh, typed::floating)
LAZULI_TYPED_UNARY(acosh, typed::floating)
LAZULI_TYPED_UNARY(atanh, typed::floating)
LAZULI_TYPED_UNARY(deg2rad, typed::floating)
LAZULI_TYPED_UNARY(rad2deg, typed::floating)
LAZULI_TYPED_UNARY(sinc, typed::floating)
LAZULI_TYPED_UNARY(sigmoid, typed::floating)
LAZULI_TYPED_UNARY(erf, typed::floating)
LAZULI_TYPED_UNARY(erfc, typed::floating)
LAZULI_TYPED_UNARY(erfinv, typed::floating)
LAZULI_TYPED_UNARY(lgamma, typed::floating)
LAZULI_TYPED_UNARY(digamma, typed::floating)
LAZULI_TYPED_UNARY(i0, typed::floating)
LAZULI_TYPED_UNARY(logit, typed::floating)
LAZULI_TYPED_UNARY(mvlgamma, typed::floating)
LAZULI_TYPED_UNARY(arccos, typed::floating)
LAZULI_TYPED_UNARY(arccosh, typed::floating)
LAZULI_TYPED_UNARY(arcsin, typed::floating)
LAZULI_TYPED_UNARY(arcsinh, typed::floating)
LAZULI_TYPED_UNARY(arctan, typed::floating)
LAZULI_TYPED_UNARY(arctanh, typed::floating)
LAZULI_TYPED_UNARY(relu, typed::kept)
LAZULI_TYPED_UNARY(relu6, typed::kept)
LAZULI_TYPED_UNARY(hardtanh, typed::kept)
LAZULI_TYPED_UNARY(leaky_relu, typed::kept)
LAZULI_TYPED_UNARY(rrelu, typed::kept)
LAZULI_TYPED_UNARY(elu, typed::kept)
LAZULI_TYPED_UNARY(celu, typed::kept)
LAZULI_TYPED_UNARY(selu, typed::kept)
LAZULI_TYPED_UNARY(gelu, typed::kept)
LAZULI_TYPED_UNARY(silu, typed::kept)
LAZULI_TYPED_UNARY(mish, typed::kept)
LAZULI_TYPED_UNARY(hardsigmoid, typed::kept)
LAZULI_TYPED_UNARY(hardswish, typed::kept)
LAZULI_TYPED_UNARY(softplus, typed::kept)
LAZULI_TYPED_UNARY(softsign, typed::floating)
LAZULI_TYPED_UNARY(logsigmoid, typed::kept)
LAZULI_TYPED_UNARY(hardshrink, typed::kept)
LAZULI_TYPED_UNARY(softshrink, typed::kept)
LAZULI_TYPED_UNARY(tanhshrink, typed::floating)
LAZULI_TYPED_UNARY(threshold, typed::kept)
LAZULI_TYPED_UNARY(dropout, typed::kept)
LAZULI_TYPED_UNARY(dropout1d, typed::kept)
LAZULI_TYPED_UNARY(dropout2d, typed::kept)
LAZULI_TYPED_UNARY(dropout3d, typed::kept)
LAZULI_TYPED_UNARY(alpha_dropout, typed::kept)
LAZULI_TYPED_UNARY(feature_alpha_dropout, typed::kept)

#undef LAZULI_TYPED_UNARY
#define LAZULI_TYPED_LIKE(name)                                   \
  template <typed::AnyTyped A>                                    \
  A name(const A& a) {                                            \
    return {typed::Unchecked(), lazuli::name(typed::untyped(a))}; \
  }                                                               \
  LAZULI_TYPED_REFUSED(name, #name "(x)");
LAZULI_TYPED_LIKE(zeros_like)
LAZULI_TYPED_LIKE(ones_like)
LAZULI_TYPED_LIKE(empty_like)
LAZULI_TYPED_LIKE(rand_like)
LAZULI_TYPED_LIKE(randn_like)
#undef LAZULI_TYPED_LIKE
template <typed::AnyTyped A>
A full_like(const A& a, const Scalar& value) {
  return {typed::Unchecked(), lazuli::full_like(typed::untyped(a), value)};
}
LAZULI_TYPED_REFUSED(full_like, "full_like(x, value)");
template <typed::AnyTyped A>
typed::SameShape<A, typed::floating(typed::dtype_of_tensor<A>)> polygamma(int64_t n, const A& a) {
  return {typed::Unchecked(), lazuli::polygamma(n, typed::untyped(a))};
}
LAZULI_TYPED_REFUSED(polygamma, "polygamma(n, x)");

namespace special {
#define LAZULI_TYPED_UNARY(name)                                                     \
  template <typed::AnyTyped A>                                                       \
  typed::SameShape<A, typed::floating(typed::dtype_of_tensor<A>)> name(const A& a) { \
    return {typed::Unchecked(), special::name(typed::untyped(a))};                   \
  }                                                                                  \
  LAZULI_TYPED_REFUSED_IN(special, "special." #name, name, #name "(x)");
LAZULI_TYPED_UNARY(entr)
LAZULI_TYPED_UNARY(erfcx)
LAZULI_TYPED_UNARY(i0e)
LAZULI_TYPED_UNARY(i1)
LAZULI_TYPED_UNARY(i1e)
LAZULI_TYPED_UNARY(ndtr)
LAZULI_TYPED_UNARY(ndtri)
LAZULI_TYPED_UNARY(log_ndtr)
LAZULI_TYPED_UNARY(bessel_j0)
LAZULI_TYPED_UNARY(bessel_j1)
LAZULI_TYPED_UNARY(bessel_y0)
LAZULI_TYPED_UNARY(bessel_y1)
LAZULI_TYPED_UNARY(modified_bessel_i0)
LAZULI_TYPED_UNARY(modified_bessel_i1)
LAZULI_TYPED_UNARY(modified_bessel_k0)
LAZULI_TYPED_UNARY(modified_bessel_k1)
LAZULI_TYPED_UNARY(scaled_modified_bessel_k0)
LAZULI_TYPED_UNARY(scaled_modified_bessel_k1)
LAZULI_TYPED_UNARY(spherical_bessel_j0)
LAZULI_TYPED_UNARY(airy_ai)
#undef LAZULI_TYPED_UNARY
// Once more, for the typed forms.
using lazuli::digamma;
using lazuli::erf;
using lazuli::erfc;
using lazuli::erfinv;
using lazuli::exp2;
using lazuli::expm1;
using lazuli::i0;
using lazuli::log1p;
using lazuli::logit;
using lazuli::polygamma;
using lazuli::sinc;
}  // namespace special

}  // namespace lazuli
