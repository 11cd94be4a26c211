#include "lazuli/record/frozen/frozen.h"

#include <mutex>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/record/runner.h"

namespace lazuli {

/// The list, and a runner of it for each run at the same time.
struct Frozen::State {
  recording::StepList list;
  std::vector<Signature> inputs, outputs;
  std::mutex mutex;
  std::vector<std::unique_ptr<recording::Runner>> idle;

  explicit State(recording::StepList given) : list(std::move(given)) {
    for (const recording::BufferView& v : list.inputs) inputs.push_back({v.sizes, v.dtype});
    for (const recording::BufferView& v : list.outputs) outputs.push_back({v.sizes, v.dtype});
    idle.push_back(std::make_unique<recording::Runner>(list.copy(), recording::RunnerOptions()));
  }
  std::unique_ptr<recording::Runner> take() {
    {
      std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto runner = std::move(idle.back());
        idle.pop_back();
        return runner;
      }
    }
    return std::make_unique<recording::Runner>(list.copy(), recording::RunnerOptions());
  }
  void give_back(std::unique_ptr<recording::Runner> runner) {
    std::lock_guard lock(mutex);
    idle.push_back(std::move(runner));
  }
};

Frozen::Frozen(recording::StepList list) {
  const auto refuse = [](const std::string& got) {
    fail(ErrorKind::NotSupported, "Frozen", "list", "calls on the CPU that are the same in each run", got);
  };
  for (const recording::ListedCall& call : list.calls) {
    if (call.is_action() || !call.device.is_cpu()) refuse(name_of(call));
    for (const recording::CallArgument& a : call.arguments)
      if (a.refresh) refuse(name_of(call));
  }
  for (const recording::BufferView& v : list.outputs)
    if (!v.defined()) refuse("an undefined output");
  state_ = std::make_shared<State>(std::move(list));
}

const std::vector<Frozen::Signature>& Frozen::inputs() const { return state_->inputs; }
const std::vector<Frozen::Signature>& Frozen::outputs() const { return state_->outputs; }
const recording::StepList& Frozen::list() const { return state_->list; }
std::string to_string(const Frozen& frozen) { return to_string(frozen.list()); }

Tensor Frozen::only(std::vector<Tensor> outputs) {
  if (outputs.size() != 1) fail(ErrorKind::State, "Frozen", "", "one output; run() gives all", std::to_string(outputs.size()));
  return std::move(outputs[0]);
}

std::vector<Tensor> Frozen::run(const std::vector<Tensor>& inputs) const {
  const auto& expected = state_->list.inputs;
  if (inputs.size() != expected.size()) fail("Frozen", "inputs", std::to_string(expected.size()) + " tensors", std::to_string(inputs.size()));
  std::vector<Tensor> laid = inputs;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::string name = "input " + std::to_string(i);
    const recording::BufferView& v = expected[i];
    if (!inputs[i].defined()) fail_undefined("Frozen", name);
    if (!(inputs[i].sizes() == v.sizes)) fail("Frozen", name, "sizes " + to_string(v.sizes), to_string(inputs[i].sizes()));
    if (inputs[i].dtype() != v.dtype) fail(ErrorKind::Type, "Frozen", name, lazuli::name(v.dtype), lazuli::name(inputs[i].dtype()));
    if (!inputs[i].device().is_cpu()) fail("Frozen", name, "a tensor on the CPU", "one on " + to_string(inputs[i].device()));
    if (inputs[i].strides() == v.strides) continue;
    laid[i] = new_strided(v.sizes, v.strides, v.dtype);
    copy_kernel(kCPU, laid[i], inputs[i]);
  }
  auto runner = state_->take();
  std::vector<Tensor> outputs = runner->run(laid);  // what throws here was in the middle of a run: that runner is not used again
  state_->give_back(std::move(runner));
  return outputs;
}

}  // namespace lazuli
