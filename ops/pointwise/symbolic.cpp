#include "lazuli/ops/pointwise/symbolic.h"

#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/core/shape.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {
namespace {

void need_real(const char* op, const char* argument, const Scalar& a) {
  if (a.is_complex()) fail(ErrorKind::Type, op, argument, "a real number", to_string(a));
}
Scalar extreme(const char* op, const Scalar& a, const Scalar& b, bool greatest) {
  need_real(op, "a", a);
  need_real(op, "b", b);
  if (a.is_integral() && b.is_integral()) {
    const int64_t x = a.to<int64_t>(), y = b.to<int64_t>();
    return (x > y) == greatest ? x : y;
  }
  const double x = a.to<double>(), y = b.to<double>();
  if (std::isnan(x) || std::isnan(y)) return std::nan("");
  return (x > y) == greatest ? x : y;
}

}  // namespace

int64_t sym_int(const Scalar& a) {
  need_real("sym_int", "a", a);
  if (a.is_integral()) return a.to<int64_t>();
  const double x = a.to<double>();
  if (!(x > -0x1p63 && x < 0x1p63)) fail("sym_int", "a", "a number that int64 holds", to_string(a));
  return int64_t(x);
}
double sym_float(const Scalar& a) {
  need_real("sym_float", "a", a);
  return a.to<double>();
}
bool sym_not(const Scalar& a) { return !a.to<bool>(); }
Scalar sym_ite(bool condition, const Scalar& then, const Scalar& otherwise) { return condition ? then : otherwise; }
Scalar sym_max(const Scalar& a, const Scalar& b) { return extreme("sym_max", a, b, true); }
Scalar sym_min(const Scalar& a, const Scalar& b) { return extreme("sym_min", a, b, false); }
int64_t sym_sum(const std::vector<int64_t>& numbers) {
  int64_t sum = 0;
  for (int64_t n : numbers)
    if (__builtin_add_overflow(sum, n, &sum)) fail("sym_sum", "numbers", "a sum that int64 holds", "a greater one");
  return sum;
}

void register_symbolic(OpTable& table) {
  table.add("sym_int(Scalar a) -> int", &sym_int);
  table.add("sym_float(Scalar a) -> float", &sym_float);
  table.add("sym_not(Scalar a) -> bool", &sym_not);
  table.add("sym_ite(bool b, Scalar t, Scalar f) -> Scalar", &sym_ite);
  table.add("sym_max(Scalar a, Scalar b) -> Scalar", &sym_max);
  table.add("sym_min(Scalar a, Scalar b) -> Scalar", &sym_min);
  table.add("sym_sum(int[] args) -> int", &sym_sum);
}

}  // namespace lazuli
