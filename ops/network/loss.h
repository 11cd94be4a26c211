#pragma once
#include <array>
#include <utility>

#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Losses. `reduction` says what becomes of the elements' losses. More than two optional arguments are one struct, the module's of the same name (nn/loss.h) its too;
/// core/by_position.h has the rule.
///   cross_entropy(x, y, {.label_smoothing = 0.1, .reduction = Reduction::Sum})  // or .reduction = "sum"
/// Numbers outside a struct's ranges, and a reduction that is none, throw Error naming the function and the member.
namespace lazuli {

/// As they are, their mean, or their sum; BatchMean (kl_div only) is the sum divided by the first size.
enum class Reduction : uint8_t { None, Mean, Sum, BatchMean };
constexpr auto names_of(Reduction) {
  return enum_names<Reduction>({{Reduction::None, "none"}, {Reduction::Mean, "mean"}, {Reduction::Sum, "sum"}, {Reduction::BatchMean, "batchmean"}});
}

struct CrossEntropyLossOptions {
  OptionalTensor weight = {};  // [classes]
  int64_t ignore_index = -100;
  double label_smoothing = 0;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = CrossEntropyLossOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("ignore_index", &O::ignore_index),
                   member("label_smoothing", &O::label_smoothing, {.least = 0, .most = 1}), member("reduction", &O::reduction)};
  }
};
/// Cross entropy between softmax(input) and the target. input [n, c, ..] (or [c]): logits. target: classes [n, ..] in [0, c) or `ignore_index`, or
/// probabilities of input's sizes.
/// weight [c] scales each class, and the mean is then the weighted one. label_smoothing mixes the target with the uniform distribution.
/// Throws Error for sizes that do not agree, a class out of range (Index), or a label_smoothing outside [0, 1].
Tensor cross_entropy(const Tensor& input, const Tensor& target, CrossEntropyLossOptions options = {});

struct LinearCrossEntropyFunctionOptions {
  OptionalTensor linear_bias = {};           // of linear_weight's sizes without the last
  OptionalTensor weight = {};                // [classes]
  std::optional<int64_t> ignore_index = {};  // -100; none beside probabilities
  double label_smoothing = 0;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = LinearCrossEntropyFunctionOptions>
  static constexpr auto members() {
    return Members{member("linear_bias", &O::linear_bias), member("weight", &O::weight), member("ignore_index", &O::ignore_index),
                   member("label_smoothing", &O::label_smoothing, {.least = 0, .most = 1}), member("reduction", &O::reduction)};
  }
};
/// cross_entropy of linear(input, linear_weight, linear_bias): input [n, in] or [in], linear_weight [c, in] or, for a loss at many places, [c, d1, .., in]; target classes [n, d1, ..] or
/// probabilities [n, c, d1, ..], without n as the input. For weights [c, in] more sizes may stand before, in input and target alike.
/// Throws Error for sizes that do not agree and an ignore_index beside probabilities.
Tensor linear_cross_entropy(const Tensor& input, const Tensor& linear_weight, const Tensor& target, LinearCrossEntropyFunctionOptions options = {});

struct NLLLossOptions {
  OptionalTensor weight = {};  // [classes]
  int64_t ignore_index = -100;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = NLLLossOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("ignore_index", &O::ignore_index), member("reduction", &O::reduction)};
  }
};
/// -input[target], for input [n, c, ..] (or [c]) of log-probabilities; the other arguments as in cross_entropy.
Tensor nll_loss(const Tensor& input, const Tensor& target, NLLLossOptions options = {});
/// libtorch's order.
inline Tensor nll_loss(const Tensor& input, const Tensor& target, const OptionalTensor& weight, Reduction reduction, int64_t ignore_index = -100) {
  return nll_loss(input, target, {.weight = weight, .ignore_index = ignore_index, .reduction = reduction});
}
Tensor nll_loss(...) = delete;  // nll_loss(input, target, [options]) or nll_loss(input, target, weight, reduction, [ignore_index])

// Losses of one or two options take them by position or in braces: `mse_loss(x, y, Reduction::Sum)`, `mse_loss(x, y, {.reduction = "sum"})`.

struct LossOptions {
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = LossOptions>
  static constexpr auto members() {
    return Members{member("reduction", &O::reduction)};
  }
};
/// (input - target)^2, |input - target|, broadcast.
Tensor mse_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean);
Tensor l1_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean);
inline Tensor mse_loss(const Tensor& input, const Tensor& target, const LossOptions& options) { return mse_loss(input, target, options.reduction); }
inline Tensor l1_loss(const Tensor& input, const Tensor& target, const LossOptions& options) { return l1_loss(input, target, options.reduction); }
Tensor mse_loss(...) = delete;  // mse_loss(input, target, [reduction]) or mse_loss(input, target, {.reduction})
Tensor l1_loss(...) = delete;   // l1_loss(input, target, [reduction]) or l1_loss(input, target, {.reduction})

struct SmoothL1LossOptions {
  Choice<Reduction> reduction = Reduction::Mean;
  double beta = 1;
  template <class O = SmoothL1LossOptions>
  static constexpr auto members() {
    return Members{member("reduction", &O::reduction), member("beta", &O::beta)};
  }
};
/// With d = |input - target|: d^2 / (2 beta) below beta, else d - beta / 2. beta 0 is l1_loss. Throws Error for a negative beta.
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean, double beta = 1);
inline Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossOptions& options) {
  return smooth_l1_loss(input, target, options.reduction, options.beta);
}
Tensor smooth_l1_loss(...) = delete;  // smooth_l1_loss(input, target, [reduction], [beta]) or smooth_l1_loss(input, target, {.reduction, .beta})

struct HuberLossOptions {
  Choice<Reduction> reduction = Reduction::Mean;
  double delta = 1;
  template <class O = HuberLossOptions>
  static constexpr auto members() {
    return Members{member("reduction", &O::reduction), member("delta", &O::delta)};
  }
};
/// d^2 / 2 up to delta, else delta * (d - delta / 2). Throws Error unless delta is above 0.
Tensor huber_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean, double delta = 1);
inline Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossOptions& options) {
  return huber_loss(input, target, options.reduction, options.delta);
}
Tensor huber_loss(...) = delete;  // huber_loss(input, target, [reduction], [delta]) or huber_loss(input, target, {.reduction, .delta})

struct BCELossOptions {
  OptionalTensor weight = {};
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = BCELossOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("reduction", &O::reduction)};
  }
};
namespace with_options {
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, BCELossOptions options);
}
/// -(target * log(input) + (1 - target) * log(1 - input)), the logarithms not below -100, times weight. Sizes are equal. Throws Error for an input
/// outside [0, 1].
template <class Weight = BCELossOptions>
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, Weight weight = {}, Choice<Reduction> reduction = Reduction::Mean) {
  return with_options::binary_cross_entropy(input, target, by_position<BCELossOptions>(std::move(weight), reduction));
}

struct BCEWithLogitsLossOptions {
  OptionalTensor weight = {};
  OptionalTensor pos_weight = {};
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = BCEWithLogitsLossOptions>
  static constexpr auto members() {
    return Members{member("weight", &O::weight), member("pos_weight", &O::pos_weight), member("reduction", &O::reduction)};
  }
};
/// The same of sigmoid(input), without overflow; pos_weight scales the term of target.
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target, BCEWithLogitsLossOptions options = {});

struct KLDivLossOptions {
  Choice<Reduction> reduction = Reduction::Mean;
  bool log_target = false;
  template <class O = KLDivLossOptions>
  static constexpr auto members() {
    return Members{member("reduction", &O::reduction), member("log_target", &O::log_target)};
  }
};
/// target * (log(target) - input), for input of log-probabilities (and with `log_target` such a target). Mean divides by the number of elements,
/// BatchMean by that of rows.
Tensor kl_div(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::Mean, bool log_target = false);
inline Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivLossOptions& options) {
  return kl_div(input, target, options.reduction, options.log_target);
}
Tensor kl_div(...) = delete;  // kl_div(input, target, [reduction], [log_target]) or kl_div(input, target, {.reduction, .log_target})

struct PoissonNLLLossOptions {
  bool log_input = true;
  bool full = false;
  double eps = 1e-8;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = PoissonNLLLossOptions>
  static constexpr auto members() {
    return Members{member("log_input", &O::log_input), member("full", &O::full), member("eps", &O::eps), member("reduction", &O::reduction)};
  }
};
/// exp(input) - target * input (log_input false: input - target * log(input + eps)); `full` adds Stirling's approximation of log(target!) where
/// target > 1.
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, PoissonNLLLossOptions options = {});

struct GaussianNLLLossOptions {
  bool full = false;
  double eps = 1e-6;
  Choice<Reduction> reduction = Reduction::Mean;
  template <class O = GaussianNLLLossOptions>
  static constexpr auto members() {
    return Members{member("full", &O::full), member("eps", &O::eps), member("reduction", &O::reduction)};
  }
};
/// (log(var) + (input - target)^2 / var) / 2, var not below eps; `full` adds log(2 pi) / 2. var has the sizes of input, or without the last, or 1 in
/// one of them. Throws Error for a negative var.
Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var, GaussianNLLLossOptions options = {});
/// With one variance for all.
Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, double var, GaussianNLLLossOptions options = {});
Tensor gaussian_nll_loss(...) = delete;  // gaussian_nll_loss(input, target, tensor or number var, [options])

}  // namespace lazuli
