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

}  // namespace

void FillOptimizerLoops(OptimizerLoops<float>& f32, OptimizerLoops<double>& f64) {
  f32 = {&Sgd<float>, &Adam<float>};
  f64 = {&Sgd<double>, &Adam<double>};
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {
HWY_EXPORT(FillOptimizerLoops);
void fill_optimizer_loops(OptimizerLoops<float>& f32, OptimizerLoops<double>& f64) { HWY_DYNAMIC_DISPATCH(FillOptimizerLoops)(f32, f64); }
}  // namespace lazuli::cpu
#endif
