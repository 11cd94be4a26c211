#include "lazuli/ops/reduce/reduction.h"

#include <algorithm>
#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/linalg/matmul_support.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace reduction {

uint64_t mask_of(const DimList& dims, int64_t rank, const char* op) {
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
  set_geometry(*out.body(), reduced_sizes(out.sizes(), mask, false), "sum");  // nobody else has seen it yet
}

DimList list_of(uint64_t mask, int64_t rank) {
  Shape dims;
  for (int64_t i = 0; i < rank; ++i)
    if (mask >> i & 1) dims.push_back(i);
  return DimList(dims);
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
  if (auto tape = Tape::recording(reduced))
    tape.record("expand", out, [mask, keepdim](const Tensor& grad, Needs) { return Grads{sum_masked(grad, mask, keepdim)}; });
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

}  // namespace reduction

namespace {

using namespace reduction;

Tensor in_dtype(const Tensor& self, std::optional<DType> dtype) { return dtype && *dtype != self.dtype() ? to(self, *dtype) : self; }

// The product of all others times grad. Divides where there is no zero, which costs a look at the data; else, and on devices that would be waited for, multiplies
// what lies before and behind each element.
Tensor prod_backward(const Tensor& grad, const Tensor& in, const Tensor& out, uint64_t mask) {
  if (in.numel() == 0) return in * Scalar(0);
  if (modes.grad && (in.dtype() == kFloat16 || in.dtype() == kBFloat16)) {  // the derivatives of out / in pass through what halves do not have
    const Tensor wide = to(in, kFloat32);
    return to(prod_backward(to(grad, kFloat32), wide, lazuli::prod(wide, list_of(mask, in.dim()), true), mask), in.dtype());
  }
  const auto careful = [&] {
    if (in.dim() == 0) return grad;
    Shape order, back = Shape::filled(in.dim(), 0);
    for (int64_t i = 0; i < in.dim(); ++i)
      if (!(mask >> i & 1)) order.push_back(i);
    for (int64_t i = 0; i < in.dim(); ++i)
      if (mask >> i & 1) order.push_back(i);
    for (int64_t i = 0; i < in.dim(); ++i) back[order[i]] = i;
    Tensor moved = in.permute(order), flat = moved.reshape({-1, count_of(in.sizes(), mask)});
    int64_t n = flat.sizes()[1];
    Tensor one = new_tensor({flat.sizes()[0], 1}, in.dtype(), in.device());
    fill_kernel(one.device(), one, 1);
    Tensor before = cumprod(cat({one, flat.narrow(1, 0, n - 1)}, 1), 1),
           behind = flip(cumprod(cat({one, flip(flat.narrow(1, 1, n - 1), 1)}, 1), 1), 1);
    return grad * product::conjugated((before * behind).reshape(moved.sizes()).permute(back));
  };
  if (!in.device().is_cpu()) return careful();
  const Tensor no_zero = run(ReduceOp::All, in, mask_of({}, in.dim(), "prod"), false, kBool);
  return reduction::by_value(
      no_zero, in, [&](const Tensor& x) { return grad * product::conjugated(out / x); }, careful);
}

}  // namespace

Tensor sum(const Tensor& self, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return sum(cast(self), dims, keepdim, dtype);
  need_defined("sum", self);
  Tensor out = sum_masked(in_dtype(self, dtype), mask_of(dims, self.dim(), "sum"), keepdim);
  return in_dtype(out, dtype);  // integers are added as int64, whatever they were asked for as
}

Tensor sum_to_size(const Tensor& self, const Shape& sizes) {
  need_defined("sum_to_size", self);
  if (self.sizes() == sizes && !(sizes.empty() && is_integral(self.dtype()))) return self;
  if (!can_broadcast_to(sizes, self.sizes())) fail("sum_to_size", "size", "sizes that broadcast to " + to_string(self.sizes()), to_string(sizes));
  int64_t lead = self.dim() - sizes.size();
  uint64_t leading = lead == 64 ? ~uint64_t(0) : (uint64_t(1) << lead) - 1, mask = leading;
  for (int64_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] == 1 && self.sizes()[lead + i] != 1) mask |= uint64_t(1) << (lead + i);
  Tensor out = run(ReduceOp::Sum, self, mask, true, is_integral(self.dtype()) ? kInt64 : self.dtype());
  drop(out, leading, false);
  if (auto tape = Tape::recording(self))
    tape.record("sum_to_size", out, [sizes = self.sizes(), leading, mask](const Tensor& grad, Needs) {
      return Grads{restored(kept(grad, leading, false), sizes, mask, true)};
    });
  return out;
}

Tensor mean(const Tensor& self, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
  need_defined("mean", self);
  Tensor in = in_dtype(self, dtype);
  if (is_integral(in.dtype()))
    fail(ErrorKind::Type, "mean", "self", "a floating point or complex dtype (give `dtype` to cast first)", std::string(name(in.dtype())));
  uint64_t mask = mask_of(dims, in.dim(), "mean");
  Tensor out = run(ReduceOp::Mean, in, mask, keepdim, in.dtype());
  if (auto tape = Tape::recording(in))
    tape.record("mean", out, [sizes = in.sizes(), mask, keepdim](const Tensor& grad, Needs) {
      return Grads{restored(div(grad, Scalar(std::max<int64_t>(count_of(sizes, mask), 1))), sizes, mask, keepdim)};
    });
  return out;
}

Tensor nansum(const Tensor& self, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
  need_defined("nansum", self);
  if (self.is_complex()) fail(ErrorKind::Type, "nansum", "self", "a real dtype", name(self.dtype()));
  if (is_integral(self.dtype())) return lazuli::sum(self, dims, keepdim, dtype);
  Tensor in = in_dtype(self, dtype);
  uint64_t mask = mask_of(dims, in.dim(), "nansum");
  Tensor out = run(ReduceOp::NanSum, in, mask, keepdim, in.dtype());
  if (auto tape = Tape::recording(in))
    tape.record("nansum", out, [in = tape.save(in), mask, keepdim](const Tensor& grad, Needs) {
      Tensor x = in.get();
      return Grads{restored(grad, x.sizes(), mask, keepdim) * logical_not(isnan(x))};
    });
  return out;
}

Tensor nanmean(const Tensor& self, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
  need_defined("nanmean", self);
  if (!is_differentiable(self.dtype())) fail(ErrorKind::Type, "nanmean", "self", "a floating point dtype", name(self.dtype()));
  return nansum(self, dims, keepdim, dtype) / sum(logical_not(isnan(self.detach())), dims, keepdim);
}

Tensor prod(const Tensor& self, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
  if (const Casting cast{Cast::Float32, self}) return prod(cast(self), dims, keepdim, dtype);
  need_defined("prod", self);
  Tensor in = in_dtype(self, dtype);
  uint64_t mask = mask_of(dims, in.dim(), "prod");
  Tensor out = run(ReduceOp::Prod, in, mask, keepdim, dtype ? *dtype : is_integral(in.dtype()) ? kInt64 : in.dtype());
  if (auto tape = Tape::recording(in))
    tape.record("prod", out, [in = tape.save(in), out = tape.save_output(out), mask, keepdim](const Tensor& grad, Needs) {
      return Grads{prod_backward(kept(grad, mask, keepdim), in.get(), kept(out.get(), mask, keepdim), mask)};
    });
  return out;
}

Tensor any(const Tensor& self, const DimList& dims, bool keepdim) {
  need_defined("any", self);
  return casted(run(ReduceOp::Any, self, mask_of(dims, self.dim(), "any"), keepdim, kBool), self.dtype() == kUInt8 ? kUInt8 : kBool);
}
Tensor all(const Tensor& self, const DimList& dims, bool keepdim) {
  need_defined("all", self);
  return casted(run(ReduceOp::All, self, mask_of(dims, self.dim(), "all"), keepdim, kBool), self.dtype() == kUInt8 ? kUInt8 : kBool);
}
Tensor count_nonzero(const Tensor& self, const DimList& dims) {
  need_defined("count_nonzero", self);
  return run(ReduceOp::CountNonzero, self, mask_of(dims, self.dim(), "count_nonzero"), false, kInt64);
}

Tensor logsumexp(const Tensor& self, const DimList& dims, bool keepdim) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return logsumexp(cast(self), dims, keepdim);
  need_defined("logsumexp", self);
  uint64_t mask = mask_of(dims, self.dim(), "logsumexp");
  Tensor in = casted(self, float_type(self.dtype())), out;
  if (in.is_complex()) {
    no_grad unrecorded;
    Tensor greatest = run(ReduceOp::Amax, real(in), mask, true, real_dtype(in.dtype()));
    greatest = masked_fill(greatest, isinf(greatest), Scalar(0));
    out = log(run(ReduceOp::Sum, exp(in - greatest), mask, true, in.dtype())) + greatest;
    drop(out, mask, keepdim);
  } else {
    out = run(ReduceOp::LogSumExp, in, mask, keepdim, in.dtype());
  }
  if (auto tape = Tape::recording(in))
    tape.record("logsumexp", out, [in = tape.save(in), out = tape.save_output(out), mask, keepdim](const Tensor& grad, Needs) {
      return Grads{kept(grad, mask, keepdim) * product::conjugated(exp(in.get() - kept(out.get(), mask, keepdim)))};
    });
  return out;
}

namespace {
// By name an empty list of dimensions differs from none: there is nothing to reduce, and each element is answered for.
template <Tensor (*f)(const Tensor&, const DimList&, bool)>
Tensor over_dims(const Tensor& self, const std::optional<Shape>& dim, bool keepdim) {
  if (!dim || !dim->empty() || self.dim() == 0) return f(self, dim ? DimList(*dim) : DimList(), keepdim);
  return f(self.unsqueeze(0), 0, false);
}
}  // namespace

void register_reduction(OpTable& table) {
  table.add("sum(Tensor self, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", &lazuli::sum);
  table.add("sum_to_size(Tensor self, int[] *size) -> Tensor", &lazuli::sum_to_size);
  table.add("mean(Tensor self, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", &lazuli::mean);
  table.add("nansum(Tensor self, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", &nansum);
  table.add("nanmean(Tensor self, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor", &nanmean);
  table.add(
      "prod(Tensor self, int? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor",
      +[](const Tensor& self, std::optional<int64_t> dim, bool keepdim, std::optional<DType> dtype) {
        return prod(self, dim ? DimList(*dim) : DimList(), keepdim, dtype);
      });
  table.add("any(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &over_dims<any>);
  table.add("all(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &over_dims<all>);
  table.add("count_nonzero(Tensor self, int[]? dim=None) -> Tensor", &count_nonzero);
  table.add("logsumexp(Tensor self, int[] dim, bool keepdim=False) -> Tensor", &logsumexp);
}

}  // namespace lazuli
