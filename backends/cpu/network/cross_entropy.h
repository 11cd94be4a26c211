#pragma once
#include "lazuli/core/slots.h"

namespace lazuli::cpu {

void cross_entropy(Tensor& losses, Tensor& log_sum, const Tensor& logits, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                   double smoothing);
void cross_entropy_backward(Tensor& grad_logits, const Tensor& grad, const Tensor& log_sum, const Tensor& logits, const Tensor& target,
                            const Tensor& weight, int64_t ignore_index, double smoothing);

}  // namespace lazuli::cpu
