#include "lazuli/core/slots/normalization_slots.h"
#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {
namespace {

Tensor rstd_of(const Tensor& variance, double eps) { return apply(UnaryOp::Rsqrt, plus(variance, eps)); }

}  // namespace

void layer_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, double eps) {
  if (!in.is_floating_point()) return layer_norm_kernel.decline(in.device(), out, mean, rstd, in, weight, bias, eps);
  if (out.numel() == 0) return;
  const int64_t rows = in.sizes()[0], n = in.sizes()[1];
  const Tensor x = widened(in), centre = mean.defined() ? reduced(ReduceOp::Mean, x, 1) : Tensor(), centred = mean.defined() ? minus(x, centre) : x;
  const Tensor r = rstd_of(over(reduced(ReduceOp::SumSquares, centred, 1), double(n)), eps);
  Tensor y = times(centred, r);
  if (weight.defined()) y = times(y, along(casted(weight, x.dtype()), 1, 2));
  if (bias.defined()) y = plus(y, along(casted(bias, x.dtype()), 1, 2));
  write(out, y);
  if (mean.defined()) write(mean, reshaped(centre, rows));
  write(rstd, reshaped(r, rows));
}

// with h = g w and x^ = (x - mean) rstd: grad_in = rstd (h - [mean: sum(h) / n] - x^ sum(h x^) / n)
void layer_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight) {
  if (!in.is_floating_point()) return layer_norm_backward_kernel.decline(in.device(), grad_in, grad_weight, grad_bias, grad, in, mean, rstd, weight);
  const int64_t n = in.sizes()[1];
  const Tensor x = widened(in), g = casted(grad, x.dtype()), r = along(casted(rstd, x.dtype()), 0, 2);
  const Tensor normal = times(mean.defined() ? minus(x, along(casted(mean, x.dtype()), 0, 2)) : x, r);
  const Tensor for_weight = grad_weight.defined() ? reduced(ReduceOp::Sum, times(g, normal), 0) : Tensor(),
               for_bias = grad_bias.defined() ? reduced(ReduceOp::Sum, g, 0) : Tensor();
  if (grad_in.defined() && grad_in.numel()) {
    const Tensor h = weight.defined() ? times(g, along(casted(weight, x.dtype()), 1, 2)) : g;
    Tensor inner = minus(h, times(normal, reduced(ReduceOp::Mean, times(h, normal), 1)));
    if (mean.defined()) inner = minus(inner, reduced(ReduceOp::Mean, h, 1));
    write(grad_in, times(inner, r));
  }
  if (grad_weight.defined()) write(grad_weight, reshaped(for_weight, n));
  if (grad_bias.defined()) write(grad_bias, reshaped(for_bias, n));
}

namespace {

// Vectors of channels broadcast over [n, c, ..], and sums down to [1, c, 1, ..].
struct Channels {
  int64_t c, rank, count;
  Shape sizes;
  DType dtype;
  explicit Channels(const Tensor& in)
      : c(in.sizes()[1]), rank(in.dim()), count(c ? in.numel() / c : 0), sizes(Shape::filled(rank, 1)), dtype(wide(in.dtype())) {
    sizes[1] = c;
  }
  Tensor over_all(const Tensor& vector) const { return along(casted(vector, dtype), 1, rank); }
  Tensor reduced(ReduceOp op, const Tensor& t) const { return composites::reduced(op, t, sizes, dtype); }
  void write_vector(Tensor& out, const Tensor& t) const {
    if (out.defined()) write(out, reshaped(t, c));
  }
  // running = (1 - momentum) running + momentum factor value
  void blend(Tensor& running, const Tensor& value, double momentum, double factor) const {
    if (running.defined()) write(running, reshaped(plus(times(over_all(running), 1 - momentum), times(value, momentum * factor)), c));
  }
};

}  // namespace

void batch_norm(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& weight, const Tensor& bias, Tensor& running_mean,
                Tensor& running_var, bool training, double momentum, double eps) {
  if (!in.is_floating_point())
    return batch_norm_kernel.decline(in.device(), out, mean, rstd, in, weight, bias, running_mean, running_var, training, momentum, eps);
  if (in.numel() == 0) return;
  const Channels channels(in);
  const Tensor x = widened(in);
  Tensor m, centred, r;
  if (training) {
    m = channels.reduced(ReduceOp::Mean, x);
    centred = minus(x, m);
    const Tensor variance = over(channels.reduced(ReduceOp::SumSquares, centred), double(channels.count));
    r = rstd_of(variance, eps);
    channels.blend(running_mean, m, momentum, 1);
    channels.blend(running_var, variance, momentum, double(channels.count) / double(channels.count - 1));
  } else {
    m = running_mean.defined() ? dense(channels.over_all(running_mean)) : filled(channels.sizes, 0, x.dtype(), x.device());
    r = rstd_of(running_var.defined() ? channels.over_all(running_var) : filled(channels.sizes, 1, x.dtype(), x.device()), eps);
    centred = minus(x, m);
  }
  Tensor y = times(centred, weight.defined() ? times(r, channels.over_all(weight)) : r);
  if (bias.defined()) y = plus(y, channels.over_all(bias));
  write(out, y);
  channels.write_vector(mean, m);
  channels.write_vector(rstd, r);
}

// with x^ = (x - mean) rstd: grad_in = w rstd (g - [training: sum(g) / n + x^ sum(g x^) / n])
void batch_norm_backward(Tensor& grad_in, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& in, const Tensor& mean,
                         const Tensor& rstd, const Tensor& weight, bool training) {
  if (!in.is_floating_point())
    return batch_norm_backward_kernel.decline(in.device(), grad_in, grad_weight, grad_bias, grad, in, mean, rstd, weight, training);
  const Channels channels(in);
  if (in.numel() == 0) {
    for (Tensor* t : {&grad_weight, &grad_bias})
      if (t->defined() && t->numel()) fill_kernel(t->device(), *t, 0);
    return;
  }
  const Tensor x = widened(in), g = casted(grad, x.dtype()), r = channels.over_all(rstd), normal = times(minus(x, channels.over_all(mean)), r);
  const bool sums = training && grad_in.defined();
  const Tensor sum = sums || grad_bias.defined() ? channels.reduced(ReduceOp::Sum, g) : Tensor();
  const Tensor sum_normal = sums || grad_weight.defined() ? channels.reduced(ReduceOp::Sum, times(g, normal)) : Tensor();
  if (grad_in.defined()) {
    const double n = double(channels.count);
    const Tensor inner = training ? minus(minus(g, over(sum, n)), times(normal, over(sum_normal, n))) : g;
    write(grad_in, times(inner, weight.defined() ? times(r, channels.over_all(weight)) : r));
  }
  channels.write_vector(grad_weight, sum_normal);
  channels.write_vector(grad_bias, sum);
}

void batch_norm_relu(Tensor& out, Tensor& mean, Tensor& rstd, const Tensor& in, const Tensor& residual, const Tensor& weight, const Tensor& bias,
                     Tensor& running_mean, Tensor& running_var, bool training, double momentum, double eps) {
  if (in.numel() == 0) return;
  const Tensor x = widened(in);
  Tensor y = new_tensor(x.sizes(), x.dtype(), x.device());
  batch_norm_kernel(in.device(), y, mean, rstd, x, weight, bias, running_mean, running_var, training, momentum, eps);
  write(out, apply(UnaryOp::Relu, residual.defined() ? plus(y, casted(residual, y.dtype())) : y));
}

void batch_norm_relu_backward(Tensor& grad_in, Tensor& grad_residual, Tensor& grad_weight, Tensor& grad_bias, const Tensor& grad, const Tensor& out,
                              const Tensor& in, const Tensor& mean, const Tensor& rstd, const Tensor& weight, bool training) {
  const Tensor before = in.numel() ? where(apply(BinaryOp::Le, out, 0.0), number(0, grad.dtype(), grad.device()), grad) : grad;
  if (grad_residual.defined() && in.numel()) write(grad_residual, before);
  batch_norm_backward_kernel(in.device(), grad_in, grad_weight, grad_bias, before, in, mean, rstd, weight, training);
}

void register_normalization() {
  layer_norm_kernel.set_composite(layer_norm);
  layer_norm_backward_kernel.set_composite(layer_norm_backward);
  batch_norm_kernel.set_composite(batch_norm);
  batch_norm_backward_kernel.set_composite(batch_norm_backward);
  batch_norm_relu_kernel.set_composite(batch_norm_relu);
  batch_norm_relu_backward_kernel.set_composite(batch_norm_relu_backward);
}

}  // namespace lazuli::composites
