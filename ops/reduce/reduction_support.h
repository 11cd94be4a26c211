#pragma once
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/step_observer.h"
#include "lazuli/core/tensor.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/table/bind.h"

/// What the reductions share. Not for users.
namespace lazuli {

template <>
struct bind::Unbox<DimList> {
  static constexpr CppType kCode = CppType::OptShape;
  static DimList get(Value& value) { return value.is_none() ? DimList() : DimList(value.to_shape()); }
};

namespace reduction {

/// A set of dimensions, one bit each. Throws Error (Index) for one out of range or named twice; none named: all.
uint64_t mask_of(const DimList& dims, int64_t rank, const char* op);
/// The set as a list; all dimensions of a tensor without any.
DimList list_of(uint64_t mask, int64_t rank);
/// The sizes with 1 in the masked dimensions, or without them.
Shape reduced_sizes(const Shape& sizes, uint64_t mask, bool keepdim);
/// Elements that go into each result.
int64_t count_of(const Shape& sizes, uint64_t mask);
/// A new tensor with 1 in the masked dimensions, for a kernel to fill; `drop` then takes those dimensions away, unless keepdim.
Tensor new_kept(const Tensor& like, uint64_t mask, DType dtype);
void drop(Tensor& out, uint64_t mask, bool keepdim);
/// Kernel and allocation, no record.
Tensor run(ReduceOp op, const Tensor& self, uint64_t mask, bool keepdim, DType dtype);

/// Differentiable: a reduced tensor's dimensions put back with size 1; and expanded (stride 0) to `sizes`.
Tensor kept(const Tensor& reduced, uint64_t mask, bool keepdim);
Tensor restored(const Tensor& reduced, const Shape& sizes, uint64_t mask, bool keepdim);
/// Differentiable in grad, which has the reduced dimensions: shared out among the elements of x that are `best`. Where that is NaN: among those that are (`nan_is_best`), or NaN for all.
Tensor shared_among(const Tensor& grad, const Tensor& x, const Tensor& best, uint64_t mask, bool nan_is_best);
Tensor sum_masked(const Tensor& self, uint64_t mask, bool keepdim);
/// Differentiable: zeros of `size` along dim with `values` at `index`, and the reverse.
Tensor put_along(const Tensor& values, int64_t dim, const Tensor& index, int64_t size);
Tensor take_along(const Tensor& self, int64_t dim, const Tensor& index);

/// `divided(x)` where `condition`, one bool that is read, holds for x, else `careful()`: the quicker way to what both compute. A recorded step, which cannot read, does both and takes the
/// elements of one; `divided` then gets ones in the place of an x for which it does not hold.
template <class Divided, class Careful>
Tensor by_value(const Tensor& condition, const Tensor& x, Divided divided, Careful careful) {
  if (!lazuli::detail::step_observer) return batching::all_true(condition) ? divided(x) : careful();
  return where(condition, divided(where(condition, x, Scalar(1))), careful());
}

}  // namespace reduction
}  // namespace lazuli
