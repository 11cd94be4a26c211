#include "lazuli/core/dtype.h"

#include <atomic>
#include <ostream>
#include <string>

#include "lazuli/core/error.h"
#include "lazuli/core/scalar.h"

namespace lazuli {
namespace {
constexpr std::string_view kNames[kDTypeCount] = {"bool",    "uint8",    "int8",    "int16",   "int32",     "int64",
                                                  "float16", "bfloat16", "float32", "float64", "complex64", "complex128"};
constexpr struct {
  std::string_view alias;
  DType dtype;
} kAliases[] = {{"byte", kUInt8},   {"char", kInt8},     {"short", kInt16},    {"int", kInt32},        {"long", kInt64},
                {"half", kFloat16}, {"float", kFloat32}, {"double", kFloat64}, {"cfloat", kComplex64}, {"cdouble", kComplex128}};
std::atomic<DType> default_dtype{kFloat32};
}  // namespace

std::string_view name(DType t) { return kNames[int(t)]; }
std::ostream& operator<<(std::ostream& stream, DType t) { return stream << name(t); }

DType parse_dtype(std::string_view text) {
  std::string_view bare = text.starts_with("torch.") ? text.substr(6) : text;
  for (int i = 0; i < kDTypeCount; ++i)
    if (kNames[i] == bare) return DType(i);
  for (const auto& [alias, dtype] : kAliases)
    if (alias == bare) return dtype;
  fail(ErrorKind::Type, "parse_dtype", "text", "the name of a dtype, such as float32", "'" + std::string(text) + "'");
}

DType promote_types(DType a, DType b) {
  if (a == b) return a;
  if (a > b) std::swap(a, b);
  if (b == kComplex64) return a == kFloat64 ? kComplex128 : kComplex64;
  if (a == kFloat16 && b == kBFloat16) return kFloat32;
  if (a == kUInt8 && b == kInt8) return kInt16;
  return b;
}

DType get_default_dtype() { return default_dtype; }
void set_default_dtype(DType t) {
  if (!is_floating_point(t)) fail(ErrorKind::Type, "set_default_dtype", "t", "a floating point dtype", name(t));
  default_dtype = t;
}

DType Scalar::dtype() const {
  switch (kind_) {
    case Kind::Bool: return kBool;
    case Kind::Int: return kInt64;
    case Kind::Float: return get_default_dtype();
    default: return complex_dtype(get_default_dtype());
  }
}

Scalar Scalar::operator-() const {
  Scalar r = *this;
  if (is_integral()) r.kind_ = Kind::Int, r.int_ = -int_;
  else r.re_ = -re_, r.im_ = -im_;
  return r;
}

}  // namespace lazuli
