#include "lazuli/core/slots.h"
#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/nn/utils/fusion.h"
#include "lazuli/ops/ops.h"
#include "lazuli/record/passes/passes.h"
#include "lazuli/record/passes/uses.h"

namespace lazuli::recording {
namespace {

/// The arguments of a batch norm in evaluation, with a ReLU (and a residual) or without.
struct Norm {
  const ListedCall& call;
  bool relu = call.slot == &batch_norm_relu_kernel;
  size_t weight = relu ? 5 : 4;

  static bool is(const ListedCall& call) {
    return (call.slot == &batch_norm_kernel && !*call.arguments[8].as<bool>()) ||
           (call.slot == &batch_norm_relu_kernel && !*call.arguments[9].as<bool>());
  }
  const BufferView& view(size_t i) const { return call.arguments[i].views[0]; }
  const BufferView& out() const { return view(0); }
  const BufferView& in() const { return view(3); }
  BufferView residual() const { return relu ? view(4) : BufferView(); }
  double eps() const { return *call.arguments[weight + 6].as<double>(); }
};

/// What the constants of a list are as tensors.
struct Constants {
  StepList& list;
  bool are(std::initializer_list<BufferView> views) const {
    for (const BufferView& v : views)
      if (v.defined() && list.buffers[size_t(v.buffer)].role != BufferRole::Constant) return false;
    return true;
  }
  Tensor tensor(const BufferView& v) const { return v.defined() ? tensor_on(list.buffers[size_t(v.buffer)].storage, v) : Tensor(); }
  BufferView added(const Tensor& t) const {
    BufferView v = list.add_temporary(t.sizes(), t.dtype(), kCPU);
    Buffer& b = list.buffers[size_t(v.buffer)];
    b.role = BufferRole::Constant;
    b.storage = t.contiguous().storage();
    b.bytes = b.storage->bytes();
    return v;
  }
};

/// Weight and bias of `call`, a convolution or a product, with the norm in them; none where it does not fold.
struct Folded {
  BufferView weight, bias;
  bool product = false;
};
std::optional<Folded> folded(const Constants& constants, const ListedCall& call, const Norm& norm) {
  const bool product = call.slot == &matmul_kernel;
  if (!product && call.slot != &convolution_kernel) return {};
  const BufferView &weight = call.arguments[2].views[0], &bias = call.arguments[3].views[0];
  if (!constants.are({weight, bias, norm.view(norm.weight), norm.view(norm.weight + 1), norm.view(norm.weight + 2), norm.view(norm.weight + 3)}) ||
      !is_floating_point(weight.dtype))
    return {};
  if (product && (weight.sizes.size() != 2 || *call.arguments[4].as<double>() != 0 || *call.arguments[5].as<double>() != 1)) return {};
  const Tensor w = constants.tensor(weight), b = constants.tensor(bias), mean = constants.tensor(norm.view(norm.weight + 2)),
               var = constants.tensor(norm.view(norm.weight + 3)), scale = constants.tensor(norm.view(norm.weight)),
               shift = constants.tensor(norm.view(norm.weight + 1));
  if (!product) {
    const auto [fused, fused_bias] = nn::utils::fuse_conv_bn_weights(w, b, mean, var, norm.eps(), scale, shift);
    return Folded{constants.added(fused), constants.added(fused_bias)};
  }
  const auto [fused, fused_bias] = nn::utils::fuse_linear_bn_weights(w.t(), b, mean, var, norm.eps(), scale, shift);
  Folded f{constants.added(fused), constants.added(fused_bias), true};
  std::swap(f.weight.sizes[0], f.weight.sizes[1]), std::swap(f.weight.strides[0], f.weight.strides[1]);
  return f;
}

// The call before, with the norm in it, and what is left to do. Both stand where the norm stood, for a residual may be made in between.
std::vector<ListedCall> folded_calls(const ListedCall& before, const Folded& f, const Norm& norm) {
  std::vector<CallArgument> arguments;
  for (const CallArgument& a : before.arguments) arguments.push_back(a.copy());
  arguments[0].views[0] = norm.out(), arguments[2].views[0] = f.weight, arguments[3].views[0] = f.bias;
  std::vector<ListedCall> calls;
  if (norm.relu && !f.product) {
    std::vector<CallArgument> more;
    more.push_back(CallArgument::input(norm.residual()));
    more.push_back(CallArgument::of(UnaryOp::Relu));
    more.push_back(CallArgument::of(Params()));
    arguments.insert(arguments.begin() + 4, std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    calls.push_back(ListedCall::of(*slot_type(convolution_fused_kernel), kCPU, std::move(arguments)));
  } else {
    calls.push_back(ListedCall::of(*slot_type(*before.slot), kCPU, std::move(arguments)));
    if (norm.relu) {
      std::vector<CallArgument> relu;
      relu.push_back(CallArgument::of(UnaryOp::Relu));
      relu.push_back(CallArgument::output(norm.out()));
      relu.push_back(CallArgument::input(norm.out()));
      relu.push_back(CallArgument::of(Params()));
      calls.push_back(ListedCall::of(*slot_type(unary_kernel), kCPU, std::move(relu)));
    }
  }
  for (ListedCall& call : calls) call.module = before.module;
  return calls;
}

}  // namespace

void fold_batch_norm(StepList& list) {
  const Uses uses(list);
  const Constants constants{list};
  std::vector<std::vector<ListedCall>> instead(list.calls.size());
  std::vector<bool> removed(list.calls.size());
  for (size_t i = 0; i < list.calls.size(); ++i) {
    if (!Norm::is(list.calls[i])) continue;
    const Norm norm{list.calls[i]};
    const std::vector<Use>& of_in = uses.of(norm.in().buffer);
    if (of_in.size() != 2 || of_in[1].call != i || list.buffers[size_t(norm.in().buffer)].role != BufferRole::Temporary ||
        uses.is_output(norm.in().buffer))
      continue;
    const size_t p = of_in[0].call;
    const ListedCall& before = list.calls[p];
    if (removed[p] || !(before.arguments[0].kind == SlotArgument::Kind::Output && before.arguments[0].views[0] == norm.in())) continue;
    if (before.slot == &matmul_kernel && norm.residual().defined()) continue;
    if (uses.read_after(norm.view(1).buffer, i) || uses.read_after(norm.view(2).buffer, i)) continue;  // its statistics are wanted
    if (before.arguments.size() < 3 || !before.arguments[1].is_tensor() || uses.written_between(before.arguments[1].views[0].buffer, p, i)) continue;
    if (const auto f = folded(constants, before, norm)) {
      instead[i] = folded_calls(before, *f, norm);
      removed[p] = removed[i] = true;
    }
  }
  std::vector<ListedCall> calls;
  for (size_t i = 0; i < list.calls.size(); ++i) {
    if (!removed[i]) calls.push_back(std::move(list.calls[i]));
    for (ListedCall& call : instead[i]) calls.push_back(std::move(call));
  }
  list.calls = std::move(calls);
}

}  // namespace lazuli::recording
