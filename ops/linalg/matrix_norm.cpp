#include "lazuli/ops/linalg/matrix_norm.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/linalg/decomposition.h"
#include "lazuli/ops/linalg/inverse.h"
#include "lazuli/ops/linalg/svd.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

linalg::NormOrder::NormOrder(std::string_view name) : kind_(name == "fro" ? Kind::Frobenius : name == "nuc" ? Kind::Nuclear : Kind::Unknown) {}

using linalg::NormOrder;
using Kind = NormOrder::Kind;

// "str" and "float?" in a schema line alike.
template <>
struct bind::Unbox<NormOrder> {
  static constexpr CppType kCode = CppType::Any;
  static NormOrder get(Value& value) {
    if (value.is_none()) return {};
    return value.kind() == Value::Kind::String ? NormOrder(value.to_string()) : NormOrder(value.to_double());
  }
};

namespace {

std::string written_order(const NormOrder& ord) {
  return ord.kind() == Kind::Number ? std::to_string(ord.number()) : ord.kind() == Kind::Unknown ? "another name" : "none";
}

// The singular values of the matrices in the plane of two dimensions, reduced; the dimensions are put back with size 1 when they are to be kept.
template <class Reduce>
Tensor of_singular_values(const Tensor& A, const Shape& dim, bool keepdim, Reduce reduce) {
  Tensor out = reduce(linalg::svdvals(A.movedim(dim, Shape{-2, -1})));
  if (!keepdim) return out;
  return out.unsqueeze(std::min(dim[0], dim[1])).unsqueeze(std::max(dim[0], dim[1]));
}

Tensor norm_of_matrices(const char* op, const Tensor& given, const NormOrder& ord, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
  need_defined(op, given, "A");
  if (given.dim() < 2) fail(op, "A", "at least two dimensions", "sizes " + to_string(given.sizes()));
  if (dims.size() != 2) fail(op, "dim", "two dimensions", to_string(dims));
  const Shape dim = wrap_dims(dims, given.dim(), op);
  const Tensor A = dtype && *dtype != given.dtype() ? to(given, *dtype) : given;
  need_differentiable(op, A, "A");
  if (ord.kind() == Kind::Frobenius) return linalg::vector_norm(A, 2, dim, keepdim);
  if (ord.kind() == Kind::Nuclear) return of_singular_values(A, dim, keepdim, [](const Tensor& s) { return sum(s, -1); });
  const double number = ord.number(), size = std::abs(number);
  if (ord.kind() != Kind::Number || (size != 1 && size != 2 && size != INFINITY))
    fail(op, "ord", "'fro', 'nuc', 1, -1, 2, -2, inf or -inf", written_order(ord));
  // The norm of an empty matrix is 0; of none of its rows or columns there is no least one.
  auto extreme = [&](const Tensor& t, int64_t d) {
    if (t.size(d) == 0 && number > 0) return sum(t, d, true);
    return number > 0 ? amax(t, d, true) : amin(t, d, true);
  };
  if (size == 2) return of_singular_values(A, dim, keepdim, [&](const Tensor& s) { return extreme(s, -1).squeeze(Shape{-1}); });
  const int64_t along = size == 1 ? dim[0] : dim[1], across = size == 1 ? dim[1] : dim[0];
  const Tensor out = extreme(linalg::vector_norm(A, 1, along, true), across);
  return keepdim ? out : out.squeeze(Shape{dim[0], dim[1]});
}

Tensor norm_of_any(const char* op, const Tensor& A, const NormOrder& ord, const DimList& dim, bool keepdim, std::optional<DType> dtype) {
  need_defined(op, A, "A");
  if (dim.size() > 2) fail(op, "dim", "one or two dimensions", to_string(dim));
  const int64_t counted = dim.empty() ? A.dim() : dim.size();
  if (ord.kind() == Kind::None) return linalg::vector_norm(A, 2, dim, keepdim, dtype);
  if (counted == 2) return norm_of_matrices(op, A, ord, dim.empty() ? DimList{0, 1} : dim, keepdim, dtype);
  if (ord.kind() != Kind::Number) fail(op, "ord", "a number for the norm of vectors", "the name of a norm of matrices");
  if (counted != 1) fail(op, "A", "one or two dimensions, unless `dim` is given or `ord` is not", "sizes " + to_string(A.sizes()));
  return linalg::vector_norm(A, ord.number(), dim, keepdim, dtype);
}

}  // namespace

Tensor linalg::with_options::matrix_norm(const Tensor& A, MatrixNormOptions o) {
  return norm_of_matrices("linalg.matrix_norm", A, o.ord, o.dim, o.keepdim, o.dtype);
}
Tensor linalg::with_options::norm(const Tensor& A, NormOptions o) {
  if (const Casting cast{Cast::Float32OnGpu, A}) return linalg::norm(cast(A), o);
  return norm_of_any("linalg.norm", A, o.ord, o.dim, o.keepdim, o.dtype);
}

Tensor linalg::cond(const Tensor& A, const NormOrder& p) {
  if (const Casting cast{Cast::Float32, A}) return linalg::cond(cast(A), p);
  const char* op = "linalg.cond";
  matrices::check_matrix(op, A);
  if (p.kind() == Kind::None || (p.kind() == Kind::Number && std::abs(p.number()) == 2)) {
    const Tensor S = svdvals(A);
    const int64_t k = S.size(-1);
    if (k == 0) fail(op, "A", "matrices with elements", "sizes " + to_string(A.sizes()));
    const Tensor greatest = S.select(-1, 0), least = S.select(-1, k - 1);
    return p.kind() == Kind::Number && p.number() < 0 ? least / greatest : greatest / least;
  }
  if (p.kind() == Kind::Unknown || (p.kind() == Kind::Number && std::abs(p.number()) != 1 && std::abs(p.number()) != INFINITY))
    fail(op, "p", "'fro', 'nuc', 1, -1, 2, -2, inf or -inf", written_order(p));
  matrices::check_square(op, A);
  if (A.numel() == 0) return zeros(matrices::batch_of(A), CreationOptions{.dtype = real_dtype(A.dtype()), .device = A.device()});
  const InvExResult inverse = inv_ex(A);
  return masked_fill(norm(A, {.ord = p, .dim = {-2, -1}}) * norm(inverse.inverse, {.ord = p, .dim = {-2, -1}}), inverse.info > Scalar(0),
                     Scalar(INFINITY));
}

Tensor nuclear_norm(const Tensor& self, const DimList& dim, bool keepdim) {
  need_defined("nuclear_norm", self);
  if (dim.empty() && self.dim() != 2) fail("nuclear_norm", "self", "a matrix, unless `dim` is given", "sizes " + to_string(self.sizes()));
  return norm_of_matrices("nuclear_norm", self, "nuc", dim.empty() ? DimList{0, 1} : dim, keepdim, {});
}
Tensor frobenius_norm(const Tensor& self, const DimList& dim, bool keepdim) {
  need_defined("frobenius_norm", self);
  if (dim.size() > 2) fail("frobenius_norm", "dim", "at most two dimensions", to_string(dim));
  need_differentiable("frobenius_norm", self);
  return linalg::vector_norm(self, 2, dim, keepdim);
}

void register_matrix_norm(OpTable& table) {
  const auto of_matrices = static_cast<Tensor (*)(const Tensor&, linalg::MatrixNormOptions)>(&linalg::with_options::matrix_norm);
  const auto of_any = static_cast<Tensor (*)(const Tensor&, linalg::NormOptions)>(&linalg::with_options::norm);
  table.add("linalg.matrix_norm(Tensor A, float ord, int[] dim=[-2, -1], bool keepdim=False, *, dtype? dtype=None) -> Tensor", of_matrices);
  table.add("linalg.matrix_norm(Tensor A, str ord='fro', int[] dim=[-2, -1], bool keepdim=False, *, dtype? dtype=None) -> Tensor", of_matrices);
  table.add("linalg.norm(Tensor A, float? ord=None, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", of_any);
  table.add("linalg.norm(Tensor A, str ord, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", of_any);
  table.add(
      "linalg.cond(Tensor A, float? p=None) -> Tensor",
      +[](const Tensor& A, std::optional<double> p) { return linalg::cond(A, p ? NormOrder(*p) : NormOrder()); });
  table.add(
      "linalg.cond(Tensor A, str p) -> Tensor", +[](const Tensor& A, std::string_view p) { return linalg::cond(A, p); });
  table.add(
      "norm(Tensor self, str p='fro', int[]? dim=None, bool keepdim=False, dtype? dtype=None) -> Tensor",
      +[](const Tensor& self, std::string_view p, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
        if (p == "nuc") return nuclear_norm(dtype ? to(self, *dtype) : self, dims, keepdim);
        if (p != "fro") fail("norm", "p", "'fro', 'nuc' or a number", "'" + std::string(p) + "'");
        return norm(self, 2, dims, keepdim, dtype);
      });
  table.add("nuclear_norm(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &nuclear_norm);
  table.add("frobenius_norm(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &frobenius_norm);
}

}  // namespace lazuli
