#pragma once
#include <vector>

#include "lazuli/core/tensor.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/copy.h"

/// Elementwise functions of whole lists, under PyTorch's names: `_foreach_add(params, grads, -lr)`. Each tensor of a list is taken with its counterpart in the others, or with the one number; gradients are those of the
/// functions. The forms that end in _ write to the tensors of the first list. All throw Error for lists of different lengths and for undefined tensors, and whatever the function throws for one of them, before
/// anything has been written.
namespace lazuli {

using TensorList = std::vector<Tensor>;
/// New tensors where the function gives a new one, nothing where it writes in place.
template <class R>
using ForeachResult = std::conditional_t<std::is_reference_v<R>, void, TensorList>;

/// f(x)
template <class R>
struct ForeachUnary {
  const char* name;
  R (*function)(const Tensor& x);
  ForeachResult<R> operator()(const TensorList& self) const;
};
/// f(x, y), the second a list of tensors, of numbers, or one number.
template <class R>
struct ForeachBinary {
  const char* name;
  R (*of_tensors)(const Tensor& x, const Tensor& y);
  R (*with_number)(const Tensor& x, const Scalar& y);
  ForeachResult<R> operator()(const TensorList& self, const TensorList& other) const;
  ForeachResult<R> operator()(const TensorList& self, const std::vector<Scalar>& scalars) const;
  ForeachResult<R> operator()(const TensorList& self, const Scalar& scalar) const;
};
/// x to the power of y; also one number to the power of each tensor.
struct ForeachPow : ForeachBinary<Tensor> {
  using ForeachBinary::operator();
  TensorList operator()(const Scalar& self, const TensorList& exponent) const;
};
/// x + alpha y, x - alpha y
template <class R>
struct ForeachSum {
  const char* name;
  R (*of_tensors)(const Tensor& x, const Tensor& y, const Scalar& alpha);
  R (*with_number)(const Tensor& x, const Scalar& y, const Scalar& alpha);
  ForeachResult<R> operator()(const TensorList& self, const TensorList& other, const Scalar& alpha = 1) const;
  ForeachResult<R> operator()(const TensorList& self, const std::vector<Scalar>& scalars) const;
  ForeachResult<R> operator()(const TensorList& self, const Scalar& scalar) const;
};
/// x + value y z, x + value y / z
template <class R>
struct ForeachProduct {
  const char* name;
  R (*function)(const Tensor& x, const Tensor& y, const Tensor& z, const Scalar& value);
  ForeachResult<R> operator()(const TensorList& self, const TensorList& tensor1, const TensorList& tensor2, const Scalar& value = 1) const;
  ForeachResult<R> operator()(const TensorList& self, const TensorList& tensor1, const TensorList& tensor2, const std::vector<Scalar>& scalars) const;
};
/// x + weight (end - x)
template <class R>
struct ForeachLerp {
  const char* name;
  R (*of_tensors)(const Tensor& x, const Tensor& end, const Tensor& weight);
  R (*with_number)(const Tensor& x, const Tensor& end, const Scalar& weight);
  ForeachResult<R> operator()(const TensorList& self, const TensorList& tensors1, const TensorList& weights) const;
  ForeachResult<R> operator()(const TensorList& self, const TensorList& tensors1, const Scalar& weight) const;
};

inline constexpr ForeachUnary<Tensor> _foreach_abs{"_foreach_abs", &abs};
inline constexpr ForeachUnary<Tensor> _foreach_acos{"_foreach_acos", &acos};
inline constexpr ForeachUnary<Tensor> _foreach_asin{"_foreach_asin", &asin};
inline constexpr ForeachUnary<Tensor> _foreach_atan{"_foreach_atan", &atan};
inline constexpr ForeachUnary<Tensor> _foreach_ceil{"_foreach_ceil", &ceil};
inline constexpr ForeachUnary<Tensor> _foreach_cos{"_foreach_cos", &cos};
inline constexpr ForeachUnary<Tensor> _foreach_cosh{"_foreach_cosh", &cosh};
inline constexpr ForeachUnary<Tensor> _foreach_erf{"_foreach_erf", &erf};
inline constexpr ForeachUnary<Tensor> _foreach_erfc{"_foreach_erfc", &erfc};
inline constexpr ForeachUnary<Tensor> _foreach_exp{"_foreach_exp", &exp};
inline constexpr ForeachUnary<Tensor> _foreach_expm1{"_foreach_expm1", &expm1};
inline constexpr ForeachUnary<Tensor> _foreach_floor{"_foreach_floor", &floor};
inline constexpr ForeachUnary<Tensor> _foreach_frac{"_foreach_frac", &frac};
inline constexpr ForeachUnary<Tensor> _foreach_lgamma{"_foreach_lgamma", &lgamma};
inline constexpr ForeachUnary<Tensor> _foreach_log{"_foreach_log", &log};
inline constexpr ForeachUnary<Tensor> _foreach_log10{"_foreach_log10", &log10};
inline constexpr ForeachUnary<Tensor> _foreach_log1p{"_foreach_log1p", &log1p};
inline constexpr ForeachUnary<Tensor> _foreach_log2{"_foreach_log2", &log2};
inline constexpr ForeachUnary<Tensor> _foreach_neg{"_foreach_neg", &neg};
inline constexpr ForeachUnary<Tensor> _foreach_reciprocal{"_foreach_reciprocal", &reciprocal};
inline constexpr ForeachUnary<Tensor> _foreach_round{"_foreach_round", [](const Tensor& x) { return round(x); }};
inline constexpr ForeachUnary<Tensor> _foreach_rsqrt{"_foreach_rsqrt", &rsqrt};
inline constexpr ForeachUnary<Tensor> _foreach_sigmoid{"_foreach_sigmoid", &sigmoid};
inline constexpr ForeachUnary<Tensor> _foreach_sign{"_foreach_sign", &sign};
inline constexpr ForeachUnary<Tensor> _foreach_sin{"_foreach_sin", &sin};
inline constexpr ForeachUnary<Tensor> _foreach_sinh{"_foreach_sinh", &sinh};
inline constexpr ForeachUnary<Tensor> _foreach_sqrt{"_foreach_sqrt", &sqrt};
inline constexpr ForeachUnary<Tensor> _foreach_tan{"_foreach_tan", &tan};
inline constexpr ForeachUnary<Tensor> _foreach_tanh{"_foreach_tanh", &tanh};
inline constexpr ForeachUnary<Tensor> _foreach_trunc{"_foreach_trunc", &trunc};
inline constexpr ForeachUnary<Tensor&> _foreach_abs_{"_foreach_abs_", &abs_};
inline constexpr ForeachUnary<Tensor&> _foreach_acos_{"_foreach_acos_", &acos_};
inline constexpr ForeachUnary<Tensor&> _foreach_asin_{"_foreach_asin_", &asin_};
inline constexpr ForeachUnary<Tensor&> _foreach_atan_{"_foreach_atan_", &atan_};
inline constexpr ForeachUnary<Tensor&> _foreach_ceil_{"_foreach_ceil_", &ceil_};
inline constexpr ForeachUnary<Tensor&> _foreach_cos_{"_foreach_cos_", &cos_};
inline constexpr ForeachUnary<Tensor&> _foreach_cosh_{"_foreach_cosh_", &cosh_};
inline constexpr ForeachUnary<Tensor&> _foreach_erf_{"_foreach_erf_", &erf_};
inline constexpr ForeachUnary<Tensor&> _foreach_erfc_{"_foreach_erfc_", &erfc_};
inline constexpr ForeachUnary<Tensor&> _foreach_exp_{"_foreach_exp_", &exp_};
inline constexpr ForeachUnary<Tensor&> _foreach_expm1_{"_foreach_expm1_", &expm1_};
inline constexpr ForeachUnary<Tensor&> _foreach_floor_{"_foreach_floor_", &floor_};
inline constexpr ForeachUnary<Tensor&> _foreach_frac_{"_foreach_frac_", &frac_};
inline constexpr ForeachUnary<Tensor&> _foreach_lgamma_{"_foreach_lgamma_", &lgamma_};
inline constexpr ForeachUnary<Tensor&> _foreach_log_{"_foreach_log_", &log_};
inline constexpr ForeachUnary<Tensor&> _foreach_log10_{"_foreach_log10_", &log10_};
inline constexpr ForeachUnary<Tensor&> _foreach_log1p_{"_foreach_log1p_", &log1p_};
inline constexpr ForeachUnary<Tensor&> _foreach_log2_{"_foreach_log2_", &log2_};
inline constexpr ForeachUnary<Tensor&> _foreach_neg_{"_foreach_neg_", &neg_};
inline constexpr ForeachUnary<Tensor&> _foreach_reciprocal_{"_foreach_reciprocal_", &reciprocal_};
inline constexpr ForeachUnary<Tensor&> _foreach_round_{"_foreach_round_", [](const Tensor& x) -> Tensor& { return round_(x); }};
inline constexpr ForeachUnary<Tensor&> _foreach_rsqrt_{"_foreach_rsqrt_", &rsqrt_};
inline constexpr ForeachUnary<Tensor&> _foreach_sigmoid_{"_foreach_sigmoid_", &sigmoid_};
inline constexpr ForeachUnary<Tensor&> _foreach_sign_{"_foreach_sign_", &sign_};
inline constexpr ForeachUnary<Tensor&> _foreach_sin_{"_foreach_sin_", &sin_};
inline constexpr ForeachUnary<Tensor&> _foreach_sinh_{"_foreach_sinh_", &sinh_};
inline constexpr ForeachUnary<Tensor&> _foreach_sqrt_{"_foreach_sqrt_", &sqrt_};
inline constexpr ForeachUnary<Tensor&> _foreach_tan_{"_foreach_tan_", &tan_};
inline constexpr ForeachUnary<Tensor&> _foreach_tanh_{"_foreach_tanh_", &tanh_};
inline constexpr ForeachUnary<Tensor&> _foreach_trunc_{"_foreach_trunc_", &trunc_};
inline constexpr ForeachUnary<Tensor&> _foreach_zero_{"_foreach_zero_", &zero_};
inline constexpr ForeachSum<Tensor> _foreach_add{"_foreach_add", &add, &add};
inline constexpr ForeachSum<Tensor> _foreach_sub{"_foreach_sub", &sub, &sub};
inline constexpr ForeachBinary<Tensor> _foreach_mul{"_foreach_mul", &mul, &mul};
inline constexpr ForeachBinary<Tensor> _foreach_div{"_foreach_div", [](const Tensor& x, const Tensor& y) { return div(x, y); },
                                                    [](const Tensor& x, const Scalar& y) { return div(x, y); }};
inline constexpr ForeachBinary<Tensor> _foreach_clamp_max{"_foreach_clamp_max", &clamp_max, &clamp_max};
inline constexpr ForeachBinary<Tensor> _foreach_clamp_min{"_foreach_clamp_min", &clamp_min, &clamp_min};
inline constexpr ForeachBinary<Tensor> _foreach_maximum{"_foreach_maximum", &maximum, &clamp_min};
inline constexpr ForeachBinary<Tensor> _foreach_minimum{"_foreach_minimum", &minimum, &clamp_max};
inline constexpr ForeachPow _foreach_pow{{"_foreach_pow", &pow, &pow}};
inline constexpr ForeachProduct<Tensor> _foreach_addcmul{"_foreach_addcmul", &addcmul};
inline constexpr ForeachProduct<Tensor> _foreach_addcdiv{"_foreach_addcdiv", &addcdiv};
inline constexpr ForeachLerp<Tensor> _foreach_lerp{"_foreach_lerp", &lerp, &lerp};
inline constexpr ForeachSum<Tensor&> _foreach_add_{"_foreach_add_", &add_, &add_};
inline constexpr ForeachSum<Tensor&> _foreach_sub_{"_foreach_sub_", &sub_, &sub_};
inline constexpr ForeachBinary<Tensor&> _foreach_mul_{"_foreach_mul_", &mul_, &mul_};
inline constexpr ForeachBinary<Tensor&> _foreach_div_{"_foreach_div_", [](const Tensor& x, const Tensor& y) -> Tensor& { return div_(x, y); },
                                                      [](const Tensor& x, const Scalar& y) -> Tensor& { return div_(x, y); }};
inline constexpr ForeachBinary<Tensor&> _foreach_clamp_max_{"_foreach_clamp_max_", &clamp_max_, &clamp_max_};
inline constexpr ForeachBinary<Tensor&> _foreach_clamp_min_{"_foreach_clamp_min_", &clamp_min_, &clamp_min_};
inline constexpr ForeachBinary<Tensor&> _foreach_maximum_{"_foreach_maximum_", &clamp_min_, &clamp_min_};
inline constexpr ForeachBinary<Tensor&> _foreach_minimum_{"_foreach_minimum_", &clamp_max_, &clamp_max_};
inline constexpr ForeachBinary<Tensor&> _foreach_pow_{"_foreach_pow_", &pow_, &pow_};
inline constexpr ForeachProduct<Tensor&> _foreach_addcmul_{"_foreach_addcmul_", &addcmul_};
inline constexpr ForeachProduct<Tensor&> _foreach_addcdiv_{"_foreach_addcdiv_", &addcdiv_};
inline constexpr ForeachLerp<Tensor&> _foreach_lerp_{"_foreach_lerp_", &lerp_, &lerp_};
/// The values of each tensor of `src`, cast and broadcast.
inline constexpr ForeachBinary<Tensor&> _foreach_copy_{"_foreach_copy_", &copy_, nullptr};
/// The norm of each tensor (`linalg::vector_norm`), 0-d; the greatest element of each.
TensorList _foreach_norm(const TensorList& self, double ord = 2, std::optional<DType> dtype = {});
TensorList _foreach_max(const TensorList& self);

}  // namespace lazuli
