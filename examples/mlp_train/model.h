#pragma once
#include <memory>

#include "options.h"

/// One hidden layer: the lazy batch norm takes its number of features from the first batch.
struct Hidden : lazuli::nn::Module {
  lazuli::nn::Child<lazuli::nn::Linear> linear;
  lazuli::nn::Child<lazuli::nn::LazyBatchNorm1d> norm{this, "norm"};

  Hidden(int64_t in_features, int64_t out_features) : linear(this, "linear", in_features, out_features) {}
  lazuli::Tensor forward(const lazuli::Tensor& x) { return relu(norm(linear(x))); }
};

lazuli::nn::Sequential make_model(const Options& options, int64_t in_features, int64_t classes);
std::unique_ptr<lazuli::optim::Optimizer> make_optimizer(const Options& options, const std::vector<lazuli::Tensor>& parameters);
/// Null for "none".
std::unique_ptr<lazuli::optim::LRScheduler> make_scheduler(const Options& options, lazuli::optim::Optimizer& optimizer);
