#pragma once
#include "lazuli/core/random/generator.h"
#include "lazuli/data/example.h"

/// Batches of images mixed with themselves, for a loader's `.transform`: `data::DataLoader loader(set, {.batch_size = 64, .transform = data::transforms::MixUp(10)})`.
/// Labels [n] (int64) become [n, num_classes] float32, whose loss is cross_entropy with probabilities; those that are probabilities already are mixed.
namespace lazuli::data::transforms {

struct MixOptions {
  /// The share is drawn from a Beta distribution of (alpha, alpha).
  double alpha = 1;
};

/// Each image and its label with the one before it: share * own + (1 - share) * other (Zhang et al., 2018, https://arxiv.org/abs/1710.09412).
class MixUp {
 public:
  /// Throws Error for alpha that is not above 0. Without num_classes, labels have to be probabilities.
  explicit MixUp(std::optional<int64_t> num_classes = {}, const MixOptions& options = {});
  Example operator()(Example batch, const Generator& random) const;
  /// With random numbers of the default generator.
  Example operator()(Example batch) const;

 private:
  std::optional<int64_t> num_classes_;
  double alpha_;
};

/// Each image with a rectangle of the one before it, whose area is the share of its label (Yun et al., 2019, https://arxiv.org/abs/1905.04899).
class CutMix {
 public:
  explicit CutMix(std::optional<int64_t> num_classes = {}, const MixOptions& options = {});
  Example operator()(Example batch, const Generator& random) const;
  Example operator()(Example batch) const;

 private:
  std::optional<int64_t> num_classes_;
  double alpha_;
};

}  // namespace lazuli::data::transforms
