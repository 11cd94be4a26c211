#pragma once
#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/base/pointwise.h"

namespace lazuli {

/// How the formula of an in-place operator's out-of-place twin treats the tensor that is written.
enum class SelfIs : uint8_t {
  NotSaved,  // its old value is not needed by any gradient (add_, relu_)
  Saved,     // it is: a copy is made first where gradients are recorded (mul_ with an `other` that requires grad)
  Filled,    // as NotSaved, and all elements get one value (fill_), so that they may share memory
};

namespace detail {
void finish_inplace(const char* op, Tensor& self, Tensor& result, bool recorded);
Tensor old_value(const Tensor& self, SelfIs use);
void check_out_sizes(const char* op, const Tensor& out, const Tensor& result);
void take_over(const char* op, Tensor& out, const Tensor& result);
}  // namespace detail

/// Makes an in-place operator from its out-of-place twin: `f(old)` computes the result, directly in self's memory if it is one kernel (`primitive`), and self takes over
/// value and history by PyTorch's rules. `requires_grad`: whether an operand other than self requires grad.
template <class F>
Tensor& inplace(const char* op, Tensor& self, bool requires_grad, SelfIs use, bool primitive, F&& f) {
  bool recorded = modes.grad && (self.requires_grad() || requires_grad);
  check_inplace(op, self, recorded, use == SelfIs::Filled);
  Tensor old = recorded ? detail::old_value(self, use) : self;
  Tensor result;
  if (primitive) {
    InplaceTarget target(self);
    result = f(old);
  } else {
    result = f(old);
  }
  detail::finish_inplace(op, self, result, recorded);
  return self;
}

/// For operators that are a single elementwise kernel.
template <class F>
Tensor& inplace_primitive(const char* op, Tensor& self, F&& f, bool requires_grad = false, SelfIs use = SelfIs::NotSaved) {
  return inplace(op, self, requires_grad, use, true, std::forward<F>(f));
}
/// For any other operator: the result is computed aside and copied in.
template <class F>
Tensor& inplace_composite(const char* op, Tensor& self, F&& f, bool requires_grad = false) {
  return inplace(op, self, requires_grad, SelfIs::Saved, false, std::forward<F>(f));
}

/// Writes the result of a primitive operator into `out`, resized if it has no elements, as PyTorch's `out=` does; nothing is recorded.
/// Throws Error when `out` requires grad while gradients are recorded, or has other sizes or a dtype that the result does not cast to.
template <class F>
Tensor& into(const char* op, Tensor& out, F&& f) {
  if (modes.grad && out.requires_grad()) fail(ErrorKind::State, op, "out", "a tensor that does not require grad", "one that does");
  no_grad guard;
  if (out.numel() == 0) {
    detail::take_over(op, out, f());
    return out;
  }
  return inplace(op, out, false, SelfIs::NotSaved, true, [&](const Tensor&) {
    Tensor result = f();
    detail::check_out_sizes(op, out, result);
    return result;
  });
}

}  // namespace lazuli
