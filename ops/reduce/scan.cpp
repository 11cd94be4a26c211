#include "lazuli/ops/reduce/scan.h"

#include <limits>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/vmap/levels.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/target.h"
#include "lazuli/ops/linalg/matmul_support.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/join.h"
#include "lazuli/ops/shape/rearrange.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using product::conjugated;

// The kernel on an input of the result's dtype; no record.
Tensor scan(ScanOp op, const Tensor& self, int64_t dim, Tensor indices = {}) {
  Tensor out = new_tensor(self.sizes(), self.dtype(), self.device());
  if (self.dim() == 0) {
    copy_kernel(out.device(), out, self);
    if (indices.defined()) fill_kernel(out.device(), indices, 0);
  } else if (out.numel()) {
    scan_kernel(out.device(), op, out, indices, self, dim);
  }
  return out;
}

Tensor with_dtype(const Tensor& self, std::optional<DType> dtype) {
  DType t = dtype ? *dtype : is_integral(self.dtype()) ? kInt64 : self.dtype();
  return t == self.dtype() ? self : to(self, t);
}

bool is_half(DType t) { return t == kFloat16 || t == kBFloat16; }

Tensor from_behind(const Tensor& t, int64_t dim) { return t.dim() ? flip(cumsum(flip(t, dim), dim), dim) : t; }

// Where no further derivative is asked for, in three passes: before a row's first zero as without one; at it the products without it; behind it, where each product has it, 0.
Tensor cumprod_backward_once(const Tensor& grad, const Tensor& in, const Tensor& out, int64_t dim) {
  Tensor zero = in == Scalar(0), first = zero & (cumsum(zero, dim) == Scalar(1));
  Tensor at_first = from_behind(grad * conjugated(cumprod(where(first, Scalar(1), in), dim)), dim);
  return where(first, at_first, from_behind(grad * conjugated(out), dim) / conjugated(where(zero, Scalar(1), in)));
}

// With a graph: each element's share by itself.
Tensor cumprod_backward_by_parts(const Tensor& grad, const Tensor& in, int64_t dim) {
  int64_t n = in.sizes()[dim];
  std::vector<Tensor> parts;
  Tensor before;  // the product of all elements before k
  for (int64_t k = 0; k < n; ++k) {
    Tensor rest = grad.narrow(dim, k, n - k), omitted;
    if (k + 1 < n) {
      Tensor behind = cumprod(in.narrow(dim, k + 1, n - k - 1), dim), one = new_tensor(behind.narrow(dim, 0, 1).sizes(), in.dtype(), in.device());
      fill_kernel(one.device(), one, 1);
      omitted = cat({one, behind}, dim);
      if (before.defined()) omitted = omitted * before;
    } else {
      omitted = before;
    }
    parts.push_back(omitted.defined() ? sum(rest * conjugated(omitted), dim, true) : rest);
    before = before.defined() ? before * in.narrow(dim, k, 1) : in.narrow(dim, k, 1);
  }
  return cat(parts, dim);
}

// sum over j >= k of grad[j] * prod of in[0..j] without in[k]. Divides where there is no zero, which costs a look at the data.
Tensor cumprod_backward(const Tensor& grad, const Tensor& in, const Tensor& out, int64_t dim) {
  if (in.numel() <= 1 || in.dim() == 0) return grad;
  const auto careful = [&] { return modes.grad ? cumprod_backward_by_parts(grad, in, dim) : cumprod_backward_once(grad, in, out, dim); };
  if (in.device().is_meta()) return careful();
  return reduction::by_value(
      all(in.detach()), in, [&](const Tensor& x) { return from_behind(grad * conjugated(out), dim) / conjugated(x); }, careful);
}

// In place of log(0), so that differences stay numbers.
double lowest(DType t) {
  return t == kFloat64    ? std::numeric_limits<double>::lowest()
         : t == kFloat16  ? -65504.0
         : t == kBFloat16 ? -0x1.fep127
                          : double(std::numeric_limits<float>::lowest());
}
Tensor logcumsumexp_from_behind(const Tensor& t, int64_t dim) { return flip(logcumsumexp(flip(t, dim), dim), dim); }
Tensor logcumsumexp_backward(const Tensor& grad, const Tensor& x, const Tensor& y, int64_t dim) {
  if (grad.dim() == 0 || grad.numel() == 0) return grad * Scalar(1);
  if (x.is_complex()) return conj(exp(logcumsumexp_from_behind(log(conj(grad)) - y, dim) + x));
  // each sign of the gradient apart, so that the sums stay sums of exponentials
  const Scalar least(lowest(x.dtype()));
  const Tensor size = log(abs(grad)), positive = exp(logcumsumexp_from_behind(where(grad > Scalar(0), size, least) - y, dim) + x);
  return positive - exp(logcumsumexp_from_behind(where(grad < Scalar(0), size, least) - y, dim) + x);
}
// Sum over j <= k of v[j] exp(x[j] - y[k]), likewise. Two backwards do not give it: the logarithm of a gradient of 0 has no derivative.
Tensor logcumsumexp_tangent(const Tensor& v, const Tensor& x, const Tensor& y, int64_t dim) {
  if (v.dim() == 0 || v.numel() == 0) return v * Scalar(1);
  if (x.is_complex()) return exp(logcumsumexp(log(v) + x, dim) - y);
  const Scalar least(lowest(x.dtype()));
  const Tensor size = log(abs(v)), positive = exp(logcumsumexp(where(v > Scalar(0), size, least) + x, dim) - y);
  return positive - exp(logcumsumexp(where(v < Scalar(0), size, least) + x, dim) - y);
}

ValuesIndices running_extreme(const char* name, ScanOp op, const Tensor& self, int64_t dim) {
  if (self.is_complex()) fail(ErrorKind::Type, name, "self", "real numbers", lazuli::name(self.dtype()));
  dim = wrap_dim(dim, self.dim(), name);
  Tensor indices = new_tensor(self.sizes(), kInt64, self.device()), out = scan(op, self, dim, indices);
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [index = tape.save(indices), dim, size = self.dim() ? self.sizes()[dim] : 1](const Tensor& grad, Needs) {
      return Grads{reduction::put_along(grad, dim, index.get(), size)};
    });
  return {out, indices};
}

}  // namespace

Tensor cumsum(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return cumsum(cast(self), dim, dtype);
  need_defined("cumsum", self);
  dim = wrap_dim(dim, self.dim(), "cumsum");
  Tensor in = with_dtype(self, dtype), out = scan(ScanOp::Sum, in, dim);
  if (auto tape = Tape::recording(in))
    tape.record("cumsum", out, [dim](const Tensor& grad, Needs needs) {
      if (linearizing()) return linear_map(grad, needs, [dim](const Grads& tangents) { return Grads{cumsum(tangents[0], dim)}; });
      return Grads{from_behind(grad, dim)};
    });
  return out;
}

Tensor cumprod(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return cumprod(cast(self), dim, dtype);
  need_defined("cumprod", self);
  dim = wrap_dim(dim, self.dim(), "cumprod");
  Tensor in = with_dtype(self, dtype), out = scan(ScanOp::Prod, in, dim);
  if (auto tape = Tape::recording(in))
    tape.record("cumprod", out, [in = tape.save(in), out = tape.save_output(out), dim](const Tensor& grad, Needs) {
      const Tensor x = in.get(), y = out.get();
      if (!is_half(x.dtype())) return Grads{cumprod_backward(grad, x, y, dim)};
      const Tensor wide = to(x, kFloat32);  // the parts of the formula leave the range of halves
      return Grads{to(cumprod_backward(to(grad, kFloat32), wide, cumprod(wide, dim), dim), x.dtype())};
    });
  return out;
}

Tensor logcumsumexp(const Tensor& self, int64_t dim) {
  need_defined("logcumsumexp", self);
  dim = wrap_dim(dim, self.dim(), "logcumsumexp");
  if (!is_differentiable(self.dtype())) fail(ErrorKind::Type, "logcumsumexp", "self", "a floating point or complex dtype", name(self.dtype()));
  Tensor out = scan(ScanOp::LogSumExp, self, dim);
  if (auto tape = Tape::recording(self))
    tape.record("logcumsumexp", out, [in = tape.save(self), out = tape.save_output(out), dim](const Tensor& grad, Needs needs) {
      const Tensor x = in.get(), y = out.get();
      if (linearizing())
        return linear_map(grad, needs, [in = keep(x), dim](const Grads& tangents) {
          const Tensor x = in.get(), wide = is_half(x.dtype()) ? to(x, kFloat32) : x;
          return Grads{to(logcumsumexp_tangent(to(tangents[0], wide.dtype()), wide, logcumsumexp(wide, dim), dim), x.dtype())};
        });
      if (!is_half(x.dtype())) return Grads{logcumsumexp_backward(grad, x, y, dim)};
      const Tensor wide = to(x, kFloat32);  // of logarithms, whose rounding the exponentials multiply
      return Grads{to(logcumsumexp_backward(to(grad, kFloat32), wide, logcumsumexp(wide, dim), dim), x.dtype())};
    });
  return out;
}

ValuesIndices cummax(const Tensor& self, int64_t dim) {
  need_defined("cummax", self);
  return running_extreme("cummax", ScanOp::Max, self, dim);
}
ValuesIndices cummin(const Tensor& self, int64_t dim) {
  need_defined("cummin", self);
  return running_extreme("cummin", ScanOp::Min, self, dim);
}

Tensor with_options::diff(const Tensor& self, DiffOptions options) {
  need_defined("diff", self);
  check_members("diff", options);
  const auto& [n, given_dim, prepend, append] = options;
  if (self.dim() == 0) fail("diff", "self", "at least one dimension", "a 0-d tensor");
  int64_t dim = wrap_dim(given_dim, self.dim(), "diff");
  for (const OptionalTensor* part : {&prepend, &append}) {
    if (!*part || !(*part)->defined()) continue;
    const char* argument = part == &prepend ? "prepend" : "append";
    Shape sizes = (*part)->sizes();
    if (sizes.size() != self.dim()) fail("diff", argument, "as many dimensions as self: " + std::to_string(self.dim()), std::to_string(sizes.size()));
    for (int64_t i = 0; i < self.dim(); ++i)
      if (i != dim && sizes[i] != self.sizes()[i])
        fail("diff", argument, "the sizes of self, " + to_string(self.sizes()) + ", but at dim", to_string(sizes));
  }
  if (n == 0) return clone(self);
  std::vector<Tensor> parts;
  if (prepend && prepend->defined()) parts.push_back(*prepend);
  parts.push_back(self);
  if (append && append->defined()) parts.push_back(*append);
  Tensor out = parts.size() > 1 ? cat(parts, dim) : self;
  for (int64_t i = 0; i < n && (i == 0 || out.sizes()[dim] > 0); ++i) {
    int64_t length = out.sizes()[dim];
    if (length == 0) return out;
    Tensor later = out.narrow(dim, 1, length - 1), before = out.narrow(dim, 0, length - 1);
    out = self.dtype() == kBool ? logical_xor(later, before) : later - before;
  }
  return out;
}

namespace {

struct Halves {  // neighbours along dim
  Tensor left, right;
};
Halves neighbours(const char* op, const Tensor& y, int64_t dim) {
  int64_t n = y.dim() ? y.sizes()[wrap_dim(dim, y.dim(), op)] : 1;
  return {y.narrow(dim, 0, n - 1), y.narrow(dim, 1, n - 1)};
}

void need_dims(const char* op, const Tensor& y) {
  if (y.dim() == 0) fail(op, "y", "a tensor with dimensions", "a 0-d tensor");
}

// Points x against y: 1-d x lie along dim; fewer dimensions are put in front.
Tensor spacing(const char* op, const Tensor& y, const Tensor& x, int64_t dim) {
  dim = wrap_dim(dim, y.dim(), op);
  Tensor points = x;
  if (x.dim() == 1) {
    if (x.sizes()[0] != y.sizes()[dim])
      fail(op, "x", "one point for each of the " + std::to_string(y.sizes()[dim]) + " values along dim", to_string(x.sizes()));
    Shape sizes = Shape::filled(y.dim(), 1);
    sizes[dim] = x.sizes()[0];
    points = x.reshape(sizes);
  } else if (x.dim() < y.dim()) {
    Shape sizes = Shape::filled(y.dim() - x.dim(), 1);
    for (int64_t s : x.sizes()) sizes.push_back(s);
    points = x.reshape(sizes);
  }
  Halves h = neighbours(op, points, dim - y.dim());
  return h.right - h.left;
}

Scalar half(const Scalar& dx) {
  if (!dx.is_complex()) return dx.to<double>() / 2;
  const auto z = dx.to<complex128>();
  return complex128(z.re / 2, z.im / 2);
}

Tensor no_area(const Tensor& y, int64_t dim, bool running, const Scalar& dx = 0) {
  Shape sizes = y.sizes();
  if (running) sizes[dim] = 0;
  else sizes.erase(dim);
  Tensor out = new_tensor(sizes, is_integral(y.dtype()) && (running || dx.is_floating_point()) ? get_default_dtype() : y.dtype(), y.device());
  if (out.numel()) fill_kernel(out.device(), out, 0);
  if (auto tape = Tape::recording(y))
    tape.record(running ? "cumulative_trapezoid" : "trapezoid", out,
                [sizes = y.sizes()](const Tensor& grad, Needs) { return Grads{new_tensor(sizes, grad.dtype(), grad.device())}; });
  return out;
}

}  // namespace

Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  need_defined("trapezoid", y, "y", x, "x");
  need_dims("trapezoid", y);
  dim = wrap_dim(dim, y.dim(), "trapezoid");
  if (y.sizes()[dim] == 0) return no_area(y, dim, false);
  Halves h = neighbours("trapezoid", y, dim);
  return sum((h.left + h.right) * spacing("trapezoid", y, x, dim), dim - y.dim()) / Scalar(2.0);
}
Tensor trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  need_defined("trapezoid", y, "y");
  need_dims("trapezoid", y);
  dim = wrap_dim(dim, y.dim(), "trapezoid");
  if (y.sizes()[dim] == 0) return no_area(y, dim, false, dx);
  Halves h = neighbours("trapezoid", y, dim);
  return sum(h.left + h.right, dim) * half(dx);
}
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  need_defined("cumulative_trapezoid", y, "y", x, "x");
  need_dims("cumulative_trapezoid", y);
  dim = wrap_dim(dim, y.dim(), "cumulative_trapezoid");
  if (y.sizes()[dim] == 0) return no_area(y, dim, true);
  Halves h = neighbours("cumulative_trapezoid", y, dim);
  return cumsum((h.left + h.right) * spacing("cumulative_trapezoid", y, x, dim), dim - y.dim()) / Scalar(2.0);
}
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  need_defined("cumulative_trapezoid", y, "y");
  need_dims("cumulative_trapezoid", y);
  dim = wrap_dim(dim, y.dim(), "cumulative_trapezoid");
  if (y.sizes()[dim] == 0) return no_area(y, dim, true, dx);
  Halves h = neighbours("cumulative_trapezoid", y, dim);
  return cumsum(h.left + h.right, dim) * half(dx);
}

Tensor& cumsum_(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  return in_place_aside("cumsum_", self, {}, [&](const Tensor& old) { return cumsum(old, dim, dtype ? dtype : old.dtype()); });
}
Tensor& cumprod_(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  return in_place_aside("cumprod_", self, {}, [&](const Tensor& old) { return cumprod(old, dim, dtype ? dtype : old.dtype()); });
}

void register_scan(OpTable& table) {
  using Points = Tensor (*)(const Tensor&, const Tensor&, int64_t);
  using Step = Tensor (*)(const Tensor&, const Scalar&, int64_t);
  table.add("cumsum(Tensor self, int dim, *, dtype? dtype=None) -> Tensor", &cumsum);
  table.add("cumprod(Tensor self, int dim, *, dtype? dtype=None) -> Tensor", &cumprod);
  table.add("logcumsumexp(Tensor self, int dim) -> Tensor", &logcumsumexp);
  table.add("cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)", &cummax);
  table.add("cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)", &cummin);
  table.add("diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor", &with_options::diff);
  table.add("trapezoid(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor", static_cast<Step>(&trapezoid));
  table.add("trapezoid(Tensor y, Tensor x, *, int dim=-1) -> Tensor", static_cast<Points>(&trapezoid));
  table.alias("trapz", "trapezoid");
  table.add("cumulative_trapezoid(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor", static_cast<Step>(&cumulative_trapezoid));
  table.add("cumulative_trapezoid(Tensor y, Tensor x, *, int dim=-1) -> Tensor", static_cast<Points>(&cumulative_trapezoid));
  table.add("cumsum_(Tensor(a!) self, int dim, *, dtype? dtype=None) -> Tensor(a!)", &cumsum_);
  table.add("cumprod_(Tensor(a!) self, int dim, *, dtype? dtype=None) -> Tensor(a!)", &cumprod_);
}

}  // namespace lazuli
