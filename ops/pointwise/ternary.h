#pragma once
#include "lazuli/core/factory.h"

/// Functions of three tensors, element by element and broadcast: choices, limits, blends.
namespace lazuli {

/// self where the bool `condition` is true, else other; self and other are promoted.
Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other);
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other);
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other);
Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other);
/// The indices of the true elements, one int64 tensor for each dimension: nonzero(condition) by columns.
std::vector<Tensor> where(const Tensor& condition);
std::vector<Tensor> where(...) = delete;  // where(condition, tensor or number, tensor or number) or where(condition)

/// min(max(self, lower), upper); NaN stays. Either limit may be absent, not both. Not for complex.
Tensor clamp(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = {});
Tensor clamp(const Tensor& self, const OptionalTensor& min, const OptionalTensor& max = {});
Tensor clamp(...) = delete;  // clamp(x, tensor or number min, [tensor or number max])
Tensor clamp_min(const Tensor& self, const Scalar& min);
Tensor clamp_min(const Tensor& self, const Tensor& min);
Tensor clamp_min(...) = delete;  // clamp_min(x, tensor or number min)
Tensor clamp_max(const Tensor& self, const Scalar& max);
Tensor clamp_max(const Tensor& self, const Tensor& max);
Tensor clamp_max(...) = delete;  // clamp_max(x, tensor or number max)

/// self + weight * (end - self); floating point and complex, all of one dtype; a weight of one element without dimensions may be of another and promotes as a number does.
Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight);
Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight);
Tensor lerp(...) = delete;  // lerp(x, end, tensor or number weight)
/// self + value * tensor1 * tensor2.
Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
/// self + value * tensor1 / tensor2; not for integers.
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
/// self with `value` (a number or a 0-d tensor, cast to self's dtype) where the bool `mask` is true. Throws Error for a number that the dtype cannot hold.
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value);
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);
Tensor masked_fill(...) = delete;  // masked_fill(x, mask, tensor or number value)

Tensor& clamp_(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = {});
Tensor& clamp_(const Tensor& self, const OptionalTensor& min, const OptionalTensor& max = {});
Tensor& clamp_(...) = delete;  // clamp_(x, tensor or number min, [tensor or number max])
Tensor& clamp_min_(const Tensor& self, const Scalar& min);
Tensor& clamp_min_(const Tensor& self, const Tensor& min);
Tensor& clamp_min_(...) = delete;  // clamp_min_(x, tensor or number min)
Tensor& clamp_max_(const Tensor& self, const Scalar& max);
Tensor& clamp_max_(const Tensor& self, const Tensor& max);
Tensor& clamp_max_(...) = delete;  // clamp_max_(x, tensor or number max)
Tensor& lerp_(const Tensor& self, const Tensor& end, const Tensor& weight);
Tensor& lerp_(const Tensor& self, const Tensor& end, const Scalar& weight);
Tensor& lerp_(...) = delete;  // lerp_(x, end, tensor or number weight)
Tensor& addcmul_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
Tensor& addcdiv_(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Scalar& value);
Tensor& masked_fill_(const Tensor& self, const Tensor& mask, const Tensor& value);
Tensor& masked_fill_(...) = delete;  // masked_fill_(x, mask, tensor or number value)

}  // namespace lazuli
