#pragma once
#include <cmath>
#include <complex>
#include <type_traits>
#include <vector>
#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <lapacke.h>

#include "lazuli/backends/cpu/onednn_primitive.h"
#include "lazuli/core/tensor.h"
#include "lazuli/core/threads/parallel.h"

/// LAPACK by types in place of letters, for the decompositions. Matrices are stored by columns, as it has them.
namespace lazuli::cpu {

template <class T>
inline constexpr bool is_complex_of = !std::is_floating_point_v<T>;
template <class T>
using RealOf = decltype(std::real(T()));

template <class T>
struct Lapack;
template <>
struct Lapack<float> {
  static constexpr auto potrf = LAPACKE_spotrf_work;
  static constexpr auto getrf = LAPACKE_sgetrf_work;
  static constexpr auto getrs = LAPACKE_sgetrs_work;
  static constexpr auto sytrf = LAPACKE_ssytrf_work, hetrf = LAPACKE_ssytrf_work;
  static constexpr auto sytrs = LAPACKE_ssytrs_work, hetrs = LAPACKE_ssytrs_work;
  static constexpr auto geqrf = LAPACKE_sgeqrf_work;
  static constexpr auto ungqr = LAPACKE_sorgqr_work;
  static constexpr auto unmqr = LAPACKE_sormqr_work;
  static constexpr auto heevd = LAPACKE_ssyevd_work;
  static constexpr auto geev = LAPACKE_sgeev_work;
  static constexpr auto gesdd = LAPACKE_sgesdd_work;
  static constexpr auto gels = LAPACKE_sgels_work;
  static constexpr auto gelsy = LAPACKE_sgelsy_work;
  static constexpr auto gelsd = LAPACKE_sgelsd_work;
  static constexpr auto gelss = LAPACKE_sgelss_work;
};
template <>
struct Lapack<double> {
  static constexpr auto potrf = LAPACKE_dpotrf_work;
  static constexpr auto getrf = LAPACKE_dgetrf_work;
  static constexpr auto getrs = LAPACKE_dgetrs_work;
  static constexpr auto sytrf = LAPACKE_dsytrf_work, hetrf = LAPACKE_dsytrf_work;
  static constexpr auto sytrs = LAPACKE_dsytrs_work, hetrs = LAPACKE_dsytrs_work;
  static constexpr auto geqrf = LAPACKE_dgeqrf_work;
  static constexpr auto ungqr = LAPACKE_dorgqr_work;
  static constexpr auto unmqr = LAPACKE_dormqr_work;
  static constexpr auto heevd = LAPACKE_dsyevd_work;
  static constexpr auto geev = LAPACKE_dgeev_work;
  static constexpr auto gesdd = LAPACKE_dgesdd_work;
  static constexpr auto gels = LAPACKE_dgels_work;
  static constexpr auto gelsy = LAPACKE_dgelsy_work;
  static constexpr auto gelsd = LAPACKE_dgelsd_work;
  static constexpr auto gelss = LAPACKE_dgelss_work;
};
template <>
struct Lapack<std::complex<float>> {
  static constexpr auto potrf = LAPACKE_cpotrf_work;
  static constexpr auto getrf = LAPACKE_cgetrf_work;
  static constexpr auto getrs = LAPACKE_cgetrs_work;
  static constexpr auto sytrf = LAPACKE_csytrf_work, hetrf = LAPACKE_chetrf_work;
  static constexpr auto sytrs = LAPACKE_csytrs_work, hetrs = LAPACKE_chetrs_work;
  static constexpr auto geqrf = LAPACKE_cgeqrf_work;
  static constexpr auto ungqr = LAPACKE_cungqr_work;
  static constexpr auto unmqr = LAPACKE_cunmqr_work;
  static constexpr auto heevd = LAPACKE_cheevd_work;
  static constexpr auto geev = LAPACKE_cgeev_work;
  static constexpr auto gesdd = LAPACKE_cgesdd_work;
  static constexpr auto gels = LAPACKE_cgels_work;
  static constexpr auto gelsy = LAPACKE_cgelsy_work;
  static constexpr auto gelsd = LAPACKE_cgelsd_work;
  static constexpr auto gelss = LAPACKE_cgelss_work;
};
template <>
struct Lapack<std::complex<double>> {
  static constexpr auto potrf = LAPACKE_zpotrf_work;
  static constexpr auto getrf = LAPACKE_zgetrf_work;
  static constexpr auto getrs = LAPACKE_zgetrs_work;
  static constexpr auto sytrf = LAPACKE_zsytrf_work, hetrf = LAPACKE_zhetrf_work;
  static constexpr auto sytrs = LAPACKE_zsytrs_work, hetrs = LAPACKE_zhetrs_work;
  static constexpr auto geqrf = LAPACKE_zgeqrf_work;
  static constexpr auto ungqr = LAPACKE_zungqr_work;
  static constexpr auto unmqr = LAPACKE_zunmqr_work;
  static constexpr auto heevd = LAPACKE_zheevd_work;
  static constexpr auto geev = LAPACKE_zgeev_work;
  static constexpr auto gesdd = LAPACKE_zgesdd_work;
  static constexpr auto gels = LAPACKE_zgels_work;
  static constexpr auto gelsy = LAPACKE_zgelsy_work;
  static constexpr auto gelsd = LAPACKE_zgelsd_work;
  static constexpr auto gelss = LAPACKE_zgelss_work;
};

inline constexpr DTypeSet kLapackDTypes{kFloat32, kFloat64, kComplex64, kComplex128, kInt32, kInt64};

/// f(T()) for the four types of LAPACK.
template <class F>
void dispatch_lapack(DType dtype, F f) {
  switch (dtype) {
    case kFloat32: return f(float());
    case kFloat64: return f(double());
    case kComplex64: return f(std::complex<float>());
    default: return f(std::complex<double>());
  }
}

/// The matrices, or vectors, of a batch one by one.
template <class T>
class Batch {
 public:
  explicit Batch(Tensor& t) : data_(static_cast<T*>(t.address())), step_(t.numel() / t.sizes()[0]) {}
  explicit Batch(const Tensor& t)
      : data_(static_cast<T*>(const_cast<void*>(static_cast<const void*>(t.address())))), step_(t.numel() / t.sizes()[0]) {}
  T* operator[](int64_t i) const { return data_ + i * step_; }
  int64_t step() const { return step_; }

 private:
  T* data_;
  int64_t step_;
};

/// body(from, to) over pieces of a batch, each of `operations` multiplications: small matrices over the threads, large ones one after another with OpenBLAS's own.
template <class F>
void each_piece(int64_t batch, double operations, F&& body) {
  const OneDnnThreads threads;
  constexpr double kLarge = 2e7, kWorthAThread = 2e4;
  if (batch < 2 || (operations > kLarge && batch < 2 * threads.count())) return body(int64_t(0), batch);
  parallel_for(0, batch, operations >= kWorthAThread ? 1 : int64_t(kWorthAThread / (operations + 1)) + 1, body);
}

/// How much memory a LAPACK function asked for in its first element.
template <class T>
lapack_int asked(T first) {
  const double size = double(std::real(first));
  return size < 1 ? 1 : size > 2147483000.0 ? 2147483000 : lapack_int(size * (sizeof(RealOf<T>) == 4 ? 1 + 1e-6 : 1));
}

template <class T>
bool all_finite(const T* data, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    if (!std::isfinite(std::real(data[i])) || !std::isfinite(std::imag(data[i]))) return false;
  return true;
}
inline constexpr int32_t kNotFinite = -1;

}  // namespace lazuli::cpu
