#include "lazuli/ops/composites.h"

#include "lazuli/core/slots/fused_slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/core/slots/recurrent_slots.h"

namespace lazuli {

void register_composites() {
  binary_number_kernel.set_composite(composites::binary_number);
  ternary_kernel.set_composite(composites::ternary);
  ternary_number_kernel.set_composite(composites::ternary_number);
  fused_kernel.set_composite(composites::fused);
  triangle_kernel.set_composite(composites::triangle);
  dropout_kernel.set_composite(composites::dropout);
  reduce_kernel.set_composite(composites::reduce);
  arg_reduce_kernel.set_composite(composites::arg_reduce);
  var_mean_kernel.set_composite(composites::var_mean);
  count_nonzero_kernel.set_composite(composites::count_nonzero);
  softmax_kernel.set_composite(composites::softmax);
  softmax_backward_kernel.set_composite(composites::softmax_backward);
  cross_entropy_kernel.set_composite(composites::cross_entropy);
  cross_entropy_backward_kernel.set_composite(composites::cross_entropy_backward);
  layer_norm_kernel.set_composite(composites::layer_norm);
  layer_norm_backward_kernel.set_composite(composites::layer_norm_backward);
  batch_norm_kernel.set_composite(composites::batch_norm);
  batch_norm_backward_kernel.set_composite(composites::batch_norm_backward);
  batch_norm_relu_kernel.set_composite(composites::batch_norm_relu);
  batch_norm_relu_backward_kernel.set_composite(composites::batch_norm_relu_backward);
  index_select_kernel.set_composite(composites::index_select);
  index_add_kernel.set_composite(composites::index_add);
  embedding_backward_kernel.set_composite(composites::embedding_backward);
  topk_kernel.set_composite(composites::topk);
  convolution_kernel.set_composite(composites::convolution);
  convolution_fused_kernel.set_composite(composites::convolution_fused);
  convolution_backward_input_kernel.set_composite(composites::convolution_backward_input);
  convolution_backward_weight_kernel.set_composite(composites::convolution_backward_weight);
  max_pool_kernel.set_composite(composites::max_pool);
  max_pool_backward_kernel.set_composite(composites::max_pool_backward);
  average_pool_kernel.set_composite(composites::average_pool);
  average_pool_backward_kernel.set_composite(composites::average_pool_backward);
  lstm_gates_kernel.set_composite(composites::lstm_gates);
  lstm_gates_backward_kernel.set_composite(composites::lstm_gates_backward);
  gru_gates_kernel.set_composite(composites::gru_gates);
  gru_gates_backward_kernel.set_composite(composites::gru_gates_backward);
  sgd_kernel.set_composite(composites::sgd);
  adam_kernel.set_composite(composites::adam);
  optimizer_step_kernel.set_composite(composites::optimizer_step);
}

}  // namespace lazuli
