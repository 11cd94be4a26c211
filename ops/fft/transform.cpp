#include "lazuli/ops/fft/transform.h"

#include <cmath>

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "lazuli/core/slots/fft_slots.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/padding.h"
#include "lazuli/ops/shape/shape.h"

namespace lazuli::spectral {
namespace {

DType complex_of(DType t) { return t == kFloat64 || t == kComplex128 ? kComplex128 : kComplex64; }
DType real_of(DType t) { return t == kFloat64 || t == kComplex128 ? kFloat64 : kFloat32; }

// `value` for each of the first n / 2 + 1 values that stands for its conjugate too, 1 for the others; along dim.
Tensor weights(const Tensor& like, int64_t dim, int64_t n, double value) {
  Tensor w = new_tensor({n / 2 + 1}, real_of(like.dtype()), like.device());
  fill_kernel(w.device(), w, Scalar(value));
  const auto set_one = [&](int64_t at) {
    Tensor place = alias(w, {1}, {1}, at);
    fill_kernel(w.device(), place, Scalar(1));
  };
  set_one(0);
  if (n % 2 == 0) set_one(n / 2);
  Shape sizes = Shape::filled(like.dim(), 1);
  sizes[dim] = n / 2 + 1;
  return w.reshape(sizes);
}

}  // namespace

Tensor promoted(const char* op, const Tensor& self, bool complex) {
  need_defined(op, self);
  DType t = float_type(self.dtype());
  if (real_of(t) != t && complex_of(t) != t)
    fail_dtype(op, "self", "float32, float64 or their complex counterparts (transforms have no half precision)", t);
  if (complex) t = complex_of(t);
  return t == self.dtype() ? self : to(self, t);
}

double scale_of(const char* op, const std::optional<std::string>& norm, double values, bool forward) {
  if (!norm || *norm == "backward") return forward ? 1 : 1 / values;
  if (*norm == "forward") return forward ? 1 / values : 1;
  if (*norm == "ortho") return 1 / std::sqrt(values);
  fail(op, "norm", "'backward', 'forward' or 'ortho'", "'" + *norm + "'");
}

Tensor resized(const Tensor& self, int64_t dim, int64_t size) {
  const int64_t there = self.sizes()[dim];
  if (there == size) return self;
  if (there > size) return self.narrow(dim, 0, size);
  Shape pad = Shape::filled(2 * (self.dim() - dim), 0);
  pad[pad.size() - 1] = size - there;
  return constant_pad_nd(self, pad);
}

Tensor complex_to_complex(const Tensor& self, const Shape& dims, bool forward, double scale) {
  if (dims.empty()) return scale == 1 ? self.clone() : mul(self, Scalar(scale));
  Tensor out = new_tensor(self.sizes(), self.dtype(), self.device());
  if (out.numel())
    for (int64_t i = 0; i < dims.size(); ++i) fft_kernel(out.device(), out, i ? out : self, dims[i], forward, i ? 1 : scale);
  if (auto tape = Tape::recording(self))
    tape.record("fft", out, [dims, forward, scale](const Tensor& grad, Needs) { return Grads{complex_to_complex(grad, dims, !forward, scale)}; });
  return out;
}

Tensor real_to_complex(const Tensor& self, int64_t dim, bool forward, double scale) {
  const int64_t n = self.sizes()[dim];
  Shape sizes = self.sizes();
  sizes[dim] = n / 2 + 1;
  Tensor out = new_tensor(sizes, complex_of(self.dtype()), self.device());
  if (out.numel()) fft_kernel(out.device(), out, self, dim, forward, scale);
  if (auto tape = Tape::recording(self))
    tape.record("rfft", out, [dim, n, forward, scale](const Tensor& grad, Needs) {
      return Grads{complex_to_real(mul(grad, weights(grad, dim, n, 0.5)), dim, n, !forward, scale)};
    });
  return out;
}

Tensor complex_to_real(const Tensor& self, int64_t dim, int64_t n, bool forward, double scale) {
  Shape sizes = self.sizes();
  sizes[dim] = n;
  Tensor out = new_tensor(sizes, real_of(self.dtype()), self.device());
  if (out.numel()) fft_kernel(out.device(), out, self, dim, forward, scale);
  if (auto tape = Tape::recording(self))
    tape.record("irfft", out, [dim, n, forward, scale](const Tensor& grad, Needs) {
      return Grads{mul(real_to_complex(grad, dim, !forward, scale), weights(grad, dim, n, 2))};
    });
  return out;
}

}  // namespace lazuli::spectral
