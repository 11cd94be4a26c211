#include "lazuli/record/freeze.h"

#include <algorithm>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots/codes.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/ops/ops.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/passes/passes.h"
#include "lazuli/record/recorder.h"

namespace lazuli::detail {

EvaluationScope::EvaluationScope(nn::Module& module) {
  for (nn::Module* m : module.modules())
    if (m->is_training()) trained_.push_back(m);
  module.eval();
}
EvaluationScope::~EvaluationScope() {
  for (nn::Module* m : trained_) nn::detail::Parts::training(*m) = true;
}

Frozen freeze(const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& f, const std::vector<Tensor>& inputs,
              const FreezeOptions& options) {
  using namespace recording;
  no_grad guard;
  std::vector<Tensor> examples;
  for (const Tensor& t : inputs) {
    if (!t.defined()) fail_undefined("freeze", "inputs");
    if (!t.device().is_cpu()) fail("freeze", "inputs", "tensors on the CPU", "one on " + to_string(t.device()));
    examples.push_back(t.detach().clone());
  }
  Recorder recorder;
  const std::vector<Tensor> given = recorder.begin(examples);
  recorder.start();
  std::vector<Tensor> outputs = f(given);
  recorder.stop();
  StepList list = recorder.finish(outputs);
  for (const ListedCall& call : list.calls) {
    const bool same =
        !call.is_action() && std::none_of(call.arguments.begin(), call.arguments.end(), [](const CallArgument& a) { return bool(a.refresh); });
    if (!same) fail(ErrorKind::NotSupported, "freeze", "model", "calls that are the same in each run", name_of(call));
  }
  outputs.clear();
  own_memory(list);
  own_inputs(list);
  if (options.fuse) {
    fold_constants(list);
    fold_batch_norm(list);
    fuse_epilogues(list);
    fuse_products(list);
  }
  own_outputs(list);
  remove_dead(list);
  return Frozen(std::move(list));
}

}  // namespace lazuli::detail
