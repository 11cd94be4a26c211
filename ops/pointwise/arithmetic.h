#pragma once
#include "lazuli/core/factory.h"

/// The four rules of arithmetic and their kin. Two tensors broadcast and promote like PyTorch's; all forms throw Error for sizes that do not broadcast and tensors on
/// different devices. The in-place forms (`name_`) write to `self`, throw Error where the result does not cast to its dtype, and return it.
namespace lazuli {

/// self + alpha * other. Throws Error for a floating point alpha with an integer result.
Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
Tensor add(...) = delete;  // add(x, tensor or number, [alpha])
/// self - alpha * other; not for bool.
Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
Tensor sub(...) = delete;  // sub(x, tensor or number, [alpha])
/// other - alpha * self; not for bool.
Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
Tensor rsub(...) = delete;  // rsub(x, tensor or number, [alpha])
/// self * other.
Tensor mul(const Tensor& self, const Tensor& other);
Tensor mul(const Tensor& self, const Scalar& other);
Tensor mul(...) = delete;  // mul(x, tensor or number)
/// self / other: true division, floating point from integers. `rounding_mode` "trunc" or "floor" rounds the quotient, and integers then stay integers; not for complex.
Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode = {});
Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode = {});
Tensor div(...) = delete;  // div(x, tensor or number, [rounding_mode])
Tensor true_divide(const Tensor& self, const Tensor& other);
Tensor true_divide(const Tensor& self, const Scalar& other);
Tensor true_divide(const Scalar& self, const Tensor& other);
Tensor true_divide(...) = delete;  // true_divide(tensor or number x, tensor or number)
/// The quotient rounded towards minus infinity. Not for bool or complex; integer division by zero throws Error.
Tensor floor_divide(const Tensor& self, const Tensor& other);
Tensor floor_divide(const Tensor& self, const Scalar& other);
Tensor floor_divide(...) = delete;  // floor_divide(x, tensor or number)
/// self - other * floor(self / other): has the sign of the divisor, like Python's %. Not for bool or complex.
Tensor remainder(const Tensor& self, const Tensor& other);
Tensor remainder(const Tensor& self, const Scalar& other);
Tensor remainder(const Scalar& self, const Tensor& other);
Tensor remainder(...) = delete;  // remainder(tensor or number x, tensor or number)
/// self - other * trunc(self / other): has the sign of the dividend, like C's fmod. Not for bool or complex.
Tensor fmod(const Tensor& self, const Tensor& other);
Tensor fmod(const Tensor& self, const Scalar& other);
Tensor fmod(...) = delete;  // fmod(x, tensor or number)
/// -self; not for bool.
Tensor neg(const Tensor& self);
/// self itself; not for bool.
Tensor positive(const Tensor& self);

Tensor& add_(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor& add_(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
Tensor& add_(...) = delete;  // add_(x, tensor or number, [alpha])
Tensor& sub_(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor& sub_(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
Tensor& sub_(...) = delete;  // sub_(x, tensor or number, [alpha])
Tensor& mul_(const Tensor& self, const Tensor& other);
Tensor& mul_(const Tensor& self, const Scalar& other);
Tensor& mul_(...) = delete;  // mul_(x, tensor or number)
Tensor& div_(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode = {});
Tensor& div_(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode = {});
Tensor& div_(...) = delete;  // div_(x, tensor or number, [rounding_mode])
Tensor& floor_divide_(const Tensor& self, const Tensor& other);
Tensor& floor_divide_(const Tensor& self, const Scalar& other);
Tensor& floor_divide_(...) = delete;  // floor_divide_(x, tensor or number)
Tensor& remainder_(const Tensor& self, const Tensor& other);
Tensor& remainder_(const Tensor& self, const Scalar& other);
Tensor& remainder_(...) = delete;  // remainder_(x, tensor or number)
Tensor& fmod_(const Tensor& self, const Tensor& other);
Tensor& fmod_(const Tensor& self, const Scalar& other);
Tensor& fmod_(...) = delete;  // fmod_(x, tensor or number)
Tensor& neg_(const Tensor& self);

/// The result written into `out`, which gets the result's sizes if it has no elements; nothing is recorded. Throws Error when `out` requires grad, or the result does
/// not cast to its dtype.
Tensor& add_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor& sub_out(Tensor& out, const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
Tensor& mul_out(Tensor& out, const Tensor& self, const Tensor& other);
Tensor& div_out(Tensor& out, const Tensor& self, const Tensor& other);

}  // namespace lazuli
