#include "model.h"

#include <algorithm>

using namespace lazuli;

nn::Sequential make_model(const Options& options, int64_t in_features, int64_t classes) {
  nn::Sequential model;
  for (int64_t size : options.hidden) {
    model.push_back(Hidden(in_features, size));
    in_features = size;
  }
  model.push_back(nn::Linear(in_features, classes));
  model.to(Device(options.device), parse_dtype(options.dtype));
  return model;
}

std::unique_ptr<optim::Optimizer> make_optimizer(const Options& o, const std::vector<Tensor>& parameters) {
  if (o.optimizer == "sgd")
    return std::make_unique<optim::SGD>(parameters, optim::SGDOptions{.lr = o.lr, .momentum = o.momentum, .weight_decay = o.weight_decay});
  if (o.optimizer == "adamw") return std::make_unique<optim::AdamW>(parameters, optim::AdamWOptions{.lr = o.lr, .weight_decay = o.weight_decay});
  return std::make_unique<optim::Adam>(parameters, optim::AdamOptions{.lr = o.lr, .weight_decay = o.weight_decay});
}

std::unique_ptr<optim::LRScheduler> make_scheduler(const Options& o, optim::Optimizer& optimizer) {
  if (o.scheduler == "step") return std::make_unique<optim::StepLR>(optimizer, std::max<int64_t>(1, o.epochs / 3), 0.1);
  if (o.scheduler == "cosine") return std::make_unique<optim::CosineAnnealingLR>(optimizer, o.epochs);
  if (o.scheduler == "linear") return std::make_unique<optim::LinearLR>(optimizer, 0.1, 1.0, std::max<int64_t>(1, o.epochs / 3));
  return nullptr;
}
