#pragma once
#include <span>

#include "lazuli/backends/cpu/strided_loops.h"
#include "lazuli/core/slots.h"

namespace lazuli::cpu {

// ---- the slots that register_indexing fills ----
void index_select(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index);
void index_add(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, double alpha);
void gather(Tensor& out, const Tensor& in, int64_t dim, const Tensor& index);
void scatter(ScatterOp op, Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
void index(Tensor& out, const Tensor& in, std::span<const Tensor> indices);
void index_put(Tensor& self, std::span<const Tensor> indices, const Tensor& values, bool accumulate);
void as_strided_backward(Tensor& out, const Tensor& grad, const Shape& strides, int64_t offset);
void count_nonzero(Tensor& count, const Tensor& in);
void nonzero(Tensor& out, const Tensor& in);
void embedding_backward(Tensor& grad_weight, const Tensor& grad, const Tensor& index, int64_t padding_index, bool scale_by_frequency);

// ---- what they share ----

/// `index` as dense int64, every value checked to be in [0, size): throws Error (Index) naming the first that is not, before anything is written.
Tensor checked_index(const char* op, const Tensor& index, int64_t size);
[[noreturn]] void fail_index(const char* op, int64_t value, int64_t position, int64_t low, int64_t size);

/// A read through indices: loops over {out, in, index}; the element of `in` lies at its loop offset + index * scale. `block` contiguous elements are copied at a time.
struct IndexedRead {
  StridedLoops<3> loops;
  int64_t block = 1, scale = 1, item = 1;
  void run(char* out, const char* in, const int64_t* index) const;
};

/// A write through indices: self at its offset + index * scale takes in the value. `lines` {values, self, index}: the indexed positions, in order;
/// `rest`: positions that never meet, over which the work is parallel. `one_index`: the index is the same for all of them.
struct IndexedWrite {
  StridedLoops<3> lines, rest;
  int64_t scale = 1;
  bool one_index = false;
  void run(const char* op_name, ScatterOp op, DType dtype, void* self, const void* values, const int64_t* index, double alpha = 1) const;
};

}  // namespace lazuli::cpu
