#pragma once
#include "lazuli/core/number.h"

namespace lazuli {

namespace detail {
[[noreturn]] void fail_no_type(DType dtype);
}

/// Calls `f(T())` with T the C++ type of `dtype`: the one place where a run-time dtype becomes a type. Throws Error for a dtype of a program.
template <class F>
decltype(auto) dispatch(DType dtype, F&& f) {
  if (is_user_dtype(dtype)) [[unlikely]]
    detail::fail_no_type(dtype);
  switch (dtype) {
    case DType::Bool: return f(bool());
    case DType::UInt8: return f(uint8_t());
    case DType::Int8: return f(int8_t());
    case DType::Int16: return f(int16_t());
    case DType::Int32: return f(int32_t());
    case DType::Int64: return f(int64_t());
    case DType::Float16: return f(Half());
    case DType::BFloat16: return f(BFloat16());
    case DType::Float32: return f(float());
    case DType::Float64: return f(double());
    case DType::Complex64: return f(complex64());
    case DType::Complex128: break;
  }
  return f(complex128());
}

}  // namespace lazuli
