#include <cmath>

#include "lazuli/ops/composites/support.h"

namespace lazuli::composites {

// g += weight_decay p;  b = momentum b + (1 - dampening) g (b = g at first);  p -= lr (nesterov ? g + momentum b : b)
void sgd(Tensor& parameter, const Tensor& grad, Tensor& momentum_buffer, const SgdOptions& o) {
  if (!parameter.is_floating_point()) return sgd_kernel.decline(parameter.device(), parameter, grad, momentum_buffer, o);
  const Tensor p = widened(parameter);
  Tensor g = casted(grad, p.dtype());
  if (o.maximize) g = apply(UnaryOp::Neg, g);
  if (o.weight_decay != 0) g = plus(g, times(p, o.weight_decay));
  if (momentum_buffer.defined()) {
    const Tensor b = o.first_step ? g : plus(times(casted(momentum_buffer, p.dtype()), o.momentum), o.dampening == 0 ? g : times(g, 1 - o.dampening));
    write(momentum_buffer, b);
    g = o.nesterov ? plus(g, times(b, o.momentum)) : b;
  }
  write(parameter, minus(p, times(g, o.lr)));
}

// m += (1 - beta1) (g - m);  v = beta2 v + (1 - beta2) g^2;  p -= lr / (1 - beta1^t) m / (sqrt v / sqrt(1 - beta2^t) + eps)
void adam(Tensor& parameter, const Tensor& grad, Tensor& average, Tensor& average_square, Tensor& max_square, const AdamOptions& o) {
  if (!parameter.is_floating_point()) return adam_kernel.decline(parameter.device(), parameter, grad, average, average_square, max_square, o);
  const double correction1 = 1 - std::pow(o.beta1, double(o.step)), correction2 = std::sqrt(1 - std::pow(o.beta2, double(o.step)));
  Tensor p = widened(parameter), g = casted(grad, p.dtype()), m = casted(average, p.dtype());
  if (o.maximize) g = apply(UnaryOp::Neg, g);
  if (o.weight_decay != 0) {
    if (o.decoupled_weight_decay) p = times(p, 1 - o.lr * o.weight_decay);
    else g = plus(g, times(p, o.weight_decay));
  }
  m = plus(m, times(minus(g, m), 1 - o.beta1));
  Tensor v = plus(times(casted(average_square, p.dtype()), o.beta2), times(apply(UnaryOp::Square, g), 1 - o.beta2));
  write(average, m);
  write(average_square, v);
  if (max_square.defined()) {
    v = apply(BinaryOp::Maximum, v, casted(max_square, p.dtype()));
    write(max_square, v);
  }
  const Tensor denominator = plus(over(apply(UnaryOp::Sqrt, v), correction2), o.eps);
  write(parameter, minus(p, times(over(m, denominator), o.lr / correction1)));
}

void register_optimizer() {
  sgd_kernel.set_composite(sgd);
  adam_kernel.set_composite(adam);
}

}  // namespace lazuli::composites
