#pragma once
#include <string>

#include "lazuli/core/tensor.h"

/// Sparse tensors in coordinates: torch's sparse COO layout. `#include <lazuli/ops/sparse/sparse.h>`; the umbrella header leaves it out.
///
///   auto adjacency = sparse::sparse_coo_tensor(tensor({{0, 1, 2}, {1, 2, 0}}), weights.requires_grad_(), {3, 3});
///   Tensor y = sparse::mm(adjacency, x);
///   y.sum().backward();                                    // weights.grad()
namespace lazuli::sparse {

/// Elements at given places, all others 0. The places are the columns of `indices` [sparse_dim, n], int64; `values` [n, ...] are numbers, or tensors of the dimensions that come after the sparse ones (dense). A place
/// may be there several times: its values then count as their sum. Gradients go through `values`.
class SparseTensor {
 public:
  /// Throws Error for indices that are not int64 and 2-d or outside `sizes`, and values that do not go with them.
  SparseTensor(Tensor indices, Tensor values, Shape sizes);

  const Tensor& indices() const { return indices_; }
  const Tensor& values() const { return values_; }
  const Shape& sizes() const { return sizes_; }
  int64_t size(int64_t dim) const;
  int64_t dim() const { return sizes_.size(); }
  int64_t sparse_dim() const { return indices_.sizes()[0]; }
  int64_t dense_dim() const { return dim() - sparse_dim(); }
  /// The number of places, the same one counted each time.
  int64_t nnz() const { return indices_.sizes()[1]; }
  DType dtype() const { return values_.dtype(); }
  Device device() const { return values_.device(); }
  bool requires_grad() const { return values_.requires_grad(); }
  /// Whether each place is there once, in row-major order, as `coalesce` leaves them.
  bool is_coalesced() const { return coalesced_; }

  /// The same tensor with each place once, in row-major order.
  SparseTensor coalesce() const;
  Tensor to_dense() const;
  /// Two sparse dimensions exchanged.
  SparseTensor transpose(int64_t dim0, int64_t dim1) const;
  /// Of two dimensions.
  SparseTensor t() const;
  SparseTensor to(DType dtype) const;
  SparseTensor detach() const;

 private:
  friend SparseTensor with_values(const SparseTensor& like, Tensor values);
  friend SparseTensor to_sparse(const Tensor& dense, std::optional<int64_t> sparse_dim);
  SparseTensor(Tensor indices, Tensor values, Shape sizes, bool coalesced);
  Tensor indices_, values_;
  Shape sizes_;
  bool coalesced_ = false;
};

/// A sparse tensor of these; without sizes, the smallest that holds the indices.
SparseTensor sparse_coo_tensor(const Tensor& indices, const Tensor& values, const Shape& sizes);
SparseTensor sparse_coo_tensor(const Tensor& indices, const Tensor& values);
/// The elements of a dense tensor that are not 0 (where some dimensions stay dense: the slices with an element that is not), coalesced. `sparse_dim`: the number of leading dimensions that become sparse; none: all.
SparseTensor to_sparse(const Tensor& dense, std::optional<int64_t> sparse_dim = {});
/// Other values at the same places.
SparseTensor with_values(const SparseTensor& like, Tensor values);
/// The elements of `dense` at the places of `mask`, which is coalesced first.
SparseTensor sparse_mask(const Tensor& dense, const SparseTensor& mask);

/// The product of a sparse matrix and a dense one, [n, m] x [m, k], dense: one product for each place. Throws Error for other ranks and for sizes that do not agree.
Tensor mm(const SparseTensor& self, const Tensor& mat2);
/// beta input + alpha (self mat2).
Tensor addmm(const Tensor& input, const SparseTensor& self, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// beta self + alpha (mat1 mat2) where self has places, the products computed there alone; coalesced.
SparseTensor sampled_addmm(const SparseTensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// The sum of all elements; over some dimensions, of which the sparse ones that are left stay sparse.
Tensor sum(const SparseTensor& self);
SparseTensor sum(const SparseTensor& self, const Shape& dims);

/// Of equal sizes: the sum has the places of both, coalesced; the product with a dense tensor those of the sparse one.
SparseTensor add(const SparseTensor& self, const SparseTensor& other, const Scalar& alpha = 1);
SparseTensor mul(const SparseTensor& self, const Tensor& other);
SparseTensor mul(const SparseTensor& self, const Scalar& other);
inline SparseTensor operator+(const SparseTensor& a, const SparseTensor& b) { return add(a, b); }
inline SparseTensor operator-(const SparseTensor& a, const SparseTensor& b) { return add(a, b, -1); }
inline SparseTensor operator*(const SparseTensor& a, const Scalar& b) { return mul(a, b); }
inline SparseTensor operator*(const Scalar& a, const SparseTensor& b) { return mul(b, a); }
inline SparseTensor operator*(const SparseTensor& a, const Tensor& b) { return mul(a, b); }

/// "SparseTensor(indices=..., values=..., size=[3, 3], nnz=3)"
std::string to_string(const SparseTensor& t);
std::ostream& operator<<(std::ostream& stream, const SparseTensor& t);

}  // namespace lazuli::sparse
