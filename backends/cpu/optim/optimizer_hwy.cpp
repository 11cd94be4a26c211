#include <cmath>

#include "lazuli/backends/cpu/simd_targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/optim/optimizer_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/optim/optimizer.h"
#include "lazuli/backends/cpu/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

// Vectors at [i, i + lanes) of arrays of n elements.
template <class D>
struct Window {
  using T = Lane<D>;
  D d;
  int64_t i, left;
  bool whole;
  HWY_INLINE hn::Vec<D> load(const T* p) const { return HWY_LIKELY(whole) ? hn::LoadU(d, p + i) : LoadTail(d, p + i, left); }
  HWY_INLINE void store(hn::Vec<D> v, T* p) const {
    if (HWY_LIKELY(whole)) hn::StoreU(v, d, p + i);
    else StoreTail(v, d, p + i, left);
  }
};
template <class D, class F>
HWY_INLINE void ForEachWindow(D d, int64_t n, F f) {
  const int64_t lanes = int64_t(hn::Lanes(d));
  for (int64_t i = 0; i < n; i += lanes) f(Window<D>{d, i, n - i, n - i >= lanes});
}

// g += weight_decay p;  b = momentum b + (1 - dampening) g (b = g at first);  p -= lr (nesterov ? g + momentum b : b)
template <class T>
void Sgd(T* parameter, const T* grad, T* buffer, int64_t n, const SgdOptions& options) {
  const hn::ScalableTag<T> d;
  const SgdOptions o = options;
  const auto sign = Const(d, o.maximize ? -1.0 : 1.0), decay = Const(d, o.weight_decay), momentum = Const(d, o.momentum),
             fresh = Const(d, 1 - o.dampening);
  const auto rate = Const(d, o.lr);
  ForEachWindow(d, n, [&](auto w) HWY_ATTR {
    const auto p = w.load(parameter);
    auto g = hn::Mul(sign, w.load(grad));
    if (o.weight_decay != 0) g = hn::MulAdd(decay, p, g);
    if (buffer) {
      const auto b = o.first_step ? g : hn::MulAdd(momentum, w.load(buffer), hn::Mul(fresh, g));
      w.store(b, buffer);
      g = o.nesterov ? hn::MulAdd(momentum, b, g) : b;
    }
    w.store(hn::NegMulAdd(rate, g, p), parameter);
  });
}

// m += (1 - beta1) (g - m);  v = beta2 v + (1 - beta2) g^2;  p -= lr / (1 - beta1^t) m / (sqrt v / sqrt(1 - beta2^t) + eps)
template <class T>
void Adam(T* parameter, const T* grad, T* average, T* average_square, T* max_square, int64_t n, const AdamOptions& options) {
  const hn::ScalableTag<T> d;
  const AdamOptions o = options;
  const double correction1 = 1 - std::pow(o.beta1, double(o.step)), correction2 = std::sqrt(1 - std::pow(o.beta2, double(o.step)));
  const bool decoupled = o.decoupled_weight_decay;
  const auto sign = Const(d, o.maximize ? -1.0 : 1.0), decay = Const(d, o.weight_decay),
             shrink = Const(d, decoupled ? 1 - o.lr * o.weight_decay : 1.0);
  const auto fresh1 = Const(d, 1 - o.beta1), keep2 = Const(d, o.beta2), fresh2 = Const(d, 1 - o.beta2);
  const auto step = Const(d, o.lr / correction1), root = Const(d, correction2), eps = Const(d, o.eps);
  ForEachWindow(d, n, [&](auto w) HWY_ATTR {
    const auto p = w.load(parameter);
    auto g = hn::Mul(sign, w.load(grad));
    if (!decoupled && o.weight_decay != 0) g = hn::MulAdd(decay, p, g);
    auto m = w.load(average);
    m = hn::MulAdd(fresh1, hn::Sub(g, m), m);
    auto v = hn::MulAdd(hn::Mul(fresh2, g), g, hn::Mul(keep2, w.load(average_square)));
    w.store(m, average);
    w.store(v, average_square);
    if (max_square) {
      v = hn::Max(v, w.load(max_square));
      w.store(v, max_square);
    }
    const auto denominator = hn::Add(hn::Div(hn::Sqrt(v), root), eps);
    w.store(hn::NegMulAdd(step, hn::Div(m, denominator), hn::Mul(p, shrink)), parameter);
  });
}

// A vector as the formulas of core/slots/optimizer_step.def write it.
template <class D>
struct Vector {
  hn::Vec<D> v;
  HWY_INLINE Vector(hn::Vec<D> x) : v(x) {}
  HWY_INLINE Vector(double x) : v(Const(D(), x)) {}
  friend HWY_INLINE Vector operator+(Vector a, Vector b) { return hn::Add(a.v, b.v); }
  friend HWY_INLINE Vector operator-(Vector a, Vector b) { return hn::Sub(a.v, b.v); }
  friend HWY_INLINE Vector operator*(Vector a, Vector b) { return hn::Mul(a.v, b.v); }
  friend HWY_INLINE Vector operator/(Vector a, Vector b) { return hn::Div(a.v, b.v); }
  friend HWY_INLINE Vector operator-(Vector a) { return hn::Neg(a.v); }
  friend HWY_INLINE Vector sqrt(Vector a) { return hn::Sqrt(a.v); }
  friend HWY_INLINE Vector fabs(Vector a) { return hn::Abs(a.v); }
  friend HWY_INLINE Vector fmax(Vector a, Vector b) { return hn::Max(a.v, b.v); }
  friend HWY_INLINE Vector fmin(Vector a, Vector b) { return hn::Min(a.v, b.v); }
  struct Condition {
    hn::Mask<D> m;
    friend HWY_INLINE Vector choose(Condition c, Vector a, Vector b) { return hn::IfThenElse(c.m, a.v, b.v); }
  };
  friend HWY_INLINE Condition operator>(Vector a, Vector b) { return {hn::Gt(a.v, b.v)}; }
  friend HWY_INLINE Condition operator<(Vector a, Vector b) { return {hn::Lt(a.v, b.v)}; }
  friend HWY_INLINE Condition operator==(Vector a, Vector b) { return {hn::Eq(a.v, b.v)}; }
};

// g = maximize ? -grad : grad;  g += weight_decay p;  p *= shrink;  then the rule's formula
template <class T, class Formula>
HWY_INLINE void Step(T* parameter, const T* grad, T* first, T* second, T* third, int64_t n, const StepOptions& options, Formula formula) {
  using D = hn::ScalableTag<T>;
  const double sign = options.maximize ? -1.0 : 1.0, decay = options.weight_decay, shrink = options.shrink;
  ForEachWindow(D(), n, [&](auto w) HWY_ATTR {
    const auto state = [&](const T* from) HWY_ATTR { return from ? w.load(from) : hn::Zero(D()); };
    Vector<D> p = w.load(parameter), g = sign * Vector<D>(w.load(grad)), s = state(first), t = state(second), u = state(third);
    if (decay != 0) g = g + decay * p;
    if (shrink != 1) p = p * shrink;
    formula(p, g, s, t, u);
    w.store(p.v, parameter);
    if (first) w.store(s.v, first);
    if (second) w.store(t.v, second);
    if (third) w.store(u.v, third);
  });
}
#define LAZULI_STEP(rule, ...)                                                                                                                    \
  template <class T>                                                                                                                              \
  void Step##rule(T* parameter, const T* grad, T* first, T* second, T* third, int64_t n, const StepOptions& o) {                                  \
    using REAL = Vector<hn::ScalableTag<T>>;                                                                                                      \
    [[maybe_unused]] const double lr = o.lr, beta1 = o.beta1, beta2 = o.beta2, eps = o.eps;                                                       \
    [[maybe_unused]] const double momentum = o.momentum, correction = o.correction, least = o.least, most = o.most;                               \
    Step(parameter, grad, first, second, third, n, o,                                                                                             \
         [=]([[maybe_unused]] REAL & p, [[maybe_unused]] REAL g, [[maybe_unused]] REAL & s, [[maybe_unused]] REAL & t, [[maybe_unused]] REAL & u) \
             HWY_ATTR __VA_ARGS__);                                                                                                               \
  }
#include "lazuli/core/slots/optimizer_step.def"

template <class T>
void FillSteps(OptimizerLoops<T>& loops) {
#define LAZULI_STEP(rule, ...) loops.step[int(StepRule::rule)] = &Step##rule<T>;
#include "lazuli/core/slots/optimizer_step.def"
}

}  // namespace

void FillOptimizerLoops(OptimizerLoops<float>& f32, OptimizerLoops<double>& f64) {
  f32 = {&Sgd<float>, &Adam<float>, {}};
  f64 = {&Sgd<double>, &Adam<double>, {}};
  FillSteps(f32);
  FillSteps(f64);
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillOptimizerLoops);
void fill_optimizer_loops(OptimizerLoops<float>& f32, OptimizerLoops<double>& f64) { HWY_DYNAMIC_DISPATCH(FillOptimizerLoops)(f32, f64); }
}  // namespace lazuli::cpu
#endif
