#pragma once
#include <cstdint>

namespace lazuli::cpu {

/// How a product is computed: in register tiles over c, as dot products along k, or as a sum of b's rows.
enum class GemmWay : uint8_t { Choose, Tiles, Dots, Rows };

/// What becomes of an element of the result: max(x, 0); or x where `other` is above 0, and 0 elsewhere. A NaN in x, or in `other`, stays as the separate kernels leave it.
enum class GemmEnd : uint8_t { None, Relu, ReluGrad };

/// c[i * c_row + j] = beta * c[..] + alpha * sum_p a[i * a_row + p * a_col] * b[p * b_row + j * b_col] + bias, for i < m, j < n, p < k.
/// Strides are in elements and arbitrary for a and b; bias is per column, or per row where `bias_per_row`; null for none. With beta 0, c is not read.
struct GemmF32 {
  int64_t m = 0, n = 0, k = 0;
  const float* a = nullptr;
  int64_t a_row = 0, a_col = 0;
  const float* b = nullptr;
  int64_t b_row = 0, b_col = 0;
  float* c = nullptr;
  int64_t c_row = 0;
  const float* bias = nullptr;
  bool bias_per_row = false;
  float alpha = 1, beta = 0;
  GemmEnd end = GemmEnd::None;
  const float* other = nullptr;  // at other[i * other_row + j]
  int64_t other_row = 0;
  GemmWay way = GemmWay::Choose;
};

/// The fastest way for these sizes and strides.
GemmWay best_way(const GemmF32& g);

/// Our own kernels, in the calling thread, without any set-up: for products too small to be worth a call of oneDNN, and for m == 1.
/// Each element's sum runs in the same order however the rows and columns are cut for one way, so that callers may share the work between threads.
void small_gemm_f32(const GemmF32& g);

/// out[c * stride + r] = in[r * row + c] for r < rows, c < columns, in the calling thread.
void transpose_f32(float* out, int64_t stride, const float* in, int64_t row, int64_t rows, int64_t columns);

}  // namespace lazuli::cpu
