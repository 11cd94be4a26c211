#pragma once
#include "lazuli/core/factory.h"

namespace lazuli {

/// self + alpha * other, broadcast and promoted. Throws Error for shapes that do not broadcast.
Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// self - alpha * other; not for bool.
Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
/// self * other.
Tensor mul(const Tensor& self, const Tensor& other);
Tensor mul(const Tensor& self, const Scalar& other);
/// self / other: true division. `rounding_mode` "trunc" or "floor" rounds, and integers then stay integers.
Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode = {});
Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode = {});
/// -self; not for bool.
Tensor neg(const Tensor& self);

Tensor& add_(Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor& sub_(Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor& mul_(Tensor& self, const Tensor& other);
Tensor& div_(Tensor& self, const Tensor& other);
Tensor& add_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);

}  // namespace lazuli
