#include "lazuli/ops/network/elementwise_loss.h"

#include "lazuli/core/factory.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/pointwise.h"

namespace lazuli::losses {

bool OnePass::pays(const Tensor& input, const Tensor& target) {
  constexpr int64_t kFrom = 4096;  // below, what the program itself takes counts
  const DType dtype = input.dtype();
  return input.numel() >= kFrom && input.dim() > 0 && (dtype == kFloat32 || dtype == kFloat64) && target.dtype() == dtype &&
         input.sizes() == target.sizes() && input.device() == target.device() && !input.device().is_meta() && !batching::is_batched(input) &&
         !batching::is_batched(target);
}

OnePass::OnePass(std::initializer_list<Tensor> inputs) {
  const Tensor& first = *inputs.begin();
  for (const Tensor& t : inputs) {
    program_.input(t.dtype());
    inputs_.push_back(expanded(t, first.sizes()));
  }
}

void OnePass::give(const FusedValue& value, Reduction reduction) {
  const Tensor& like = inputs_[0];
  const bool whole = reduction != Reduction::None;
  int result = value.id;
  if (whole) result = program_.reduce(reduction == Reduction::Mean ? ReduceOp::Mean : ReduceOp::Sum, result, like.dtype());
  else if (result < program_.input_count()) result = program_.copy(result, like.dtype());
  program_.output(result);
  outputs_.push_back(new_tensor(whole ? Shape::filled(like.dim(), 1) : like.sizes(), like.dtype(), like.device()));
  whole_.push_back(whole);
}

std::vector<Tensor> OnePass::run() {
  run_fused(inputs_[0].device(), outputs_, inputs_, program_);
  std::vector<Tensor> found;
  for (size_t k = 0; k < outputs_.size(); ++k) found.push_back(whole_[k] ? alias(outputs_[k], Shape(), Shape(), 0) : outputs_[k]);
  return found;
}

}  // namespace lazuli::losses
