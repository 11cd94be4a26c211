#pragma once
#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/tape.h"

namespace lazuli {

/// A differentiable view of `self`: same storage, given geometry (offset in elements of the storage), recorded under `name` with `backward(grad) -> gradient of self`,
/// and followed by in-place operators. The one way in which ops/ makes views.
template <class F>
Tensor make_view(const char* name, const Tensor& self, const Shape& sizes, const Shape& strides, int64_t offset, F backward,
                 ViewOrigin origin = ViewOrigin::Default);

/// The elements of `self`'s storage at the given sizes, strides (not negative) and offset. Throws Error when that reaches outside the storage.
Tensor as_strided(const Tensor& self, const Shape& sizes, const Shape& strides, std::optional<int64_t> storage_offset = {});
/// A copy of `self`, in its layout, with the elements of that view replaced by `source`.
Tensor as_strided_scatter(const Tensor& self, const Tensor& source, const Shape& sizes, const Shape& strides,
                          std::optional<int64_t> storage_offset = {});

Tensor alias_view(const Tensor& self, const Shape& sizes, const Shape& strides, int64_t offset);

template <class F>
Tensor make_view(const char* name, const Tensor& self, const Shape& sizes, const Shape& strides, int64_t offset, F backward, ViewOrigin origin) {
  Tensor out = alias_view(self, sizes, strides, offset);
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [backward = std::move(backward)](const Tensor& grad, Needs) { return Grads{backward(grad)}; });
  track_view(self, out, origin);
  return out;
}

}  // namespace lazuli
