#include "lazuli/nn/utils/stacked.h"

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/nn/batchnorm.h"
#include "lazuli/ops/shape/join.h"

namespace lazuli::func {
namespace {

StateDict stacked(const std::vector<std::vector<StateDict::Entry>>& each) {
  StateDict all;
  for (size_t k = 0; k < each[0].size(); ++k) {
    const auto& [name, first] = each[0][k];
    std::vector<Tensor> tensors;
    for (const auto& entries : each) {
      if (entries.size() != each[0].size() || entries[k].first != name)
        fail("stack_module_state", "modules", "modules with the same parameters and buffers, '" + name + "' among them", "one without");
      tensors.push_back(entries[k].second.detach());
      if (!(tensors.back().sizes() == first.sizes()))
        fail("stack_module_state", "modules", "sizes " + to_string(first.sizes()) + " of '" + name + "'", to_string(tensors.back().sizes()));
    }
    Tensor together = stack(tensors);
    if (first.requires_grad()) together.requires_grad_();
    all.set(name, together);
  }
  return all;
}

}  // namespace

ModuleState stack_module_state(const std::vector<nn::Module*>& modules) {
  if (modules.empty()) fail("stack_module_state", "modules", "at least one module", "none");
  std::vector<std::vector<StateDict::Entry>> parameters, buffers;
  for (nn::Module* m : modules) {
    parameters.push_back(m->named_parameters());
    buffers.push_back(m->named_buffers());
  }
  return {stacked(parameters), stacked(buffers)};
}

StateDict joined(const StateDict& parameters, const StateDict& buffers) {
  StateDict all = parameters;
  all.merge(buffers);
  return all;
}

nn::Module& replace_all_batch_norm_modules_(nn::Module& module) {
  for (const auto& [path, m] : module.named_modules())
    if (auto* norm = dynamic_cast<nn::BatchNorm*>(&*m)) {
      norm->options.track_running_stats = false;
      norm->running_mean = Tensor();
      norm->running_var = Tensor();
      norm->num_batches_tracked = Tensor();
    }
  return module;
}

}  // namespace lazuli::func
