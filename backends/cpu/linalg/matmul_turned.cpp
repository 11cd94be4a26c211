// Products whose a is transposed, as those of the gradients of weights are: sums over long columns of it, whose elements lie far apart. Blocks of it are turned in the cache; b is laid
// out in panels whose rows do not collide there. An element's sum runs in the same order however the rows are cut.
#include <algorithm>
#include <memory>

#include "lazuli/backends/cpu/linalg/matmul_problem.h"
#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/core/threads/parallel.h"

namespace lazuli::cpu {
namespace {

constexpr int64_t kDepth = 256;                      // of a block
constexpr int64_t kRows = 192;                       // of a block, at most: it stays in the second-level cache
constexpr int64_t kTile = 6;                         // rows that share registers
constexpr int64_t kPanel = 64, kPanelRow = 64 + 16;  // columns, and from one row of a panel to the next: no power of two
constexpr int64_t kBlockRow = kDepth + 16;

std::unique_ptr<float[]> room(int64_t n) { return std::unique_ptr<float[]>(new float[size_t(n)]); }

// Columns j .. of depth rows of b from p on.
void pack_panel(float* to, const MatmulProblem& problem, int64_t p, int64_t depth, int64_t j) {
  const int64_t n = std::min(kPanel, problem.n - j);
  const float* b = static_cast<const float*>(problem.b) + p * problem.b_row + j * problem.b_col;
  if (problem.b_col != 1) return transpose_f32(to, kPanelRow, b, problem.b_col, n, depth);
  for (int64_t i = 0; i < depth; ++i) std::copy_n(b + i * problem.b_row, n, to + i * kPanelRow);
}

}  // namespace

void matmul_turned(const MatmulProblem& problem) {
  const int64_t panels = (problem.n + kPanel - 1) / kPanel, threads = get_num_threads();
  const int64_t even = (problem.m + threads - 1) / threads, blocks = threads * ((even + kRows - kTile - 1) / (kRows - kTile));
  const auto first_row = [&](int64_t block) { return block == blocks ? problem.m : problem.m * block / blocks / kTile * kTile; };
  const auto b = room(panels * kDepth * kPanelRow);
  const float* a = static_cast<const float*>(problem.a);
  float* c = static_cast<float*>(problem.out);
  for (int64_t p = 0; p < problem.k; p += kDepth) {
    const int64_t depth = std::min(kDepth, problem.k - p);
    parallel_for(0, panels, 1, [&](int64_t from, int64_t to) {
      for (int64_t j = from; j < to; ++j) pack_panel(b.get() + j * kDepth * kPanelRow, problem, p, depth, j * kPanel);
    });
    parallel_for(0, blocks, 1, [&](int64_t from, int64_t to) {
      const auto turned = room(kRows * kBlockRow);
      for (int64_t block = from; block < to; ++block) {
        const int64_t row = first_row(block), count = first_row(block + 1) - row;
        if (count == 0) continue;
        transpose_f32(turned.get(), kBlockRow, a + p * problem.a_col + row, problem.a_col, depth, count);
        for (int64_t j = 0; j < panels; ++j) {
          GemmF32 g;
          g.m = count, g.n = std::min(kPanel, problem.n - j * kPanel), g.k = depth;
          g.a = turned.get(), g.a_row = kBlockRow, g.a_col = 1;
          g.b = b.get() + j * kDepth * kPanelRow, g.b_row = kPanelRow, g.b_col = 1;
          g.c = c + row * problem.out_row + j * kPanel, g.c_row = problem.out_row;
          if (problem.bias && p == 0) {
            g.bias = static_cast<const float*>(problem.bias) + (problem.bias_per_row ? row : j * kPanel);
            g.bias_per_row = problem.bias_per_row;
          }
          g.alpha = float(problem.alpha), g.beta = p == 0 ? float(problem.beta) : 1.0f;
          g.way = GemmWay::Tiles;
          small_gemm_f32(g);
        }
      }
    });
  }
}

}  // namespace lazuli::cpu
