#include "lazuli/ops/reduction.h"

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/arithmetic.h"
#include "lazuli/ops/copy.h"
#include "lazuli/ops/families.h"
#include "lazuli/ops/pointwise.h"
#include "lazuli/ops/promotion.h"
#include "lazuli/ops/reduction_support.h"
#include "lazuli/ops/registry.h"

namespace lazuli {
namespace reduce {

uint64_t mask_of(const Dims& dims, int64_t rank, const char* op) {
  if (rank > 64) fail(op, "dim", "a tensor of at most 64 dimensions", std::to_string(rank));
  if (dims.empty()) return rank == 64 ? ~uint64_t(0) : (uint64_t(1) << rank) - 1;
  uint64_t mask = 0;
  for (int64_t d : dims) {
    uint64_t bit = uint64_t(1) << wrap_dim(d, rank, op);
    if (mask & bit) fail(ErrorKind::Index, op, "dim", "each dimension once", to_string(dims));
    mask |= bit;
  }
  return rank == 0 ? 0 : mask;
}

Shape reduced_sizes(const Shape& sizes, uint64_t mask, bool keepdim) {
  if (keepdim) {
    Shape out = sizes;
    for (int64_t i = 0; i < sizes.size(); ++i)
      if (mask >> i & 1) out[i] = 1;
    return out;
  }
  int64_t left[64], n = 0;
  for (int64_t i = 0; i < sizes.size(); ++i)
    if (!(mask >> i & 1)) left[n++] = sizes[i];
  return Shape(left, n);
}

int64_t count_of(const Shape& sizes, uint64_t mask) {
  int64_t n = 1;
  for (int64_t i = 0; i < sizes.size(); ++i)
    if (mask >> i & 1) n *= sizes[i];
  return n;
}

Tensor new_kept(const Tensor& like, uint64_t mask, DType dtype) { return new_tensor(reduced_sizes(like.sizes(), mask, true), dtype, like.device()); }

void drop(Tensor& out, uint64_t mask, bool keepdim) {
  if (keepdim || mask == 0) return;
  TensorBody& body = *out.body();  // nobody else has seen it yet
  body.sizes = reduced_sizes(body.sizes, mask, false);
  body.strides = contiguous_strides(body.sizes);
  body.update_layout();
}

Tensor run(ReduceOp op, const Tensor& self, uint64_t mask, bool keepdim, DType dtype) {
  Tensor out = new_kept(self, mask, dtype);
  if (out.numel()) reduce_kernel(out.device(), op, out, self);
  drop(out, mask, keepdim);
  return out;
}

Tensor kept(const Tensor& reduced, uint64_t mask, bool keepdim) {
  if (keepdim || mask == 0) return reduced;
  Shape sizes = reduced.sizes(), strides = reduced.strides();
  for (int64_t i = 0; i < 64 && mask >> i; ++i)
    if (mask >> i & 1) sizes.insert(i, 1), strides.insert(i, 0);
  Tensor out = alias(reduced, sizes, strides, reduced.storage_offset());
  if (auto tape = Tape::recording(reduced))
    tape.record("kept", out, [mask](const Tensor& grad, Needs) {
      Shape sizes = reduced_sizes(grad.sizes(), mask, false);
      return Grads{grad.reshape(sizes)};
    });
  return out;
}

Tensor restored(const Tensor& reduced, const Shape& sizes, uint64_t mask, bool keepdim) {
  Shape strides = Shape::filled(sizes.size(), 0);
  for (int64_t i = 0, j = 0; i < sizes.size(); ++i) {
    if (!(mask >> i & 1)) strides[i] = reduced.strides()[keepdim ? i : j];
    j += !(mask >> i & 1);
  }
  Tensor out = alias(reduced, sizes, strides, reduced.storage_offset());
  if (auto tape = Tape::recording(reduced)) tape.record("expand", out, [mask, keepdim](const Tensor& grad, Needs) { return Grads{sum_masked(grad, mask, keepdim)}; });
  return out;
}

Tensor sum_masked(const Tensor& self, uint64_t mask, bool keepdim) {
  Tensor out = run(ReduceOp::Sum, self, mask, keepdim, is_integral(self.dtype()) ? kInt64 : self.dtype());
  if (auto tape = Tape::recording(self))
    tape.record("sum", out, [sizes = self.sizes(), mask, keepdim](const Tensor& grad, Needs) { return Grads{restored(grad, sizes, mask, keepdim)}; });
  return out;
}

Tensor put_along(const Tensor& values, int64_t dim, const Tensor& index, int64_t size) {
  Shape sizes = values.sizes();
  if (dim < sizes.size()) sizes[dim] = size;
  Tensor out = new_tensor(sizes, values.dtype(), values.device());
  if (out.numel()) fill_kernel(out.device(), out, 0);
  if (values.numel()) {
    if (sizes.empty()) copy_kernel(out.device(), out, values);
    else scatter_kernel(out.device(), ScatterOp::Add, out, dim, index, values);
  }
  if (auto tape = Tape::recording(values))
    tape.record("put_along", out, [dim, index = tape.save(index)](const Tensor& grad, Needs) { return Grads{take_along(grad, dim, index.get())}; });
  return out;
}

Tensor take_along(const Tensor& self, int64_t dim, const Tensor& index) {
  Tensor out = new_tensor(index.sizes(), self.dtype(), self.device());
  if (out.numel()) {
    if (self.dim() == 0) copy_kernel(out.device(), out, self);
    else gather_kernel(out.device(), out, self, dim, index);
  }
  if (auto tape = Tape::recording(self))
    tape.record("take_along", out, [dim, index = tape.save(index), size = self.dim() ? self.sizes()[dim] : 1](const Tensor& grad, Needs) {
      return Grads{put_along(grad, dim, index.get(), size)};
    });
  return out;
}

}  // namespace reduce

namespace {

using namespace reduce;

Tensor in_dtype(const Tensor& self, std::optional<DType> dtype) { return dtype && *dtype != self.dtype() ? to(self, *dtype) : self; }

void require_elements(const char* op, const Tensor& self, uint64_t mask) {
  for (int64_t i = 0; i < self.dim(); ++i)
    if ((mask >> i & 1) && self.sizes()[i] == 0) fail(ErrorKind::Index, op, "dim", "a dimension with elements, because the operator has no identity", "size 0 at dimension " + std::to_string(i));
}

Tensor extreme(const char* name, ReduceOp op, const Tensor& self, const Dims& dims, bool keepdim) {
  uint64_t mask = mask_of(dims, self.dim(), name);
  if (self.is_complex()) fail(ErrorKind::Type, name, "self", "real numbers", "complex ones, which have no order");
  require_elements(name, self, mask);
  Tensor out = run(op, self, mask, keepdim, self.dtype());
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [self = tape.save(self), out = tape.save_output(out), mask, keepdim](const Tensor& grad, Needs) {
      Tensor x = self.get();
      Tensor at = casted(pointwise("eq", BinaryOp::Eq, x.detach(), kept(out.get().detach(), mask, keepdim), DTypeRule::Bool), x.dtype());
      Tensor share = div(kept(grad, mask, keepdim), run(ReduceOp::Sum, at, mask, true, at.dtype()));
      return Grads{mul(share, at)};
    });
  return out;
}

Tensor arg_extreme(const char* name, ArgReduceOp op, const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  if (self.is_complex() || self.dtype() == kBool) fail(ErrorKind::Type, name, "self", "real numbers", std::string(lazuli::name(self.dtype())));
  int64_t d = dim ? wrap_dim(*dim, self.dim(), name) : 0;
  Tensor values;
  if (!dim || self.dim() == 0) {
    if (self.numel() == 0) fail(ErrorKind::Index, name, "self", "a tensor with elements, or a dim", to_string(self.sizes()));
    Tensor flat = alias(dense(self), {self.numel()}, {1}, self.is_contiguous() ? self.storage_offset() : 0);
    Tensor out = new_tensor({1}, kInt64, self.device());
    arg_reduce_kernel(out.device(), op, out, values, flat, 0);
    return alias(out, Shape::filled(keepdim ? self.dim() : 0, 1), Shape::filled(keepdim ? self.dim() : 0, 1), 0);
  }
  require_elements(name, self, uint64_t(1) << d);
  Tensor out = new_kept(self, uint64_t(1) << d, kInt64);
  if (out.numel()) arg_reduce_kernel(out.device(), op, out, values, self, d);
  drop(out, uint64_t(1) << d, keepdim);
  return out;
}

}  // namespace

Tensor sum(const Tensor& self, const Dims& dims, bool keepdim, std::optional<DType> dtype) {
  return sum_masked(in_dtype(self, dtype), mask_of(dims, self.dim(), "sum"), keepdim);
}

Tensor sum_to_size(const Tensor& self, const Shape& sizes) {
  if (self.sizes() == sizes) return self;
  if (!can_broadcast_to(sizes, self.sizes())) fail("sum_to_size", "size", "sizes that broadcast to " + to_string(self.sizes()), to_string(sizes));
  int64_t lead = self.dim() - sizes.size();
  uint64_t leading = (uint64_t(1) << lead) - 1, mask = leading;
  for (int64_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] == 1 && self.sizes()[lead + i] != 1) mask |= uint64_t(1) << (lead + i);
  Tensor out = run(ReduceOp::Sum, self, mask, true, is_integral(self.dtype()) ? kInt64 : self.dtype());
  drop(out, leading, false);
  if (auto tape = Tape::recording(self))
    tape.record("sum_to_size", out, [sizes = self.sizes(), lead, mask](const Tensor& grad, Needs) {
      return Grads{restored(kept(grad, (uint64_t(1) << lead) - 1, false), sizes, mask, true)};
    });
  return out;
}

Tensor mean(const Tensor& self, const Dims& dims, bool keepdim, std::optional<DType> dtype) {
  Tensor in = in_dtype(self, dtype);
  if (is_integral(in.dtype())) fail(ErrorKind::Type, "mean", "self", "a floating point or complex dtype (give `dtype` to cast first)", std::string(name(in.dtype())));
  uint64_t mask = mask_of(dims, in.dim(), "mean");
  Tensor out = run(ReduceOp::Mean, in, mask, keepdim, in.dtype());
  if (auto tape = Tape::recording(in))
    tape.record("mean", out, [sizes = in.sizes(), mask, keepdim](const Tensor& grad, Needs) {
      return Grads{restored(div(grad, Scalar(count_of(sizes, mask))), sizes, mask, keepdim)};
    });
  return out;
}

Tensor amax(const Tensor& self, const Dims& dims, bool keepdim) { return extreme("amax", ReduceOp::Amax, self, dims, keepdim); }
Tensor amin(const Tensor& self, const Dims& dims, bool keepdim) { return extreme("amin", ReduceOp::Amin, self, dims, keepdim); }
Tensor argmax(const Tensor& self, std::optional<int64_t> dim, bool keepdim) { return arg_extreme("argmax", ArgReduceOp::Argmax, self, dim, keepdim); }
Tensor argmin(const Tensor& self, std::optional<int64_t> dim, bool keepdim) { return arg_extreme("argmin", ArgReduceOp::Argmin, self, dim, keepdim); }

Tensor Tensor::sum(std::optional<Shape> dims, bool keepdim) const { return lazuli::sum(*this, dims, keepdim); }
Tensor Tensor::mean(std::optional<Shape> dims, bool keepdim) const { return lazuli::mean(*this, dims, keepdim); }
Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const { return lazuli::argmax(*this, dim, keepdim); }
Tensor Tensor::amax(std::optional<Shape> dims, bool keepdim) const { return lazuli::amax(*this, dims, keepdim); }

void register_reduction(OpTable& table) {
  table.add("sum(Tensor self, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", &lazuli::sum);
  table.add("sum_to_size(Tensor self, int[] size) -> Tensor", &lazuli::sum_to_size);
  table.add("mean(Tensor self, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", &lazuli::mean);
  table.add("amax(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &lazuli::amax);
  table.add("amin(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &lazuli::amin);
  table.add("argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", &lazuli::argmax);
  table.add("argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", &lazuli::argmin);
}

}  // namespace lazuli
