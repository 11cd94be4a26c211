#include <algorithm>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/linalg/lapack.h"
#include "lazuli/core/slots/linalg_slots.h"

// Eigenvalues and singular values.
namespace lazuli::cpu {
namespace {

constexpr int kColumns = LAPACK_COL_MAJOR;

// The triangle that is read, for infinities and NaN.
template <class T>
bool triangle_finite(const T* a, int64_t n, bool upper) {
  for (int64_t column = 0; column < n; ++column)
    if (upper ? !all_finite(a + column * n, column + 1) : !all_finite(a + column * n + column, n - column)) return false;
  return true;
}

template <class T>
class Hermitian {
 public:
  Hermitian(lapack_int n, bool upper, bool vectors) : n_(n), job_(vectors ? 'V' : 'N'), uplo_(upper ? 'U' : 'L') {
    T size;
    RealOf<T> real = 0;
    lapack_int integers = 0;
    run(nullptr, nullptr, &size, -1, &real, -1, &integers, -1);
    work_.resize(size_t(asked(size)));
    real_.resize(size_t(asked(real)));
    integers_.resize(size_t(std::max<lapack_int>(integers, 1)));
  }
  lapack_int operator()(T* a, RealOf<T>* values) {
    return run(a, values, work_.data(), lapack_int(work_.size()), real_.data(), lapack_int(real_.size()), integers_.data(),
               lapack_int(integers_.size()));
  }

 private:
  lapack_int run(T* a, RealOf<T>* values, T* work, lapack_int size, RealOf<T>* real, lapack_int reals, lapack_int* integers, lapack_int count) {
    if constexpr (is_complex_of<T>) return Lapack<T>::heevd(kColumns, job_, uplo_, n_, a, n_, values, work, size, real, reals, integers, count);
    else return Lapack<T>::heevd(kColumns, job_, uplo_, n_, a, n_, values, work, size, integers, count);
  }
  lapack_int n_;
  char job_, uplo_;
  std::vector<T> work_;
  std::vector<RealOf<T>> real_;
  std::vector<lapack_int> integers_;
};

void eigh(Tensor& a, Tensor& values, Tensor& info, bool upper, bool vectors) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> as(a);
    const Batch<RealOf<T>> ws(values);
    const Batch<lapack_int> infos(info);
    const auto n = lapack_int(a.size(1));
    each_piece(a.size(0), 4.0 * n * n * n, [&](int64_t from, int64_t to) {
      Hermitian<T> decompose(n, upper, vectors);
      for (int64_t i = from; i < to; ++i) *infos[i] = triangle_finite(as[i], n, upper) ? decompose(as[i], ws[i]) : kNotFinite;
    });
  });
}

// A real matrix has eigenvalues in conjugate pairs, whose vectors LAPACK gives as the real and the imaginary part of the first.
template <class T>
class General {
  using C = std::complex<RealOf<T>>;

 public:
  General(lapack_int n, bool vectors) : n_(n), vectors_(vectors), re_(size_t(is_complex_of<T> ? 2 * n : n)), im_(size_t(n)) {
    if (vectors && !is_complex_of<T>) parts_.resize(size_t(n) * size_t(n));
    T size;
    run(nullptr, nullptr, nullptr, &size, -1);
    work_.resize(size_t(asked(size)));
  }
  lapack_int operator()(T* a, C* values, C* vectors) {
    const lapack_int info = run(a, values, vectors, work_.data(), lapack_int(work_.size()));
    if constexpr (!is_complex_of<T>) unpack(values, vectors);
    return info;
  }

 private:
  lapack_int run(T* a, [[maybe_unused]] C* values, [[maybe_unused]] C* vectors, T* work, lapack_int size) {
    const char job = vectors_ ? 'V' : 'N';
    if constexpr (is_complex_of<T>) {
      return Lapack<T>::geev(kColumns, 'N', job, n_, a, n_, values, nullptr, 1, vectors, vectors_ ? n_ : 1, work, size, re_.data());
    } else {
      return Lapack<T>::geev(kColumns, 'N', job, n_, a, n_, re_.data(), im_.data(), nullptr, 1, parts_.data(), vectors_ ? n_ : 1, work, size);
    }
  }
  void unpack(C* values, C* vectors) const {
    const auto n = size_t(n_);
    for (size_t j = 0; j < n; ++j) values[j] = C(std::real(re_[j]), im_[j]);
    if (!vectors_) return;
    for (size_t j = 0; j < n; ++j) {
      const T *first = &parts_[j * n], *second = first + n;
      const bool pair = im_[j] != 0 && j + 1 < n;
      for (size_t i = 0; i < n; ++i) {
        const auto x = std::real(first[i]);
        vectors[j * n + i] = pair ? C(x, std::real(second[i])) : C(x, 0);
        if (pair) vectors[(j + 1) * n + i] = C(x, -std::real(second[i]));
      }
      if (pair) ++j;
    }
  }
  lapack_int n_;
  bool vectors_;
  std::vector<RealOf<T>> re_, im_;  // of complex matrices: re_ is working memory
  std::vector<T> parts_, work_;
};

void eig(Tensor& a, Tensor& values, Tensor& vectors, Tensor& info) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    using C = std::complex<RealOf<T>>;
    const Batch<T> as(a);
    const Batch<C> ws(values);
    const Batch<lapack_int> infos(info);
    const auto n = lapack_int(a.size(1));
    each_piece(a.size(0), 10.0 * n * n * n, [&](int64_t from, int64_t to) {
      General<T> decompose(n, vectors.defined());
      for (int64_t i = from; i < to; ++i)
        *infos[i] = all_finite(as[i], as.step()) ? decompose(as[i], ws[i], vectors.defined() ? Batch<C>(vectors)[i] : nullptr) : kNotFinite;
    });
  });
}

template <class T>
class Singular {
 public:
  Singular(lapack_int m, lapack_int n, char job, lapack_int ldu, lapack_int ldvh)
      : m_(m), n_(n), job_(job), ldu_(ldu), ldvh_(ldvh), integers_(8 * size_t(std::min(m, n))) {
    const auto least = size_t(std::min(m, n)), most = size_t(std::max(m, n));
    if (is_complex_of<T>)
      real_.resize(job == 'N' ? 7 * least : std::max(5 * least * least + 7 * least, 2 * most * least + 2 * least * least + least));
    T size;
    run(nullptr, nullptr, nullptr, nullptr, &size, -1);
    work_.resize(size_t(asked(size)));
  }
  lapack_int operator()(T* a, T* u, RealOf<T>* s, T* vh) { return run(a, u, s, vh, work_.data(), lapack_int(work_.size())); }

 private:
  lapack_int run(T* a, T* u, RealOf<T>* s, T* vh, T* work, lapack_int size) {
    if constexpr (is_complex_of<T>)
      return Lapack<T>::gesdd(kColumns, job_, m_, n_, a, m_, s, u, ldu_, vh, ldvh_, work, size, real_.data(), integers_.data());
    else return Lapack<T>::gesdd(kColumns, job_, m_, n_, a, m_, s, u, ldu_, vh, ldvh_, work, size, integers_.data());
  }
  lapack_int m_, n_;
  char job_;
  lapack_int ldu_, ldvh_;
  std::vector<lapack_int> integers_;
  std::vector<RealOf<T>> real_;
  std::vector<T> work_;
};

void svd(Tensor& a, Tensor& u, Tensor& s, Tensor& vh, Tensor& info) {
  dispatch_lapack(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const Batch<T> as(a);
    const Batch<RealOf<T>> ss(s);
    const Batch<lapack_int> infos(info);
    const auto m = lapack_int(a.size(1)), n = lapack_int(a.size(2));
    const bool vectors = u.defined(), full = vectors && u.size(2) == m && vh.size(1) == n;
    const char job = !vectors ? 'N' : full ? 'A' : 'S';
    each_piece(a.size(0), 6.0 * m * n * std::min(m, n), [&](int64_t from, int64_t to) {
      Singular<T> decompose(m, n, job, vectors ? m : 1, vectors ? lapack_int(vh.size(1)) : 1);
      for (int64_t i = from; i < to; ++i)
        *infos[i] = all_finite(as[i], as.step()) ? decompose(as[i], vectors ? Batch<T>(u)[i] : nullptr, ss[i], vectors ? Batch<T>(vh)[i] : nullptr)
                                                 : kNotFinite;
    });
  });
}

}  // namespace

void register_spectral() {
  eigh_kernel.set(DeviceType::CPU, eigh, kLapackDTypes);
  eig_kernel.set(DeviceType::CPU, eig, kLapackDTypes);
  svd_kernel.set(DeviceType::CPU, svd, kLapackDTypes);
}

}  // namespace lazuli::cpu
