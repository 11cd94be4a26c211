#pragma once
#include <cstdint>

#include "lazuli/backends/cpu/linalg/small_gemm.h"
#include "lazuli/core/dtype.h"

namespace lazuli::cpu {

/// out = beta * out + alpha * a b (+ bias) on addresses: strides in elements. As `matmul` hands it on, out's rows are contiguous (out_col is 1, out_row >= n),
/// m, n, k and batch are at least 1, and the stride of a dimension of size 1 is what a row-major matrix would have.
struct MatmulProblem {
  DType dtype = kFloat32;
  int64_t batch = 1, m = 0, n = 0, k = 0;
  const void *a = nullptr, *b = nullptr, *bias = nullptr;
  void* out = nullptr;
  int64_t a_batch = 0, a_row = 0, a_col = 0;
  int64_t b_batch = 0, b_row = 0, b_col = 0;
  int64_t out_batch = 0, out_row = 0, out_col = 0;
  bool bias_per_row = false;  // m values instead of n
  double beta = 0, alpha = 1;
  GemmEnd end = GemmEnd::None;  // of float32, by those that say so
  const void* other = nullptr;  // its rows are contiguous
  int64_t other_row = 0;
};

/// Whether BLAS and oneDNN take a matrix with these strides as it is: rows or columns contiguous, the others no closer than they are long.
inline bool is_dense_matrix(int64_t rows, int64_t columns, int64_t row, int64_t column) {
  return (column == 1 && row >= columns) || (row == 1 && column >= rows);
}

/// out = beta * out + bias, which is all when k is 0, and the start of a product that BLAS then adds to. With beta 0, out is not read.
void scale_and_bias(const MatmulProblem& p);

// The products themselves, by dtype. All but the integers' want a and b dense (see is_dense_matrix), but for float32 where `float32_takes_strides`.
void matmul_float32(const MatmulProblem& p);  // matmul_float.cpp
void matmul_turned(const MatmulProblem& p);   // matmul_turned.cpp: float32 with a transposed, one at a time
bool float32_takes_strides(const MatmulProblem& p);
bool float32_takes_end(const MatmulProblem& p);
bool matmul_onednn(const MatmulProblem& p);   // matmul_onednn.cpp: float32, bfloat16, float16, batches; false when oneDNN has no good way
void matmul_blas(const MatmulProblem& p);     // matmul_blas.cpp: float64, complex64, complex128
bool matmul_dots(const MatmulProblem& p);     // matmul_blas.cpp: float32 and float64, one row by one column of any strides; false when it is not that
void matmul_integer(const MatmulProblem& p);  // matmul_integer.cpp: any strides

}  // namespace lazuli::cpu
