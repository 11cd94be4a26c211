// A product and the activation behind it, or the gradient of one, as one call of the slot `matmul_fused`.
#include <algorithm>
#include <optional>

#include "lazuli/core/slots.h"
#include "lazuli/record/passes.h"
#include "lazuli/record/passes/uses.h"

namespace lazuli::recording {
namespace {

// Of an activation: the first operand is the gradient of its result.
bool is_gradient(BinaryOp op) { return op == BinaryOp::ReluGrad || op == BinaryOp::SigmoidGrad || op == BinaryOp::TanhGrad; }

struct End {
  const BufferView *out, *other;  // of the call; other null: none
  UnaryOp activation = UnaryOp::Positive;
  BinaryOp op = BinaryOp::Add;
  Params p;
};

// What a call does to `product`.
std::optional<End> end_of(const ListedCall& call, const BufferView& product) {
  const auto view = [&](size_t i) -> const BufferView& { return call.arguments[i].views[0]; };
  if (call.slot == &unary_kernel) {
    const UnaryOp op = *call.arguments[0].as<UnaryOp>();
    if (!is_activation(op) || !(view(2) == product)) return {};
    return End{&view(1), nullptr, op, BinaryOp::Add, *call.arguments[3].as<Params>()};
  }
  if (call.slot == &binary_kernel) {
    const BinaryOp op = *call.arguments[0].as<BinaryOp>();
    const BufferView& other = view(3);
    if (!is_gradient(op) || !(view(2) == product) || other.buffer == product.buffer || other.buffer == view(1).buffer) return {};
    return End{&view(1), &other, UnaryOp::Positive, op, *call.arguments[4].as<Params>()};
  }
  return {};
}

class ProductFusion {
 public:
  explicit ProductFusion(StepList& list) : list_(list), uses_(list), removed_(list.calls.size()) {}

  void run() {
    for (size_t i = 0; i < list_.calls.size(); ++i)
      if (is_plain_product(list_.calls[i])) join(i);
    std::vector<ListedCall> calls;
    for (size_t i = 0; i < list_.calls.size(); ++i)
      if (!removed_[i]) calls.push_back(std::move(list_.calls[i]));
    list_.calls = std::move(calls);
  }

 private:
  static bool is_plain_product(const ListedCall& call) {
    return call.slot == &matmul_kernel && call.device.is_cpu() && *call.arguments[4].as<double>() == 0 && *call.arguments[5].as<double>() == 1 &&
           is_floating_point(call.arguments[0].views[0].dtype);
  }

  // The product at i stands where what follows it stood.
  void join(size_t i) {
    const ListedCall& product = list_.calls[i];
    const BufferView result = product.arguments[0].views[0];
    const std::vector<Use>& uses = uses_.of(result.buffer);
    const auto next = std::find_if(uses.begin(), uses.end(), [&](const Use& u) { return u.call > i; });
    if (next == uses.end() || uses.begin()->call != i || (next - 1)->call != i) return;
    const size_t j = next->call;
    const std::optional<End> end = end_of(list_.calls[j], result);
    if (!end || !list_.calls[j].device.is_cpu()) return;
    const bool in_place = *end->out == result;
    if (!in_place && (uses.size() > 2 || uses_.is_output(result.buffer) || list_.buffers[size_t(result.buffer)].role != BufferRole::Temporary))
      return;
    for (size_t between = i + 1; between < j; ++between)
      if (list_.calls[between].is_action() && list_.calls[between].action.kind == HostAction::Kind::Region) return;
    bool moves = true;  // nothing that it reads is written in between, or with the result
    for (const size_t argument : {1, 2, 3})
      if (const BufferView& v = product.arguments[argument].views[0]; v.defined())
        moves &= v.buffer != end->out->buffer && !uses_.written_between(v.buffer, i, j);
    if (!moves) return;
    std::vector<CallArgument> arguments;
    arguments.push_back(CallArgument::output(*end->out));
    for (const size_t argument : {1, 2, 3}) arguments.push_back(product.arguments[argument]);
    arguments.push_back(CallArgument::of(end->activation));
    arguments.push_back(CallArgument::input(end->other ? *end->other : BufferView()));
    arguments.push_back(CallArgument::of(end->op));
    arguments.push_back(CallArgument::of(end->p));
    ListedCall made = ListedCall::of(*slot_type(matmul_fused_kernel), kCPU, std::move(arguments));
    made.module = product.module;
    list_.calls[j] = std::move(made);
    removed_[i] = true;
  }

  StepList& list_;
  const Uses uses_;
  std::vector<bool> removed_;
};

}  // namespace

void fuse_products(StepList& list) { ProductFusion(list).run(); }

}  // namespace lazuli::recording
