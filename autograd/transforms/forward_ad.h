#pragma once
#include <memory>
#include <tuple>

#include "lazuli/core/tensor.h"

/// Forward mode with dual numbers, as torch.autograd.forward_ad has it.
///
///   forward_ad::dual_level level;
///   Tensor y = f(forward_ad::make_dual(x, v));
///   auto [primal, tangent] = forward_ad::unpack_dual(y);   // f(x) and its derivative along v
///
/// The tangent is the gradient of the gradient with respect to its weights: exact, of every function whose gradient has one. While a level lives operators record, and dual tensors require
/// grad.
namespace lazuli::forward_ad {

/// In which duals are made and unpacked; levels nest.
class [[nodiscard]] dual_level {
 public:
  dual_level();
  ~dual_level();
  dual_level(const dual_level&) = delete;
  dual_level& operator=(const dual_level&) = delete;

 private:
  struct Duals;
  friend struct Unpack;
  std::unique_ptr<Duals> duals_;
};

struct UnpackedDual {
  Tensor primal, tangent;  // tangent undefined where no dual counts
  template <class Used = void>
  auto tensors() {
    return tied<Used>(primal, tangent);
  }
};

/// `tensor` with a derivative of its own, of its sizes and dtype. Throws Error outside of a level.
Tensor make_dual(const Tensor& tensor, const Tensor& tangent);
UnpackedDual unpack_dual(const Tensor& tensor);

}  // namespace lazuli::forward_ad

namespace lazuli::autograd {
namespace forward_ad = lazuli::forward_ad;
}
