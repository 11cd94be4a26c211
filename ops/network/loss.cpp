#include "lazuli/ops/network/loss.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/optional_tensor.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/value_checks.h"
#include "lazuli/ops/index/gather_checks.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/network/loss_support.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

namespace losses {

Tensor reduced(const Tensor& loss, Reduction reduction) {
  if (reduction == Reduction::BatchMean) fail("loss", "reduction", "none, mean or sum (kl_div alone knows batchmean)", "batchmean");
  return reduction == Reduction::Mean ? mean(loss) : reduction == Reduction::Sum ? sum(loss) : loss;
}

Tensor total_weight(const Tensor& target, const Tensor& weight, int64_t ignore_index) {
  Tensor counts = pointwise("ne", BinaryOp::Ne, target, wrapped(ignore_index), DTypeRule::Bool);
  if (!weight.defined()) return reduction::run(ReduceOp::CountNonzero, counts, reduction::mask_of({}, counts.dim(), "sum"), false, kInt64);
  Tensor flat = pointwise("mul", BinaryOp::Mul, target, counts).reshape(target.numel());
  Tensor each = index_select(weight, 0, flat);
  return sum(mul(each, counts.reshape(target.numel())));
}

}  // namespace losses

namespace {

constinit const Tensor kUndefined;

// Input [c], [n, c] or [n, c, ..] and classes of the other sizes, or probabilities of all; returns the classes' dimension.
int64_t check_classes(const char* op, const Tensor& input, const Tensor& target, const Tensor& weight, bool takes_probabilities) {
  if (!input.is_floating_point()) fail(ErrorKind::Type, op, "input", "a floating point dtype", name(input.dtype()));
  if (input.dim() == 0) fail(op, "input", "[c], [n, c] or [n, c, ..]", "a 0-d tensor");
  int64_t dim = input.dim() == 1 ? 0 : 1, c = input.sizes()[dim];
  if (weight.defined() && (weight.dim() != 1 || weight.numel() != c))
    fail(op, "weight", "one weight for each of " + std::to_string(c) + " classes", "sizes " + to_string(weight.sizes()));
  detail::check_device(op, "target", input, target);
  if (weight.defined()) detail::check_device(op, "weight", input, weight);
  Shape sizes = input.sizes();
  if (!target.is_floating_point()) sizes.erase(dim);
  if (is_integral(target.dtype()) ? target.dtype() != kInt64 && target.dtype() != kUInt8 : !target.is_floating_point())
    fail(ErrorKind::Type, op, "target", "int64 classes", name(target.dtype()));
  if (target.is_floating_point() && (!takes_probabilities || target.dim() < input.dim()))
    fail(ErrorKind::Type, op, "target",
         takes_probabilities ? "int64 classes, or probabilities of the sizes of input, " + to_string(input.sizes()) : "int64 classes",
         std::string(name(target.dtype())) + " of sizes " + to_string(target.sizes()));
  if (!(target.sizes() == sizes))
    fail(op, "target", "sizes " + to_string(sizes) + " for input " + to_string(input.sizes()), to_string(target.sizes()));
  return dim;
}

// Zeros of [n, c] with `value` at each row's class, `other` elsewhere; rows to ignore have any value.
Tensor class_rows(const Tensor& target, int64_t c, DType dtype, int64_t ignore_index) {
  Tensor valid = pointwise("ne", BinaryOp::Ne, target, wrapped(ignore_index), DTypeRule::Bool);
  Tensor index = pointwise("mul", BinaryOp::Mul, target, valid).reshape({target.numel(), 1});
  return reduction::put_along(casted(valid, dtype).reshape({target.numel(), 1}), 1, index, c);
}

// The gradient of the fused losses with respect to the logits, differentiable: a softmax minus the mixed target, each row weighted.
Tensor cross_entropy_backward(const Tensor& grad, const Tensor& logits, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                              double smoothing) {
  int64_t c = logits.sizes()[1];
  Tensor hit = mul(class_rows(target, c, logits.dtype(), ignore_index), Scalar(1 - smoothing));
  if (weight.defined()) hit = mul(hit, weight);
  if (smoothing > 0) {
    Tensor valid = casted(pointwise("ne", BinaryOp::Ne, target, wrapped(ignore_index), DTypeRule::Bool), logits.dtype()).unsqueeze(1);
    Tensor spread = mul(valid, Scalar(smoothing / double(c)));
    hit = add(hit, weight.defined() ? mul(spread, weight) : spread);
  }
  Tensor rows = sum(hit, 1, true);
  return mul(grad.unsqueeze(1), sub(mul(softmax(logits, 1), rows), hit));
}

// Of [n, c] logits: the losses [n], or their reduction, by the fused kernels.
Tensor cross_entropy_rows(const Tensor& logits, const Tensor& target, const Tensor& weight, Reduction reduction, int64_t ignore_index,
                          double smoothing) {
  DType exact = logits.dtype() == kFloat64 ? kFloat64 : kFloat32;
  int64_t n = logits.sizes()[0];
  Tensor out = new_tensor({n}, reduction == Reduction::None ? logits.dtype() : exact, logits.device()),
         log_sum = new_tensor({n}, exact, logits.device()), total;
  cross_entropy_kernel(logits.device(), out, log_sum, logits, target, weight, ignore_index, smoothing);
  if (reduction != Reduction::None) out = reduction::run(ReduceOp::Sum, out, 1, false, exact);
  if (reduction == Reduction::Mean) {
    total = casted(losses::total_weight(target, weight, ignore_index), exact);
    binary_kernel(out.device(), BinaryOp::Div, out, out, total, Params());
  }
  out = casted(out, logits.dtype());
  if (auto tape = Tape::recording(logits))
    tape.record(
        "cross_entropy", out,
        [in = tape.save(logits), target = tape.save(target), weight = tape.save(weight), log_sum, total, ignore_index, smoothing](const Tensor& given,
                                                                                                                                  Needs) {
          Tensor x = in.get(), classes = target.get(), grad = total.defined() ? div(given, total) : given;
          if (modes.grad)
            return Grads{cross_entropy_backward(grad.dim() ? grad : grad.expand(log_sum.sizes()), x, classes, weight.get(), ignore_index, smoothing)};
          Tensor grad_in = new_tensor(x.sizes(), x.dtype(), x.device());
          cross_entropy_backward_kernel(x.device(), grad_in, expanded(grad, log_sum.sizes()), log_sum, x, classes, weight.get(), ignore_index,
                                        smoothing);
          return Grads{grad_in};
        });
  return out;
}

Tensor probability_cross_entropy(const Tensor& input, const Tensor& target, const Tensor& weight, Reduction reduction, double smoothing) {
  int64_t dim = input.dim() == 1 ? 0 : 1, c = input.sizes()[dim];
  Tensor wanted = smoothing > 0 ? add(mul(target, Scalar(1 - smoothing)), Scalar(smoothing / double(c))) : target;
  Tensor loss = mul(log_softmax(input, dim), wanted);
  if (weight.defined()) {
    Shape sizes = Shape::filled(input.dim(), 1);
    sizes[dim] = c;
    loss = mul(loss, weight.reshape(sizes));
  }
  if (reduction == Reduction::None) return neg(sum(loss, dim));
  loss = neg(sum(loss));
  return reduction == Reduction::Sum ? loss : div(loss, Scalar(double(input.numel()) / double(c)));
}

}  // namespace

Tensor cross_entropy(const Tensor& input, const Tensor& target, CrossEntropyLossOptions options) {
  if (const Casting cast{Cast::Float32, input, target, options}) return cross_entropy(cast(input), cast(target), cast(options));
  need_defined("cross_entropy", input, "input", target, "target");
  const char* op = "cross_entropy";
  check_members(op, options);
  const auto& [weight, ignore_index, label_smoothing, reduction] = options;
  const Tensor& w = weight ? *weight : kUndefined;
  int64_t dim = check_classes(op, input, target, w, true), c = input.sizes()[dim];
  if (target.is_floating_point()) return probability_cross_entropy(input, target, w, reduction, label_smoothing);
  if (modes.grad && w.defined() && w.requires_grad())
    return losses::cross_entropy_composite(input, target, options);  // the kernels differentiate by the logits alone
  Tensor classes = casted(target, kInt64);
  if (input.dim() == 2) return cross_entropy_rows(input, classes, w, reduction, ignore_index, label_smoothing);
  Tensor rows = input;
  if (input.dim() > 2) {
    Shape order;
    for (int64_t i = 0; i < input.dim(); ++i)
      if (i != 1) order.push_back(i);
    order.push_back(1);
    rows = input.permute(order);
  }
  Tensor loss = cross_entropy_rows(rows.reshape({classes.numel(), c}), classes.reshape(classes.numel()), w, reduction, ignore_index, label_smoothing);
  return reduction == Reduction::None ? loss.reshape(target.sizes()) : loss;
}

Tensor linear_cross_entropy(const Tensor& input, const Tensor& linear_weight, const Tensor& target, LinearCrossEntropyFunctionOptions options) {
  const char* op = "linear_cross_entropy";
  need_defined(op, input, "input", linear_weight, "linear_weight", target, "target");
  check_members(op, options);
  undefined_is_none(options.linear_bias, options.weight);
  const auto& [linear_bias, weight, ignore_index, label_smoothing, reduction] = options;
  if (linear_weight.dim() < 2) fail(op, "linear_weight", "[classes, .., in_features]", "sizes " + to_string(linear_weight.sizes()));
  const bool places = linear_weight.dim() > 2;
  if (input.dim() == 0 || (places && input.dim() != 2))
    fail(op, "input", places ? "[n, in_features] for weights of many places" : "[.., in_features]", "sizes " + to_string(input.sizes()));
  // Sizes of the scores' rows, of the scores of one, and of its targets.
  Shape leading = input.sizes(), scored = linear_weight.sizes(), classes = leading, probabilities = leading;
  const int64_t in = scored.back();
  for (Shape* sizes : {&leading, &scored, &classes, &probabilities}) sizes->erase(sizes->size() - 1);
  for (int64_t d = 0; d < scored.size(); ++d) {
    probabilities.push_back(scored[d]);
    if (d > 0) classes.push_back(scored[d]);
  }
  if (linear_bias && !(linear_bias->sizes() == scored))
    fail(op, "linear_bias", "sizes " + to_string(scored), "sizes " + to_string(linear_bias->sizes()));
  const bool of_classes = target.sizes() == classes;
  if (!of_classes && !(target.sizes() == probabilities))
    fail(op, "target", "a class for each row of the input, sizes " + to_string(classes) + ", or probabilities, sizes " + to_string(probabilities),
         "sizes " + to_string(target.sizes()));
  if (!of_classes && ignore_index) fail(op, "ignore_index", "none beside probabilities", std::to_string(*ignore_index));
  const auto by_row = [rows = leading.numel()](Shape sizes, int64_t from) {
    Shape flat{rows};
    for (int64_t d = from; d < sizes.size(); ++d) flat.push_back(sizes[d]);
    return flat;
  };
  const OptionalTensor bias = linear_bias ? OptionalTensor(linear_bias->reshape({-1})) : OptionalTensor();
  const Tensor logits = linear(input, linear_weight.reshape({scored.numel(), in}), bias).reshape(by_row(scored, 0));
  const Tensor loss =
      cross_entropy(logits, target.reshape(by_row(of_classes ? classes : probabilities, leading.size())),
                    {.weight = weight, .ignore_index = ignore_index.value_or(-100), .label_smoothing = label_smoothing, .reduction = reduction});
  return reduction == Reduction::None ? loss.reshape(classes) : loss;
}

Tensor nll_loss(const Tensor& input, const Tensor& target, NLLLossOptions options) {
  if (const Casting cast{Cast::Float32, input, target, options}) return nll_loss(cast(input), cast(target), cast(options));
  need_defined("nll_loss", input, "input", target, "target");
  const char* op = "nll_loss";
  check_members(op, options);
  const auto& [weight, ignore_index, reduction] = options;
  const Tensor& w = weight ? *weight : kUndefined;
  int64_t dim = check_classes(op, input, target, w, false), c = input.sizes()[dim];
  Tensor classes = casted(target, kInt64), valid = pointwise("ne", BinaryOp::Ne, classes, wrapped(ignore_index), DTypeRule::Bool);
  Tensor index = pointwise("mul", BinaryOp::Mul, classes, valid);
  // elsewhere the kernel's own check of indices does, without waiting for the device
  if (input.numel() && index.device().is_cpu())
    need_values(ErrorKind::Index, op, "target", "classes in [0, " + std::to_string(c) + ")", index, (index >= Scalar(0)) & (index < Scalar(c)));
  // Not times 0: where all are ignored, the gradient that comes is NaN, and what an ignored row holds may be infinite.
  Tensor loss = where(valid, neg(reduction::take_along(input, dim, index.unsqueeze(dim)).squeeze(Shape{dim})), Scalar(0));
  const bool wide = reduction != Reduction::None && (loss.dtype() == kFloat16 || loss.dtype() == kBFloat16);  // the sum of many is none of theirs
  const Tensor weights = wide && w.defined() ? to(w, kFloat32) : w;
  if (wide) loss = to(loss, kFloat32);
  if (w.defined()) {
    const Tensor each = index_select(weights, 0, index.reshape(index.numel()));
    loss = mul(loss, each.reshape(loss.sizes()));
  }
  if (reduction == Reduction::None) return loss;
  loss = losses::reduced(loss, Reduction::Sum);
  if (reduction == Reduction::Mean) loss = div(loss, losses::total_weight(classes, weights, ignore_index));
  return wide ? to(loss, input.dtype()) : loss;
}

Tensor losses::cross_entropy_composite(const Tensor& input, const Tensor& target, CrossEntropyLossOptions options) {
  const auto& [weight, ignore_index, label_smoothing, reduction] = options;
  int64_t dim = input.dim() == 1 ? 0 : 1, c = input.sizes()[dim];
  Tensor log_p = log_softmax(input, dim), loss = nll_loss(log_p, target, weight, reduction, ignore_index);
  if (label_smoothing == 0) return loss;
  Shape sizes = Shape::filled(input.dim(), 1);
  sizes[dim] = c;
  Tensor spread = neg(sum(weight ? mul(log_p, weight->reshape(sizes)) : log_p, dim)) * (target != Scalar(ignore_index));
  if (reduction != Reduction::None) spread = sum(spread);
  if (reduction == Reduction::Mean) spread = div(spread, total_weight(target, weight ? *weight : kUndefined, ignore_index));
  return loss * Scalar(1 - label_smoothing) + spread * Scalar(label_smoothing / double(c));
}

void register_loss(OpTable& table) {
  table.add(
      "linear_cross_entropy(Tensor input, Tensor linear_weight, Tensor target, *, Tensor? linear_bias=None, Tensor? weight=None, int? "
      "ignore_index=None, "
      "float label_smoothing=0.0, str reduction='mean') -> Tensor",
      &linear_cross_entropy);
  table.add("nll_loss(Tensor input, Tensor target, Tensor? weight=None, *, int ignore_index=-100, str reduction='mean') -> Tensor", &nll_loss);
  table.add(
      "cross_entropy(Tensor input, Tensor target, Tensor? weight=None, *, int ignore_index=-100, float label_smoothing=0.0, str reduction='mean') -> "
      "Tensor",
      &cross_entropy);
}

}  // namespace lazuli
