#pragma once
#include <vector>

#include "lazuli/core/error.h"
#include "lazuli/core/tensor.h"

/// Checks of operands that families share. All throw Error naming operator and argument: (Argument) for an undefined tensor, (Type) for a dtype.
namespace lazuli {

inline void need_defined(const char* op, const Tensor& t, const char* argument = "self") {
  if (!t.defined()) [[unlikely]]
    fail_undefined(op, argument);
}
/// Of several: each with its argument's name after it.
template <class... Rest>
void need_defined(const char* op, const Tensor& t, const char* argument, const Tensor& next, const Rest&... rest) {
  need_defined(op, t, argument);
  need_defined(op, next, rest...);
}
/// Of two operands, self and other.
inline void need_defined(const char* op, const Tensor& self, const Tensor& other) { need_defined(op, self, "self", other, "other"); }
/// Of each tensor of a list.
void need_defined(const char* op, const std::vector<Tensor>& tensors, const char* argument);

[[noreturn]] void fail_dtype(const char* op, const char* argument, const char* expected, DType got);

inline void refuse_bool(const char* op, const Tensor& t, const char* argument = "self") {
  need_defined(op, t, argument);
  if (t.dtype() == kBool) [[unlikely]]
    fail_dtype(op, argument, "a tensor of numbers", kBool);
}
inline void refuse_complex(const char* op, const Tensor& t, const char* argument = "self") {
  need_defined(op, t, argument);
  if (t.is_complex()) [[unlikely]]
    fail_dtype(op, argument, "a real tensor", t.dtype());
}
inline void refuse_complex(const char* op, const Tensor& a, const Tensor& b) {
  refuse_complex(op, a);
  refuse_complex(op, b, "other");
}
/// A bool or integer tensor.
inline void need_integral(const char* op, const Tensor& t, const char* argument = "self") {
  need_defined(op, t, argument);
  if (!is_integral(t.dtype())) [[unlikely]]
    fail_dtype(op, argument, "a tensor of integers or bool", t.dtype());
}
inline void need_differentiable(const char* op, const Tensor& t, const char* argument = "self") {
  need_defined(op, t, argument);
  if (!is_differentiable(t.dtype())) [[unlikely]]
    fail_dtype(op, argument, "a floating point or complex tensor", t.dtype());
}
inline void need_floating_point(const char* op, const Tensor& t, const char* argument = "self") {
  need_defined(op, t, argument);
  if (!t.is_floating_point()) [[unlikely]]
    fail_dtype(op, argument, "a floating point tensor", t.dtype());
}
/// Throws Error where a number has no place in a dtype: beyond an integer one (negative ones wrap in uint8, as in PyTorch), or not real for a real one. A bool holds all.
void check_fits(const char* op, const char* argument, const Scalar& value, DType dtype);
/// PyTorch has no kernels for complex numbers of half precision, the promoted type of a half precision tensor and a complex 0-d one.
void refuse_half_complex(const char* op, const Tensor& a, const Tensor& b, bool float16_too);

}  // namespace lazuli
