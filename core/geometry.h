#pragma once
#include "lazuli/core/tensor.h"

namespace lazuli {

/// More than any program needs, and what every kernel has room for.
inline constexpr int64_t kMaxDims = 64;

/// Every tensor, new or a view, gets its sizes, strides (not negative) and offset here: gives them to the body with the number of elements and contiguity that follow.
/// Throws Error naming `op` for more than 64 dimensions, negative sizes, or sizes whose product does not fit 63 bits.
void set_geometry(TensorBody& body, const Shape& sizes, const Shape& strides, int64_t offset, const char* op);
/// The same for a row-major tensor that starts with its storage.
void set_geometry(TensorBody& body, const Shape& sizes, const char* op);
/// Throws the same Error where a view that a user describes does not lie in a storage of so many elements.
void check_bounds(const Shape& sizes, const Shape& strides, int64_t offset, int64_t elements, const char* op);
/// As alias in factory.h, for an operator of this name, with elements read as `dtype` in the second form.
Tensor alias(const Tensor& base, const Shape& sizes, const Shape& strides, int64_t offset, const char* op);
Tensor alias(const Tensor& base, DType dtype, const Shape& sizes, const Shape& strides, int64_t offset, const char* op);
/// How many elements of a storage these reach over, from the first on. Throws Error where that many bytes do not fit memory.
int64_t reach_of(const Shape& sizes, const Shape& strides, DType dtype, const char* op);
/// A size that is computed: a * b or a + b, if it fits 63 bits; else throws the same Error.
int64_t size_product(int64_t a, int64_t b, const char* op);
int64_t size_sum(int64_t a, int64_t b, const char* op);
/// The bytes of so many elements.
int64_t bytes_of(const Shape& sizes, int64_t numel, DType dtype, const char* op);

}  // namespace lazuli
