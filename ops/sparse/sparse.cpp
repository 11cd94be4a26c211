#include "lazuli/ops/sparse/sparse.h"

#include <algorithm>
#include <ostream>

#include "lazuli/core/error.h"
#include "lazuli/core/print.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/shape/split.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::sparse {
namespace {

Shape part(const Shape& sizes, int64_t from, int64_t to) {
  Shape out;
  for (int64_t d = from; d < to; ++d) out.push_back(sizes[d]);
  return out;
}
Shape joined(int64_t first, const Shape& rest) {
  Shape out{first};
  for (int64_t n : rest) out.push_back(n);
  return out;
}
// Each place as one number, row-major.
Tensor rows_of(const Tensor& indices, const Shape& sizes) {
  Tensor at = zeros({indices.size(1)}, kInt64, indices.device());
  for (int64_t d = 0; d < indices.size(0); ++d) at = lazuli::add(lazuli::mul(at, Scalar(sizes[d])), select(indices, 0, d));
  return at;
}
void check_matrix(const char* op, const SparseTensor& t) {
  if (t.dim() != 2 || t.sparse_dim() != 2)
    fail(op, "self", "a sparse matrix", "sizes " + lazuli::to_string(t.sizes()) + ", " + std::to_string(t.sparse_dim()) + " of them sparse");
}
void check_product(const char* op, int64_t columns, const Tensor& mat2) {
  if (mat2.dim() != 2 || mat2.sizes()[0] != columns)
    fail(errors::matmul_error_inner_dimensions_do_not_match, op, "mat2", "a matrix of " + std::to_string(columns) + " rows",
         lazuli::to_string(mat2.sizes()));
}

}  // namespace

SparseTensor::SparseTensor(Tensor indices, Tensor values, Shape sizes, bool coalesced)
    : indices_(std::move(indices)), values_(std::move(values)), sizes_(std::move(sizes)), coalesced_(coalesced) {}

SparseTensor::SparseTensor(Tensor indices, Tensor values, Shape sizes)
    : SparseTensor(std::move(indices), std::move(values), std::move(sizes), false) {
  const char* op = "sparse_coo_tensor";
  need_defined(op, indices_, "indices", values_, "values");
  if (indices_.dtype() != kInt64 || indices_.dim() != 2)
    fail(op, "indices", "int64 of 2 dimensions", std::string(lazuli::name(indices_.dtype())) + " " + lazuli::to_string(indices_.sizes()));
  if (indices_.device() != values_.device())
    fail(op, "indices", "the device of values, " + lazuli::to_string(values_.device()), lazuli::to_string(indices_.device()));
  if (sparse_dim() > dim())
    fail(op, "indices", "at most " + std::to_string(dim()) + " rows, as many as size has dimensions", std::to_string(sparse_dim()));
  const Shape expected = joined(nnz(), part(sizes_, sparse_dim(), dim()));
  if (!(values_.sizes() == expected)) fail(op, "values", "sizes " + lazuli::to_string(expected), lazuli::to_string(values_.sizes()));
  empty(sizes_, {.dtype = values_.dtype(), .device = kMeta});  // refuses sizes that no tensor has
  if (!nnz() || !sparse_dim() || indices_.device().is_meta()) return;
  const Tensor least = amin(indices_, 1).to(kCPU), greatest = amax(indices_, 1).to(kCPU);
  for (int64_t d = 0; d < sparse_dim(); ++d)
    for (const Tensor& end : {least, greatest}) {
      const int64_t at = select(end, 0, d).item<int64_t>();
      if (at < 0 || at >= sizes_[d])
        fail(ErrorKind::Index, op, "indices", "from 0 to " + std::to_string(sizes_[d] - 1) + " in dimension " + std::to_string(d),
             std::to_string(at));
    }
}

int64_t SparseTensor::size(int64_t dim) const { return sizes_[wrap_dim(dim, this->dim(), "size")]; }

SparseTensor SparseTensor::coalesce() const {
  if (coalesced_) return *this;
  const auto [places, inverse, counts] = unique(rows_of(indices_, sizes_), {.return_inverse = true});
  const Tensor sums = index_add(zeros(joined(places.numel(), part(sizes_, sparse_dim(), dim())), dtype(), device()), 0, inverse, values_);
  const Tensor indices = sparse_dim() ? stack(unravel_index(places, part(sizes_, 0, sparse_dim()))) : zeros({0, places.numel()}, kInt64, device());
  return {indices, sums, sizes_, true};
}

Tensor SparseTensor::to_dense() const {
  const Tensor flat = zeros(joined(part(sizes_, 0, sparse_dim()).numel(), part(sizes_, sparse_dim(), dim())), dtype(), device());
  return reshape(index_add(flat, 0, rows_of(indices_, sizes_), values_), sizes_);
}

SparseTensor SparseTensor::transpose(int64_t dim0, int64_t dim1) const {
  const int64_t a = wrap_dim(dim0, dim(), "transpose"), b = wrap_dim(dim1, dim(), "transpose");
  if (a >= sparse_dim() || b >= sparse_dim())
    fail(ErrorKind::NotSupported, "transpose", "dim", "sparse dimensions, the first " + std::to_string(sparse_dim()),
         std::to_string(dim0) + " and " + std::to_string(dim1));
  Shape sizes = sizes_;
  std::swap(sizes[a], sizes[b]);
  std::vector<Tensor> columns = unbind(indices_, 0);
  std::swap(columns[size_t(a)], columns[size_t(b)]);
  return {columns.empty() ? indices_ : stack(columns), values_, sizes, a == b && coalesced_};
}
SparseTensor SparseTensor::t() const {
  check_matrix("t", *this);
  return transpose(0, 1);
}
SparseTensor SparseTensor::to(DType dtype) const { return {indices_, values_.to(dtype), sizes_, coalesced_}; }
SparseTensor SparseTensor::detach() const { return {indices_, values_.detach(), sizes_, coalesced_}; }

SparseTensor sparse_coo_tensor(const Tensor& indices, const Tensor& values, const Shape& sizes) { return {indices, values, sizes}; }
SparseTensor sparse_coo_tensor(const Tensor& indices, const Tensor& values) {
  need_defined("sparse_coo_tensor", indices, "indices", values, "values");
  Shape sizes;
  if (indices.dim() == 2) {
    const Tensor ends = indices.size(1) ? amax(indices, 1).to(kCPU) : full({indices.size(0)}, -1, kInt64);
    for (int64_t d = 0; d < indices.size(0); ++d) sizes.push_back(select(ends, 0, d).item<int64_t>() + 1);
  }
  for (int64_t d = 1; d < values.dim(); ++d) sizes.push_back(values.size(d));
  return {indices, values, sizes};
}

SparseTensor to_sparse(const Tensor& dense, std::optional<int64_t> sparse_dim) {
  need_defined("to_sparse", dense);
  const int64_t count = sparse_dim.value_or(dense.dim());
  if (count < 0 || count > dense.dim()) fail("to_sparse", "sparse_dim", "from 0 to " + std::to_string(dense.dim()), std::to_string(count));
  Tensor there = ne(dense.detach(), 0);
  for (int64_t d = dense.dim(); d-- > count;) there = any(there, d);
  const Tensor indices = contiguous(lazuli::transpose(nonzero(there), 0, 1));
  const Tensor at = reshape(nonzero(reshape(there, {-1})), {-1});
  const Tensor flat = reshape(dense, joined(part(dense.sizes(), 0, count).numel(), part(dense.sizes(), count, dense.dim())));
  return {indices, index_select(flat, 0, at), dense.sizes(), true};
}

SparseTensor with_values(const SparseTensor& like, Tensor values) {
  need_defined("with_values", values, "values");
  if (!(values.sizes() == like.values().sizes()))
    fail("with_values", "values", "sizes " + lazuli::to_string(like.values().sizes()), lazuli::to_string(values.sizes()));
  return {like.indices_, std::move(values), like.sizes_, like.coalesced_};
}
SparseTensor sparse_mask(const Tensor& dense, const SparseTensor& mask) {
  return mul(with_values(mask.coalesce(), ones_like(mask.coalesce().values())), dense);
}

Tensor mm(const SparseTensor& self, const Tensor& mat2) {
  check_matrix("sparse.mm", self);
  need_defined("sparse.mm", mat2, "mat2");
  check_product("sparse.mm", self.size(1), mat2);
  const Tensor terms = lazuli::mul(unsqueeze(self.values(), 1), index_select(mat2, 0, select(self.indices(), 0, 1)));
  return index_add(zeros({self.size(0), mat2.size(1)}, terms.dtype(), terms.device()), 0, select(self.indices(), 0, 0), terms);
}
Tensor addmm(const Tensor& input, const SparseTensor& self, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  need_defined("sparse.addmm", input, "input", mat2, "mat2");
  return lazuli::add(lazuli::mul(input, beta), mm(self, mat2), alpha);
}
SparseTensor sampled_addmm(const SparseTensor& given, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  check_matrix("sparse.sampled_addmm", given);
  need_defined("sparse.sampled_addmm", mat1, "mat1", mat2, "mat2");
  if (mat1.dim() != 2 || mat1.size(0) != given.size(0))
    fail("sparse.sampled_addmm", "mat1", "a matrix of " + std::to_string(given.size(0)) + " rows", lazuli::to_string(mat1.sizes()));
  check_product("sparse.sampled_addmm", mat1.size(1), mat2);
  if (mat2.size(1) != given.size(1)) fail("sparse.sampled_addmm", "mat2", std::to_string(given.size(1)) + " columns", std::to_string(mat2.size(1)));
  const SparseTensor self = given.coalesce();
  const Tensor left = index_select(mat1, 0, select(self.indices(), 0, 0)),
               right = index_select(lazuli::transpose(mat2, 0, 1), 0, select(self.indices(), 0, 1));
  return with_values(self, lazuli::add(lazuli::mul(self.values(), beta), lazuli::sum(lazuli::mul(left, right), 1), alpha));
}

Tensor sum(const SparseTensor& self) { return lazuli::sum(self.values()); }
SparseTensor sum(const SparseTensor& self, const Shape& dims) {
  const Shape gone = wrap_dims(dims, self.dim(), "sparse.sum");
  const auto is_gone = [&](int64_t d) { return std::find(gone.begin(), gone.end(), d) != gone.end(); };
  Shape sizes, of_values;
  std::vector<Tensor> indices;
  for (int64_t d = 0; d < self.dim(); ++d) {
    if (is_gone(d)) {
      if (d >= self.sparse_dim()) of_values.push_back(d - self.sparse_dim() + 1);
      continue;
    }
    sizes.push_back(self.sizes()[d]);
    if (d < self.sparse_dim()) indices.push_back(select(self.indices(), 0, d));
  }
  const Tensor values = of_values.size() ? lazuli::sum(self.values(), of_values) : self.values();
  return SparseTensor(indices.empty() ? zeros({0, self.nnz()}, kInt64, self.device()) : stack(indices), values, sizes).coalesce();
}

SparseTensor add(const SparseTensor& self, const SparseTensor& other, const Scalar& alpha) {
  if (!(self.sizes() == other.sizes()) || self.sparse_dim() != other.sparse_dim())
    fail("sparse.add", "other", "sizes " + lazuli::to_string(self.sizes()) + ", " + std::to_string(self.sparse_dim()) + " of them sparse",
         lazuli::to_string(other.sizes()) + ", " + std::to_string(other.sparse_dim()) + " of them sparse");
  return SparseTensor(cat({self.indices(), other.indices()}, 1), cat({self.values(), lazuli::mul(other.values(), alpha)}, 0), self.sizes())
      .coalesce();
}
SparseTensor mul(const SparseTensor& self, const Tensor& other) {
  need_defined("sparse.mul", other, "other");
  if (!(self.sizes() == other.sizes())) fail("sparse.mul", "other", "sizes " + lazuli::to_string(self.sizes()), lazuli::to_string(other.sizes()));
  const Tensor flat = reshape(other, joined(part(other.sizes(), 0, self.sparse_dim()).numel(), part(other.sizes(), self.sparse_dim(), other.dim())));
  return with_values(self, lazuli::mul(self.values(), index_select(flat, 0, rows_of(self.indices(), self.sizes()))));
}
SparseTensor mul(const SparseTensor& self, const Scalar& other) { return with_values(self, lazuli::mul(self.values(), other)); }

std::string to_string(const SparseTensor& t) {
  return "SparseTensor(indices=" + lazuli::to_string(t.indices()) + ",\n             values=" + lazuli::to_string(t.values()) +
         ",\n             size=" + lazuli::to_string(t.sizes()) + ", nnz=" + std::to_string(t.nnz()) + ")";
}
std::ostream& operator<<(std::ostream& stream, const SparseTensor& t) { return stream << to_string(t); }

}  // namespace lazuli::sparse

namespace lazuli {

sparse::SparseTensor Tensor::to_sparse(std::optional<int64_t> sparse_dim) const { return sparse::to_sparse(*this, sparse_dim); }

namespace {
using sparse::SparseTensor;
using Parts = std::tuple<Tensor, Tensor>;
Parts parts_of(const SparseTensor& t) { return {t.indices(), t.values()}; }
SparseTensor from_parts(const char* op, const Tensor& indices, const Tensor& values, const Shape& size) {
  need_defined(op, indices, "indices", values, "values");
  return {indices, values, size};
}
}  // namespace

// By name a sparse tensor is its indices, values and size.
void register_sparse(OpTable& table) {
  table.add("to_sparse(Tensor self, int? sparse_dim=None) -> (Tensor indices, Tensor values)",
            [](const Tensor& self, std::optional<int64_t> sparse_dim) { return parts_of(sparse::to_sparse(self, sparse_dim)); });
  table.add("sparse.coalesce(Tensor indices, Tensor values, int[] size) -> (Tensor indices, Tensor values)",
            [](const Tensor& indices, const Tensor& values, const Shape& size) {
              return parts_of(from_parts("sparse.coalesce", indices, values, size).coalesce());
            });
  table.add(
      "sparse.to_dense(Tensor indices, Tensor values, int[] size) -> Tensor",
      [](const Tensor& indices, const Tensor& values, const Shape& size) { return from_parts("sparse.to_dense", indices, values, size).to_dense(); });
  table.add("sparse.mm(Tensor indices, Tensor values, int[] size, Tensor mat2) -> Tensor",
            [](const Tensor& indices, const Tensor& values, const Shape& size, const Tensor& mat2) {
              need_defined("sparse.mm", mat2, "mat2");
              return sparse::mm(from_parts("sparse.mm", indices, values, size), mat2);
            });
  table.add("sparse.addmm(Tensor input, Tensor indices, Tensor values, int[] size, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            [](const Tensor& input, const Tensor& indices, const Tensor& values, const Shape& size, const Tensor& mat2, const Scalar& beta,
               const Scalar& alpha) {
              need_defined("sparse.addmm", input, "input", mat2, "mat2");
              return sparse::addmm(input, from_parts("sparse.addmm", indices, values, size), mat2, beta, alpha);
            });
  table.add(
      "sparse.sampled_addmm(Tensor indices, Tensor values, int[] size, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> "
      "(Tensor indices, Tensor values)",
      [](const Tensor& indices, const Tensor& values, const Shape& size, const Tensor& mat1, const Tensor& mat2, const Scalar& beta,
         const Scalar& alpha) {
        need_defined("sparse.sampled_addmm", mat1, "mat1", mat2, "mat2");
        return parts_of(sparse::sampled_addmm(from_parts("sparse.sampled_addmm", indices, values, size), mat1, mat2, beta, alpha));
      });
  table.add("sparse.sum(Tensor indices, Tensor values, int[] size, int[] dim) -> (Tensor indices, Tensor values)",
            [](const Tensor& indices, const Tensor& values, const Shape& size, const Shape& dim) {
              return parts_of(sparse::sum(from_parts("sparse.sum", indices, values, size), dim));
            });
}

}  // namespace lazuli
