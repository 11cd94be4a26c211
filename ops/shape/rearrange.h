#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

/// The elements of a tensor in another order, repeated, or on and off diagonals: copies, where ops/shape/shape.h has views.
namespace lazuli {

/// Reversed along the given dimensions; columns (1) and rows (0).
Tensor flip(const Tensor& self, const Shape& dims);
Tensor fliplr(const Tensor& self);
Tensor flipud(const Tensor& self);
/// Moved on by `shifts` along `dims`, what leaves at the end coming in at the front; without dims, self seen as 1-d.
Tensor roll(const Tensor& self, const Shape& shifts, const Shape& dims = {});
/// Turned k times by 90 degrees in the plane of two dimensions, from the first towards the second.
Tensor rot90(const Tensor& self, int64_t k = 1, const Shape& dims = {0, 1});
/// Laid side by side `repeats` times along each dimension; new dimensions come in front. tile: shorter `dims` are filled up with ones.
Tensor repeat(const Tensor& self, const Shape& repeats);
Tensor tile(const Tensor& self, const Shape& dims);
/// Each entry along `dim` (none: of self seen as 1-d) `repeats` times in a row; a tensor of repeats has one for each entry.
Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim = {}, std::optional<int64_t> output_size = {});
Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, std::optional<int64_t> dim = {}, std::optional<int64_t> output_size = {});
/// For each i, i itself repeats[i] times.
Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size = {});
Tensor repeat_interleave(...) = delete;  // (x, tensor or number repeats, [dim], [output_size]) or (repeats, [output_size])
/// Views that show 1-d (or 0-d) tensors along one dimension each of their common grid. indexing "ij": in order; "xy": the first two swapped.
std::vector<Tensor> meshgrid(const std::vector<Tensor>& tensors, std::string_view indexing = "ij");

/// 1-d: a matrix with self on the given diagonal; 2-d: its diagonal, as a copy.
Tensor diag(const Tensor& self, int64_t diagonal = 0);
struct DiagEmbedOptions {
  int64_t offset = 0, dim1 = -2, dim2 = -1;
  template <class O = DiagEmbedOptions>
  static constexpr auto members() {
    return Members{member("offset", &O::offset), member("dim1", &O::dim1), member("dim2", &O::dim2)};
  }
};
namespace with_options {
Tensor diag_embed(const Tensor& self, DiagEmbedOptions options);
}
/// Matrices, in the plane dim1, dim2 of the result, with the last dimension of self on the given diagonal.
template <class Offset = DiagEmbedOptions>
Tensor diag_embed(const Tensor& self, Offset offset = {}, int64_t dim1 = -2, int64_t dim2 = -1) {
  return with_options::diag_embed(self, by_position<DiagEmbedOptions>(std::move(offset), dim1, dim2));
}
/// diag of self seen as 1-d.
Tensor diagflat(const Tensor& self, int64_t offset = 0);
/// Matrices with zeros above (tril), below (triu) the given diagonal.
Tensor tril(const Tensor& self, int64_t diagonal = 0);
Tensor triu(const Tensor& self, int64_t diagonal = 0);
Tensor& tril_(const Tensor& self, int64_t diagonal = 0);
Tensor& triu_(const Tensor& self, int64_t diagonal = 0);
/// Sets the main diagonal of a matrix, or of a cube of any rank; `wrap` begins it anew below in tall matrices.
Tensor& fill_diagonal_(const Tensor& self, const Scalar& fill_value, bool wrap = false);
/// The sum of the diagonal of a matrix.
Tensor trace(const Tensor& self);
/// Matrices (1-d: rows, 0-d: one element) along the diagonal of one, zeros elsewhere.
Tensor block_diag(const std::vector<Tensor>& tensors);

/// All combinations of the elements of 1-d tensors, one a row, the last changing fastest; of one tensor: itself.
Tensor cartesian_prod(const std::vector<Tensor>& tensors);
/// All choices of r elements of a 1-d tensor, in order, one a row.
Tensor combinations(const Tensor& self, int64_t r = 2, bool with_replacement = false);
/// The Kronecker product: self with each element replaced by itself times `other`; ranks are evened out.
Tensor kron(const Tensor& self, const Tensor& other);
/// x^(N-1), ..., x, 1 of a 1-d tensor as columns (increasing: the other way round).
Tensor vander(const Tensor& x, std::optional<int64_t> N = {}, bool increasing = false);
namespace linalg {
/// 1, x, ..., x^(N-1) of the last dimension as a new last dimension; N more than 1, or the size of the last dimension.
Tensor vander(const Tensor& x, std::optional<int64_t> N = {});
}  // namespace linalg
/// Coordinates in a tensor of sizes `shape` of flat, row-major `indices`; one tensor for each dimension.
std::vector<Tensor> unravel_index(const Tensor& indices, const Shape& shape);

}  // namespace lazuli
