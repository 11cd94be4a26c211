#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {

void softmax(Tensor& out, const Tensor& in, int64_t dim, bool log) {
  if (!out.is_floating_point()) return softmax_kernel.decline(out.device(), out, in, dim, log);
  if (out.numel() == 0) return;
  const Tensor x = casted(in, wide(out.dtype())), shifted = minus(x, reduced(ReduceOp::Amax, x, dim)), e = apply(UnaryOp::Exp, shifted);
  const Tensor sum = reduced(ReduceOp::Sum, e, dim);
  write(out, log ? minus(shifted, apply(UnaryOp::Log, sum)) : over(e, sum));
}

void softmax_backward(Tensor& grad_in, const Tensor& grad, const Tensor& out, int64_t dim, bool log) {
  if (!grad_in.is_floating_point()) return softmax_backward_kernel.decline(grad_in.device(), grad_in, grad, out, dim, log);
  if (grad_in.numel() == 0) return;
  const Tensor g = casted(grad, wide(grad_in.dtype())), y = casted(out, g.dtype());
  if (log) return write(grad_in, minus(g, times(apply(UnaryOp::Exp, y), reduced(ReduceOp::Sum, g, dim))));
  write(grad_in, times(y, minus(g, reduced(ReduceOp::Sum, times(g, y), dim))));
}

namespace {

// What both directions of the cross entropy need of the classes, as columns [n, 1].
struct Classes {
  Tensor ignored, target, weight;  // weight: [1, c] or undefined; target: 0 where ignored
  Classes(const Tensor& targets, const Tensor& weights, DType dtype, int64_t ignore_index) {
    const Tensor column = along(casted(targets, kInt64), 0, 2);
    ignored = apply(BinaryOp::Eq, column, ignore_index);
    target = where(ignored, number(0, kInt64, column.device()), column);
    if (weights.defined()) weight = along(casted(weights, dtype), 1, 2);
  }
  Tensor chosen(const Tensor& rows) const {  // rows[i][target[i]], checked by the kernel
    Tensor out = new_tensor(target.sizes(), rows.dtype(), rows.device());
    gather_kernel(out.device(), out, expanded(rows, {target.sizes()[0], rows.sizes()[1]}), 1, target);
    return out;
  }
  Tensor zero_where_ignored(const Tensor& t) const { return where(ignored, number(0, t.dtype(), t.device()), t); }
};

}  // namespace

// loss = (1 - s) w[t] (l - x[t]) + s / c * (l sum(w) - sum_j w[j] x[j])
void cross_entropy(Tensor& losses, Tensor& log_sum, const Tensor& logits, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                   double smoothing) {
  if (!logits.is_floating_point())
    return cross_entropy_kernel.decline(logits.device(), losses, log_sum, logits, target, weight, ignore_index, smoothing);
  if (losses.numel() == 0) return;
  const int64_t n = logits.sizes()[0], c = logits.sizes()[1];
  const Tensor x = widened(logits);
  const Classes classes(target, weight, x.dtype(), ignore_index);
  const Tensor l = reduced(ReduceOp::LogSumExp, x, 1);
  Tensor loss = minus(l, classes.chosen(x));
  if (classes.weight.defined()) loss = times(loss, classes.chosen(classes.weight));
  if (smoothing > 0) {
    const Tensor weighted = reduced(ReduceOp::Sum, classes.weight.defined() ? times(x, classes.weight) : x, 1);
    const Tensor all = classes.weight.defined() ? times(l, reduced(ReduceOp::Sum, classes.weight, 1)) : times(l, double(c));
    loss = plus(times(loss, 1 - smoothing), times(minus(all, weighted), smoothing / double(c)));
  }
  write(losses, reshaped(classes.zero_where_ignored(loss), n));
  write(log_sum, reshaped(l, n));
}

// exp(x - l) ((1 - s) w[t] + s / c sum(w)) - s / c w - [j = t] (1 - s) w[t], times the row's gradient
void cross_entropy_backward(Tensor& grad_logits, const Tensor& grad, const Tensor& log_sum, const Tensor& logits, const Tensor& target,
                            const Tensor& weight, int64_t ignore_index, double smoothing) {
  if (!logits.is_floating_point())
    return cross_entropy_backward_kernel.decline(logits.device(), grad_logits, grad, log_sum, logits, target, weight, ignore_index, smoothing);
  if (grad_logits.numel() == 0) return;
  const int64_t c = logits.sizes()[1];
  const Tensor x = widened(logits), l = along(casted(log_sum, x.dtype()), 0, 2);
  const Classes classes(target, weight, x.dtype(), ignore_index);
  const Tensor scale = classes.zero_where_ignored(along(casted(grad, x.dtype()), 0, 2));
  const Tensor p = apply(UnaryOp::Exp, minus(x, l)),
               at_target = casted(apply(BinaryOp::Eq, along(counted(c, x.device()), 1, 2), classes.target), x.dtype());
  const bool weighted = classes.weight.defined();
  Tensor hit = times(scale, 1 - smoothing), factor;
  if (weighted) hit = times(hit, classes.chosen(classes.weight));
  Tensor result;
  if (smoothing > 0) {
    const Tensor spread = times(scale, smoothing / double(c));
    factor = plus(hit, weighted ? times(spread, reduced(ReduceOp::Sum, classes.weight, 1)) : times(spread, double(c)));
    result = minus(times(p, factor), weighted ? times(spread, classes.weight) : spread);
  } else {
    result = times(p, hit);
  }
  write(grad_logits, classes.zero_where_ignored(minus(result, times(at_target, hit))));
}

void register_softmax() {
  softmax_kernel.set_composite(softmax);
  softmax_backward_kernel.set_composite(softmax_backward);
  cross_entropy_kernel.set_composite(cross_entropy);
  cross_entropy_backward_kernel.set_composite(cross_entropy_backward);
}

}  // namespace lazuli::composites
