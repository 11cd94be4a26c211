#pragma once
#include "lazuli/nn/loss.h"
#include "lazuli/nn/module/containers.h"

/// Losses over classes that hold the layer which scores the classes.
namespace lazuli::nn {

struct LinearCrossEntropyLossOptions {
  int64_t braces_0 = not_in_braces, braces_1 = not_in_braces, braces_2 = not_in_braces;  // core/in_braces.h
  Shape out_features = {};                                                               // each input row is scored at these many places
  bool bias = false;                                                                     // of the layer
  OptionalTensor weight = {};                                                            // [classes]
  std::optional<int64_t> ignore_index = {};                                              // -100; none beside probabilities
  double label_smoothing = 0;
  Choice<Reduction> reduction = Reduction::Mean;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = LinearCrossEntropyLossOptions>
  static constexpr auto members() {
    return Members{member("out_features", &O::out_features),
                   member("bias", &O::bias),
                   member("weight", &O::weight),
                   member("ignore_index", &O::ignore_index),
                   member("label_smoothing", &O::label_smoothing, {.least = 0, .most = 1}),
                   member("reduction", &O::reduction)};
  }
};
/// cross_entropy(linear(input), target): input [n, in_features] or [in_features], target classes [n, out_features..] or probabilities [n, num_classes, out_features..].
class LinearCrossEntropyLoss : public BinaryModule {
 public:
  using Options = LinearCrossEntropyLossOptions;
  LinearCrossEntropyLoss(int64_t in_features, int64_t num_classes, const Options& options = {});
  explicit LinearCrossEntropyLoss(...) = delete;  // LinearCrossEntropyLoss(in_features, num_classes, [options])
  template <class M = LinearCrossEntropyLoss>
  static constexpr auto arguments() {
    return Members{member("in_features", &M::in_features), member("num_classes", &M::num_classes)};
  }
  Tensor forward(const Tensor& input, const Tensor& target) override;
  int64_t in_features, num_classes;
  Options options;
  Buffer weight;
  Child<Linear> linear;
};

struct AdaptiveLogSoftmaxWithLossOptions {
  double div_value = 4;
  bool head_bias = false;
  std::optional<Device> device = {};
  std::optional<DType> dtype = {};
  template <class O = AdaptiveLogSoftmaxWithLossOptions>
  static constexpr auto members() {
    return Members{member("div_value", &O::div_value), member("head_bias", &O::head_bias)};
  }
};
/// Adaptive softmax (Grave and others 2016, https://arxiv.org/abs/1609.04309): frequent classes, the first `cutoffs[0]`, are scored by the head, rarer ones by clusters of
/// less and less capacity, which are computed only for rows that need them.
class AdaptiveLogSoftmaxWithLoss : public ModuleOf<AdaptiveLogSoftmaxWithLoss> {
 public:
  using Options = AdaptiveLogSoftmaxWithLossOptions;
  struct Result {
    Tensor output;  // [n]: log-probability of each row's target
    Tensor loss;    // its negative mean
    template <class Used = void>
    auto tensors() {
      return tied<Used>(output, loss);
    }
  };
  /// Throws Error unless cutoffs are increasing, positive and below n_classes.
  AdaptiveLogSoftmaxWithLoss(int64_t in_features, int64_t n_classes, const Shape& cutoffs, const Options& options = {});
  explicit AdaptiveLogSoftmaxWithLoss(...) = delete;  // AdaptiveLogSoftmaxWithLoss(in_features, n_classes, cutoffs, [options])
  template <class M = AdaptiveLogSoftmaxWithLoss>
  static constexpr auto arguments() {
    return Members{member("in_features", &M::in_features), member("n_classes", &M::n_classes), member("cutoffs", &M::cutoffs)};
  }
  /// input [n, in_features], target [n]; or without n.
  Result forward(const Tensor& input, const Tensor& target);
  Result forward_with_target(const Tensor& input, const Tensor& target);
  /// Log-probabilities of all classes, [n, n_classes].
  Tensor log_prob(const Tensor& input);
  /// The most likely class of each row.
  Tensor predict(const Tensor& input);
  int64_t in_features, n_classes, shortlist_size, n_clusters;
  Shape cutoffs;
  Options options;
  Child<Linear> head;
  Child<ModuleList> tail;

 private:
  int64_t upper_bound(int64_t cluster) const { return cluster + 1 < n_clusters ? cutoffs[cluster + 1] : n_classes; }
  Tensor all_log_prob(const Tensor& input, const Tensor& head_output);
};

}  // namespace lazuli::nn
