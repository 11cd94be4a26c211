#pragma once
#include "lazuli/nn/loss.h"
#include "lazuli/ops/network/ctc_loss.h"

namespace lazuli::nn {

struct CTCLossOptions {
  int64_t blank = 0;  // the class that stands for no symbol
  Reduction reduction = Reduction::Mean;
  bool zero_infinity = false;  // 0, loss and gradient, where no alignment is possible
  template <class O = CTCLossOptions>
  static constexpr auto members() {
    return Members{member("blank", &O::blank, {.least = 0}), member("reduction", &O::reduction), member("zero_infinity", &O::zero_infinity)};
  }
};

/// Connectionist temporal classification: log_probs [t, n, c] (or [t, c]), targets [n, s] or all one after another, and the lengths of both (ops/network/ctc_loss.h).
class CTCLoss : public ModuleOf<CTCLoss> {
 public:
  using Options = CTCLossOptions;
  explicit CTCLoss(const CTCLossOptions& o = {}) : options(detail::checked("CTCLoss", o)) {}
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths) {
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, options.blank, options.reduction, options.zero_infinity);
  }
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Shape& input_lengths, const Shape& target_lengths) {
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, options.blank, options.reduction, options.zero_infinity);
  }
  CTCLossOptions options;
};

}  // namespace lazuli::nn
