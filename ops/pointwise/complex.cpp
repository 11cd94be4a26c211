#include "lazuli/ops/pointwise/complex.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/core/error.h"
#include "lazuli/core/geometry.h"
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/base/view.h"
#include "lazuli/ops/pointwise/arithmetic.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/ternary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/pointwise/unary_formula.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

Tensor conj_physical(Target target, const Tensor& self) {
  need_defined("conj_physical", self);
  if (!self.is_complex()) return self;
  Tensor out = pointwise(target, "conj", UnaryOp::Conj, self);
  if (auto tape = Tape::recording(self)) tape.record("conj", out, [](const Tensor& grad, Needs) { return Grads{conj(grad)}; });
  return out;
}
Tensor conj_physical(const Tensor& self) { return conj_physical(Target(), self); }
Tensor& conj_physical_(const Tensor& self) {
  need_defined("conj_physical_", self);
  return in_place("conj_physical_", self, SelfIs::NotSaved, conj_physical);
}
Tensor conj(const Tensor& self) {
  need_defined("conj", self);
  return conj_physical(self);
}

namespace {

// The parts of a complex tensor: the same memory, counted in reals.
template <class F>
Tensor part(const char* name, const Tensor& self, int64_t first, F backward) {
  Shape strides = self.strides();
  for (int64_t& s : strides) s *= 2;
  Tensor out = alias(self, real_dtype(self.dtype()), self.sizes(), strides, self.storage_offset() * 2 + first, name);
  if (auto tape = Tape::recording(self)) tape.record(name, out, [backward](const Tensor& grad, Needs) { return Grads{backward(grad)}; });
  track_view(self, out);
  return out;
}

}  // namespace

Tensor real(const Tensor& self) {
  need_defined("real", self);
  if (!self.is_complex()) return self;
  return part("real", self, 0, [](const Tensor& grad) { return complex(grad, zero_like(grad)); });
}
Tensor imag(const Tensor& self) {
  need_defined("imag", self);
  if (!self.is_complex()) fail_dtype("imag", "self", "a complex tensor", self.dtype());
  return part("imag", self, 1, [](const Tensor& grad) { return complex(zero_like(grad), grad); });
}

Tensor view_as_real(const Tensor& self) {
  need_defined("view_as_real", self);
  if (!self.is_complex()) fail_dtype("view_as_real", "self", "a complex tensor", self.dtype());
  Shape sizes = self.sizes(), strides = self.strides();
  for (int64_t& s : strides) s *= 2;
  sizes.push_back(2);
  strides.push_back(1);
  Tensor out = alias(self, real_dtype(self.dtype()), sizes, strides, self.storage_offset() * 2, "view_as_real");
  if (auto tape = Tape::recording(self))
    tape.record("view_as_real", out, [](const Tensor& grad, Needs) { return Grads{view_as_complex(contiguous(grad))}; });
  track_view(self, out);
  return out;
}

Tensor view_as_complex(const Tensor& self) {
  if (const Casting cast{Cast::Float32, self}) return view_as_complex(cast(self));
  need_defined("view_as_complex", self);
  if (self.dtype() != kFloat32 && self.dtype() != kFloat64) fail_dtype("view_as_complex", "self", "a float32 or float64 tensor", self.dtype());
  if (self.dim() == 0) fail("view_as_complex", "self", "at least one dimension", "a 0-d tensor");
  if (self.size(-1) != 2) fail("view_as_complex", "self", "a last dimension of size 2", to_string(self.sizes()));
  if (self.stride(-1) != 1) fail("view_as_complex", "self", "a last dimension of stride 1", "strides " + to_string(self.strides()));
  Shape sizes, strides;
  for (int64_t i = 0; i + 1 < self.dim(); ++i) {
    if (self.strides()[i] % 2 != 0)
      fail("view_as_complex", "self", "strides that are multiples of 2, but for the last", "strides " + to_string(self.strides()));
    sizes.push_back(self.sizes()[i]);
    strides.push_back(self.strides()[i] / 2);
  }
  if (self.storage_offset() % 2 != 0)
    fail("view_as_complex", "self", "a storage offset that is a multiple of 2", std::to_string(self.storage_offset()));
  Tensor out = alias(self, complex_dtype(self.dtype()), sizes, strides, self.storage_offset() / 2, "view_as_complex");
  if (auto tape = Tape::recording(self)) tape.record("view_as_complex", out, [](const Tensor& grad, Needs) { return Grads{view_as_real(grad)}; });
  track_view(self, out);
  return out;
}

Tensor angle(const Tensor& self) {
  Tensor out = pointwise("angle", UnaryOp::Angle, self, DTypeRule::Float);
  if (auto tape = Tape::recording(self))
    tape.record("angle", out, [x = tape.save(self)](const Tensor& grad, Needs) {
      Tensor z = x.get();
      if (!z.is_complex()) return Grads{zero_like(grad)};
      Tensor size = abs(z), per_size = where(size == 0, 0, grad / size), direction = sgn(z);
      return Grads{complex(-per_size * imag(direction), per_size * real(direction))};
    });
  return out;
}

namespace {
void check_parts(const char* op, const char* first, const char* second, const Tensor& a, const Tensor& b) {
  need_floating_point(op, a, first);
  need_floating_point(op, b, second);
  if (a.dtype() != b.dtype())
    fail(ErrorKind::Type, op, second, "the dtype of '" + std::string(first) + "', " + std::string(name(a.dtype())), name(b.dtype()));
  if (a.dtype() == kBFloat16) fail_dtype(op, first, "float16, float32 or float64", kBFloat16);
}
}  // namespace

Tensor complex(const Tensor& real_part, const Tensor& imag_part) {
  check_parts("complex", "real", "imag", real_part, imag_part);
  Tensor out = pointwise("complex", BinaryOp::Complex, real_part, imag_part);
  if (auto tape = Tape::recording(real_part, imag_part))
    tape.record("complex", out, [](const Tensor& grad, Needs needs) {
      return Grads{needs[0] ? real(grad) : Tensor(), needs[1] ? imag(grad) : Tensor()};
    });
  return out;
}

Tensor polar(const Tensor& abs, const Tensor& angle) {
  if (const Casting cast{Cast::Float32, abs, angle}) return polar(cast(abs), cast(angle));
  check_parts("polar", "abs", "angle", abs, angle);
  return complex(abs * cos(angle), abs * sin(angle));
}

Tensor resolve_conj(const Tensor& self) {
  need_defined("resolve_conj", self);
  return self;
}
Tensor resolve_neg(const Tensor& self) {
  need_defined("resolve_neg", self);
  return self;
}

void register_complex(OpTable& table) {
  table.add("conj(Tensor self) -> Tensor", &conj);
  table.add("conj_physical(Tensor self) -> Tensor", &conj_physical);
  table.add("conj_physical_(Tensor(a!) self) -> Tensor(a!)", &conj_physical_);
  table.add("resolve_conj(Tensor self) -> Tensor", &resolve_conj);
  table.add("resolve_neg(Tensor self) -> Tensor", &resolve_neg);
  table.add("real(Tensor self) -> Tensor", &real);
  table.add("imag(Tensor self) -> Tensor", &imag);
  table.add("view_as_real(Tensor self) -> Tensor", &view_as_real);
  table.add("view_as_complex(Tensor self) -> Tensor", &view_as_complex);
  table.add("angle(Tensor self) -> Tensor", &angle);
  table.add("complex(Tensor real, Tensor imag) -> Tensor", &complex);
  table.add("polar(Tensor abs, Tensor angle) -> Tensor", &polar);
}

}  // namespace lazuli
