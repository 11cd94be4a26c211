#pragma once
#include <functional>

#include "lazuli/autograd/modes.h"
#include "lazuli/nn/batchnorm.h"
#include "lazuli/ops/shape/creation.h"

/// Averages of a model's parameters over training: stochastic weight averaging (Izmailov and others 2018, https://arxiv.org/abs/1803.05407) and exponential moving averages.
///
///   optim::swa_utils::AveragedModel<Net> averaged(net);                          // or (net, optim::swa_utils::get_ema_avg_fn(0.999))
///   for (...) { ...; optimizer.step(); averaged.update_parameters(net); }
///   optim::swa_utils::update_bn(loader, averaged);
/// The names are where PyTorch has them, beside the schedule of learning rates (optim/swa_utils.h); nothing here knows an optimizer.
namespace lazuli::optim::swa_utils {

/// The new average, of the average so far, of `n_averaged` models, and a model.
using AverageFunction = std::function<Tensor(const Tensor& averaged, const Tensor& current, int64_t n_averaged)>;
/// averaged + (current - averaged) / (n_averaged + 1).
AverageFunction get_swa_avg_fn();
/// decay * averaged + (1 - decay) * current. Throws Error for a decay outside [0, 1].
AverageFunction get_ema_avg_fn(double decay = 0.999);
/// PyTorch's names of the same for all tensors of a model at once.
inline AverageFunction get_swa_multi_avg_fn() { return get_swa_avg_fn(); }
inline AverageFunction get_ema_multi_avg_fn(double decay = 0.999) { return get_ema_avg_fn(decay); }

namespace detail {
void update_average(nn::Module& averaged, const nn::Module& model, const Tensor& n_averaged, const AverageFunction& average, bool use_buffers);

/// While it lives, all batch norms of `model` take the mean of all batches from now on as their running statistics, in training mode.
class FreshStatistics {
 public:
  explicit FreshStatistics(nn::Module& model);
  ~FreshStatistics();
  FreshStatistics(const FreshStatistics&) = delete;
  bool any() const { return !norms_.empty(); }

 private:
  nn::Module& model_;
  std::vector<std::pair<nn::BatchNorm*, std::optional<double>>> norms_;
  bool training_;
};

template <class T>
Tensor input_of(const T& batch) {
  if constexpr (std::is_convertible_v<const T&, Tensor>) return batch;
  else if constexpr (requires { batch.data; }) return batch.data;
  else return std::get<0>(batch);
}
}  // namespace detail

/// A copy of a model whose parameters are the averages of those it was given; its forward is the model's. Buffers are the last model's, or with `use_buffers` averages too.
/// State: n_averaged, and the model's behind "module.".
template <class M>
class AveragedModel : public nn::ModuleOf<AveragedModel<M>> {
 public:
  explicit AveragedModel(const M& model, AverageFunction average = get_swa_avg_fn(), bool use_buffers = false)
      : n_averaged(this, "n_averaged", zeros({}, kInt64)),
        module(this, "module", std::make_shared<M>(nn::clone(model))),
        average_(std::move(average)),
        use_buffers_(use_buffers) {}
  AveragedModel remade() const { return AveragedModel(*module, average_, use_buffers_); }

  template <class... A>
  requires nn::detail::ForwardTakes<M, A...>
  auto forward(A&&... args) { return nn::call(*module, std::forward<A>(args)...); }
  /// Takes a model into the average; the first is the average. Throws Error for parameters of other sizes.
  void update_parameters(const nn::Module& model) { detail::update_average(*module, model, n_averaged, average_, use_buffers_); }

  nn::Buffer n_averaged;
  nn::Child<M> module;

 private:
  AverageFunction average_;
  bool use_buffers_;
};

/// Runs `model` on all batches of `loader` (tensors, examples with `data`, or pairs and tuples that begin with a tensor), so that its batch norms have the statistics of its parameters. Momenta and modes are
/// left as they were. Does nothing for a model without batch norms.
template <class Loader, class M>
void update_bn(Loader&& loader, M& model) {
  no_grad guard;
  detail::FreshStatistics statistics(model);
  if (!statistics.any()) return;
  for (auto&& batch : loader) nn::call(model, detail::input_of(batch));
}

}  // namespace lazuli::optim::swa_utils
