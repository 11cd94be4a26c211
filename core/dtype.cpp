#include "lazuli/core/dtype.h"

#include <atomic>
#include <ostream>
#include <string>

#include "lazuli/core/error.h"
#include "lazuli/core/open/user_dtype.h"
#include "lazuli/core/scalar.h"

namespace lazuli {
namespace {
std::atomic<DType> default_dtype{kFloat32};
}  // namespace

std::string_view name(DType t) { return detail::properties(t).name; }
std::ostream& operator<<(std::ostream& stream, DType t) { return stream << name(t); }

DType parse_dtype(std::string_view text) {
  const std::string_view bare = text.starts_with("torch.") ? text.substr(6) : text;
  for (const DTypeProperties& p : kDTypes)
    if (bare == p.name || (!p.alias.empty() && bare == p.alias)) return p.dtype;
  for (DType t : user_dtypes())
    if (bare == name(t)) return t;
  fail(errors::dtype_not_found_error, ErrorKind::Type, "parse_dtype", "text", "the name of a dtype, such as float32", "'" + std::string(text) + "'");
}

DType promote_types(DType a, DType b) {
  if (a == b) return a;
  if (is_user_dtype(a) || is_user_dtype(b)) {  // a number becomes an element where the dtype says how
    const DType user = is_user_dtype(a) ? a : b;
    if ((!is_user_dtype(a) || !is_user_dtype(b)) && user_dtype(user).from_scalar) return user;
    fail(ErrorKind::Type, "promote_types", "", "dtypes of which one converts to the other", std::string(name(a)) + " and " + std::string(name(b)));
  }
  const DTypeProperties *low = &kDTypes[int(a)], *high = &kDTypes[int(b)];
  if (low->kind > high->kind || (low->kind == high->kind && low->item_size > high->item_size)) std::swap(low, high);
  if (high->kind == DTypeKind::Complex) return low->kind < DTypeKind::Float ? high->dtype : complex_dtype(promote_types(low->real, high->real));
  const bool same_category = low->kind == high->kind || (low->kind == DTypeKind::Unsigned && high->kind == DTypeKind::Signed);
  return same_category && low->item_size >= high->item_size ? low->wider : high->dtype;
}

std::string to_string(DTypeSet types) {
  std::string text;
  for (const DTypeProperties& p : kDTypes)
    if (types.has(p.dtype)) text += (text.empty() ? "" : ", ") + std::string(p.name);
  for (int t = kDTypeCount; t < 64; ++t)
    if (types.has(DType(t))) text += (text.empty() ? "" : ", ") + std::string(name(DType(t)));
  return text;
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
  if (is_integral()) r.kind_ = Kind::Int, r.int_ = int64_t(-uint64_t(int_));
  else r.re_ = -re_, r.im_ = -im_;
  return r;
}

}  // namespace lazuli
