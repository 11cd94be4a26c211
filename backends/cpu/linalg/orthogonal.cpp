#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/linalg/lapack.h"
#include "lazuli/core/slots/linalg_slots.h"

// QR by reflections, and least squares.
namespace lazuli::cpu {
namespace {

constexpr int kColumns = LAPACK_COL_MAJOR;

void qr(Tensor& a, Tensor& tau) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> as(a), taus(tau);
    const auto m = lapack_int(a.size(1)), n = lapack_int(a.size(2));
    T size;
    Lapack<T>::geqrf(kColumns, m, n, as[0], m, taus[0], &size, -1);
    each_piece(a.size(0), double(m) * n * std::min(m, n), [&](int64_t from, int64_t to) {
      std::vector<T> work(size_t(asked(size)));
      for (int64_t i = from; i < to; ++i) Lapack<T>::geqrf(kColumns, m, n, as[i], m, taus[i], work.data(), lapack_int(work.size()));
    });
  });
}

void householder_product(Tensor& a, const Tensor& tau) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> as(a), taus(tau);
    const auto m = lapack_int(a.size(1)), n = lapack_int(a.size(2)), k = lapack_int(tau.size(1));
    T size;
    Lapack<T>::ungqr(kColumns, m, n, k, as[0], m, taus[0], &size, -1);
    each_piece(a.size(0), double(m) * n * k, [&](int64_t from, int64_t to) {
      std::vector<T> work(size_t(asked(size)));
      for (int64_t i = from; i < to; ++i) Lapack<T>::ungqr(kColumns, m, n, k, as[i], m, taus[i], work.data(), lapack_int(work.size()));
    });
  });
}

void reflect(Tensor& c, const Tensor& a, const Tensor& tau, bool left, bool adjoint) {
  dispatch_lapack(c.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> cs(c), as(a), taus(tau);
    const auto m = lapack_int(c.size(1)), n = lapack_int(c.size(2)), k = lapack_int(tau.size(1)), lda = lapack_int(a.size(1));
    const char side = left ? 'L' : 'R', trans = !adjoint ? 'N' : is_complex_of<T> ? 'C' : 'T';
    T size;
    Lapack<T>::unmqr(kColumns, side, trans, m, n, k, as[0], lda, taus[0], cs[0], m, &size, -1);
    each_piece(c.size(0), double(m) * n * k, [&](int64_t from, int64_t to) {
      std::vector<T> work(size_t(asked(size)));
      // unmqr writes ones on the diagonal of a for a while.
      std::vector<T> copy(size_t(as.step()));
      for (int64_t i = from; i < to; ++i) {
        std::copy_n(as[i], as.step(), copy.data());
        Lapack<T>::unmqr(kColumns, side, trans, m, n, k, copy.data(), lda, taus[i], cs[i], m, work.data(), lapack_int(work.size()));
      }
    });
  });
}

template <class T>
class LeastSquares {
 public:
  LeastSquares(lapack_int m, lapack_int n, lapack_int k, LstsqDriver driver, double rcond)
      : m_(m), n_(n), k_(k), ldb_(std::max(m, n)), driver_(driver), rcond_(RealOf<T>(rcond)), pivots_(size_t(n)), real_(1), integers_(1) {
    const auto rows = size_t(std::min(m, n));
    if (driver == LstsqDriver::Gelsy) real_.resize(2 * size_t(n));
    if (driver == LstsqDriver::Gelss) real_.resize(5 * rows + 1);
    T size;
    lapack_int rank;
    run(nullptr, nullptr, nullptr, rank, &size, -1);
    if (driver == LstsqDriver::Gelsd) {
      if (is_complex_of<T>) real_.resize(size_t(asked(real_[0])));
      integers_.resize(size_t(std::max<lapack_int>(integers_[0], 1)));
    }
    work_.resize(size_t(asked(size)));
  }
  lapack_int operator()(T* a, T* b, RealOf<T>* values, lapack_int& rank) { return run(a, b, values, rank, work_.data(), lapack_int(work_.size())); }

 private:
  lapack_int run(T* a, T* b, RealOf<T>* values, lapack_int& rank, T* work, lapack_int size) {
    using L = Lapack<T>;
    RealOf<T>* real = real_.data();
    if (driver_ == LstsqDriver::Gels) return L::gels(kColumns, 'N', m_, n_, k_, a, m_, b, ldb_, work, size);
    if (driver_ == LstsqDriver::Gelsy) std::fill(pivots_.begin(), pivots_.end(), 0);
    if constexpr (is_complex_of<T>) {
      if (driver_ == LstsqDriver::Gelsy) return L::gelsy(kColumns, m_, n_, k_, a, m_, b, ldb_, pivots_.data(), rcond_, &rank, work, size, real);
      if (driver_ == LstsqDriver::Gelsd)
        return L::gelsd(kColumns, m_, n_, k_, a, m_, b, ldb_, values, rcond_, &rank, work, size, real, integers_.data());
      return L::gelss(kColumns, m_, n_, k_, a, m_, b, ldb_, values, rcond_, &rank, work, size, real);
    } else {
      if (driver_ == LstsqDriver::Gelsy) return L::gelsy(kColumns, m_, n_, k_, a, m_, b, ldb_, pivots_.data(), rcond_, &rank, work, size);
      if (driver_ == LstsqDriver::Gelsd) return L::gelsd(kColumns, m_, n_, k_, a, m_, b, ldb_, values, rcond_, &rank, work, size, integers_.data());
      return L::gelss(kColumns, m_, n_, k_, a, m_, b, ldb_, values, rcond_, &rank, work, size);
    }
  }
  lapack_int m_, n_, k_, ldb_;
  LstsqDriver driver_;
  RealOf<T> rcond_;
  std::vector<lapack_int> pivots_;
  std::vector<RealOf<T>> real_;
  std::vector<lapack_int> integers_;
  std::vector<T> work_;
};

void lstsq(Tensor& b, Tensor& a, Tensor& rank, Tensor& values, Tensor& info, LstsqDriver driver, double rcond) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> as(a), bs(b);
    const Batch<lapack_int> infos(info);
    const auto m = lapack_int(a.size(1)), n = lapack_int(a.size(2)), k = lapack_int(b.size(2));
    each_piece(a.size(0), 2.0 * m * n * (std::min(m, n) + k), [&](int64_t from, int64_t to) {
      LeastSquares<T> solve(m, n, k, driver, rcond);
      for (int64_t i = from; i < to; ++i) {
        if (!all_finite(as[i], as.step()) || !all_finite(bs[i], bs.step())) {
          *infos[i] = kNotFinite;
          continue;
        }
        lapack_int found = 0;
        *infos[i] = solve(as[i], bs[i], values.defined() ? Batch<RealOf<T>>(values)[i] : nullptr, found);
        if (rank.defined()) *Batch<int64_t>(rank)[i] = found;
      }
    });
  });
}

}  // namespace

void register_orthogonal() {
  qr_kernel.set(DeviceType::CPU, qr, kLapackDTypes);
  householder_product_kernel.set(DeviceType::CPU, householder_product, kLapackDTypes);
  reflect_kernel.set(DeviceType::CPU, reflect, kLapackDTypes);
  lstsq_kernel.set(DeviceType::CPU, lstsq, kLapackDTypes);
}

}  // namespace lazuli::cpu
