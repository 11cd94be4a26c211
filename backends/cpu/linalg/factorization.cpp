#include <cblas.h>

#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/linalg/lapack.h"
#include "lazuli/backends/cpu/linalg/small_matrix.h"
#include "lazuli/core/slots/linalg_slots.h"

// Triangular factors of square and rectangular matrices, and solving with them.
namespace lazuli::cpu {
namespace {

constexpr int kColumns = LAPACK_COL_MAJOR;

double cube(const Tensor& a) { return double(a.size(1)) * double(a.size(2)) * double(std::min(a.size(1), a.size(2))) / 3; }

void cholesky(Tensor& a, Tensor& info, bool upper) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> as(a);
    const Batch<lapack_int> infos(info);
    const auto n = lapack_int(a.size(1));
    each_piece(a.size(0), cube(a), [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        *infos[i] = n <= small::kMost ? small::cholesky(as[i], n, upper) : Lapack<T>::potrf(kColumns, upper ? 'U' : 'L', n, as[i], n);
        for (int64_t column = 0; column < n; ++column) {
          T* c = as[i] + column * n;
          if (upper) std::fill(c + column + 1, c + n, T(0));
          else std::fill(c, c + column, T(0));
        }
      }
    });
  });
}

void lu(Tensor& a, Tensor& pivots, Tensor& info) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> as(a);
    const Batch<lapack_int> ps(pivots), infos(info);
    const auto m = lapack_int(a.size(1)), n = lapack_int(a.size(2));
    each_piece(a.size(0), cube(a), [&](int64_t from, int64_t to) {
      const bool by_hand = std::max(m, n) <= small::kMost;
      for (int64_t i = from; i < to; ++i) *infos[i] = by_hand ? small::lu(as[i], m, n, ps[i]) : Lapack<T>::getrf(kColumns, m, n, as[i], m, ps[i]);
    });
  });
}

void lu_solve(Tensor& b, const Tensor& factors, const Tensor& pivots, bool adjoint) {
  dispatch_lapack(b.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> bs(b), as(factors);
    const Batch<lapack_int> ps(pivots);
    const auto n = lapack_int(b.size(1)), k = lapack_int(b.size(2));
    each_piece(b.size(0), double(n) * n * k, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) {
        if (std::max(n, k) <= small::kMost) small::lu_solve(as[i], n, ps[i], adjoint, bs[i], k);
        else Lapack<T>::getrs(kColumns, adjoint ? 'C' : 'N', n, k, as[i], n, ps[i], bs[i], n);
      }
    });
  });
}

void trsm(CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_DIAG diag, blasint m, blasint n, const float* a, blasint lda, float* b) {
  cblas_strsm(CblasColMajor, side, uplo, CblasNoTrans, diag, m, n, 1, a, lda, b, m);
}
void trsm(CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_DIAG diag, blasint m, blasint n, const double* a, blasint lda, double* b) {
  cblas_dtrsm(CblasColMajor, side, uplo, CblasNoTrans, diag, m, n, 1, a, lda, b, m);
}
void trsm(CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_DIAG diag, blasint m, blasint n, const std::complex<float>* a, blasint lda,
          std::complex<float>* b) {
  const std::complex<float> one(1);
  cblas_ctrsm(CblasColMajor, side, uplo, CblasNoTrans, diag, m, n, &one, a, lda, b, m);
}
void trsm(CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_DIAG diag, blasint m, blasint n, const std::complex<double>* a, blasint lda,
          std::complex<double>* b) {
  const std::complex<double> one(1);
  cblas_ztrsm(CblasColMajor, side, uplo, CblasNoTrans, diag, m, n, &one, a, lda, b, m);
}

void triangular_solve(Tensor& b, const Tensor& a, bool upper, bool left, bool unit) {
  dispatch_lapack(b.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> bs(b), as(a);
    const auto m = blasint(b.size(1)), n = blasint(b.size(2)), order = blasint(a.size(1));
    each_piece(b.size(0), double(m) * n * order / 2, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i)
        trsm(left ? CblasLeft : CblasRight, upper ? CblasUpper : CblasLower, unit ? CblasUnit : CblasNonUnit, m, n, as[i], order, bs[i]);
    });
  });
}

void ldl(Tensor& a, Tensor& pivots, Tensor& info, bool hermitian) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    constexpr auto symmetric = Lapack<T>::sytrf, adjoint = Lapack<T>::hetrf;
    const auto factor = hermitian ? adjoint : symmetric;
    const Batch<T> as(a);
    const Batch<lapack_int> ps(pivots), infos(info);
    const auto n = lapack_int(a.size(1));
    T size;
    factor(kColumns, 'L', n, as[0], n, ps[0], &size, -1);
    each_piece(a.size(0), cube(a), [&](int64_t from, int64_t to) {
      std::vector<T> work(size_t(asked(size)));
      for (int64_t i = from; i < to; ++i) *infos[i] = factor(kColumns, 'L', n, as[i], n, ps[i], work.data(), lapack_int(work.size()));
    });
  });
}

void ldl_solve(Tensor& b, const Tensor& factors, const Tensor& pivots, bool hermitian) {
  dispatch_lapack(b.dtype(), [&](auto zero) {
    using T = decltype(zero);
    constexpr auto symmetric = Lapack<T>::sytrs, adjoint = Lapack<T>::hetrs;
    const auto solve = hermitian ? adjoint : symmetric;
    const Batch<T> bs(b), as(factors);
    const Batch<lapack_int> ps(pivots);
    const auto n = lapack_int(b.size(1)), k = lapack_int(b.size(2));
    each_piece(b.size(0), double(n) * n * k, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i) solve(kColumns, 'L', n, k, as[i], n, ps[i], bs[i], n);
    });
  });
}

}  // namespace

void register_factorization() {
  cholesky_kernel.set(DeviceType::CPU, cholesky, kLapackDTypes);
  lu_kernel.set(DeviceType::CPU, lu, kLapackDTypes);
  lu_solve_kernel.set(DeviceType::CPU, lu_solve, kLapackDTypes);
  triangular_solve_kernel.set(DeviceType::CPU, triangular_solve, kLapackDTypes);
  ldl_kernel.set(DeviceType::CPU, ldl, kLapackDTypes);
  ldl_solve_kernel.set(DeviceType::CPU, ldl_solve, kLapackDTypes);
}

}  // namespace lazuli::cpu
