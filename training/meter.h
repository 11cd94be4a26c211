#pragma once
#include <memory>
#include <string>
#include <vector>

#include "lazuli/core/tensor.h"

/// What a model gets right, over many batches. Sums stay on the device of what they are given and are read when `compute` asks for them, so that no step waits.
namespace lazuli::training {

/// A number over all that was seen since the last `reset`.
class Meter {
 public:
  virtual ~Meter() = default;
  /// With a batch's predictions and the truth; each meter tells what these are. Throws Error for other sizes. Nothing is recorded.
  virtual void update(const Tensor& predictions, const Tensor& target) = 0;
  /// NaN where nothing was seen.
  virtual double compute() const = 0;
  virtual void reset() = 0;
};

/// The mean of numbers, each counted `weight` times: `mean.update(loss, batch)`.
class RunningMean {
 public:
  void update(double value, double weight = 1);
  /// A 0-d tensor.
  void update(const Tensor& value, double weight = 1);
  double compute() const;
  double total_weight() const { return weight_; }
  void reset() { *this = {}; }

 private:
  Tensor sum_;
  double number_ = 0, weight_ = 0;
};

/// The share of examples whose class is right. Predictions: scores [n, classes], or [n, classes, ...] beside target [n, ...]; classes as integers of the sizes of the target; or, of two
/// classes, probabilities of the second one, of the sizes of the target.
class Accuracy : public Meter {
 public:
  explicit Accuracy(double threshold = 0.5) : threshold_(threshold) {}
  void update(const Tensor& predictions, const Tensor& target) override;
  double compute() const override;
  void reset() override { correct_ = {}, count_ = 0; }

 private:
  double threshold_;
  Tensor correct_;
  int64_t count_ = 0;
};

/// The share of examples whose class is among the k of the highest scores. Predictions: scores [n, classes]; target [n].
class TopK : public Meter {
 public:
  /// Throws Error for k below 1.
  explicit TopK(int64_t k = 5);
  void update(const Tensor& predictions, const Tensor& target) override;
  double compute() const override;
  void reset() override { correct_ = {}, count_ = 0; }

 private:
  int64_t k_;
  Tensor correct_;
  int64_t count_ = 0;
};
using TopKAccuracy = TopK;

/// exp of the mean of -log p(target). Predictions: scores (logits) [n, classes] or [n, length, classes]; target [n] or [n, length]. Targets of `ignore_index` do not count.
class Perplexity : public Meter {
 public:
  explicit Perplexity(int64_t ignore_index = -100) : ignore_index_(ignore_index) {}
  void update(const Tensor& predictions, const Tensor& target) override;
  double compute() const override;
  void reset() override { sum_ = {}, count_ = {}; }

 private:
  int64_t ignore_index_;
  Tensor sum_, count_;
};

/// The area under the curve of true positives over false ones: the chance that an example of the class has a higher score than one that is not of it, ties counted half.
/// Predictions: scores [n] of two classes beside target [n] of 0 and 1; or [n, classes] beside classes [n]: then the mean over the classes, each against all others.
/// All scores are kept. `compute` throws Error (State) where a class has no example, or all.
class AUROC : public Meter {
 public:
  void update(const Tensor& predictions, const Tensor& target) override;
  double compute() const override;
  void reset() override { scores_.clear(), targets_.clear(); }

 private:
  std::vector<Tensor> scores_, targets_;
};

namespace detail {
/// Classes, int64 of the sizes of `target`, from what Accuracy takes. Throws Error naming `meter`.
Tensor predicted_classes(const char* meter, const Tensor& predictions, const Tensor& target, double threshold);
}  // namespace detail

}  // namespace lazuli::training
