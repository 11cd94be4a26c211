#pragma once
#include "lazuli/nn/loss.h"
#include "lazuli/ops/network/ctc_loss.h"

namespace lazuli::nn {

using lazuli::CTCLossOptions;

/// Connectionist temporal classification: log_probs [t, n, c] (or [t, c]), targets [n, s] or all one after another, and the lengths of both (ops/network/ctc_loss.h).
class CTCLoss : public ModuleOf<CTCLoss> {
 public:
  using Options = CTCLossOptions;
  explicit CTCLoss(const CTCLossOptions& o = {}) : options(detail::checked("CTCLoss", o)) {}
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths) {
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
  }
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Shape& input_lengths, const Shape& target_lengths) {
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
  }
  CTCLossOptions options;
};

}  // namespace lazuli::nn
