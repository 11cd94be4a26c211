#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/tensor.h"

/// Norms of matrices. Floating point and complex; real results. Norms by singular values (2, -2, "nuc") are there for float32, float64, complex64 and complex128 only.
namespace lazuli {
namespace linalg {

/// Which norm: a number, "fro" or "nuc", or what the function takes by itself.
class NormOrder {
 public:
  NormOrder() = default;
  template <class T>
  requires std::is_arithmetic_v<T> NormOrder(T number) : kind_(Kind::Number), number_(double(number)) {}
  NormOrder(const Scalar& number) : NormOrder(number.to<double>()) {}
  NormOrder(std::string_view name);
  NormOrder(const char* name) : NormOrder(std::string_view(name)) {}
  NormOrder(const std::string& name) : NormOrder(std::string_view(name)) {}
  enum class Kind : uint8_t { None, Number, Frobenius, Nuclear, Unknown };
  Kind kind() const { return kind_; }
  double number() const { return number_; }

 private:
  Kind kind_ = Kind::None;
  double number_ = 0;
};

struct MatrixNormOptions {
  NormOrder ord = "fro";
  DimList dim = {-2, -1};  // rows and columns of the matrices
  bool keepdim = false;
  std::optional<DType> dtype = {};  // cast to it first
  template <class O = MatrixNormOptions>
  static constexpr auto members() {
    return Members{member("ord", &O::ord), member("dim", &O::dim), member("keepdim", &O::keepdim), member("dtype", &O::dtype)};
  }
};
namespace with_options {
Tensor matrix_norm(const Tensor& A, MatrixNormOptions options);
}
/// "fro": the root of the sum of |a|^2; "nuc": the sum of the singular values; 2 and -2: the greatest and the least of them; 1 and -1: the greatest and the least column sum of |a|; inf and -inf: of the rows.
// Out of line as vector_norm.h says.
template <class Ord = MatrixNormOptions>
[[gnu::noinline]] Tensor matrix_norm(const Tensor& A, Ord ord = {}, const DimList& dim = {-2, -1}, bool keepdim = false,
                                     std::optional<DType> dtype = {}) {
  return with_options::matrix_norm(A, by_position<MatrixNormOptions>(std::move(ord), dim, keepdim, dtype));
}

struct NormOptions {
  NormOrder ord = {};
  DimList dim = {};
  bool keepdim = false;
  std::optional<DType> dtype = {};
  template <class O = NormOptions>
  static constexpr auto members() {
    return Members{member("ord", &O::ord), member("dim", &O::dim), member("keepdim", &O::keepdim), member("dtype", &O::dtype)};
  }
};
namespace with_options {
Tensor norm(const Tensor& A, NormOptions options);
}
/// With an order and two dimensions (given, or all of A's) that of matrices, else that of vectors, of order 2 unless one is given.
template <class Ord = NormOptions>
[[gnu::noinline]] Tensor norm(const Tensor& A, Ord ord = {}, const DimList& dim = {}, bool keepdim = false, std::optional<DType> dtype = {}) {
  return with_options::norm(A, by_position<NormOptions>(std::move(ord), dim, keepdim, dtype));
}

/// The norm of A times that of its inverse: inf for a singular matrix. By default of order 2: the greatest singular value by the least, for any [.., m, n]; -2: the reverse.
Tensor cond(const Tensor& A, const NormOrder& p = {});

}  // namespace linalg

/// linalg::matrix_norm of order "nuc", over two dimensions or those of a matrix.
Tensor nuclear_norm(const Tensor& self, const DimList& dim = {}, bool keepdim = false);
/// The root of the sum of |a|^2, over one or two dimensions, or all.
Tensor frobenius_norm(const Tensor& self, const DimList& dim = {}, bool keepdim = false);

}  // namespace lazuli
