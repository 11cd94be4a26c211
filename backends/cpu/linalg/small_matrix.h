#pragma once
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <type_traits>
#include <utility>

/// Factors of matrices so small that a call of LAPACK costs more than the work: plain loops along columns, with LAPACK's layout, results and signs.
namespace lazuli::cpu::small {

inline constexpr int64_t kMost = 16;  // rows, and columns of a right side

inline float conjugate(float x) { return x; }
inline double conjugate(double x) { return x; }
template <class R>
std::complex<R> conjugate(std::complex<R> x) {
  return std::conj(x);
}

template <class T>
T product(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return a * b;
  else return T(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());  // without the detours for infinities
}

/// y -= a x
template <class T>
void subtract(T* __restrict y, const T* __restrict x, T a, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) y[i] -= product(a, x[i]);
}
/// conj(x) . y
template <class T>
T dot(const T* x, const T* y, int64_t n) {
  T sum(0);
  for (int64_t i = 0; i < n; ++i) sum += product(conjugate(x[i]), y[i]);
  return sum;
}

/// A = L L^H in the lower triangle, or U^H U in the upper one, column after column; the number of the first column without a positive pivot, or 0.
template <class T>
int32_t cholesky(T* a, int64_t n, bool upper) {
  for (int64_t j = 0; j < n; ++j) {
    T* column = a + j * n;
    if (upper)
      for (int64_t i = 0; i < j; ++i) column[i] = (column[i] - dot(a + i * n, column, i)) / a[i * n + i];
    else
      for (int64_t k = 0; k < j; ++k) subtract(column + j, a + k * n + j, conjugate(a[k * n + j]), n - j);
    auto pivot = std::real(column[j]);
    if (upper) pivot -= std::real(dot(column, column, j));
    if (!(pivot > 0)) return int32_t(j) + 1;
    pivot = std::sqrt(pivot);
    column[j] = pivot;
    for (int64_t i = j + 1; i < n && !upper; ++i) column[i] /= pivot;
  }
  return 0;
}

/// P A = L U with partial pivoting, pivots counted from 1; the number of the first zero on U's diagonal, or 0.
template <class T>
int32_t lu(T* a, int64_t m, int64_t n, int32_t* pivots) {
  const auto size = [](T x) { return std::abs(std::real(x)) + std::abs(std::imag(x)); };
  int32_t info = 0;
  for (int64_t j = 0; j < std::min(m, n); ++j) {
    T* column = a + j * m;
    int64_t greatest = j;
    for (int64_t i = j + 1; i < m; ++i) greatest = size(column[i]) > size(column[greatest]) ? i : greatest;
    pivots[j] = int32_t(greatest) + 1;
    if (column[greatest] == T(0)) {
      if (info == 0) info = int32_t(j) + 1;
      continue;
    }
    if (greatest != j)
      for (int64_t c = 0; c < n; ++c) std::swap(a[c * m + j], a[c * m + greatest]);
    const T pivot = column[j];
    for (int64_t i = j + 1; i < m; ++i) column[i] /= pivot;
    for (int64_t c = j + 1; c < n; ++c) subtract(a + c * m + j + 1, column + j + 1, a[c * m + j], m - j - 1);
  }
  return info;
}

/// Solves A X = B, or A^H X = B, in place for k right sides with the factors of lu: rows of B lie together meanwhile, so that all right sides take a step at once.
template <class T>
void lu_solve(const T* a, int64_t n, const int32_t* pivots, bool adjoint, T* b, int64_t k) {
  T rows[kMost * kMost];
  const auto row = [&](int64_t i) { return rows + i * k; };
  const auto swap_rows = [&](int64_t i) { std::swap_ranges(row(i), row(i) + (pivots[i] - 1 == i ? 0 : k), row(pivots[i] - 1)); };
  // L and U, or U^H and L^H: a lower and an upper triangle either way.
  const auto at = [&](int64_t i, int64_t j) { return adjoint ? conjugate(a[i * n + j]) : a[j * n + i]; };
  const auto divide = [&](int64_t i) {
    const T by = at(i, i);
    for (int64_t c = 0; c < k; ++c) row(i)[c] /= by;
  };
  for (int64_t c = 0; c < k; ++c)
    for (int64_t i = 0; i < n; ++i) row(i)[c] = b[c * n + i];
  for (int64_t i = 0; i < n && !adjoint; ++i) swap_rows(i);
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < i; ++j) subtract(row(i), row(j), at(i, j), k);
    if (adjoint) divide(i);
  }
  for (int64_t i = n - 1; i >= 0; --i) {
    for (int64_t j = n - 1; j > i; --j) subtract(row(i), row(j), at(i, j), k);
    if (!adjoint) divide(i);
  }
  for (int64_t i = n - 1; i >= 0 && adjoint; --i) swap_rows(i);
  for (int64_t c = 0; c < k; ++c)
    for (int64_t i = 0; i < n; ++i) b[c * n + i] = row(i)[c];
}

}  // namespace lazuli::cpu::small
