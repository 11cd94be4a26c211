#pragma once
#include "lazuli/autograd/inplace.h"
#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"

namespace lazuli {

/// The tensors that an operator reads while its result is written.
struct Reads {
  std::initializer_list<const Tensor*> in_step = {};   // element by element, each before the result's element at its place is written
  std::initializer_list<const Tensor*> anywhere = {};  // in any order, so that they may not share the result's memory at all
  std::span<const Tensor> all_of = {};                 // more of those
};

/// A new tensor of the sizes of `like`, in its memory layout where that is dense (channels-last stays channels-last).
Tensor new_like(const Tensor& like, DType dtype);

namespace detail {
struct Place {  // memory that waits for a result
  const char* op;
  Tensor& memory;
  const Tensor* old;  // what the operator is given for `memory` as its operand; null for `out`
  bool recorded;
  bool taken = false;
};
Tensor take(Place& place, const Shape& sizes, DType dtype, Device device, const Reads& reads);
}  // namespace detail

/// Where the result of an operator goes: into a new tensor, or into memory that is there already, that of `self` (in-place form) or `out`. An operator of all three forms
/// is one function that takes its target first,
///
///   Tensor exp(Target target, const Tensor& self) { ... }                                       // checks, kernel into the target, tape
///   Tensor exp(const Tensor& self) { return exp(Target(), self); }
///   Tensor& exp_(const Tensor& self) { return in_place("exp_", self, SelfIs::NotSaved, exp); }
///   Tensor& exp_out(Tensor& out, const Tensor& self) { return into("exp_out", out, [&](Target target) { return exp(target, self); }); }
///
/// and asks it for the result's tensor when all is checked. The memory is given when it has the result's sizes, dtype and device and what the operator reads does not
/// share it in another geometry; the version goes up there and then. Otherwise a new tensor is, and the result is copied in when the operator is done: so a
/// function that has no use for its target is right, too.
class Target {
 public:
  Target() = default;
  explicit Target(detail::Place& place) : place_(&place) {}
  /// The result's tensor. Throws Error where PyTorch does: an operand read in step overlaps the memory in part.
  Tensor output(const Shape& sizes, DType dtype, Device device, const Reads& reads = {}) const {
    if (place_) [[unlikely]]
      if (Tensor t = detail::take(*place_, sizes, dtype, device, reads); t.defined()) return t;
    return new_tensor(sizes, dtype, device);
  }
  /// The same of the sizes of `like`; a new one is in its memory layout.
  Tensor output_like(const Tensor& like, DType dtype, const Reads& reads = {}) const {
    if (place_) [[unlikely]]
      if (Tensor t = detail::take(*place_, like.sizes(), dtype, like.device(), reads); t.defined()) return t;
    return new_like(like, dtype);
  }
  /// A copy of `self` that the operator is about to change in places, reading `anywhere`; the memory itself where self is what lies there.
  Tensor copy_of(const Tensor& self, const Reads& reads = {}) const;

 private:
  detail::Place* place_ = nullptr;
};

/// How an operator's gradient treats the old value of the tensor that its in-place form writes.
enum class SelfIs : uint8_t {
  NotSaved,        // no gradient needs it (add_, relu_)
  SavedForOthers,  // the gradients of the other operands do (mul_)
  Saved,           // its own does: a copy is made first where gradients are recorded (log_)
  Filled,          // as NotSaved, and all elements get one value (fill_), so that they may share memory
};

namespace detail {
Tensor old_value(const Tensor& self, bool saved);
void finish(const Place& place, Tensor& result);
void check_out_sizes(const char* op, const Tensor& out, const Tensor& result);
void take_over(const char* op, Tensor& out, const Tensor& result);
}  // namespace detail

/// The in-place form of an operator: `f(target, old)` computes it, and self takes over value and history by PyTorch's rules. `others` are its other operands
/// that may require grad (undefined ones count for nothing). Throws Error where `self` may not be written, or the result does not broadcast or cast to it.
template <class F>
Tensor& in_place(const char* op, const Tensor& self, std::initializer_list<const Tensor*> others, SelfIs use, F&& f) {
  bool of_others = false, recorded = false;
  if (modes.grad) {
    for (const Tensor* t : others) of_others |= t->defined() && t->requires_grad();
    recorded = of_others || self.requires_grad();
  }
  check_inplace(op, self, recorded, use == SelfIs::Filled);
  Tensor kept;
  if (recorded) kept = detail::old_value(self, use == SelfIs::Saved || (use == SelfIs::SavedForOthers && of_others));
  const Tensor& old = recorded ? kept : self;
  Tensor& memory = const_cast<Tensor&>(self);  // what the handle names is written, not the handle: a temporary view and a const one do
  detail::Place place{op, memory, &old, recorded};
  Tensor result = f(Target(place), old);
  detail::finish(place, result);
  return memory;
}
/// The same of an operator of one tensor.
inline Tensor& in_place(const char* op, const Tensor& self, SelfIs use, Tensor (*f)(Target, const Tensor&)) { return in_place(op, self, {}, use, f); }
/// Of an operator of two tensors.
inline Tensor& in_place(const char* op, const Tensor& self, const Tensor& other, SelfIs use, Tensor (*f)(Target, const Tensor&, const Tensor&)) {
  return in_place(op, self, {&other}, use, [&](Target target, const Tensor& old) { return f(target, old, other); });
}
/// Of an operator that cannot compute in place: `f(old)` does it aside.
template <class F>
Tensor& in_place_aside(const char* op, const Tensor& self, std::initializer_list<const Tensor*> others, F&& f) {
  return in_place(op, self, others, SelfIs::Saved, [&](Target, const Tensor& old) { return f(old); });
}

/// The out form of an operator, `f(target)`; `out` is resized if it has no elements, and nothing is recorded.
/// Throws Error when `out` requires grad while gradients are recorded, or has other sizes or a dtype that the result does not cast to.
template <class F>
Tensor& into(const char* op, Tensor& out, F&& f) {
  if (modes.grad && out.requires_grad()) fail(ErrorKind::State, op, "out", "a tensor that does not require grad", "one that does");
  no_grad guard;
  if (out.numel() == 0) {
    detail::take_over(op, out, f(Target()));
    return out;
  }
  check_inplace(op, out, false);
  detail::Place place{op, out, nullptr, false};
  Tensor result = f(Target(place));
  detail::check_out_sizes(op, out, result);
  detail::finish(place, result);
  return out;
}

}  // namespace lazuli
