// A batch norm and the ReLU behind it as one call, forward and backward. The kernels have the same steps in the same order, so that every bit stays.
#include <algorithm>
#include <iterator>

#include "lazuli/core/slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/passes/uses.h"

namespace lazuli::recording {
namespace {

bool alike(const BufferView& a, const BufferView& b) { return a.dtype == b.dtype && a.sizes == b.sizes && a.strides == b.strides; }

class BatchNormRelu {
 public:
  explicit BatchNormRelu(StepList& list) : list_(list), uses_(list), removed_(list.calls.size()) {}

  void forward() {
    for (size_t i = 0; i < list_.calls.size(); ++i)
      if (const ListedCall& call = list_.calls[i];
          call.slot == &unary_kernel && call.device.is_cpu() && *call.arguments[0].as<UnaryOp>() == UnaryOp::Relu)
        join_forward(i);
    remove();
  }
  void backward() {
    for (size_t i = 0; i < list_.calls.size(); ++i)
      if (list_.calls[i].slot == &batch_norm_backward_kernel && list_.calls[i].device.is_cpu()) join_backward(i);
    remove();
  }

 private:
  void remove() {
    std::vector<ListedCall> calls;
    for (size_t i = 0; i < list_.calls.size(); ++i)
      if (!removed_[i]) calls.push_back(std::move(list_.calls[i]));
    list_.calls = std::move(calls);
  }
  const BufferView& view(size_t call, size_t argument) const { return list_.calls[call].arguments[argument].views[0]; }
  bool is_temporary(int32_t buffer) const { return list_.buffers[size_t(buffer)].role == BufferRole::Temporary && !uses_.is_output(buffer); }

  // Whether the buffer is written at a call first of all, and then used at `second`; and the host's code is not between them.
  bool goes_on_to(const BufferView& v, size_t second) const {
    const std::vector<Use>& uses = uses_.of(v.buffer);
    if (uses.size() < 2 || uses[0].reads || uses[1].call != second || removed_[uses[0].call]) return false;
    for (size_t i = uses[0].call; i < second; ++i)
      if (list_.calls[i].is_action() && list_.calls[i].action.kind == HostAction::Kind::Region) return false;
    return true;
  }

  void replace(size_t at, const KernelBase& slot, std::vector<CallArgument> arguments) {
    ListedCall made = ListedCall::of(*slot_type(slot), kCPU, std::move(arguments));
    made.module = std::move(list_.calls[at].module);
    list_.calls[at] = std::move(made);
  }

  void join_forward(size_t relu) {
    const BufferView out = view(relu, 1), normalized = view(relu, 2);
    if (!goes_on_to(normalized, relu)) return;
    const size_t norm = uses_.of(normalized.buffer)[0].call;
    if (list_.calls[norm].slot != &batch_norm_kernel || !(view(norm, 0) == normalized)) return;
    if (!(out == normalized)) {
      if (!alike(out, normalized) || uses_.of(normalized.buffer).size() != 2 || !is_temporary(normalized.buffer)) return;
      for (const Use& u : uses_.of(out.buffer))
        if (u.call >= norm && u.call < relu) return;
    }
    std::vector<CallArgument> arguments = std::move(list_.calls[norm].arguments);
    arguments[0] = CallArgument::output(out);
    arguments.insert(arguments.begin() + 4, CallArgument::input({}));  // no residual
    replace(norm, batch_norm_relu_kernel, std::move(arguments));
    removed_[relu] = true;
  }

  void join_backward(size_t norm) {
    const BufferView masked = view(norm, 3), in = view(norm, 4), grad_in = view(norm, 0);
    if (!goes_on_to(masked, norm) || masked.buffer == in.buffer) return;
    const size_t relu = uses_.of(masked.buffer)[0].call;
    if (list_.calls[relu].slot != &binary_kernel || *list_.calls[relu].arguments[0].as<BinaryOp>() != BinaryOp::ReluGrad) return;
    const BufferView grad = view(relu, 2), out = view(relu, 3);
    if (!(view(relu, 1) == masked) || masked.dtype != in.dtype) return;
    for (const BufferView& v : {grad, out})
      if (!alike(v, masked) || v.buffer == grad_in.buffer || uses_.written_between(v.buffer, relu, norm)) return;
    const bool wanted = uses_.of(masked.buffer).size() > 2 || !is_temporary(masked.buffer);
    std::vector<CallArgument> before = std::move(list_.calls[norm].arguments), arguments;
    arguments.push_back(std::move(before[0]));
    arguments.push_back(CallArgument::output(wanted ? masked : BufferView()));
    std::move(before.begin() + 1, before.begin() + 3, std::back_inserter(arguments));
    arguments.push_back(CallArgument::input(grad));
    arguments.push_back(CallArgument::input(out));
    std::move(before.begin() + 4, before.end(), std::back_inserter(arguments));
    replace(norm, batch_norm_relu_backward_kernel, std::move(arguments));
    removed_[relu] = true;
  }

  StepList& list_;
  const Uses uses_;
  std::vector<bool> removed_;
};

}  // namespace

// Most lists have none: then nothing is looked up.
void fuse_batch_norm_relu(StepList& list) {
  const auto has = [&](const KernelBase& slot) {
    return std::any_of(list.calls.begin(), list.calls.end(), [&](const ListedCall& call) { return call.slot == &slot; });
  };
  if (has(batch_norm_kernel)) BatchNormRelu(list).forward();
  if (has(batch_norm_backward_kernel)) BatchNormRelu(list).backward();
}

}  // namespace lazuli::recording
