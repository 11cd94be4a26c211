#pragma once
#include <memory>
#include <vector>

#include "lazuli/distributions/distribution.h"

/// Differentiable maps with an inverse (AbsTransform and SoftmaxTransform: one of several inverses), for transformed distributions.
namespace lazuli::distributions {

class Transform {
 public:
  virtual ~Transform() = default;
  virtual Tensor forward(const Tensor& x) const = 0;
  virtual Tensor inverse(const Tensor& y) const = 0;
  Tensor operator()(const Tensor& x) const { return forward(x); }
  /// log |dy / dx|, or of the determinant where events are vectors. Throws Error (NotSupported) for maps without one.
  virtual Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const;
  /// The dimensions that one event has before and after.
  virtual int64_t event_dim() const { return 0; }
  virtual Shape forward_shape(const Shape& shape) const { return shape; }
  virtual Shape inverse_shape(const Shape& shape) const { return shape; }
  /// 1 where it grows, -1 where it falls, 0 where it does neither everywhere.
  virtual int sign() const { return 1; }
};
using TransformPtr = std::shared_ptr<const Transform>;

/// loc + scale x
class AffineTransform : public Transform {
 public:
  AffineTransform(const Parameter& loc, const Parameter& scale, int64_t event_dim = 0) : loc_(loc), scale_(scale), event_dim_(event_dim) {}
  Tensor forward(const Tensor& x) const override;
  Tensor inverse(const Tensor& y) const override;
  Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const override;
  int64_t event_dim() const override { return event_dim_; }
  int sign() const override;

 private:
  Parameter loc_, scale_;
  int64_t event_dim_;
};

/// x^exponent of positive numbers
class PowerTransform : public Transform {
 public:
  explicit PowerTransform(const Parameter& exponent) : exponent_(exponent) {}
  Tensor forward(const Tensor& x) const override;
  Tensor inverse(const Tensor& y) const override;
  Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const override;
  int sign() const override;

 private:
  Parameter exponent_;
};

#define LAZULI_ELEMENTWISE_TRANSFORM(name)                                        \
  class name : public Transform {                                                 \
   public:                                                                        \
    Tensor forward(const Tensor& x) const override;                               \
    Tensor inverse(const Tensor& y) const override;                               \
    Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const override; \
  };
LAZULI_ELEMENTWISE_TRANSFORM(ExpTransform)
LAZULI_ELEMENTWISE_TRANSFORM(SigmoidTransform)
LAZULI_ELEMENTWISE_TRANSFORM(TanhTransform)
LAZULI_ELEMENTWISE_TRANSFORM(SoftplusTransform)
#undef LAZULI_ELEMENTWISE_TRANSFORM

class AbsTransform : public Transform {
 public:
  Tensor forward(const Tensor& x) const override;
  Tensor inverse(const Tensor& y) const override { return y; }
  int sign() const override { return 0; }
};
/// Along the last dimension.
class SoftmaxTransform : public Transform {
 public:
  Tensor forward(const Tensor& x) const override;
  Tensor inverse(const Tensor& y) const override;
  int64_t event_dim() const override { return 1; }
  int sign() const override { return 0; }
};
/// From k numbers to k + 1 positive ones of sum 1, each a share of what those before it left.
class StickBreakingTransform : public Transform {
 public:
  Tensor forward(const Tensor& x) const override;
  Tensor inverse(const Tensor& y) const override;
  Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const override;
  int64_t event_dim() const override { return 1; }
  Shape forward_shape(const Shape& shape) const override;
  Shape inverse_shape(const Shape& shape) const override;
  int sign() const override { return 0; }
};

/// The first, then the others.
class ComposeTransform : public Transform {
 public:
  explicit ComposeTransform(std::vector<TransformPtr> parts) : parts_(std::move(parts)) {}
  Tensor forward(const Tensor& x) const override;
  Tensor inverse(const Tensor& y) const override;
  Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const override;
  int64_t event_dim() const override;
  Shape forward_shape(const Shape& shape) const override;
  Shape inverse_shape(const Shape& shape) const override;
  int sign() const override;

 private:
  std::vector<TransformPtr> parts_;
};

}  // namespace lazuli::distributions
