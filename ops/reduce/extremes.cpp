#include "lazuli/ops/reduce/extremes.h"

#include <cmath>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using namespace reduction;

void refuse_unordered(const char* op, const Tensor& self, bool no_bool = false) {
  if (self.is_complex() || (no_bool && self.dtype() == kBool)) fail(ErrorKind::Type, op, "self", "real numbers", name(self.dtype()));
}

void require_elements(const char* op, const Tensor& self, uint64_t mask) {
  for (int64_t i = 0; i < self.dim(); ++i)
    if ((mask >> i & 1) && self.sizes()[i] == 0)
      fail(ErrorKind::Index, op, "dim", "a dimension with elements", "size 0 at dimension " + std::to_string(i));
}

}  // namespace

Tensor reduction::shared_among(const Tensor& grad, const Tensor& x, const Tensor& best, uint64_t mask, bool nan_is_best) {
  const Tensor at = nan_is_best ? bitwise_or(x == best, bitwise_and(isnan(x), isnan(best))) : x == best;
  // A half may not have the number of them.
  const Tensor count = casted(run(ReduceOp::Sum, at, mask, true, kInt64), x.dtype() == kFloat64 ? kFloat64 : kFloat32);
  return to(grad / count, grad.dtype()) * at;
}

namespace {

Tensor extreme(const char* name, ReduceOp op, const Tensor& self, uint64_t mask, bool keepdim, bool nan_is_best) {
  refuse_unordered(name, self);
  require_elements(name, self, mask);
  Tensor out = run(op, self, mask, keepdim, self.dtype());
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [self = tape.save(self), out = tape.save_output(out), mask, keepdim, nan_is_best](const Tensor& grad, Needs) {
      return Grads{shared_among(kept(grad, mask, keepdim), self.get().detach(), kept(out.get().detach(), mask, keepdim), mask, nan_is_best)};
    });
  return out;
}

ValuesIndices extreme_along(const char* name, ArgReduceOp op, const Tensor& self, int64_t dim, bool keepdim) {
  refuse_unordered(name, self);
  dim = wrap_dim(dim, self.dim(), name);
  uint64_t mask = self.dim() ? uint64_t(1) << dim : 0;
  require_elements(name, self, mask);
  Tensor values = new_kept(self, mask, self.dtype()), indices = new_kept(self, mask, kInt64);
  if (self.dim() == 0) {
    copy_kernel(self.device(), values, self);
    fill_kernel(self.device(), indices, 0);
  } else if (values.numel()) {
    arg_reduce_kernel(self.device(), op, indices, values, self, dim);
  }
  Tensor index = indices;
  if (!keepdim) index = alias(indices), drop(indices, mask, false), drop(values, mask, false);
  if (auto tape = Tape::recording(self))
    tape.record(name, values, [index = tape.save(index), dim, mask, keepdim, size = self.dim() ? self.sizes()[dim] : 1](const Tensor& grad, Needs) {
      return Grads{put_along(kept(grad, mask, keepdim), dim, index.get(), size)};
    });
  return {values, indices};
}

Tensor arg_extreme(const char* name, ArgReduceOp op, const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  need_defined(name, self);
  refuse_unordered(name, self, true);
  int64_t d = dim ? wrap_dim(*dim, self.dim(), name) : 0;
  Tensor values;
  if (!dim || self.dim() == 0) {
    if (self.numel() == 0) fail(ErrorKind::Index, name, "self", "a tensor with elements, or a dim", to_string(self.sizes()));
    Tensor flat = dense(self), out = new_tensor({1}, kInt64, self.device());
    flat = alias(flat, {flat.numel()}, {1}, flat.storage_offset());
    arg_reduce_kernel(out.device(), op, out, values, flat, 0);
    Shape ones = Shape::filled(keepdim ? self.dim() : 0, 1);
    return alias(out, ones, ones, 0);
  }
  uint64_t mask = uint64_t(1) << d;
  require_elements(name, self, mask);
  Tensor out = new_kept(self, mask, kInt64);
  if (out.numel()) arg_reduce_kernel(out.device(), op, out, values, self, d);
  drop(out, mask, keepdim);
  return out;
}

}  // namespace

Tensor amax(const Tensor& self, const DimList& dims, bool keepdim) {
  need_defined("amax", self);
  return extreme("amax", ReduceOp::Amax, self, mask_of(dims, self.dim(), "amax"), keepdim, false);
}
Tensor amin(const Tensor& self, const DimList& dims, bool keepdim) {
  need_defined("amin", self);
  return extreme("amin", ReduceOp::Amin, self, mask_of(dims, self.dim(), "amin"), keepdim, false);
}
AminmaxResult aminmax(const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  need_defined("aminmax", self);
  uint64_t mask = mask_of(dim ? DimList(*dim) : DimList(), self.dim(), "aminmax");
  return {extreme("aminmax", ReduceOp::Amin, self, mask, keepdim, false), extreme("aminmax", ReduceOp::Amax, self, mask, keepdim, false)};
}

Tensor max(const Tensor& self) {
  need_defined("max", self);
  return extreme("max", ReduceOp::Amax, self, mask_of({}, self.dim(), "max"), false, true);
}
Tensor min(const Tensor& self) {
  need_defined("min", self);
  return extreme("min", ReduceOp::Amin, self, mask_of({}, self.dim(), "min"), false, true);
}
ValuesIndices max(const Tensor& self, int64_t dim, bool keepdim) {
  need_defined("max", self);
  return extreme_along("max", ArgReduceOp::Argmax, self, dim, keepdim);
}
ValuesIndices min(const Tensor& self, int64_t dim, bool keepdim) {
  need_defined("min", self);
  return extreme_along("min", ArgReduceOp::Argmin, self, dim, keepdim);
}
Tensor max(const Tensor& self, const Tensor& other) {
  need_defined("max", self, "self", other, "other");
  return maximum(self, other);
}
Tensor min(const Tensor& self, const Tensor& other) {
  need_defined("min", self, "self", other, "other");
  return minimum(self, other);
}

Tensor argmax(const Tensor& self, std::optional<int64_t> dim, bool keepdim) { return arg_extreme("argmax", ArgReduceOp::Argmax, self, dim, keepdim); }
Tensor argmin(const Tensor& self, std::optional<int64_t> dim, bool keepdim) { return arg_extreme("argmin", ArgReduceOp::Argmin, self, dim, keepdim); }

void register_extremes(OpTable& table) {
  using Full = Tensor (*)(const Tensor&);
  using Along = ValuesIndices (*)(const Tensor&, int64_t, bool);
  using Pair = Tensor (*)(const Tensor&, const Tensor&);
  table.add("amax(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &lazuli::amax);
  table.add("amin(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor", &lazuli::amin);
  table.add("aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)", &aminmax);
  table.add("max(Tensor self) -> Tensor", static_cast<Full>(&max));
  table.add("max(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", static_cast<Along>(&max));
  table.add("max(Tensor self, Tensor other) -> Tensor", static_cast<Pair>(&max));
  table.add("min(Tensor self) -> Tensor", static_cast<Full>(&min));
  table.add("min(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)", static_cast<Along>(&min));
  table.add("min(Tensor self, Tensor other) -> Tensor", static_cast<Pair>(&min));
  table.add("argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", &lazuli::argmax);
  table.add("argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor", &lazuli::argmin);
}

}  // namespace lazuli
