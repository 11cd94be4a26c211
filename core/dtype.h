#pragma once
#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace lazuli {

/// The element types. The order is that of type promotion within a category (see `promote_types`).
enum class DType : uint8_t { Bool, UInt8, Int8, Int16, Int32, Int64, Float16, BFloat16, Float32, Float64, Complex64, Complex128 };

inline constexpr int kDTypeCount = 12;
inline constexpr DType kBool = DType::Bool, kUInt8 = DType::UInt8, kInt8 = DType::Int8, kInt16 = DType::Int16, kInt32 = DType::Int32,
                       kInt64 = DType::Int64, kFloat16 = DType::Float16, kBFloat16 = DType::BFloat16, kFloat32 = DType::Float32,
                       kFloat64 = DType::Float64, kComplex64 = DType::Complex64, kComplex128 = DType::Complex128;

/// Bytes of one element.
constexpr int64_t item_size(DType t) {
  constexpr int64_t sizes[] = {1, 1, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16};
  return sizes[int(t)];
}
constexpr bool is_complex(DType t) { return t >= DType::Complex64; }
constexpr bool is_floating_point(DType t) { return t >= DType::Float16 && t <= DType::Float64; }
/// Integers and bool.
constexpr bool is_integral(DType t) { return t <= DType::Int64; }
/// Gradients exist for floating point and complex types only.
constexpr bool is_differentiable(DType t) { return t >= DType::Float16; }

/// "float32", "bool", ... : PyTorch's names.
std::string_view name(DType t);
std::ostream& operator<<(std::ostream& stream, DType t);
/// The dtype of that name ("float32", "torch.float32" and "float" alike). Throws Error for any other text.
DType parse_dtype(std::string_view text);

/// The smallest dtype to which both convert without loss of category (PyTorch's table).
DType promote_types(DType a, DType b);
/// Whether a result of dtype `from` may be written to a tensor of dtype `to` in place: not complex to real, nor float to integer, nor integer to bool.
constexpr bool can_cast(DType from, DType to) {
  if (is_complex(from) && !is_complex(to)) return false;
  if (is_floating_point(from) && is_integral(to)) return false;
  return from == DType::Bool || to != DType::Bool;
}
/// complex64 to float32, complex128 to float64; others as they are.
constexpr DType real_dtype(DType t) { return t == kComplex64 ? kFloat32 : t == kComplex128 ? kFloat64 : t; }
/// float64 to complex128; float16, bfloat16 and float32 to complex64; complex as they are.
constexpr DType complex_dtype(DType t) { return is_complex(t) ? t : t == kFloat64 ? kComplex128 : kComplex64; }

/// The dtype of floating point results and literals where nothing else decides: float32 unless set.
DType get_default_dtype();
/// Throws Error unless `t` is a floating point type.
void set_default_dtype(DType t);

}  // namespace lazuli
