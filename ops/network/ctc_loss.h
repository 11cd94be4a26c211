#pragma once
#include "lazuli/ops/network/loss.h"

namespace lazuli {

struct CTCLossOptions {
  int64_t blank = 0;
  Choice<Reduction> reduction = Reduction::Mean;
  bool zero_infinity = false;
  template <class O = CTCLossOptions>
  static constexpr auto members() {
    return Members{member("blank", &O::blank, {.least = 0}), member("reduction", &O::reduction), member("zero_infinity", &O::zero_infinity)};
  }
};
/// Connectionist temporal classification (Graves et al., 2006): minus the logarithm of the probability of all alignments of the target with the
/// input.
/// log_probs [t, n, c] or [t, c]; targets [n, s], or all one after another [sum of target_lengths]; lengths of each sample's input (at most t) and
/// target.
/// Reduction::Mean divides each loss by its target's length first. `zero_infinity` gives 0, loss and gradient, where no alignment is possible.
/// log_probs must come from log_softmax: their gradient, as PyTorch's, is exp(log_probs) above the formula's at each step of an input, which makes no difference before log_softmax.
/// Throws Error for lengths or classes that do not fit.
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Shape& input_lengths, const Shape& target_lengths, CTCLossOptions options = {});
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths,
                CTCLossOptions options = {});
Tensor ctc_loss(...) = delete;  // (log_probs, targets, input_lengths, target_lengths, {.blank, .reduction, ..})

}  // namespace lazuli
