#pragma once
#include "lazuli/core/factory.h"

namespace lazuli {

/// The same values in memory of their own, in self's layout where that is dense.
Tensor clone(const Tensor& self);
/// self itself when it is contiguous (row-major), else a copy that is.
Tensor contiguous(const Tensor& self);
/// Self on another device or in another dtype; self itself where nothing changes, unless `copy`. Complex to real drops the imaginary part.
Tensor to(const Tensor& self, Device device, DType dtype, bool copy = false);
Tensor to(const Tensor& self, DType dtype);
Tensor to(const Tensor& self, Device device);
/// Writes `source`, broadcast and cast, into self.
Tensor& copy_(Tensor& self, const Tensor& source);
/// A tensor of self's form with every element `value`; and in place.
Tensor fill(const Tensor& self, const Scalar& value);
Tensor fill(const Tensor& self, const Tensor& value);
Tensor& fill_(Tensor& self, const Scalar& value);
Tensor& zero_(Tensor& self);
/// Self without history; the data is shared.
Tensor detach(const Tensor& self);

}  // namespace lazuli
