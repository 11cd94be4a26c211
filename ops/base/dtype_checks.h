#pragma once
#include "lazuli/core/tensor.h"

/// Checks of operands' dtypes that the elementwise families share. All throw Error (Type) naming operator and argument.
namespace lazuli {

[[noreturn]] void fail_dtype(const char* op, const char* argument, const char* expected, DType got);

inline void refuse_bool(const char* op, const Tensor& t, const char* argument = "self") {
  if (t.dtype() == kBool) [[unlikely]]
    fail_dtype(op, argument, "a tensor of numbers", kBool);
}
inline void refuse_complex(const char* op, const Tensor& t, const char* argument = "self") {
  if (t.is_complex()) [[unlikely]]
    fail_dtype(op, argument, "a real tensor", t.dtype());
}
inline void refuse_complex(const char* op, const Tensor& a, const Tensor& b) {
  refuse_complex(op, a);
  refuse_complex(op, b, "other");
}
/// A bool or integer tensor.
inline void need_integral(const char* op, const Tensor& t, const char* argument = "self") {
  if (!is_integral(t.dtype())) [[unlikely]]
    fail_dtype(op, argument, "a tensor of integers or bool", t.dtype());
}
inline void need_differentiable(const char* op, const Tensor& t, const char* argument = "self") {
  if (!is_differentiable(t.dtype())) [[unlikely]]
    fail_dtype(op, argument, "a floating point or complex tensor", t.dtype());
}
inline void need_floating_point(const char* op, const Tensor& t, const char* argument = "self") {
  if (!t.is_floating_point()) [[unlikely]]
    fail_dtype(op, argument, "a floating point tensor", t.dtype());
}
/// Throws Error where a number has no place in an integer dtype (negative ones wrap in uint8, as in PyTorch).
void check_fits(const char* op, const char* argument, const Scalar& value, DType dtype);
/// PyTorch has no kernels for complex numbers of half precision, the promoted type of a half precision tensor and a complex 0-d one.
void refuse_half_complex(const char* op, const Tensor& a, const Tensor& b, bool float16_too);

}  // namespace lazuli
