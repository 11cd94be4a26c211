#pragma once
#include "lazuli/autograd/meta.h"

namespace lazuli {

/// Throws Error where PyTorch refuses to write to `self`: a leaf that requires grad, a view of one, a view made in no_grad or by an operator of several views
/// (all only while gradients are recorded and `result_requires_grad`), an inference tensor outside inference mode, elements that share memory (expanded).
/// `may_overlap` allows the last.
void check_inplace(const char* op, const Tensor& self, bool result_requires_grad, bool may_overlap = false);
/// After `self` was written: its history becomes that of `result` (which may be self's memory), the base's and, through it, its other views' too. The version is that after the write.
void rebase_history(Tensor& self, const Tensor& result);
/// Marks `view` as a differentiable view of `base`, whose history in-place operators keep in step.
void track_view(const Tensor& base, Tensor& view, ViewOrigin origin = ViewOrigin::Default);

}  // namespace lazuli
