#pragma once
#include "lazuli/core/by_position.h"
#include "lazuli/core/described.h"
#include "lazuli/core/factory.h"

/// Views: the same data under other sizes and strides. Negative dimensions count from the end; one out of range throws Error (Index).
namespace lazuli {

/// Other sizes for the same elements in row-major order; one size may be -1 and follows from the others. Throws Error when the number of elements differs or, `view`,
/// when the strides do not allow it; `reshape` then copies.
Tensor view(const Tensor& self, const Shape& sizes);
Tensor reshape(const Tensor& self, const Shape& sizes);
/// The same bytes as elements of another dtype; where its size differs, the last dimension shrinks or grows. Not differentiable.
/// Throws Error where sizes, strides or offset do not allow it.
Tensor view(const Tensor& self, DType dtype);
Tensor view(...) = delete;  // view(x, sizes) or view(x, dtype)
Tensor view_as(const Tensor& self, const Tensor& other);
Tensor reshape_as(const Tensor& self, const Tensor& other);
/// Dimensions start_dim to end_dim as one; a 0-d tensor becomes 1-d. Copies only where `reshape` does.
Tensor flatten(const Tensor& self, int64_t start_dim = 0, int64_t end_dim = -1);
Tensor ravel(const Tensor& self);
/// The reverse: dimension `dim` in the given sizes, one of which may be -1.
Tensor unflatten(const Tensor& self, int64_t dim, const Shape& sizes);

Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1);
/// Dimension i of the result is dimension dims[i] of self.
Tensor permute(const Tensor& self, const Shape& dims);
/// Of a matrix, transposed; 0-d and 1-d tensors as they are. Throws Error for more dimensions.
Tensor t(const Tensor& self);
/// All dimensions reversed.
Tensor T(const Tensor& self);
/// The last two dimensions swapped; H and mH also take the complex conjugate (H: of a matrix; adjoint is mH).
Tensor mT(const Tensor& self);
Tensor H(const Tensor& self);
Tensor mH(const Tensor& self);
Tensor adjoint(const Tensor& self);
/// Moves dimensions from the places `source` to the places `destination`; the others keep their order.
Tensor movedim(const Tensor& self, const Shape& source, const Shape& destination);
Tensor moveaxis(const Tensor& self, const Shape& source, const Shape& destination);
Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1);
Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1);

/// Without its dimensions of size 1: all, or those of `dims` that have this size.
Tensor squeeze(const Tensor& self, OptionalShape dims = {});
/// With a dimension of size 1 in front of place `dim`.
Tensor unsqueeze(const Tensor& self, int64_t dim);
/// Dimensions of size 1 repeated (stride 0) to the given sizes; -1 keeps a size; new dimensions come in front.
Tensor expand(const Tensor& self, const Shape& sizes);
Tensor expand_as(const Tensor& self, const Tensor& other);
Tensor broadcast_to(const Tensor& self, const Shape& sizes);
std::vector<Tensor> broadcast_tensors(const std::vector<Tensor>& tensors);
/// The shape to which all broadcast.
Shape broadcast_shapes(const std::vector<Shape>& shapes);
/// With dimensions of size 1 put in, so that there are at least one, two or three.
Tensor atleast_1d(const Tensor& self);
Tensor atleast_2d(const Tensor& self);
Tensor atleast_3d(const Tensor& self);
std::vector<Tensor> atleast_1d(const std::vector<Tensor>& tensors);
std::vector<Tensor> atleast_1d(...) = delete;  // atleast_1d(x) or atleast_1d(tensors)
std::vector<Tensor> atleast_2d(const std::vector<Tensor>& tensors);
std::vector<Tensor> atleast_2d(...) = delete;  // atleast_2d(x) or atleast_2d(tensors)
std::vector<Tensor> atleast_3d(const std::vector<Tensor>& tensors);
std::vector<Tensor> atleast_3d(...) = delete;  // atleast_3d(x) or atleast_3d(tensors)

/// Entry `index` of dimension `dim`, which goes away. Throws Error (Index) when there is none.
Tensor select(const Tensor& self, int64_t dim, int64_t index);
struct SliceOptions {
  int64_t dim = 0;
  std::optional<int64_t> start = {}, end = {};
  int64_t step = 1;
  template <class O = SliceOptions>
  static constexpr auto members() {
    return Members{member("dim", &O::dim), member("start", &O::start), member("end", &O::end), member("step", &O::step)};
  }
};
namespace with_options {
Tensor slice(const Tensor& self, SliceOptions options);
}
/// Python's start:end:step along `dim`. Throws Error for a step below 1.
template <class Dim = SliceOptions>
Tensor slice(const Tensor& self, Dim dim = {}, std::optional<int64_t> start = {}, std::optional<int64_t> end = {}, int64_t step = 1) {
  return with_options::slice(self, by_position<SliceOptions>(std::move(dim), start, end, step));
}
/// `length` entries from `start` on. Throws Error when they are not there.
Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length);
Tensor narrow(const Tensor& self, int64_t dim, const Tensor& start, int64_t length);
Tensor narrow(...) = delete;  // narrow(x, dim, tensor or number start, length)
Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length);
struct DiagonalOptions {
  int64_t offset = 0, dim1 = 0, dim2 = 1;
  template <class O = DiagonalOptions>
  static constexpr auto members() {
    return Members{member("offset", &O::offset), member("dim1", &O::dim1), member("dim2", &O::dim2)};
  }
};
namespace with_options {
Tensor diagonal(const Tensor& self, DiagonalOptions options);
}
/// The diagonal of the plane of two dimensions, `offset` above (below) the main one, as the last dimension.
template <class Offset = DiagonalOptions>
Tensor diagonal(const Tensor& self, Offset offset = {}, int64_t dim1 = 0, int64_t dim2 = 1) {
  return with_options::diagonal(self, by_position<DiagonalOptions>(std::move(offset), dim1, dim2));
}
namespace linalg {
struct DiagonalOptions {
  int64_t offset = 0, dim1 = -2, dim2 = -1;
  template <class O = DiagonalOptions>
  static constexpr auto members() {
    return Members{member("offset", &O::offset), member("dim1", &O::dim1), member("dim2", &O::dim2)};
  }
};
/// The same with the last two dimensions as the plane, unless told otherwise.
Tensor diagonal(const Tensor& A, DiagonalOptions options = {});
}  // namespace linalg
/// Windows of `size` entries of dimension `dim`, `step` apart, as a new last dimension.
Tensor unfold(const Tensor& self, int64_t dimension, int64_t size, int64_t step);

/// A copy of self with that view of it replaced by `src`.
Tensor select_scatter(const Tensor& self, const Tensor& src, int64_t dim, int64_t index);
namespace with_options {
Tensor slice_scatter(const Tensor& self, const Tensor& src, SliceOptions options);
Tensor diagonal_scatter(const Tensor& self, const Tensor& src, DiagonalOptions options);
}
template <class Dim = SliceOptions>
Tensor slice_scatter(const Tensor& self, const Tensor& src, Dim dim = {}, std::optional<int64_t> start = {}, std::optional<int64_t> end = {},
                     int64_t step = 1) {
  return with_options::slice_scatter(self, src, by_position<SliceOptions>(std::move(dim), start, end, step));
}
template <class Offset = DiagonalOptions>
Tensor diagonal_scatter(const Tensor& self, const Tensor& src, Offset offset = {}, int64_t dim1 = 0, int64_t dim2 = 1) {
  return with_options::diagonal_scatter(self, src, by_position<DiagonalOptions>(std::move(offset), dim1, dim2));
}

/// In-place forms: self itself gets the other geometry. Throw Error for a view of a tensor that takes part in a graph.
Tensor& squeeze_(const Tensor& self, OptionalShape dims = {});
Tensor& unsqueeze_(const Tensor& self, int64_t dim);
Tensor& transpose_(const Tensor& self, int64_t dim0, int64_t dim1);
Tensor& swapaxes_(const Tensor& self, int64_t axis0, int64_t axis1);
Tensor& swapdims_(const Tensor& self, int64_t dim0, int64_t dim1);
Tensor& t_(const Tensor& self);

}  // namespace lazuli
