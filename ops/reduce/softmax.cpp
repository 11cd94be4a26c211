#include "lazuli/ops/reduce/softmax.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/forward_mode.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/pointwise.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/reduction_support.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

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
  need_defined(name, given);
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
    tape.record(name, out, [out = tape.save_output(out), dim, log](const Tensor& grad, Needs needs) {
      Tensor y = out.get();
      if (linearizing())
        return linear_map(grad, needs, [out = keep(y), dim, log](const Grads& tangents) {
          const Tensor y = out.get(), &v = tangents[0];
          if (y.dim() == 0) return Grads{mul(v, Scalar(0))};
          if (log) return Grads{sub(v, sum(mul(y.exp(), v), dim, true))};
          return Grads{backward(v, y, dim, false)};  // which is its own adjoint
        });
      if (y.dim() == 0) return Grads{mul(grad, Scalar(0))};
      return Grads{backward(grad, y, dim, log)};
    });
  return out;
}

}  // namespace

Tensor softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return softmax(cast(self), dim, dtype);
  return forward("softmax", self, dim, dtype, false);
}
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  if (const Casting cast{Cast::Float32OnGpu, self}) return log_softmax(cast(self), dim, dtype);
  return forward("log_softmax", self, dim, dtype, true);
}
Tensor softmin(const Tensor& self, int64_t dim, std::optional<DType> dtype) {
  need_defined("softmin", self);
  return forward("softmin", neg(self), dim, dtype, false);
}

Tensor with_options::gumbel_softmax(const Tensor& logits, GumbelSoftmaxOptions options) {
  need_defined("gumbel_softmax", logits, "logits");
  check_members("gumbel_softmax", options);
  if (!logits.is_floating_point()) fail(ErrorKind::NotSupported, "gumbel_softmax", "logits", "a floating point dtype", name(logits.dtype()));
  int64_t dim = wrap_dim(options.dim, logits.dim(), "gumbel_softmax");
  Tensor noise = new_tensor(logits.sizes(), logits.dtype(), logits.device());
  exponential_(noise, 1, options.generator);
  clamp_min_(noise, noise.dtype() == kFloat64 ? 0x1p-53 : 0x1p-24);  // where a draw is 0, by the least other one: its logarithm is a number
  Tensor soft = softmax((logits - log(noise)) / Scalar(options.tau), dim);
  if (!options.hard) return soft;
  Tensor best = argmax(soft.detach(), dim, true), ones = new_tensor(best.sizes(), soft.dtype(), soft.device());
  if (ones.numel()) fill_kernel(ones.device(), ones, 1);
  return reduction::put_along(ones, dim, best, logits.dim() ? logits.sizes()[dim] : 1) - soft.detach() + soft;
}

void register_softmax(OpTable& table) {
  table.add("softmax(Tensor self, int dim, dtype? dtype=None) -> Tensor", &lazuli::softmax);
  table.add("log_softmax(Tensor self, int dim, dtype? dtype=None) -> Tensor", &log_softmax);
  table.add("gumbel_softmax(Tensor logits, float tau=1, bool hard=False, int dim=-1, *, Generator? generator=None) -> Tensor",
            &with_options::gumbel_softmax);
  table.add("softmin(Tensor self, int dim, dtype? dtype=None) -> Tensor", &softmin);
}

}  // namespace lazuli
