#include "lazuli/distributions/transforms.h"

#include <algorithm>
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/distributions/support.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/shape/padding.h"

namespace lazuli::distributions {

Tensor Transform::log_abs_det_jacobian(const Tensor&, const Tensor&) const {
  fail(ErrorKind::NotSupported, "log_abs_det_jacobian", "", "a transform with one inverse", "one without");
}

TransformPtr Transform::shared() const {
  fail(ErrorKind::NotSupported, "inv", "", "a transform that overrides `shared`, or InverseTransform(transform)", "one without");
}
// Of an inverse: what it is made of.
TransformPtr Transform::inv() const {
  if (auto* inverse = dynamic_cast<const InverseTransform*>(this)) return inverse->of_;
  return InverseTransform(shared());
}
Tensor InverseTransform::log_abs_det_jacobian(const Tensor& x, const Tensor& y) const { return -of_->log_abs_det_jacobian(y, x); }

namespace {
// As a tensor for numbers like those of x.
Tensor beside(const Parameter& p, const Tensor& x) {
  return p.tensor.defined() ? p.tensor : full({}, p.number, {.dtype = x.dtype(), .device = x.device()});
}
int sign_of(const Parameter& p) {
  if (!p.tensor.defined()) return p.number > 0 ? 1 : p.number < 0 ? -1 : 0;
  return all(p.tensor.detach() > 0).item<bool>() ? 1 : all(p.tensor.detach() < 0).item<bool>() ? -1 : 0;
}
}  // namespace

Tensor AffineTransform::forward(const Tensor& x) const { return beside(loc_, x) + beside(scale_, x) * x; }
Tensor AffineTransform::inverse(const Tensor& y) const { return (y - beside(loc_, y)) / beside(scale_, y); }
Tensor AffineTransform::log_abs_det_jacobian(const Tensor& x, const Tensor&) const {
  return detail::sum_last(log(abs(beside(scale_, x))) + zeros_like(x), event_dim_);
}
int AffineTransform::sign() const { return sign_of(scale_); }

Tensor PowerTransform::forward(const Tensor& x) const { return pow(x, beside(exponent_, x)); }
Tensor PowerTransform::inverse(const Tensor& y) const { return pow(y, reciprocal(beside(exponent_, y))); }
Tensor PowerTransform::log_abs_det_jacobian(const Tensor& x, const Tensor& y) const { return log(abs(beside(exponent_, x) * y / x)); }
int PowerTransform::sign() const { return sign_of(exponent_); }

Tensor ExpTransform::forward(const Tensor& x) const { return exp(x); }
Tensor ExpTransform::inverse(const Tensor& y) const { return log(y); }
Tensor ExpTransform::log_abs_det_jacobian(const Tensor& x, const Tensor&) const { return x; }

Tensor SigmoidTransform::forward(const Tensor& x) const { return sigmoid(x); }
Tensor SigmoidTransform::inverse(const Tensor& y) const { return log(y) - log1p(-y); }
Tensor SigmoidTransform::log_abs_det_jacobian(const Tensor& x, const Tensor&) const { return -softplus(-x) - softplus(x); }

Tensor TanhTransform::forward(const Tensor& x) const { return tanh(x); }
Tensor TanhTransform::inverse(const Tensor& y) const { return atanh(y); }
// log(1 - tanh(x)^2) = 2 (log 2 - x - softplus(-2 x))
Tensor TanhTransform::log_abs_det_jacobian(const Tensor& x, const Tensor&) const { return (std::log(2.0) - x - softplus(x * -2)) * 2; }

Tensor SoftplusTransform::forward(const Tensor& x) const { return softplus(x); }
Tensor SoftplusTransform::inverse(const Tensor& y) const { return log(-expm1(-y)) + y; }
Tensor SoftplusTransform::log_abs_det_jacobian(const Tensor& x, const Tensor&) const { return -softplus(-x); }

Tensor AbsTransform::forward(const Tensor& x) const { return abs(x); }
Tensor SoftmaxTransform::forward(const Tensor& x) const { return softmax(x, -1); }
Tensor SoftmaxTransform::inverse(const Tensor& y) const { return log(y); }

namespace {
// How many shares are still to come at each place: k, k - 1, .., 1.
Tensor to_come(const Tensor& x) { return arange(x.sizes()[-1], 0, -1, {.dtype = x.dtype(), .device = x.device()}); }
}  // namespace
Tensor StickBreakingTransform::forward(const Tensor& x) const {
  const Tensor z = sigmoid(x - log(to_come(x)));
  return constant_pad_nd(z, {0, 1}, 1) * constant_pad_nd(cumprod(1 - z, -1), {1, 0}, 1);
}
Tensor StickBreakingTransform::inverse(const Tensor& y) const {
  const Tensor cropped = y.narrow(-1, 0, y.sizes()[-1] - 1);
  const Tensor left = clamp_min(1 - cumsum(cropped, -1), detail::epsilon_of(y) * detail::epsilon_of(y));
  return log(cropped) - log(left) + log(to_come(cropped));
}
Tensor StickBreakingTransform::log_abs_det_jacobian(const Tensor& x, const Tensor& y) const {
  const Tensor shifted = x - log(to_come(x));
  return sum(logsigmoid(shifted) - shifted + log(y.narrow(-1, 0, x.sizes()[-1])), -1);
}
Shape StickBreakingTransform::forward_shape(const Shape& shape) const {
  Shape out = shape;
  if (!out.empty()) ++out[-1];
  return out;
}
Shape StickBreakingTransform::inverse_shape(const Shape& shape) const {
  Shape out = shape;
  if (!out.empty()) --out[-1];
  return out;
}

Tensor ComposeTransform::forward(const Tensor& x) const {
  Tensor y = x;
  for (const TransformPtr& part : parts_) y = part->forward(y);
  return y;
}
Tensor ComposeTransform::inverse(const Tensor& y) const {
  Tensor x = y;
  for (size_t i = parts_.size(); i-- > 0;) x = parts_[i]->inverse(x);
  return x;
}
Tensor ComposeTransform::log_abs_det_jacobian(const Tensor& x, const Tensor&) const {
  const int64_t dims = event_dim();
  Tensor at = x, total;
  for (const TransformPtr& part : parts_) {
    const Tensor next = part->forward(at), one = detail::sum_last(part->log_abs_det_jacobian(at, next), dims - part->event_dim());
    total = total.defined() ? total + one : one;
    at = next;
  }
  return total.defined() ? total : zeros_like(x);
}
int64_t ComposeTransform::event_dim() const {
  int64_t most = 0;
  for (const TransformPtr& part : parts_) most = std::max(most, part->event_dim());
  return most;
}
Shape ComposeTransform::forward_shape(const Shape& shape) const {
  Shape out = shape;
  for (const TransformPtr& part : parts_) out = part->forward_shape(out);
  return out;
}
Shape ComposeTransform::inverse_shape(const Shape& shape) const {
  Shape out = shape;
  for (size_t i = parts_.size(); i-- > 0;) out = parts_[i]->inverse_shape(out);
  return out;
}
int ComposeTransform::sign() const {
  int product = 1;
  for (const TransformPtr& part : parts_) product *= part->sign();
  return product;
}

}  // namespace lazuli::distributions
