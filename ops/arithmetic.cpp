#include "lazuli/ops/arithmetic.h"

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/families.h"
#include "lazuli/ops/inplace.h"
#include "lazuli/ops/operators.h"
#include "lazuli/ops/pointwise.h"
#include "lazuli/ops/promotion.h"
#include "lazuli/ops/registry.h"

namespace lazuli {

Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  if (!alpha.equal(1)) return add(self, mul(other, alpha));
  Tensor out = pointwise("add", BinaryOp::Add, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("add", out, [](const Tensor& grad, Needs needs) { return Grads{needs[0] ? grad : Tensor(), needs[1] ? grad : Tensor()}; });
  return out;
}

Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  if (self.dtype() == kBool || other.dtype() == kBool) fail(ErrorKind::Type, "sub", "self and other", "numbers (logical_xor or logical_not do it for bool)", "bool");
  if (!alpha.equal(1)) return sub(self, mul(other, alpha));
  Tensor out = pointwise("sub", BinaryOp::Sub, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("sub", out, [](const Tensor& grad, Needs needs) { return Grads{needs[0] ? grad : Tensor(), needs[1] ? -grad : Tensor()}; });
  return out;
}

Tensor mul(const Tensor& self, const Tensor& other) {
  Tensor out = pointwise("mul", BinaryOp::Mul, self, other);
  if (auto tape = Tape::recording(self, other))
    tape.record("mul", out, [a = tape.save(self, tape.needs(1)), b = tape.save(other, tape.needs(0))](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? grad * conj(b.get()) : Tensor(), needs[1] ? grad * conj(a.get()) : Tensor()};
    });
  return out;
}
