#pragma once
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"

/// Second names of functions, as PyTorch has them.
namespace lazuli {

inline Tensor absolute(const Tensor& self) { return abs(self); }
inline Tensor arccos(const Tensor& self) { return acos(self); }
inline Tensor arccosh(const Tensor& self) { return acosh(self); }
inline Tensor arcsin(const Tensor& self) { return asin(self); }
inline Tensor arcsinh(const Tensor& self) { return asinh(self); }
inline Tensor arctan(const Tensor& self) { return atan(self); }
inline Tensor arctanh(const Tensor& self) { return atanh(self); }
inline Tensor arctan2(const Tensor& self, const Tensor& other) { return atan2(self, other); }
inline Tensor negative(const Tensor& self) { return neg(self); }
Tensor clip(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = {});
Tensor clip(const Tensor& self, const OptionalTensor& min, const OptionalTensor& max = {});
Tensor clip(...) = delete;  // clip(x, tensor or number min, [tensor or number max])
inline Tensor multiply(const Tensor& self, const Tensor& other) { return mul(self, other); }
inline Tensor multiply(const Tensor& self, const Scalar& other) { return mul(self, other); }
Tensor multiply(...) = delete;  // multiply(x, tensor or number)
Tensor divide(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode = {});
Tensor divide(const Tensor& self, const Scalar& other, std::optional<std::string> rounding_mode = {});
Tensor divide(...) = delete;  // divide(x, tensor or number, [rounding_mode])
inline Tensor subtract(const Tensor& self, const Tensor& other, const Scalar& alpha = 1) { return sub(self, other, alpha); }
inline Tensor subtract(const Tensor& self, const Scalar& other, const Scalar& alpha = 1) { return sub(self, other, alpha); }
Tensor subtract(...) = delete;  // subtract(x, tensor or number, [alpha])
inline Tensor greater(const Tensor& self, const Tensor& other) { return gt(self, other); }
inline Tensor greater(const Tensor& self, const Scalar& other) { return gt(self, other); }
Tensor greater(...) = delete;  // greater(x, tensor or number)
inline Tensor greater_equal(const Tensor& self, const Tensor& other) { return ge(self, other); }
inline Tensor greater_equal(const Tensor& self, const Scalar& other) { return ge(self, other); }
Tensor greater_equal(...) = delete;  // greater_equal(x, tensor or number)
inline Tensor less(const Tensor& self, const Tensor& other) { return lt(self, other); }
inline Tensor less(const Tensor& self, const Scalar& other) { return lt(self, other); }
Tensor less(...) = delete;  // less(x, tensor or number)
inline Tensor less_equal(const Tensor& self, const Tensor& other) { return le(self, other); }
inline Tensor less_equal(const Tensor& self, const Scalar& other) { return le(self, other); }
Tensor less_equal(...) = delete;  // less_equal(x, tensor or number)
inline Tensor not_equal(const Tensor& self, const Tensor& other) { return ne(self, other); }
inline Tensor not_equal(const Tensor& self, const Scalar& other) { return ne(self, other); }
Tensor not_equal(...) = delete;  // not_equal(x, tensor or number)

namespace special {
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
using lazuli::round;
using lazuli::sinc;
using lazuli::xlogy;
inline Tensor gammainc(const Tensor& self, const Tensor& other) { return igamma(self, other); }
inline Tensor gammaincc(const Tensor& self, const Tensor& other) { return igammac(self, other); }
inline Tensor gammaln(const Tensor& self) { return lgamma(self); }
inline Tensor multigammaln(const Tensor& self, int64_t p) { return mvlgamma(self, p); }
inline Tensor psi(const Tensor& self) { return digamma(self); }
inline Tensor expit(const Tensor& self) { return sigmoid(self); }
}  // namespace special
}  // namespace lazuli
