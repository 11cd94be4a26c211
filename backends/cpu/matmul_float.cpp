#include <algorithm>

#include "lazuli/backends/cpu/matmul_problem.h"
#include "lazuli/backends/cpu/onednn_primitive.h"
#include "lazuli/backends/cpu/small_gemm.h"
#include "lazuli/core/parallel.h"

namespace lazuli::cpu {
namespace {

// Multiplications up to which our own kernels win over oneDNN, whose calls cost 400 ns and more (measured on Zen 4 with AVX-512, in each layout).
// A product with one row runs at the speed of memory: always ours.
constexpr int64_t kOwn = 96 * 96 * 96;
// Multiplications from which a second thread pays.
constexpr int64_t kShare = 64 * 64 * 64;
constexpr int64_t kPanel = 64;

GemmF32 own_problem(const MatmulProblem& p, int64_t index) {
  GemmF32 g;
  g.m = p.m, g.n = p.n, g.k = p.k;
  g.a = static_cast<const float*>(p.a) + index * p.a_batch;
  g.a_row = p.a_row, g.a_col = p.a_col;
  g.b = static_cast<const float*>(p.b) + index * p.b_batch;
  g.b_row = p.b_row, g.b_col = p.b_col;
  g.c = static_cast<float*>(p.out) + index * p.out_batch;
  g.c_row = p.out_row;
  g.bias = static_cast<const float*>(p.bias);
  g.bias_per_row = p.bias_per_row;
  g.alpha = float(p.alpha), g.beta = float(p.beta);
  return g;
}

void run_rows(GemmF32 g, int64_t from, int64_t to) {
  g.a += from * g.a_row;
  g.c += from * g.c_row;
  if (g.bias && g.bias_per_row) g.bias += from;
  g.m = to - from;
  small_gemm_f32(g);
}

void run_columns(GemmF32 g, int64_t from, int64_t to) {
  g.b += from * g.b_col;
  g.c += from;
  if (g.bias && !g.bias_per_row) g.bias += from;
  g.n = to - from;
  small_gemm_f32(g);
}

void own_matmul(GemmF32 g, int64_t work) {
  if (work <= kShare) return small_gemm_f32(g);
  g.way = best_way(g);  // before cutting, so that the result does not depend on the thread count
  const int64_t panels = (g.n + kPanel - 1) / kPanel;
  if (panels >= 2 && panels >= get_num_threads())  // in whole panels
    return parallel_for(0, panels, 1, [&](int64_t from, int64_t to) { run_columns(g, from * kPanel, std::min(to * kPanel, g.n)); });
  parallel_for(0, g.m, 8, [&](int64_t from, int64_t to) { run_rows(g, from, to); });
}

void sgemm(const MatmulProblem& p) {
  OneDnnThreads threads;
  float beta = float(p.beta);
  if (p.bias) scale_and_bias(p), beta = 1;
  const bool ta = p.a_col != 1, tb = p.b_col != 1;
  dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', p.m, p.n, p.k, float(p.alpha), static_cast<const float*>(p.a), ta ? p.a_col : p.a_row, static_cast<const float*>(p.b),
             tb ? p.b_col : p.b_row, beta, static_cast<float*>(p.out), p.out_row);
}

bool is_power_of_two(int64_t n) { return (n & (n - 1)) == 0; }

// Which of oneDNN's two ways is the faster.
bool prefers_sgemm(const MatmulProblem& p) {
  if (p.alpha != 1) return true;
  if (p.bias || p.bias_per_row) return false;
  return p.m >= 1024 && p.n >= 1024 && p.k >= 1024 && is_power_of_two(p.n);
}

}  // namespace

bool float32_takes_strides(const MatmulProblem& p) { return p.m * p.n * p.k <= kOwn; }

void matmul_float32(const MatmulProblem& p) {
  const int64_t work = p.m * p.n * p.k;
  const bool own = p.m == 1 || work <= kOwn;
  if (p.batch > 1) {
    if (!own && matmul_onednn(p)) return;
    const int64_t grain = std::max<int64_t>(1, kShare / work);
    return parallel_for(0, p.batch, grain, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) small_gemm_f32(own_problem(p, i));
    });
  }
  if (own) return own_matmul(own_problem(p, 0), work);
  if (prefers_sgemm(p) || !matmul_onednn(p)) sgemm(p);
}

}  // namespace lazuli::cpu
