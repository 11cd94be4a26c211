#pragma once
#include "lazuli/torch/functions.h"

/// Linear algebra and transforms as libtorch spells them: `torch::linalg_svd(A, false)`, results in tuples, arguments by position.
namespace torch {

using lazuli::linalg::NormOrder;
namespace detail {
/// A result of the library's, whose members have names, as a tuple.
template <class R>
auto two(R result) {
  auto [first, second] = std::move(result);
  return std::tuple(std::move(first), std::move(second));
}
template <class R>
auto three(R result) {
  auto [first, second, third] = std::move(result);
  return std::tuple(std::move(first), std::move(second), std::move(third));
}
template <class T>
concept MaybeTensor = std::same_as<T, Tensor> || std::same_as<T, std::optional<Tensor>>;
inline Tensor or_undefined(const std::optional<Tensor>& tensor) { return tensor.value_or(Tensor()); }
}  // namespace detail

inline Tensor linalg_cholesky(const Tensor& A, bool upper = false) { return lazuli::linalg::cholesky(A, upper); }
inline auto linalg_cholesky_ex(const Tensor& A, bool upper = false, bool check_errors = false) {
  return detail::two(lazuli::linalg::cholesky_ex(A, upper, check_errors));
}
inline Tensor linalg_inv(const Tensor& A) { return lazuli::linalg::inv(A); }
inline auto linalg_inv_ex(const Tensor& A, bool check_errors = false) { return detail::two(lazuli::linalg::inv_ex(A, check_errors)); }
inline Tensor linalg_pinv(const Tensor& A, double rcond, std::same_as<bool> auto hermitian) {
  return lazuli::linalg::pinv(A, {.rtol = rcond == 1e-15 ? std::optional<double>() : rcond, .hermitian = hermitian});
}
inline Tensor linalg_pinv(const Tensor& A, double rcond = 1e-15) { return linalg_pinv(A, rcond, false); }
inline Tensor linalg_pinv(const Tensor& A, std::optional<double> atol, std::optional<double> rtol, bool hermitian = false) {
  return lazuli::linalg::pinv(A, {.atol = atol, .rtol = rtol, .hermitian = hermitian});
}
/// Tolerances for each matrix.
template <detail::MaybeTensor Atol, detail::MaybeTensor Rtol>
Tensor linalg_pinv(const Tensor& A, const Atol& atol, const Rtol& rtol, bool hermitian = false) {
  return lazuli::linalg::pinv(A, detail::or_undefined(atol), detail::or_undefined(rtol), hermitian);
}
inline Tensor linalg_pinv(const Tensor& A, const std::same_as<Tensor> auto& rcond, bool hermitian = false) {
  return linalg_pinv(A, Tensor(), rcond, hermitian);
}
inline Tensor linalg_det(const Tensor& A) { return lazuli::linalg::det(A); }
inline auto linalg_slogdet(const Tensor& A) { return detail::two(lazuli::linalg::slogdet(A)); }
inline Tensor linalg_matrix_rank(const Tensor& A, std::optional<double> atol = {}, std::optional<double> rtol = {}, bool hermitian = false) {
  return lazuli::linalg::matrix_rank(A, {.atol = atol, .rtol = rtol, .hermitian = hermitian});
}
template <detail::MaybeTensor Atol, detail::MaybeTensor Rtol>
Tensor linalg_matrix_rank(const Tensor& A, const Atol& atol, const Rtol& rtol, bool hermitian = false) {
  return lazuli::linalg::matrix_rank(A, detail::or_undefined(atol), detail::or_undefined(rtol), hermitian);
}
/// With one tolerance, which is not multiplied by the greatest singular value.
inline Tensor linalg_matrix_rank(const Tensor& A, double tol, std::same_as<bool> auto hermitian) {
  return lazuli::linalg::matrix_rank(A, {.atol = tol, .rtol = 0.0, .hermitian = hermitian});
}
inline Tensor linalg_matrix_rank(const Tensor& A, double tol) { return linalg_matrix_rank(A, tol, false); }
inline Tensor linalg_matrix_rank(const Tensor& A, const std::same_as<Tensor> auto& tol, bool hermitian = false) {
  return linalg_matrix_rank(A, tol, lazuli::zeros_like(tol), hermitian);
}
inline Tensor linalg_matrix_power(const Tensor& A, int64_t n) { return lazuli::linalg::matrix_power(A, n); }
inline Tensor linalg_matrix_exp(const Tensor& A) { return lazuli::linalg::matrix_exp(A); }
inline Tensor linalg_cond(const Tensor& A, const NormOrder& p = {}) { return lazuli::linalg::cond(A, p); }

inline Tensor linalg_solve(const Tensor& A, const Tensor& B, bool left = true) { return lazuli::linalg::solve(A, B, left); }
inline Tensor linalg_solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left = true, bool unitriangular = false) {
  return lazuli::linalg::solve_triangular(A, B, upper, left, unitriangular);
}
inline auto linalg_lstsq(const Tensor& A, const Tensor& B, std::optional<double> rcond = {}, const std::optional<std::string>& driver = {}) {
  auto [solution, residuals, rank, singular_values] = lazuli::linalg::lstsq(A, B, rcond, driver);
  return std::tuple(std::move(solution), std::move(residuals), std::move(rank), std::move(singular_values));
}
inline auto linalg_lu(const Tensor& A, bool pivot = true) { return detail::three(lazuli::linalg::lu(A, pivot)); }
inline auto linalg_lu_factor(const Tensor& A, bool pivot = true) { return detail::two(lazuli::linalg::lu_factor(A, pivot)); }
inline auto linalg_qr(const Tensor& A, std::string_view mode = "reduced") { return detail::two(lazuli::linalg::qr(A, mode)); }
inline auto linalg_eig(const Tensor& A) { return detail::two(lazuli::linalg::eig(A)); }
inline auto linalg_eigh(const Tensor& A, std::string_view UPLO = "L") { return detail::two(lazuli::linalg::eigh(A, UPLO)); }
inline Tensor linalg_eigvals(const Tensor& A) { return lazuli::linalg::eigvals(A); }
inline Tensor linalg_eigvalsh(const Tensor& A, std::string_view UPLO = "L") { return lazuli::linalg::eigvalsh(A, UPLO); }
inline auto linalg_svd(const Tensor& A, bool full_matrices = true, const std::optional<std::string>& driver = {}) {
  return detail::three(lazuli::linalg::svd(A, full_matrices, driver));
}
inline Tensor linalg_svdvals(const Tensor& A) { return lazuli::linalg::svdvals(A); }

inline Tensor linalg_norm(const Tensor& A, const NormOrder& ord = {}, const lazuli::DimList& dim = {}, bool keepdim = false,
                          std::optional<DType> dtype = {}) {
  return lazuli::linalg::norm(A, {.ord = ord, .dim = dim, .keepdim = keepdim, .dtype = dtype});
}
inline Tensor linalg_matrix_norm(const Tensor& A, const NormOrder& ord = "fro", const lazuli::DimList& dim = {-2, -1}, bool keepdim = false,
                                 std::optional<DType> dtype = {}) {
  return lazuli::linalg::matrix_norm(A, {.ord = ord, .dim = dim, .keepdim = keepdim, .dtype = dtype});
}
inline Tensor linalg_vector_norm(const Tensor& x, const Scalar& ord = 2, const lazuli::DimList& dim = {}, bool keepdim = false,
                                 std::optional<DType> dtype = {}) {
  return lazuli::linalg::vector_norm(x, ord.to<double>(), dim, keepdim, dtype);
}
inline Tensor linalg_cross(const Tensor& a, const Tensor& b, int64_t dim = -1) { return lazuli::linalg::cross(a, b, dim); }
inline Tensor linalg_vecdot(const Tensor& a, const Tensor& b, int64_t dim = -1) { return lazuli::linalg::vecdot(a, b, dim); }
inline Tensor linalg_multi_dot(const std::vector<Tensor>& tensors) { return lazuli::linalg::multi_dot(tensors); }
inline Tensor linalg_matmul(const Tensor& a, const Tensor& b) { return lazuli::matmul(a, b); }

// The older names.
inline auto svd(const Tensor& A, bool some = true, bool compute_uv = true) { return detail::three(lazuli::svd(A, some, compute_uv)); }
inline auto qr(const Tensor& A, bool some = true) { return detail::two(lazuli::qr(A, some)); }
inline auto slogdet(const Tensor& A) { return linalg_slogdet(A); }
inline auto geqrf(const Tensor& A) { return detail::two(lazuli::geqrf(A)); }
inline auto triangular_solve(const Tensor& B, const Tensor& A, bool upper = true, bool transpose = false, bool unitriangular = false) {
  return detail::two(lazuli::triangular_solve(B, A, upper, transpose, unitriangular));
}

inline Tensor stft(const Tensor& signal, int64_t n_fft, lazuli::STFTOptions options) { return lazuli::stft(signal, n_fft, std::move(options)); }
inline Tensor stft(const Tensor& signal, int64_t n_fft, std::optional<int64_t> hop_length, std::optional<int64_t> win_length,
                   const lazuli::OptionalTensor& window, bool center, std::string_view pad_mode, bool normalized, std::optional<bool> onesided = {},
                   std::optional<bool> return_complex = {}) {
  return lazuli::stft(signal, n_fft,
                      {.hop_length = hop_length,
                       .win_length = win_length,
                       .window = window,
                       .center = center,
                       .pad_mode = std::string(pad_mode),
                       .normalized = normalized,
                       .onesided = onesided,
                       .return_complex = return_complex});
}
/// Without `center`.
inline Tensor stft(const Tensor& signal, int64_t n_fft, std::optional<int64_t> hop_length = {}, std::optional<int64_t> win_length = {},
                   const lazuli::OptionalTensor& window = {}, bool normalized = false, std::optional<bool> onesided = {},
                   std::optional<bool> return_complex = {}) {
  return stft(signal, n_fft, hop_length, win_length, window, false, "reflect", normalized, onesided, return_complex);
}
inline Tensor istft(const Tensor& pieces, int64_t n_fft, lazuli::ISTFTOptions options) { return lazuli::istft(pieces, n_fft, std::move(options)); }
inline Tensor istft(const Tensor& pieces, int64_t n_fft, std::optional<int64_t> hop_length = {}, std::optional<int64_t> win_length = {},
                    const lazuli::OptionalTensor& window = {}, bool center = true, bool normalized = false, std::optional<bool> onesided = {},
                    std::optional<int64_t> length = {}, bool return_complex = false) {
  return lazuli::istft(pieces, n_fft,
                       {.hop_length = hop_length,
                        .win_length = win_length,
                        .window = window,
                        .center = center,
                        .normalized = normalized,
                        .onesided = onesided,
                        .length = length,
                        .return_complex = return_complex});
}
inline Tensor hamming_window(int64_t length, lazuli::HammingWindowOptions window, const TensorOptions& options = {}) {
  return lazuli::hamming_window(length, window, options);
}
inline Tensor hamming_window(int64_t length, const TensorOptions& options = {}) { return lazuli::hamming_window(length, {}, options); }
inline Tensor hamming_window(int64_t length, bool periodic, const TensorOptions& options = {}) {
  return lazuli::hamming_window(length, {.periodic = periodic}, options);
}
inline Tensor hann_window(int64_t length, bool periodic, const TensorOptions& options = {}) { return lazuli::hann_window(length, periodic, options); }
inline Tensor hann_window(int64_t length, const TensorOptions& options = {}) { return lazuli::hann_window(length, true, options); }

}  // namespace torch
