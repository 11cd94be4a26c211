#pragma once
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <string_view>

namespace lazuli {

/// The element types; what each of them is says the table `kDTypes`. Those that a program registers (registry/dtypes.h) have the numbers after them.
enum class DType : uint8_t {
  Bool,
  UInt8,
  Int8,
  Int16,
  Int32,
  Int64,
  Float16,
  BFloat16,
  Float32,
  Float64,
  Complex64,
  Complex128,
  // libtorch's names
  Byte = UInt8,
  Char = Int8,
  Short = Int16,
  Int = Int32,
  Long = Int64,
  Half = Float16,
  Float = Float32,
  Double = Float64,
  ComplexFloat = Complex64,
  ComplexDouble = Complex128
};

inline constexpr DType kBool = DType::Bool, kUInt8 = DType::UInt8, kInt8 = DType::Int8, kInt16 = DType::Int16, kInt32 = DType::Int32,
                       kInt64 = DType::Int64, kFloat16 = DType::Float16, kBFloat16 = DType::BFloat16, kFloat32 = DType::Float32,
                       kFloat64 = DType::Float64, kComplex64 = DType::Complex64, kComplex128 = DType::Complex128;

/// Promotion goes from one category to the next: bool, integers, floating point, complex, and what a program registered.
enum class DTypeKind : uint8_t { Bool, Unsigned, Signed, Float, Complex, User };

struct DTypeProperties {
  DType dtype;
  std::string_view name, alias;  // PyTorch's: "float32" and "float"
  int item_size;                 // bytes of one element
  DTypeKind kind;
  DType real;     // of a complex type's parts; others themselves
  DType complex;  // whose parts hold the values
  DType wider;    // what this one and another one of its kind and size both convert to
};
inline constexpr DTypeProperties kDTypes[] = {
    {kBool, "bool", "", 1, DTypeKind::Bool, kBool, kComplex64, kBool},
    {kUInt8, "uint8", "byte", 1, DTypeKind::Unsigned, kUInt8, kComplex64, kInt16},
    {kInt8, "int8", "char", 1, DTypeKind::Signed, kInt8, kComplex64, kInt16},
    {kInt16, "int16", "short", 2, DTypeKind::Signed, kInt16, kComplex64, kInt32},
    {kInt32, "int32", "int", 4, DTypeKind::Signed, kInt32, kComplex64, kInt64},
    {kInt64, "int64", "long", 8, DTypeKind::Signed, kInt64, kComplex64, kInt64},
    {kFloat16, "float16", "half", 2, DTypeKind::Float, kFloat16, kComplex64, kFloat32},
    {kBFloat16, "bfloat16", "", 2, DTypeKind::Float, kBFloat16, kComplex64, kFloat32},
    {kFloat32, "float32", "float", 4, DTypeKind::Float, kFloat32, kComplex64, kFloat64},
    {kFloat64, "float64", "double", 8, DTypeKind::Float, kFloat64, kComplex128, kFloat64},
    {kComplex64, "complex64", "cfloat", 8, DTypeKind::Complex, kFloat32, kComplex64, kComplex128},
    {kComplex128, "complex128", "cdouble", 16, DTypeKind::Complex, kFloat64, kComplex128, kComplex128},
};
inline constexpr int kDTypeCount = int(sizeof(kDTypes) / sizeof(kDTypes[0]));

namespace detail {
constexpr bool dtypes_in_order() {
  for (int i = 0; i < kDTypeCount; ++i)
    if (int(kDTypes[i].dtype) != i) return false;
  return true;
}
}  // namespace detail
static_assert(detail::dtypes_in_order());

/// Whether a program registered it.
constexpr bool is_user_dtype(DType t) { return int(t) >= kDTypeCount; }
namespace detail {
const DTypeProperties& user_dtype_properties(DType t);
constexpr const DTypeProperties& properties(DType t) { return is_user_dtype(t) ? user_dtype_properties(t) : kDTypes[int(t)]; }
}  // namespace detail

/// Bytes of one element.
constexpr int64_t item_size(DType t) { return detail::properties(t).item_size; }
constexpr DTypeKind kind_of(DType t) { return detail::properties(t).kind; }
constexpr bool is_complex(DType t) { return kind_of(t) == DTypeKind::Complex; }
constexpr bool is_floating_point(DType t) { return kind_of(t) == DTypeKind::Float; }
/// Integers and bool.
constexpr bool is_integral(DType t) { return kind_of(t) <= DTypeKind::Signed; }
/// Gradients exist for floating point and complex types only.
constexpr bool is_differentiable(DType t) { return kind_of(t) == DTypeKind::Float || kind_of(t) == DTypeKind::Complex; }

/// "float32", "bool", ... : PyTorch's names.
std::string_view name(DType t);
std::ostream& operator<<(std::ostream& stream, DType t);
/// The dtype of that name ("float32", "torch.float32" and "float" alike). Throws Error for any other text.
DType parse_dtype(std::string_view text);

/// The smallest dtype to which both convert without loss of category (PyTorch's table).
DType promote_types(DType a, DType b);
/// Whether a result of dtype `from` may be written to a tensor of dtype `to` in place: not complex to real, nor float to integer, nor integer to bool.
constexpr bool can_cast(DType from, DType to) {
  if (is_user_dtype(from) || is_user_dtype(to)) return from == to || !is_user_dtype(from);
  if (is_complex(from) && !is_complex(to)) return false;
  if (is_floating_point(from) && is_integral(to)) return false;
  return from == DType::Bool || to != DType::Bool;
}
/// complex64 to float32, complex128 to float64; others as they are.
constexpr DType real_dtype(DType t) { return detail::properties(t).real; }
/// float64 to complex128; float16, bfloat16 and float32 to complex64; complex as they are.
constexpr DType complex_dtype(DType t) { return detail::properties(t).complex; }

/// Some of the element types.
struct DTypeSet {
  uint64_t bits = 0;
  constexpr DTypeSet() = default;
  constexpr explicit DTypeSet(uint64_t b) : bits(b) {}
  constexpr DTypeSet(std::initializer_list<DType> types) {
    for (DType t : types) bits |= uint64_t(1) << int(t);
  }
  /// All of a kind.
  constexpr DTypeSet(std::initializer_list<DTypeKind> kinds) {
    for (const DTypeProperties& p : kDTypes)
      for (DTypeKind kind : kinds)
        if (p.kind == kind) bits |= uint64_t(1) << int(p.dtype);
  }
  constexpr bool has(DType t) const { return bits >> int(t) & 1; }
  constexpr bool covers(DTypeSet others) const { return (others.bits & ~bits) == 0; }
  constexpr DTypeSet operator|(DTypeSet other) const { return DTypeSet(bits | other.bits); }
  constexpr DTypeSet operator-(DTypeSet other) const { return DTypeSet(bits & ~other.bits); }
  constexpr bool operator==(const DTypeSet&) const = default;
};
inline constexpr DTypeSet kEveryDType{(uint64_t(1) << kDTypeCount) - 1};
/// "float32, float64"
std::string to_string(DTypeSet types);

/// The dtype of floating point results and literals where nothing else decides: float32 unless set.
DType get_default_dtype();
/// Throws Error unless `t` is a floating point type.
void set_default_dtype(DType t);

}  // namespace lazuli
