#include <cmath>

#include "lazuli/backends/gpu/families.h"
#include "lazuli/backends/gpu/program.h"
#include "lazuli/core/error.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/optimizer_step.h"

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

const Source kStep{"optimizer_step", R"gpu(
// g = maximize ? -grad : grad;  g += weight_decay p;  p *= shrink;  then the rule's formula
#define choose(condition, a, b) ((condition) ? (a) : (b))
KERNEL(optimizer_step)(BUFFER(P, parameter), INPUT(G, grad), BUFFER(S, first), BUFFER(T, second), BUFFER(U, third), int64 n, REAL sign, REAL decay, REAL shrink, REAL lr,
                       REAL beta1, REAL beta2, REAL eps, REAL momentum, REAL correction, REAL least, REAL most) {
  OPEN(P, parameter);
  OPEN_INPUT(G, grad);
  OPEN(S, first);
  OPEN(T, second);
  OPEN(U, third);
  const int64 i = GLOBAL_ID;
  if (i >= n) return;
  REAL p = P_LOAD(parameter, i), g = sign * G_LOAD(grad, i), s = 0, t = 0, u = 0;
  if (HAS(first)) s = S_LOAD(first, i);
  if (HAS(second)) t = T_LOAD(second, i);
  if (HAS(third)) u = U_LOAD(third, i);
  if (decay != 0) g = g + decay * p;
  p = p * shrink;
  FORMULA
  P_STORE(parameter, i, p);
  if (HAS(first)) S_STORE(first, i, s);
  if (HAS(second)) T_STORE(second, i, t);
  if (HAS(third)) U_STORE(third, i, u);
}
)gpu"};

const char* formula_of(StepRule rule) {
  static constexpr const char* kFormulas[] = {
#define LAZULI_STEP(rule, ...) #__VA_ARGS__,
#include "lazuli/core/slots/optimizer_step.def"
  };
  return kFormulas[int(rule)];
}

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

void step(StepRule rule, Tensor& parameter, const Tensor& grad, Tensor& first, Tensor& second, Tensor& third, const StepOptions& o) {
  check_dtype("optimizer_step", parameter);
  if (parameter.numel() == 0) return;
  const DType t = parameter.dtype();
  Arguments args;
  args.buffer(parameter).buffer(grad).buffer(first).buffer(second).buffer(third).value(parameter.numel());
  for (double x : {o.maximize ? -1.0 : 1.0, o.weight_decay, o.shrink, o.lr, o.beta1, o.beta2, o.eps, o.momentum, o.correction, o.least, o.most})
    args.number(t, x);
  const auto type_of = [&](const Tensor& state) { return state.defined() ? state.dtype() : t; };
  Variant(kStep, "optimizer_step", parameter.device())
      .type("P", t)
      .type("G", grad.dtype())
      .type("S", type_of(first))
      .type("T", type_of(second))
      .type("U", type_of(third))
      .define("FORMULA", formula_of(rule))
      .run(Grid::items(parameter.numel()), args);
}

}  // namespace

void register_optimizer(DeviceType type) {
  sgd_kernel.set(type, &sgd);
  adam_kernel.set(type, &adam);
  optimizer_step_kernel.set(type, &step);
}

}  // namespace lazuli::gpu
