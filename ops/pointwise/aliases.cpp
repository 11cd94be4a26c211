#include "lazuli/ops/pointwise/aliases.h"

namespace lazuli {

// Those whose arguments have choices to convert, which every program would pay for, and the members of these names.
Tensor clip(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) { return clamp(self, min, max); }
Tensor clip(const Tensor& self, const OptionalTensor& min, const OptionalTensor& max) { return clamp(self, min, max); }
Tensor divide(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  return div(self, other, std::move(rounding_mode));
}
Tensor divide(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode) {
  return div(self, other, std::move(rounding_mode));
}

Tensor Tensor::divide(const Tensor& other, std::optional<std::string> rounding_mode) const { return div(other, std::move(rounding_mode)); }
Tensor& Tensor::divide_(const Tensor& other, std::optional<std::string> rounding_mode) const { return div_(other, std::move(rounding_mode)); }
Tensor Tensor::divide(const Scalar& other, std::optional<std::string> rounding_mode) const { return div(other, std::move(rounding_mode)); }
Tensor& Tensor::divide_(const Scalar& other, std::optional<std::string> rounding_mode) const { return div_(other, std::move(rounding_mode)); }
Tensor Tensor::clip(std::optional<Scalar> min, std::optional<Scalar> max) const { return clamp(min, max); }
Tensor Tensor::clip(const OptionalTensor& min, const OptionalTensor& max) const { return clamp(min, max); }
Tensor& Tensor::clip_(std::optional<Scalar> min, std::optional<Scalar> max) const { return clamp_(min, max); }
Tensor& Tensor::clip_(const OptionalTensor& min, const OptionalTensor& max) const { return clamp_(min, max); }

}  // namespace lazuli
