#include "lazuli/ops/softmax.h"

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/arithmetic.h"
#include "lazuli/ops/copy.h"
#include "lazuli/ops/families.h"
#include "lazuli/ops/pointwise.h"
#include "lazuli/ops/reduction.h"
#include "lazuli/ops/registry.h"

namespace lazuli {
namespace {

// Differentiable, from the result: softmax' = out * (grad - sum(grad * out)), log_softmax' = grad - exp(out) * sum(grad).
Tensor backward(const Tensor& grad, const Tensor& out, int64_t dim, bool log) {
  if (!modes.grad) {
    Tensor grad_in = new_tensor(out.sizes(), out.dtype(), out.device());
    if (out.numel()) softmax_backward_kernel(out.device(), grad_in, grad, out, dim, log);
    return grad_in;
  }
  if (log) return sub(grad, mul(out.exp(), sum(grad, dim, true)));
  return mul(out, sub(grad, sum(mul(grad, out), dim, true)));
}

Tensor forward(const char* name, const Tensor& given, int64_t dim, std::optional<DType> dtype, bool log) {
  Tensor self = dtype && *dtype != given.dtype() ? to(given, *dtype) : given;
  if (!self.is_floating_point())
    fail(ErrorKind::NotSupported, name, "self", "a floating point dtype (give `dtype` to cast first)", lazuli::name(self.dtype()));
  dim = wrap_dim(dim, self.dim(), name);
  Tensor out = new_tensor(self.sizes(), self.dtype(), self.device());
  if (out.numel()) {
    if (self.dim()) softmax_kernel(out.device(), out, self, dim, log);
    else fill_kernel(out.device(), out, log ? 0 : 1);
  }
  if (auto tape = Tape::recording(self))
    tape.record(name, out, [out = tape.save_output(out), dim, log](const Tensor& grad, Needs) {
      Tensor y = out.get();
      if (y.dim() == 0) return Grads{mul(grad, Scalar(0))};
      return Grads{backward(grad, y, dim, log)};
    });
  return out;
}

}  // namespace

Tensor softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype) { return forward("softmax", self, dim, dtype, false); }
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype) { return forward("log_softmax", self, dim, dtype, true); }
Tensor softmin(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  return forward("softmin", neg(dtype && *dtype != self.dtype() ? to(self, *dtype) : self), dim, {}, false);
}

Tensor Tensor::softmax(int64_t dim) const { return lazuli::softmax(*this, dim); }

void register_softmax(OpTable& table) {
  table.add("softmax(Tensor self, int dim, dtype? dtype=None) -> Tensor", &lazuli::softmax);
  table.add("log_softmax(Tensor self, int dim, dtype? dtype=None) -> Tensor", &log_softmax);
  table.add("softmin(Tensor self, int dim, dtype? dtype=None) -> Tensor", &softmin);
}

}  // namespace lazuli
