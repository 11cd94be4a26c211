#include "lazuli/ops/base/dtype_checks.h"

#include <cmath>

#include "lazuli/core/error.h"

namespace lazuli {

void need_defined(const char* op, const std::vector<Tensor>& tensors, const char* argument) {
  for (size_t i = 0; i < tensors.size(); ++i)
    if (!tensors[i].defined()) fail_undefined(op, argument, "element " + std::to_string(i) + ", an undefined one");
}
void fail_dtype(const char* op, const char* argument, const char* expected, DType got) { fail(ErrorKind::Type, op, argument, expected, name(got)); }

void refuse_half_complex(const char* op, const Tensor& a, const Tensor& b, bool float16_too) {
  auto half = [&](const Tensor& t) { return t.dim() > 0 && (t.dtype() == kBFloat16 || (float16_too && t.dtype() == kFloat16)); };
  auto number = [](const Tensor& t) { return t.dim() == 0 && t.is_complex(); };
  if ((half(a) && number(b)) || (half(b) && number(a)))
    fail(ErrorKind::Type, op, "", "dtypes whose promoted type exists",
         std::string(name(a.dtype())) + " and a " + std::string(name(b.dtype())) + " number");
}

void check_fits(const char* op, const char* argument, const Scalar& value, DType dtype) {
  if (dtype == kBool || is_complex(dtype)) return;
  if (value.is_complex()) {
    const complex128 number = value.to<complex128>();
    if (number.im != 0) fail(ErrorKind::Type, op, argument, "a real number for a " + std::string(name(dtype)) + " tensor", to_string(value));
    return check_fits(op, argument, Scalar(number.re), dtype);
  }
  if (!is_integral(dtype) || value.kind() == Scalar::Kind::Bool) return;
  int64_t bits = item_size(dtype) * 8 - (dtype == kUInt8 ? 0 : 1);
  double beyond = std::ldexp(1.0, int(bits)), at = value.to<double>(), least = dtype == kUInt8 ? 1 - beyond : -beyond;
  bool fits = value.is_integral() ? dtype == kInt64 || (at >= least && at < beyond) : std::trunc(at) >= least && std::trunc(at) < beyond;
  if (!fits) fail(ErrorKind::Type, op, argument, "a number that fits " + std::string(name(dtype)), to_string(value));
}

}  // namespace lazuli
