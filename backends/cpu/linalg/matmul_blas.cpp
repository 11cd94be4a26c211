#include <cblas.h>

#include <algorithm>
#include <complex>

#include "lazuli/backends/cpu/linalg/matmul_problem.h"
#include "lazuli/backends/cpu/onednn_primitive.h"

namespace lazuli::cpu {
namespace {

template <class T>
void gemm(const MatmulProblem& p, double beta) {
  const bool ta = p.a_col != 1, tb = p.b_col != 1;
  const blasint m = blasint(p.m), n = blasint(p.n), k = blasint(p.k), ldc = blasint(p.out_row);
  const blasint lda = blasint(ta ? p.a_col : p.a_row), ldb = blasint(tb ? p.b_col : p.b_row);
  const auto op_a = ta ? CblasTrans : CblasNoTrans, op_b = tb ? CblasTrans : CblasNoTrans;
  for (int64_t i = 0; i < p.batch; ++i) {
    const T *a = static_cast<const T*>(p.a) + i * p.a_batch, *b = static_cast<const T*>(p.b) + i * p.b_batch;
    T* out = static_cast<T*>(p.out) + i * p.out_batch;
    if constexpr (std::is_same_v<T, double>) {
      cblas_dgemm(CblasRowMajor, op_a, op_b, m, n, k, p.alpha, a, lda, b, ldb, beta, out, ldc);
    } else {
      const T x = T(p.alpha), y = T(beta);
      if constexpr (std::is_same_v<T, std::complex<float>>) cblas_cgemm(CblasRowMajor, op_a, op_b, m, n, k, &x, a, lda, b, ldb, &y, out, ldc);
      else cblas_zgemm(CblasRowMajor, op_a, op_b, m, n, k, &x, a, lda, b, ldb, &y, out, ldc);
    }
  }
}

}  // namespace

void matmul_blas(const MatmulProblem& p) {
  const OneDnnThreads threads;  // OpenBLAS in its OpenMP build follows the same setting
  double beta = p.beta;
  if (p.bias) scale_and_bias(p), beta = 1;
  switch (p.dtype) {
    case kFloat64: return gemm<double>(p, beta);
    case kComplex64: return gemm<std::complex<float>>(p, beta);
    default: return gemm<std::complex<double>>(p, beta);
  }
}

}  // namespace lazuli::cpu
