#pragma once
#include "lazuli/core/tensor.h"

/// What gather, scatter and scatter_reduce ask of their arguments. All throw Error.
namespace lazuli::detail {

/// Whether `t` is where self is.
void check_device(const char* op, const char* argument, const Tensor& self, const Tensor& t);
/// `index` against self; returns the wrapped dimension.
int64_t check_index(const char* op, const Tensor& self, int64_t dim, const Tensor& index);
void check_source(const char* op, const Tensor& self, const Tensor& index, const Tensor& src);
/// The part of `src` at which an index of the given sizes looks.
Tensor corner(const Tensor& src, const Shape& sizes);

/// The same for the index functions, where `index` is 1-d and `source` has self's sizes but for as many entries along the dimension as there are indices.
int64_t check_index_list(const char* op, const Tensor& self, int64_t dim, const Tensor& index);
void check_index_source(const char* op, const Tensor& self, int64_t at, const Tensor& index, const Tensor& source);

}  // namespace lazuli::detail
