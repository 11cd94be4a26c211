#include <algorithm>
#include <optional>

#include "lazuli/core/slots.h"
#include "lazuli/core/slots/window_slots.h"
#include "lazuli/record/passes/passes.h"
#include "lazuli/record/passes/uses.h"

namespace lazuli::recording {
namespace {

constexpr UnaryOp kActivations[] = {UnaryOp::Relu, UnaryOp::Relu6, UnaryOp::LeakyRelu, UnaryOp::Hardswish, UnaryOp::Sigmoid,
                                    UnaryOp::Tanh, UnaryOp::Silu,  UnaryOp::Gelu,      UnaryOp::GeluTanh};

/// A convolution, fused or not.
struct Convolution {
  ListedCall& call;
  bool fused = call.slot == &convolution_fused_kernel;

  static bool is(const ListedCall& call) { return call.slot == &convolution_kernel || call.slot == &convolution_fused_kernel; }
  const BufferView& out() const { return call.arguments[0].views[0]; }
  BufferView residual() const { return fused ? call.arguments[4].views[0] : BufferView(); }
  UnaryOp activation() const { return fused ? *call.arguments[5].as<UnaryOp>() : UnaryOp::Positive; }

  void make_fused() {
    if (fused) return;
    std::vector<CallArgument> arguments = std::move(call.arguments), more;
    more.push_back(CallArgument::input(BufferView()));
    more.push_back(CallArgument::of(UnaryOp::Positive));
    more.push_back(CallArgument::of(Params()));
    arguments.insert(arguments.begin() + 4, std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    ListedCall made = ListedCall::of(*slot_type(convolution_fused_kernel), call.device, std::move(arguments));
    made.module = std::move(call.module);
    call = std::move(made);
    fused = true;
  }
};

bool lies_dense(const BufferView& v) {
  for (int64_t d = 0; d < v.sizes.size(); ++d)
    if (v.strides[d] == 0 && v.sizes[d] != 1) return false;
  return true;
}

/// What a call does to the result of a convolution, if that can be part of it.
struct Epilogue {
  const BufferView* residual = nullptr;  // of the call
  UnaryOp activation = UnaryOp::Positive;
  Params p = {};
};
std::optional<Epilogue> epilogue(const ListedCall& call, const Convolution& convolution) {
  const BufferView& result = convolution.out();
  if (convolution.activation() != UnaryOp::Positive || !is_floating_point(result.dtype)) return {};
  if (call.slot == &unary_kernel) {
    const UnaryOp op = *call.arguments[0].as<UnaryOp>();
    if (!is_activation(op) || !(call.arguments[2].views[0] == result)) return {};
    return Epilogue{nullptr, op, *call.arguments[3].as<Params>()};
  }
  if (call.slot == &binary_kernel && *call.arguments[0].as<BinaryOp>() == BinaryOp::Add && !convolution.residual().defined()) {
    const BufferView &a = call.arguments[2].views[0], &b = call.arguments[3].views[0];
    const BufferView& other = a == result ? b : a;
    if (!(a == result || b == result) || other.buffer == result.buffer || !lies_dense(other) || other.dtype != result.dtype) return {};
    return Epilogue{&other};
  }
  return {};
}

// The residual's memory becomes that of the result where this call is the last that looks at it.
void share_residuals(StepList& list) {
  for (size_t i = 0; i < list.calls.size(); ++i) {
    if (list.calls[i].slot != &convolution_fused_kernel) continue;
    const Uses uses(list);
    const Convolution c{list.calls[i]};
    const BufferView from = c.residual(), to = c.out();
    if (!from.defined() || from.buffer == to.buffer) continue;
    const Buffer &a = list.buffers[size_t(from.buffer)], &b = list.buffers[size_t(to.buffer)];
    const bool same = from.dtype == to.dtype && from.strides == to.strides && from.offset == to.offset && a.bytes == b.bytes;
    const bool last = uses.of(from.buffer).back().call == i && !uses.is_output(from.buffer), first = uses.of(to.buffer)[0].call == i;
    if (!same || !last || !first || a.role != BufferRole::Temporary || (b.role != BufferRole::Temporary && b.role != BufferRole::Output)) continue;
    for (ListedCall& call : list.calls)
      for (CallArgument& argument : call.arguments)
        for (BufferView& v : argument.views)
          if (v.buffer == from.buffer) v.buffer = to.buffer;
  }
}

// The first convolution from `i` on whose result goes to one call only, which can be part of it: it stands where that call stood.
bool fuse_one(StepList& list, size_t i) {
  if (!Convolution::is(list.calls[i])) return false;
  const Uses uses(list);
  Convolution convolution{list.calls[i]};
  const BufferView result = convolution.out();
  const std::vector<Use>& of = uses.of(result.buffer);
  size_t u = 0;
  while (u < of.size() && of[u].call <= i) ++u;
  if (u == of.size() || u == 0 || of[u - 1].call != i || (u > 1 && of[0].call != i)) return false;
  const size_t j = of[u].call;
  const auto found = epilogue(list.calls[j], convolution);
  if (!found) return false;
  const BufferView out = list.calls[j].arguments[1].views[0];
  const bool in_place = out == result;
  if (!in_place && uses.read_after(result.buffer, j)) return false;
  if (!(out.dtype == result.dtype && out.sizes == result.sizes) || out.buffer == convolution.call.arguments[1].views[0].buffer) return false;
  bool moves = true;  // nothing that it reads is written in between
  convolution.call.for_each_view([&](const BufferView& v, bool written) { moves &= written || !uses.written_between(v.buffer, i, j); });
  if (!moves) return false;
  convolution.make_fused();
  convolution.call.arguments[0].views[0] = out;
  if (found->residual) convolution.call.arguments[4].views[0] = *found->residual;
  if (found->activation != UnaryOp::Positive) {
    convolution.call.arguments[5] = CallArgument::of(found->activation);
    convolution.call.arguments[6] = CallArgument::of(found->p);
  }
  list.calls[j] = std::move(list.calls[i]);
  list.calls.erase(list.calls.begin() + ptrdiff_t(i));
  return true;
}

}  // namespace

bool is_activation(UnaryOp op) { return std::find(std::begin(kActivations), std::end(kActivations), op) != std::end(kActivations); }

void fuse_epilogues(StepList& list) {
  for (size_t i = 0; i < list.calls.size();)
    if (!fuse_one(list, i)) ++i;
  share_residuals(list);
}

}  // namespace lazuli::recording
