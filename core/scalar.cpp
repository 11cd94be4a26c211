#include "lazuli/core/scalar.h"

#include <fmt/format.h>

#include <ostream>

namespace lazuli {

std::string to_string(const Scalar& value) {
  switch (value.kind()) {
    case Scalar::Kind::Bool: return value.to<bool>() ? "true" : "false";
    case Scalar::Kind::Int: return std::to_string(value.to<int64_t>());
    case Scalar::Kind::Float: return fmt::format("{}", value.to<double>());
    default: break;
  }
  complex128 c = value.to<complex128>();
  return fmt::format("{}{:+}i", c.re, c.im);
}
std::ostream& operator<<(std::ostream& stream, const Scalar& value) { return stream << to_string(value); }

}  // namespace lazuli
