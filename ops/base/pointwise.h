#pragma once
#include "lazuli/core/slots.h"
#include "lazuli/ops/base/target.h"

namespace lazuli {

/// Which dtype an elementwise operator computes in and which it returns, from its promoted inputs.
enum class DTypeRule : uint8_t { Same, Float /*integers become the default dtype*/, Bool /*computes in the promoted dtype, returns bool*/ };

/// The forward halves of all elementwise operators: check, promote, broadcast, take the target or allocate, run the kernel. They record nothing.
/// `name` is the operator's, for errors.
Tensor pointwise(Target target, const char* name, UnaryOp op, const Tensor& a, DTypeRule rule = DTypeRule::Same, Params p = {});
Tensor pointwise(Target target, const char* name, BinaryOp op, const Tensor& a, const Tensor& b, DTypeRule rule = DTypeRule::Same, Params p = {});
Tensor pointwise(Target target, const char* name, TernaryOp op, const Tensor& a, const Tensor& b, const Tensor& c, Params p = {});
/// The same with a number at every place of one operand, of which no tensor is made. Beside halves sums, products, quotients and powers use it at float32.
/// Neither may be complex numbers' `Complex` and `Polar`, nor an operator with parameters.
Tensor pointwise(Target target, const char* name, BinaryOp op, const Tensor& a, const Scalar& b, DTypeRule rule = DTypeRule::Same);
Tensor pointwise(Target target, const char* name, BinaryOp op, const Scalar& a, const Tensor& b, DTypeRule rule = DTypeRule::Same);
inline Tensor pointwise(const char* name, UnaryOp op, const Tensor& a, DTypeRule rule = DTypeRule::Same, Params p = {}) {
  return pointwise(Target(), name, op, a, rule, p);
}
inline Tensor pointwise(const char* name, BinaryOp op, const Tensor& a, const Tensor& b, DTypeRule rule = DTypeRule::Same, Params p = {}) {
  return pointwise(Target(), name, op, a, b, rule, p);
}
inline Tensor pointwise(const char* name, TernaryOp op, const Tensor& a, const Tensor& b, const Tensor& c, Params p = {}) {
  return pointwise(Target(), name, op, a, b, c, p);
}

/// Unrecorded helpers. `expanded` is a view with stride 0 where it broadcasts (checked by the caller); `casted` returns the tensor itself when it has the dtype;
/// `dense` returns it when it is contiguous.
Tensor expanded(const Tensor& t, const Shape& sizes);
Tensor casted(const Tensor& t, DType dtype);
Tensor moved(const Tensor& t, Device device, bool non_blocking = false);
Tensor dense(const Tensor& t);
/// Elements in one block of memory, each once, in whatever order of dimensions.
bool is_dense(const Tensor& t);

}  // namespace lazuli
