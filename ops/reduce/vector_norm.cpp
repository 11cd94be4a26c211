#include "lazuli/ops/reduce/vector_norm.h"

#include <cmath>

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/base/target.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/creation.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

using namespace reduction;

DType wide_type(DType t) { return t == kFloat16 || t == kBFloat16 ? kFloat32 : t; }

Tensor forward(const Tensor& self, double ord, uint64_t mask, bool keepdim) {
  DType real = real_dtype(self.dtype()), wide = wide_type(real);
  if (ord == 1) return run(ReduceOp::SumAbs, self, mask, keepdim, real);
  if (ord == INFINITY) return run(ReduceOp::AbsMax, self, mask, keepdim, real);
  if (ord == -INFINITY) return run(ReduceOp::AbsMin, self, mask, keepdim, real);
  if (ord == 0) return casted(run(ReduceOp::CountNonzero, self, mask, keepdim, kInt64), real);
  if (ord == 2) {
    Tensor out = run(ReduceOp::SumSquares, casted(self, wide_type(self.dtype())), mask, keepdim, wide);
    unary_kernel(out.device(), UnaryOp::Sqrt, out, out, Params());
    return casted(out, real);
  }
  no_grad unrecorded;  // powers soon leave the range of float16
  return casted(pow(run(ReduceOp::Sum, pow(casted(abs(self.detach()), wide), Scalar(ord)), mask, keepdim, wide), Scalar(1 / ord)), real);
}

// `out` and `grad` with the reduced dimensions. Where the norm is 0 the gradient is, too.
Tensor backward(const Tensor& grad, const Tensor& x, const Tensor& out, double ord, uint64_t mask) {
  if (x.numel() == 0) return x * grad;
  auto or_zero = [&](const Tensor& t) { return masked_fill(t, out.detach() == Scalar(0), Scalar(0)); };
  if (ord == 1) return sgn(x) * grad;
  if (ord == 2) return modes.grad ? grad * or_zero(x / out) : x * or_zero(grad / out);  // the first has PyTorch's second derivative at 0, NaN
  if (std::isinf(ord)) {
    Tensor size = abs(x.detach()), best = out.detach();
    if (x.is_complex())
      best = run(ord > 0 ? ReduceOp::AbsMax : ReduceOp::AbsMin, size, mask, true, size.dtype());  // which was rounded in another way
    Tensor at = (size == best) | (isnan(size) & isnan(best));
    return sgn(x) * (grad / casted(run(ReduceOp::CountNonzero, at, mask, true, kInt64), grad.dtype()) * at);
  }
  if (ord < 1) return sgn(x) * masked_fill(pow(abs(x), Scalar(ord - 1)), x.detach() == Scalar(0), Scalar(0)) * grad * pow(out, Scalar(1 - ord));
  Tensor scale = or_zero(grad / pow(out, Scalar(ord - 1)));
  return ord < 2 ? sgn(x) * pow(abs(x), Scalar(ord - 1)) * scale : x * pow(abs(x), Scalar(ord - 2)) * scale;
}

// The sum of v times the gradient of the norm.
Tensor tangent(const Tensor& given_v, const Tensor& given_x, const Tensor& out, double ord, uint64_t mask, bool keepdim) {
  const auto wide = [](const Tensor& t) { return to(t, wide_type(t.dtype())); };
  const Tensor v = wide(given_v), x = wide(given_x), size = wide(out);
  const auto products = [&](const Tensor& slope) {
    const Tensor each = conj(slope) * v;
    return sum_masked(each.is_complex() ? real(each) : each, mask, keepdim);
  };
  if (ord == 2 && !x.is_complex() && x.numel() && mask == (uint64_t(1) << x.dim()) - 1)  // in one pass
    return to(masked_fill(dot(x.reshape(-1), v.reshape(-1)).reshape(size.sizes()) / size, size.detach() == Scalar(0), Scalar(0)), out.dtype());
  if (ord == 2) return to(masked_fill(products(x) / size, out.detach() == Scalar(0), Scalar(0)), out.dtype());
  const Tensor each = kept(size, mask, keepdim);
  return to(products(backward(ones_like(each.detach()), x, each, ord, mask)), out.dtype());
}

Tensor p_norm(const char* name, const Tensor& given, double ord, const DimList& dims, bool keepdim, std::optional<DType> dtype) {
  if (dtype && promote_types(given.dtype(), *dtype) != *dtype)
    fail(ErrorKind::Type, name, "dtype", "one that holds all of " + std::string(lazuli::name(given.dtype())), lazuli::name(*dtype));
  Tensor self = dtype && *dtype != given.dtype() ? to(given, *dtype) : given;
  if (!is_differentiable(self.dtype())) fail(ErrorKind::Type, name, "self", "a floating point or complex dtype", lazuli::name(self.dtype()));
  uint64_t mask = mask_of(dims, self.dim(), name);
  if ((ord < 0 || std::isinf(ord)) && count_of(self.sizes(), mask) == 0 &&
      (ord < 0 || dims.empty() || reduced_sizes(self.sizes(), mask, true).numel() > 0))
    fail(name, "self", "elements, because norms of this order have no identity", "sizes " + to_string(self.sizes()));
  Tensor out = forward(self, ord, mask, keepdim);
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [in = tape.save(self), out = tape.save_output(out), ord, mask, keepdim](const Tensor& grad, Needs needs) {
      if (ord == 0) return Grads{Tensor()};
      if (linearizing())
        return linear_map(grad, needs, [in = keep(in.get()), out = keep(out.get()), ord, mask, keepdim](const Grads& tangents) {
          return Grads{tangent(tangents[0], in.get(), out.get(), ord, mask, keepdim)};
        });
      auto wide = [](const Tensor& t) { return to(t, wide_type(t.dtype())); };
      return Grads{backward(wide(kept(grad, mask, keepdim)), wide(in.get()), wide(kept(out.get(), mask, keepdim)), ord, mask)};
    });
  return out;
}

}  // namespace

Tensor linalg::with_options::vector_norm(const Tensor& self, VectorNormOptions options) {
  check_members("linalg.vector_norm", options);
  need_defined("linalg.vector_norm", self);
  return p_norm("linalg.vector_norm", self, options.ord, options.dim, options.keepdim, options.dtype);
}
Tensor with_options::norm(const Tensor& self, NormOptions options) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return norm(cast(self), options);
  check_members("norm", options);
  need_defined("norm", self);
  return p_norm("norm", self, options.p, options.dim, options.keepdim, options.dtype);
}
Tensor dist(const Tensor& self, const Tensor& other, double p) {
  if (const Casting cast{Cast::Float32OnGpu, self, other}) return dist(cast(self), cast(other), p);
  need_defined("dist", self, "self", other, "other");
  DType dtype = result_type(self, other), wide = wide_type(dtype);
  if (wide == dtype) return p_norm("dist", self - other, p, {}, false, {});
  return to(p_norm("dist", to(self, wide) - to(other, wide), p, {}, false, {}), dtype);
}

Tensor renorm(const Tensor& self, double p, int64_t dim, double maxnorm) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return renorm(cast(self), p, dim, maxnorm);
  need_defined("renorm", self);
  if (self.dim() < 2) fail("renorm", "self", "at least two dimensions", "sizes " + to_string(self.sizes()));
  if (!(p > 0)) fail("renorm", "p", "a number above 0", std::to_string(p));
  if (!(maxnorm >= 0)) fail("renorm", "maxnorm", "a number that is not negative", std::to_string(maxnorm));
  dim = wrap_dim(dim, self.dim(), "renorm");
  DimList others;
  for (int64_t i = 0; i < self.dim(); ++i)
    if (i != dim) others.push_back(i);
  Tensor size = p_norm("renorm", self, p, others, true, {});
  return self * where(size > Scalar(maxnorm), Scalar(maxnorm) / (size + Scalar(1e-7)), Scalar(1));
}

Tensor& renorm_(const Tensor& self, double p, int64_t dim, double maxnorm) {
  return in_place_aside("renorm_", self, {}, [&](const Tensor& old) { return renorm(old, p, dim, maxnorm); });
}

void register_vector_norm(OpTable& table) {
  table.add("norm(Tensor self, float p=2, int[]? dim=None, bool keepdim=False, dtype? dtype=None) -> Tensor", &with_options::norm);
  table.add("linalg.vector_norm(Tensor self, float ord=2, int[]? dim=None, bool keepdim=False, *, dtype? dtype=None) -> Tensor",
            &linalg::with_options::vector_norm);
  table.add("renorm(Tensor self, float p, int dim, float maxnorm) -> Tensor", &renorm);
  table.add("renorm_(Tensor(a!) self, float p, int dim, float maxnorm) -> Tensor(a!)", &renorm_);
  table.add("dist(Tensor self, Tensor other, float p=2) -> Tensor", &dist);
}

}  // namespace lazuli
