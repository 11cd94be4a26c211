#pragma once
#include "lazuli/training/meter.h"

namespace lazuli::training {

/// How the values of all classes become one number: `Binary` takes class 1 alone, `Micro` counts all classes together, `Macro` is their mean, `Weighted` the mean by the number of
/// examples.
enum class Average : uint8_t { Binary, Micro, Macro, Weighted };

/// How often class `row` was taken for class `column`. Predictions and target as for Accuracy.
class ConfusionMatrix {
 public:
  /// Throws Error for fewer than two classes.
  explicit ConfusionMatrix(int64_t num_classes, double threshold = 0.5);
  /// Throws Error (Index) for a class that is not below `num_classes`; on other devices when the matrix is read.
  void update(const Tensor& predictions, const Tensor& target);
  /// int64 [num_classes, num_classes].
  Tensor compute() const;
  void reset() { counts_ = {}; }
  int64_t num_classes() const { return num_classes_; }

  // One value for each class, float64; 0 where nothing was said to be of it, or nothing is.
  Tensor precision() const;
  Tensor recall() const;
  Tensor f1() const;

 private:
  int64_t num_classes_;
  double threshold_;
  Tensor counts_;
};

namespace detail {
class FromConfusion : public Meter {
 public:
  FromConfusion(int64_t num_classes, Average average, double threshold);
  void update(const Tensor& predictions, const Tensor& target) override { matrix_.update(predictions, target); }
  double compute() const override;
  void reset() override { matrix_.reset(); }
  const ConfusionMatrix& matrix() const { return matrix_; }

 private:
  virtual Tensor by_class(const ConfusionMatrix& matrix) const = 0;
  ConfusionMatrix matrix_;
  Average average_;
};
}  // namespace detail

/// Of what was said to be of a class, the share that is.
class Precision : public detail::FromConfusion {
 public:
  explicit Precision(int64_t num_classes = 2, Average average = Average::Macro, double threshold = 0.5)
      : FromConfusion(num_classes, average, threshold) {}

 private:
  Tensor by_class(const ConfusionMatrix& matrix) const override { return matrix.precision(); }
};
/// Of what is of a class, the share that was found.
class Recall : public detail::FromConfusion {
 public:
  explicit Recall(int64_t num_classes = 2, Average average = Average::Macro, double threshold = 0.5)
      : FromConfusion(num_classes, average, threshold) {}

 private:
  Tensor by_class(const ConfusionMatrix& matrix) const override { return matrix.recall(); }
};
/// 2 precision recall / (precision + recall).
class F1Score : public detail::FromConfusion {
 public:
  explicit F1Score(int64_t num_classes = 2, Average average = Average::Macro, double threshold = 0.5)
      : FromConfusion(num_classes, average, threshold) {}

 private:
  Tensor by_class(const ConfusionMatrix& matrix) const override { return matrix.f1(); }
};
using F1 = F1Score;

}  // namespace lazuli::training
