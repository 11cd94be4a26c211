#include <algorithm>
#include <numeric>

#include "lazuli/backends/cpu/linalg/matmul_problem.h"
#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/backends/cpu/onednn_primitive.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

// Multiplications (m n k) up to which our own kernels win over oneDNN in every layout, and where they read b as it lies. Measured on Zen 4 with AVX-512.
constexpr int64_t kOwn = 96 * 96 * 96;
constexpr int64_t kOwnUnpacked = 256 * 256 * 256;
constexpr int64_t kNarrow = 32;  // columns or rows of a product for which oneDNN's kernels are half idle
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
  g.end = p.end;
  g.other = static_cast<const float*>(p.other);
  g.other_row = p.other_row;
  return g;
}

void run_block(GemmF32 g, int64_t row, int64_t row_end, int64_t column, int64_t column_end) {
  g.a += row * g.a_row;
  g.b += column * g.b_col;
  g.c += row * g.c_row + column;
  if (g.bias) g.bias += g.bias_per_row ? row : column;
  if (g.other) g.other += row * g.other_row + column;
  g.m = row_end - row;
  g.n = column_end - column;
  small_gemm_f32(g);
}

void own_matmul(GemmF32 g) {
  if (g.m * g.n * g.k <= kShare) return small_gemm_f32(g);
  if (g.way == GemmWay::Choose) g.way = best_way(g);  // before cutting, so that the result does not depend on the thread count
  // Whole panels of columns; rows are cut too where that shares the panels out evenly.
  const int64_t threads = get_num_threads(), panels = (g.n + kPanel - 1) / kPanel;
  const int64_t cuts = std::clamp<int64_t>(threads / std::gcd(panels, threads), 1, (g.m + 5) / 6);
  parallel_for(0, cuts * panels, 1, [&](int64_t from, int64_t to) {
    while (from < to) {  // the panels of one cut at a time
      const int64_t cut = from / panels, end = std::min(to, (cut + 1) * panels), first = from % panels, last = first + end - from;
      run_block(g, g.m * cut / cuts, g.m * (cut + 1) / cuts, first * kPanel, std::min(last * kPanel, g.n));
      from = end;
    }
  });
}

bool own_is_best(const MatmulProblem& p) {
  const int64_t work = p.m * p.n * p.k;
  if (p.m == 1 || work <= kOwn) return true;  // one row: at the speed of memory
  const bool narrow = std::min(p.m, p.n) <= kNarrow;
  if (p.b_col == 1) return narrow || work <= kOwnUnpacked;
  return narrow && p.b_row == 1 && best_way(own_problem(p, 0)) == GemmWay::Dots;
}

void sgemm(const MatmulProblem& p) {
  const OneDnnThreads threads;
  float beta = float(p.beta);
  if (p.bias) scale_and_bias(p), beta = 1;
  const bool tb = p.b_col != 1;
  dnnl_sgemm('N', tb ? 'T' : 'N', p.m, p.n, p.k, float(p.alpha), static_cast<const float*>(p.a), p.a_row, static_cast<const float*>(p.b),
             tb ? p.b_col : p.b_row, beta, static_cast<float*>(p.out), p.out_row);
}

}  // namespace

bool float32_takes_strides(const MatmulProblem& p) { return p.m * p.n * p.k <= kOwn; }
bool float32_takes_end(const MatmulProblem& p) { return p.batch == 1 && own_is_best(p); }

void matmul_float32(const MatmulProblem& p) {
  const bool own = own_is_best(p);
  if (p.batch > 1) {
    if (!own && matmul_onednn(p)) return;
    const int64_t grain = std::max<int64_t>(1, kShare / 2 / (p.m * p.n * p.k));
    return parallel_for(0, p.batch, grain, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) small_gemm_f32(own_problem(p, i));
    });
  }
  if (own) return own_matmul(own_problem(p, 0));
  if (p.a_col != 1) return matmul_turned(p);
  // oneDNN's sgemm is the faster one where b need not be transposed, its matmul primitive where it must.
  const bool transposed_b = p.b_col != 1;
  if (p.alpha == 1 && transposed_b && matmul_onednn(p)) return;
  sgemm(p);
}

}  // namespace lazuli::cpu
