#pragma once
#include "lazuli/io/torch_object.h"

namespace lazuli {

namespace detail {
TorchObject torch_optimizer_state(const char* optimizer, const std::vector<int64_t>& params, const StateDict& state);
}

/// An optimizer's state as PyTorch's optimizer of the same class has it, so that `torch.optim.Adam.load_state_dict` takes it from a file of save_torch:
///   save_torch(TorchObject::dict({{"model", model.state_dict()}, {"optimizer", torch_state_dict(adam)}}), "checkpoint.pt");
/// Back: `adam.load_state_dict(load_torch("checkpoint.pt").at("optimizer").to_state_dict())`. Throws Error (NotSupported) for a class that PyTorch has not.
template <class Optimizer>
TorchObject torch_state_dict(const Optimizer& optimizer) {
  std::vector<int64_t> params;
  for (size_t g = 0; g < optimizer.num_groups(); ++g) params.push_back(int64_t(optimizer.params(g).size()));
  return detail::torch_optimizer_state(optimizer.name(), params, optimizer.state_dict());
}

}  // namespace lazuli
