#pragma once
#include <memory>
#include <vector>

#include "lazuli/distributions/distribution.h"

/// Differentiable maps with an inverse (AbsTransform and SoftmaxTransform: one of several inverses), for transformed distributions.
namespace lazuli::distributions {

class Transform;
/// A transform that is shared, or one given by value, of which it holds a copy: `ComposeTransform({AffineTransform(0, 2), ExpTransform()})`.
class TransformPtr : public std::shared_ptr<const Transform> {
 public:
  using std::shared_ptr<const Transform>::shared_ptr;
  TransformPtr(std::shared_ptr<const Transform> shared) : shared_ptr(std::move(shared)) {}
  template <class T>
  requires std::is_base_of_v<Transform, T> TransformPtr(const T& transform) : shared_ptr(std::make_shared<const T>(transform)) {}
};

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
  /// The other way round: an InverseTransform. Throws Error (NotSupported) for a class that does not override `shared`; `InverseTransform(transform)` does without.
  TransformPtr inv() const;

 protected:
  /// `return *this;` in each class that can be copied.
  virtual TransformPtr shared() const;
};

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
  TransformPtr shared() const override { return *this; }
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
  TransformPtr shared() const override { return *this; }
  Parameter exponent_;
};

#define LAZULI_ELEMENTWISE_TRANSFORM(name)                                        \
  class name : public Transform {                                                 \
   public:                                                                        \
    Tensor forward(const Tensor& x) const override;                               \
    Tensor inverse(const Tensor& y) const override;                               \
    Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const override; \
                                                                                  \
   private:                                                                       \
    TransformPtr shared() const override { return *this; }                        \
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

 private:
  TransformPtr shared() const override { return *this; }
};
/// Along the last dimension.
class SoftmaxTransform : public Transform {
 public:
  Tensor forward(const Tensor& x) const override;
  Tensor inverse(const Tensor& y) const override;
  int64_t event_dim() const override { return 1; }
  int sign() const override { return 0; }

 private:
  TransformPtr shared() const override { return *this; }
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

 private:
  TransformPtr shared() const override { return *this; }
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
  TransformPtr shared() const override { return *this; }
  std::vector<TransformPtr> parts_;
};

/// A transform the other way round.
class InverseTransform : public Transform {
 public:
  explicit InverseTransform(TransformPtr of) : of_(std::move(of)) {}
  Tensor forward(const Tensor& x) const override { return of_->inverse(x); }
  Tensor inverse(const Tensor& y) const override { return of_->forward(y); }
  Tensor log_abs_det_jacobian(const Tensor& x, const Tensor& y) const override;
  int64_t event_dim() const override { return of_->event_dim(); }
  Shape forward_shape(const Shape& shape) const override { return of_->inverse_shape(shape); }
  Shape inverse_shape(const Shape& shape) const override { return of_->forward_shape(shape); }
  int sign() const override { return of_->sign(); }

 private:
  friend class Transform;
  TransformPtr shared() const override { return *this; }
  TransformPtr of_;
};

}  // namespace lazuli::distributions
