// Lanes along the keys of a row of scores.
#include "lazuli/backends/cpu/network/attention_kernels.h"
#include "lazuli/backends/cpu/simd_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lazuli/backends/cpu/network/attention_hwy.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lazuli/backends/cpu/reduce/softmax_row-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lazuli::cpu::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;

AttentionLoops::Row exponentials(float* x, int64_t n) {
  const float max = max_of_row(x, n);
  if (max != -std::numeric_limits<float>::infinity()) return {max, exp_sum_of_row<float>(x, x, n, max)};
  double sum = 0;  // the maximum does not tell of NaN
  for (int64_t i = 0; i < n; ++i) sum += x[i] != x[i] ? double(x[i]) : 0.0;
  std::fill_n(x, n, float(sum));
  return {max, sum};
}

void scale(float* x, int64_t n, float factor) {
  const D d;
  const auto f = hn::Set(d, factor);
  for_vectors(d, x, n, 0.0f, [&](int64_t i, auto v) HWY_ATTR { put(d, hn::Mul(v, f), x, i, n); });
}

double dot(const float* a, const float* b, int64_t n) {
  const D d;
  auto sum = hn::Zero(d);
  for_vectors(d, a, n, 0.0f, [&](int64_t i, auto v) HWY_ATTR {
    const auto w = i + int64_t(hn::Lanes(d)) <= n ? load(d, b + i) : load_tail(d, b + i, size_t(n - i), 0.0f);
    sum = hn::MulAdd(v, w, sum);
  });
  return sum_of(d, sum);
}

void gradients(float* scores, float* grad, int64_t n, float log_sum, float delta) {
  const D d;
  const auto l = hn::Set(d, log_sum), minus = hn::Set(d, delta);
  for_vectors(d, scores, n, 0.0f, [&](int64_t i, auto s) HWY_ATTR {
    const auto w = exp_below(d, hn::Sub(s, l));
    const auto g = i + int64_t(hn::Lanes(d)) <= n ? load(d, grad + i) : load_tail(d, grad + i, size_t(n - i), 0.0f);
    put(d, hn::Mul(w, hn::Sub(g, minus)), grad, i, n);
    put(d, w, scores, i, n);
  });
}

}  // namespace

const void* AttentionTable() {
  static constexpr AttentionLoops loops{exponentials, scale, dot, gradients};
  return &loops;
}

}  // namespace lazuli::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lazuli::cpu {

HWY_EXPORT(AttentionTable);
const AttentionLoops& attention_loops() { return *static_cast<const AttentionLoops*>(HWY_DYNAMIC_DISPATCH(AttentionTable)()); }

}  // namespace lazuli::cpu
#endif
