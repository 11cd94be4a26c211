#include "lazuli/nn/utils/averaged_model.h"

#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"

namespace lazuli::optim::swa_utils {

AverageFunction get_swa_avg_fn() {
  return [](const Tensor& averaged, const Tensor& current, int64_t n) { return averaged + (current - averaged) / double(n + 1); };
}
AverageFunction get_ema_avg_fn(double decay) {
  if (!(decay >= 0 && decay <= 1)) fail("get_ema_avg_fn", "decay", "a number from 0 to 1", std::to_string(decay));
  return [decay](const Tensor& averaged, const Tensor& current, int64_t) { return averaged * decay + current * (1 - decay); };
}

namespace detail {

void update_average(nn::Module& averaged, const nn::Module& model, const Tensor& n_averaged, const AverageFunction& average, bool use_buffers) {
  no_grad guard;
  auto check = [&](const std::vector<Tensor>& to, const std::vector<Tensor>& from) {
    bool fit = to.size() == from.size();
    for (size_t i = 0; fit && i < to.size(); ++i) fit = to[i].sizes() == from[i].sizes();
    if (!fit) fail("update_parameters", "model", "a model with the parameters and buffers of the one that is averaged", "others");
  };
  std::vector<Tensor> to = averaged.parameters(), from = model.parameters();
  const std::vector<Tensor> to_buffers = averaged.buffers(), from_buffers = model.buffers();
  check(to, from);
  check(to_buffers, from_buffers);
  const int64_t n = n_averaged.item<int64_t>();
  if (use_buffers) {
    to.insert(to.end(), to_buffers.begin(), to_buffers.end());
    from.insert(from.end(), from_buffers.begin(), from_buffers.end());
  }
  for (size_t i = 0; i < to.size(); ++i) {
    const Tensor current = from[i].detach().to(to[i].device(), to[i].dtype());
    to[i].copy_(n == 0 ? current : average(to[i].detach(), current, n));
  }
  if (!use_buffers)
    for (size_t i = 0; i < to_buffers.size(); ++i) to_buffers[i].copy_(from_buffers[i]);
  add_(n_averaged, 1);
}

FreshStatistics::FreshStatistics(nn::Module& model) : model_(model), training_(model.is_training()) {
  for (nn::Module* m : model.modules())
    if (auto* norm = dynamic_cast<nn::BatchNorm*>(m)) {
      norms_.emplace_back(norm, norm->options.momentum);
      norm->reset_running_stats();
      norm->options.momentum.reset();
    }
  if (any()) model.train();
}
FreshStatistics::~FreshStatistics() {
  for (auto& [norm, momentum] : norms_) norm->options.momentum = momentum;
  if (any()) model_.train(training_);
}

}  // namespace detail

}  // namespace lazuli::optim::swa_utils
