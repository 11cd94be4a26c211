#pragma once
#include <string_view>

#include "lazuli/core/tensor.h"

/// The three kinds of transforms along dimensions that exist, of numbers that are float or double already; differentiable in every order. Not for users.
namespace lazuli::spectral {

/// `self` as float or double, complex where asked. Throws Error (Type) for half precision.
Tensor promoted(const char* op, const Tensor& self, bool complex);
/// The factor of a transform over so many values in this direction: by `norm` "backward", "forward" or "ortho". Throws Error for another one.
double scale_of(const char* op, const std::optional<std::string>& norm, double values, bool forward);
/// Cut or filled with zeros along dim.
Tensor resized(const Tensor& self, int64_t dim, int64_t size);

Tensor complex_to_complex(const Tensor& self, const Shape& dims, bool forward, double scale);
/// To the first n / 2 + 1 values.
Tensor real_to_complex(const Tensor& self, int64_t dim, bool forward, double scale);
/// From the first n / 2 + 1 values to n.
Tensor complex_to_real(const Tensor& self, int64_t dim, int64_t n, bool forward, double scale);

}  // namespace lazuli::spectral
