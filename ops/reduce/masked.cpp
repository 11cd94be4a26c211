#include "lazuli/ops/reduce/masked.h"

#include <cmath>
#include <limits>

#include "lazuli/core/error.h"
#include "lazuli/core/slots/dispatch.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/reduce/scan.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/reduce/vector_norm.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/shape/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli::masked {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// True where an element counts, in self's sizes; undefined where all do.
Tensor mask_for(const char* op, const char* argument, const Tensor& self, const OptionalTensor& mask) {
  if (!mask || !mask->defined()) return {};
  if (!can_broadcast_to(mask->sizes(), self.sizes()))
    fail(op, argument, "a mask that broadcasts to sizes " + to_string(self.sizes()), "sizes " + to_string(mask->sizes()));
  const Tensor there = to(*mask, common_device(op, {&self, &*mask}));
  return (there.dtype() == kBool ? there : to(there, kBool)).expand(self.sizes());
}
Tensor cast(const char* op, const Tensor& self, std::optional<DType> dtype) {
  need_defined(op, self);
  return dtype && *dtype != self.dtype() ? to(self, *dtype) : self;
}
// self with `fill` where it does not count.
Tensor filled(const char* op, const Tensor& self, const MaskedOptions& options, const Scalar& fill) {
  const Tensor t = cast(op, self, options.dtype), mask = mask_for(op, "mask", t, options.mask);
  return mask.defined() ? where(mask, t, fill) : t;
}
Tensor counts(const Tensor& self, const Tensor& mask, const DimList& dims, bool keepdim) {
  return lazuli::sum(mask.defined() ? mask : ones(self.sizes(), {.dtype = kBool, .device = self.device()}), dims, keepdim);
}
// The least, or greatest, number of a dtype.
Scalar limit_of(DType dtype, bool greatest) {
  if (!is_integral(dtype)) return greatest ? kInf : -kInf;
  return dispatch(dtype, [&](auto t) -> Scalar {
    using T = decltype(t);
    if constexpr (std::is_integral_v<T>) return greatest ? std::numeric_limits<T>::max() : std::numeric_limits<T>::lowest();
    else return 0;
  });
}

}  // namespace

Tensor sum(const Tensor& self, const DimList& dims, MaskedOptions o) { return lazuli::sum(filled("masked.sum", self, o, 0), dims, o.keepdim); }
Tensor prod(const Tensor& self, const DimList& dims, MaskedOptions o) { return lazuli::prod(filled("masked.prod", self, o, 1), dims, o.keepdim); }
Tensor amax(const Tensor& self, const DimList& dims, MaskedOptions o) {
  refuse_complex("masked.amax", self);
  return lazuli::amax(filled("masked.amax", self, o, limit_of(o.dtype.value_or(self.dtype()), false)), dims, o.keepdim);
}
Tensor amin(const Tensor& self, const DimList& dims, MaskedOptions o) {
  refuse_complex("masked.amin", self);
  return lazuli::amin(filled("masked.amin", self, o, limit_of(o.dtype.value_or(self.dtype()), true)), dims, o.keepdim);
}
Tensor mean(const Tensor& self, const DimList& dims, MaskedOptions o) {
  const Tensor t = cast("masked.mean", self, o.dtype), mask = mask_for("masked.mean", "mask", t, o.mask);
  return lazuli::sum(mask.defined() ? where(mask, t, 0) : t, dims, o.keepdim) / counts(t, mask, dims, o.keepdim);
}
Tensor logsumexp(const Tensor& self, const DimList& dims, MaskedOptions o) {
  return lazuli::logsumexp(filled("masked.logsumexp", self, o, -kInf), dims, o.keepdim);
}
Tensor argmax(const Tensor& self, std::optional<int64_t> dim, MaskedOptions o) {
  refuse_complex("masked.argmax", self);
  return lazuli::argmax(filled("masked.argmax", self, o, limit_of(o.dtype.value_or(self.dtype()), false)), dim, o.keepdim);
}
Tensor argmin(const Tensor& self, std::optional<int64_t> dim, MaskedOptions o) {
  refuse_complex("masked.argmin", self);
  return lazuli::argmin(filled("masked.argmin", self, o, limit_of(o.dtype.value_or(self.dtype()), true)), dim, o.keepdim);
}
Tensor median(const Tensor& self, int64_t dim, MaskedOptions o) {
  Tensor t = cast("masked.median", self, o.dtype);
  refuse_complex("masked.median", t);
  const bool whole = is_integral(t.dtype());
  const Tensor mask = mask_for("masked.median", "mask", t, o.mask);
  if (!mask.defined()) return std::get<0>(lazuli::median(t, dim, o.keepdim));
  if (whole) fail(ErrorKind::Type, "masked.median", "self", "a floating point dtype beside a mask (give `dtype` to cast first)", name(t.dtype()));
  return std::get<0>(nanmedian(where(mask, t, std::nan("")), dim, o.keepdim));
}
Tensor norm(const Tensor& self, double ord, const DimList& dims, MaskedOptions o) {
  return linalg::vector_norm(filled("masked.norm", self, o, ord < 0 ? kInf : 0), ord, dims, o.keepdim);
}
Tensor var(const Tensor& self, const DimList& dims, double correction, MaskedOptions o) {
  Tensor t = cast("masked.var", self, o.dtype);
  if (is_integral(t.dtype())) t = to(t, get_default_dtype());
  const Tensor mask = mask_for("masked.var", "mask", t, o.mask);
  const Tensor count = counts(t, mask, dims, true);
  Tensor centred = t - lazuli::sum(mask.defined() ? where(mask, t, 0) : t, dims, true) / count;
  if (mask.defined()) centred = where(mask, centred, 0);
  const Tensor squares = centred.is_complex() ? square(real(centred)) + square(imag(centred)) : square(centred);
  const Tensor freedom = clamp_min(counts(t, mask, dims, o.keepdim) - Scalar(correction), 0);
  return to(lazuli::sum(squares, dims, o.keepdim) / freedom, real_dtype(t.dtype()));
}
Tensor std(const Tensor& self, const DimList& dims, double correction, MaskedOptions o) {
  need_defined("masked.std", self);
  return sqrt(var(self, dims, correction, std::move(o)));
}

Tensor cumsum(const Tensor& self, int64_t dim, MaskedOptions o) { return lazuli::cumsum(filled("masked.cumsum", self, o, 0), dim); }
Tensor cumprod(const Tensor& self, int64_t dim, MaskedOptions o) { return lazuli::cumprod(filled("masked.cumprod", self, o, 1), dim); }
Tensor softmax(const Tensor& self, int64_t dim, MaskedOptions o) { return lazuli::softmax(filled("masked.softmax", self, o, -kInf), dim); }
Tensor log_softmax(const Tensor& self, int64_t dim, MaskedOptions o) {
  return lazuli::log_softmax(filled("masked.log_softmax", self, o, -kInf), dim);
}
Tensor softmin(const Tensor& self, int64_t dim, MaskedOptions o) { return lazuli::softmin(filled("masked.softmin", self, o, kInf), dim); }
Tensor normalize(const Tensor& self, double ord, int64_t dim, double eps, MaskedOptions o) {
  const Tensor t = filled("masked.normalize", self, o, 0);
  o.keepdim = true;
  return t / clamp_min(norm(self, ord, dim, std::move(o)), eps);
}
Tensor logaddexp(const Tensor& self, const Tensor& other, const OptionalTensor& input_mask, const OptionalTensor& other_mask) {
  constexpr const char* op = "masked.logaddexp";
  need_defined(op, self, other);
  const Tensor a = mask_for(op, "input_mask", self, input_mask), b = mask_for(op, "other_mask", other, other_mask);
  return lazuli::logaddexp(a.defined() ? where(a, self, -kInf) : self, b.defined() ? where(b, other, -kInf) : other);
}

}  // namespace lazuli::masked

namespace lazuli {
namespace {
double correction_of(std::optional<bool> unbiased, std::optional<double> correction) {
  return correction ? *correction : unbiased.value_or(true) ? 1.0 : 0.0;
}
}  // namespace

void register_masked(OpTable& table) {
  using D = std::optional<Shape>;
  using I = std::optional<int64_t>;
  using O = MaskedOptions;
  table.add("masked.sum(Tensor self, int[]? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, const D& d, O o) { return masked::sum(x, d, o); });
  table.add("masked.prod(Tensor self, int[]? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, const D& d, O o) { return masked::prod(x, d, o); });
  table.add("masked.amax(Tensor self, int[]? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, const D& d, O o) { return masked::amax(x, d, o); });
  table.add("masked.amin(Tensor self, int[]? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, const D& d, O o) { return masked::amin(x, d, o); });
  table.add("masked.mean(Tensor self, int[]? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, const D& d, O o) { return masked::mean(x, d, o); });
  table.add("masked.logsumexp(Tensor self, int[]? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, const DimList& d, O o) { return masked::logsumexp(x, d, o); });
  table.add("masked.argmax(Tensor self, int? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, I d, O o) { return masked::argmax(x, d, o); });
  table.add("masked.argmin(Tensor self, int? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, I d, O o) { return masked::argmin(x, d, o); });
  table.add("masked.median(Tensor self, int dim=-1, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, int64_t d, O o) { return masked::median(x, d, o); });
  table.add("masked.norm(Tensor self, float ord=2.0, int[]? dim=None, *, bool keepdim=False, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, double p, const D& d, O o) { return masked::norm(x, p, d, o); });
  table.add(
      "masked.var(Tensor self, int[]? dim=None, bool? unbiased=None, *, float? correction=None, bool keepdim=False, dtype? dtype=None, Tensor? "
      "mask=None) -> Tensor",
      [](const Tensor& x, const D& d, std::optional<bool> u, std::optional<double> c, O o) { return masked::var(x, d, correction_of(u, c), o); });
  table.add(
      "masked.std(Tensor self, int[]? dim=None, bool? unbiased=None, *, float? correction=None, bool keepdim=False, dtype? dtype=None, Tensor? "
      "mask=None) -> Tensor",
      [](const Tensor& x, const D& d, std::optional<bool> u, std::optional<double> c, O o) { return masked::std(x, d, correction_of(u, c), o); });
  using T = std::optional<DType>;
  using M = OptionalTensor;
  table.add("masked.cumsum(Tensor self, int dim, *, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, int64_t d, T t, const M& m) {
              return masked::cumsum(x, d, {false, t, m});
            });
  table.add("masked.cumprod(Tensor self, int dim, *, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, int64_t d, T t, const M& m) {
              return masked::cumprod(x, d, {false, t, m});
            });
  table.add("masked.softmax(Tensor self, int dim, *, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, int64_t d, T t, const M& m) {
              return masked::softmax(x, d, {false, t, m});
            });
  table.add("masked.log_softmax(Tensor self, int dim, *, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, int64_t d, T t, const M& m) {
              return masked::log_softmax(x, d, {false, t, m});
            });
  table.add("masked.softmin(Tensor self, int dim, *, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, int64_t d, T t, const M& m) {
              return masked::softmin(x, d, {false, t, m});
            });
  table.add("masked.normalize(Tensor self, float ord, int dim, *, float eps=1e-12, dtype? dtype=None, Tensor? mask=None) -> Tensor",
            [](const Tensor& x, double p, int64_t d, double eps, T t, const M& m) {
              return masked::normalize(x, p, d, eps, {false, t, m});
            });
  table.add("masked.logaddexp(Tensor self, Tensor other, *, dtype? dtype=None, Tensor? input_mask=None, Tensor? other_mask=None) -> Tensor",
            [](const Tensor& x, const Tensor& y, T t, const M& a, const M& b) {
              if (!t) return masked::logaddexp(x, y, a, b);
              need_defined("masked.logaddexp", x, y);
              return masked::logaddexp(to(x, *t), to(y, *t), a, b);
            });
}

}  // namespace lazuli
