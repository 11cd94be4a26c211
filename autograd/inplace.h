#pragma once
#include "lazuli/autograd/meta.h"

namespace lazuli {

/// Where the operator that computes an in-place result should put it: `InplaceTarget` is set for the call of a primitive operator, whose first new tensor of the
/// right sizes and dtype is then a handle on the target's memory (`take`).
class InplaceTarget {
 public:
  explicit InplaceTarget(const Tensor& target);
  ~InplaceTarget();
  InplaceTarget(const InplaceTarget&) = delete;
  /// The target as the result, if one is set, not yet taken and fits.
  static Tensor take(const Shape& sizes, DType dtype);
  /// Whether `t` shares the target's memory.
  static bool is_target(const Tensor& t);
  static bool any() { return current_ != nullptr; }

 private:
  static thread_local constinit InplaceTarget* current_;
  InplaceTarget* before_;
  Tensor target_;
  bool taken_ = false;
};

/// Throws Error where PyTorch refuses to write to `self`: a leaf that requires grad, a view of one, a view made in no_grad or by an operator of several views
/// (all only while gradients are recorded and `result_requires_grad`), an inference tensor outside inference mode, elements that share memory (expanded).
/// `may_overlap` allows the last.
void check_inplace(const char* op, const Tensor& self, bool result_requires_grad, bool may_overlap = false);
/// After `self` was written: its history becomes that of `result` (which may be self's memory), the base's and, through it, its other views' too; the version goes up.
void rebase_history(Tensor& self, const Tensor& result);
/// Marks `view` as a differentiable view of `base`, whose history in-place operators keep in step.
void track_view(const Tensor& base, Tensor& view, ViewOrigin origin = ViewOrigin::Default);

}  // namespace lazuli
