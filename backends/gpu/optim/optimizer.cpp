#include <cmath>

#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"

namespace lazuli::gpu {
namespace {

const Source kSgd{"sgd", R"gpu(
// g += weight_decay p;  b = momentum b + (1 - dampening) g (b = g at first);  p -= lr (nesterov ? g + momentum b : b)
KERNEL(sgd)(BUFFER(P, parameter), INPUT(G, grad), BUFFER(B, buffer), int64 n, P_REAL sign, P_REAL decay, P_REAL momentum, P_REAL fresh, P_REAL rate, int first, int nesterov) {
  OPEN(P, parameter);
  OPEN_INPUT(G, grad);
  OPEN(B, buffer);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  const P_REAL p = P_LOAD(parameter, i);
  P_REAL g = sign * G_LOAD(grad, i);
  if (decay != 0) g = FMA(decay, p, g);
  if (HAS(buffer)) {
    const P_REAL b = first ? g : FMA(momentum, (P_REAL)B_LOAD(buffer, i), fresh * g);
    B_STORE(buffer, i, b);
    g = nesterov ? FMA(momentum, b, g) : b;
  }
  P_STORE(parameter, i, FMA(-rate, g, p));
}
)gpu"};

const Source kAdam{"adam", R"gpu(
// m += (1 - beta1) (g - m);  v = beta2 v + (1 - beta2) g^2;  p -= lr / (1 - beta1^t) m / (sqrt v / sqrt(1 - beta2^t) + eps)
KERNEL(adam)(BUFFER(P, parameter), INPUT(G, grad), BUFFER(M, average), BUFFER(V, average_square), BUFFER(V, max_square), int64 n, P_REAL sign, P_REAL decay, P_REAL shrink,
             P_REAL fresh1, P_REAL keep2, P_REAL fresh2, P_REAL step, P_REAL root, P_REAL eps) {
  OPEN(P, parameter);
  OPEN_INPUT(G, grad);
  OPEN(M, average);
  OPEN(V, average_square);
  OPEN(V, max_square);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  const P_REAL p = P_LOAD(parameter, i);
  P_REAL g = sign * G_LOAD(grad, i);
  if (decay != 0) g = FMA(decay, p, g);
  P_REAL m = M_LOAD(average, i);
  m = FMA(fresh1, g - m, m);
  P_REAL v = FMA(fresh2 * g, g, keep2 * V_LOAD(average_square, i));
  M_STORE(average, i, m);
  V_STORE(average_square, i, v);
  if (HAS(max_square)) {
    const P_REAL most = V_LOAD(max_square, i);
    v = v < most ? most : v;
    V_STORE(max_square, i, v);
  }
  P_STORE(parameter, i, FMA(-step, m / (sqrt(v) / root + eps), p * shrink));
}
)gpu"};

void check_dtype(const char* op, const Tensor& parameter) {
  if (!parameter.is_floating_point()) fail(ErrorKind::Type, op, "input", std::string("a dtype that ") + op + " supports", name(parameter.dtype()));
}

void sgd(Tensor& parameter, const Tensor& grad, Tensor& momentum_buffer, const SgdOptions& o) {
  check_dtype("sgd", parameter);
  if (parameter.numel() == 0) return;
  const DType t = parameter.dtype();
  Arguments args;
  args.buffer(parameter).buffer(grad).buffer(momentum_buffer).value(parameter.numel());
  for (double x : {o.maximize ? -1.0 : 1.0, o.weight_decay, o.momentum, 1 - o.dampening, o.lr}) args.number(t, x);
  args.value(int(o.first_step)).value(int(o.nesterov));
  Variant(kSgd, "sgd", parameter.device())
      .type("P", t)
      .type("G", grad.dtype())
      .type("B", momentum_buffer.defined() ? momentum_buffer.dtype() : t)
      .run(Grid::items(parameter.numel()), args);
}

void adam(Tensor& parameter, const Tensor& grad, Tensor& average, Tensor& average_square, Tensor& max_square, const AdamOptions& o) {
  check_dtype("adam", parameter);
  if (parameter.numel() == 0) return;
  const DType t = parameter.dtype();
  const double correction1 = 1 - std::pow(o.beta1, double(o.step)), correction2 = std::sqrt(1 - std::pow(o.beta2, double(o.step)));
  const bool decoupled = o.decoupled_weight_decay;
  Arguments args;
  args.buffer(parameter).buffer(grad).buffer(average).buffer(average_square).buffer(max_square).value(parameter.numel());
  for (double x : {o.maximize ? -1.0 : 1.0, decoupled ? 0.0 : o.weight_decay, decoupled ? 1 - o.lr * o.weight_decay : 1.0, 1 - o.beta1, o.beta2,
                   1 - o.beta2, o.lr / correction1, correction2, o.eps})
    args.number(t, x);
  Variant(kAdam, "adam", parameter.device())
      .type("P", t)
      .type("G", grad.dtype())
      .type("M", average.dtype())
      .type("V", average_square.dtype())
      .run(Grid::items(parameter.numel()), args);
}

}  // namespace

void register_optimizer(DeviceType type) {
  sgd_kernel.set(type, &sgd);
  adam_kernel.set(type, &adam);
}

}  // namespace lazuli::gpu
