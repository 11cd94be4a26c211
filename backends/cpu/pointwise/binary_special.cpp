#include <bit>
#include <cmath>
#include <limits>

#include "lazuli/backends/cpu/pointwise/binary.h"
#include "lazuli/backends/cpu/pointwise/special_functions.h"

namespace lazuli::cpu {
namespace {

template <class T, class F>
void add(BinaryTable& t, BinaryOp op, F f) {
  t.at(op, dtype_of<T>()) = make_loop<T, T, T>(Cost::Scalar, f);
}

// Python's modulo: the sign of the divisor.
template <class T>
T modulo(T a, T b) {
  const T r = std::fmod(a, b);
  return r != 0 && (b < 0) != (r < 0) ? r + b : r;
}

// Python's floor division: the exact quotient's floor even where a / b rounds up to an integer.
template <class T>
T floor_divide(T a, T b) {
  if (b == 0) return a / b;
  const T r = std::fmod(a, b);
  T q = (a - r) / b;
  if (r != 0 && (b < 0) != (r < 0)) q -= 1;
  if (q == 0) return std::copysign(T(0), a / b);
  const T floor = std::floor(q);
  return q - floor > T(0.5) ? floor + 1 : floor;
}

template <class T>
T hypotenuse(T a, T b) {
  if constexpr (sizeof(T) == 4) {
    if (std::isinf(a) || std::isinf(b)) return INFINITY;
    return T(std::sqrt(double(a) * a + double(b) * b));
  } else {
    return std::hypot(a, b);
  }
}

// pi^2 / sin^2(pi x) - trigamma(1 - x) for x < 1/2, in T as PyTorch does: near a negative pole the rounding of pi x shows.
template <class T>
T trigamma(T x) {
  constexpr T kPi = T(3.14159265358979323846L);
  if (x == std::numeric_limits<T>::infinity()) return 0;
  if (x >= T(0.5)) return T(polygamma(1, x));
  const T s = std::sin(kPi * x);
  return kPi * kPi / (s * s) - T(polygamma(1, 1 - x));
}

template <class T>
void fill(BinaryTable& t) {
  add<T>(t, BinaryOp::DivFloor, [](T a, T b, const Params&) { return floor_divide(a, b); });
  add<T>(t, BinaryOp::Remainder, [](T a, T b, const Params&) { return modulo(a, b); });
  add<T>(t, BinaryOp::Fmod, [](T a, T b, const Params&) { return std::fmod(a, b); });
  add<T>(t, BinaryOp::Pow, [](T a, T b, const Params&) { return std::pow(a, b); });
  add<T>(t, BinaryOp::Atan2, [](T a, T b, const Params&) { return std::atan2(a, b); });
  add<T>(t, BinaryOp::Hypot, [](T a, T b, const Params&) { return hypotenuse(a, b); });
  add<T>(t, BinaryOp::Igamma, [](T a, T x, const Params&) { return igamma(a, x); });
  add<T>(t, BinaryOp::Igammac, [](T a, T x, const Params&) { return igammac(a, x); });
  add<T>(t, BinaryOp::Zeta, [](T s, T q, const Params&) { return hurwitz_zeta(s, q); });
  add<T>(t, BinaryOp::Polygamma, [](T order, T x, const Params&) { return order == 1 ? trigamma(x) : T(polygamma(order, x)); });
}

// The next half type's number: its bits are ordered like integers on either side of zero.
template <class H>
void fill_nextafter(BinaryTable& t) {
  t.at(BinaryOp::Nextafter, dtype_of<H>()) = make_loop<H, H, H>(Cost::Math, [](H from, H to, const Params&) {
    const float a = from, b = to;
    if (a != a) return from;
    if (b != b) return to;
    if (a == b) return to;
    H next;
    if (a == 0) next.bits = uint16_t((to.bits & 0x8000u) | 1u);
    else next.bits = uint16_t((a < b) == (a > 0) ? from.bits + 1 : from.bits - 1);
    return next;
  });
}

// The quotient is rounded to the half type before it is cut, as PyTorch does.
template <class H>
void fill_div_trunc(BinaryTable& t) {
  t.at(BinaryOp::DivTrunc, dtype_of<H>()) =
      make_loop<H, H, H>(Cost::Math, [](H a, H b, const Params&) { return H(std::trunc(float(H(float(a) / float(b))))); });
}

}  // namespace

void fill_binary_special(BinaryTable& table) {
  fill<float>(table);
  fill<double>(table);
  fill_div_trunc<Half>(table);
  fill_div_trunc<BFloat16>(table);
  fill_nextafter<Half>(table);
  fill_nextafter<BFloat16>(table);
}

}  // namespace lazuli::cpu
