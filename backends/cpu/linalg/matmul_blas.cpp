#include <cblas.h>

#include <algorithm>
#include <complex>
#include <vector>

#include "lazuli/backends/cpu/linalg/matmul_problem.h"
#include "lazuli/backends/cpu/onednn_primitive.h"
#include "lazuli/core/threads/parallel.h"

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

double dot(const float* a, int64_t a_step, const float* b, int64_t b_step, int64_t n) {
  return cblas_sdot(blasint(n), a, blasint(a_step), b, blasint(b_step));
}
double dot(const double* a, int64_t a_step, const double* b, int64_t b_step, int64_t n) {
  return cblas_ddot(blasint(n), a, blasint(a_step), b, blasint(b_step));
}

// Pieces that OpenBLAS does not share out among threads, so that the sum is the same for any number of them.
template <class T>
void dots(const MatmulProblem& p) {
  constexpr int64_t kPiece = 8192;
  const int64_t pieces = (p.k + kPiece - 1) / kPiece;
  std::vector<double> sums(size_t(p.batch * pieces));
  parallel_for(0, p.batch * pieces, std::max<int64_t>(1, 4 * kPiece / p.k), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) {
      const int64_t first = i % pieces * kPiece;
      sums[size_t(i)] = dot(static_cast<const T*>(p.a) + i / pieces * p.a_batch + first * p.a_col, p.a_col,
                            static_cast<const T*>(p.b) + i / pieces * p.b_batch + first * p.b_row, p.b_row, std::min(kPiece, p.k - first));
    }
  });
  for (int64_t i = 0; i < p.batch; ++i) {
    T& out = static_cast<T*>(p.out)[i * p.out_batch];
    double sum = 0;
    for (int64_t k = 0; k < pieces; ++k) sum += sums[size_t(i * pieces + k)];
    out = T(p.alpha * sum + (p.beta != 0 ? p.beta * double(out) : 0.0) + (p.bias ? double(*static_cast<const T*>(p.bias)) : 0.0));
  }
}

}  // namespace

bool matmul_dots(const MatmulProblem& p) {
  if (p.m != 1 || p.n != 1 || (p.dtype != kFloat32 && p.dtype != kFloat64)) return false;
  if (p.dtype == kFloat32) dots<float>(p);
  else dots<double>(p);
  return true;
}

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
