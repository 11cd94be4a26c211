#include <limits>
#include <numeric>
#include <type_traits>

#include "lazuli/backends/cpu/pointwise/binary.h"
#include "lazuli/core/error.h"

namespace lazuli::cpu {
namespace {

template <class T, class Out = T, class F>
void add(BinaryTable& t, BinaryOp op, F f, Cost cost = Cost::Cheap) {
  t.at(op, dtype_of<T>()) = make_loop<Out, T, T>(cost, f);
}

// Division by zero is refused before the loop, which then need not throw.
template <class F, class T>
void divide_loop(void* out, const void* const* in, int64_t n, const Params& p) {
  const T* divisor = static_cast<const T*>(in[1]);
  bool zero = false;
  for (int64_t i = 0; i < n; i++) zero |= divisor[i] == 0;
  if (zero) fail(ErrorKind::Argument, "div", "other", "no zero among integer divisors", "a zero (ZeroDivisionError)");
  map_loop<F, T, T, T>(out, in, n, p);
}
template <class T, class F>
void add_division(BinaryTable& t, BinaryOp op, F) {
  t.at(op, dtype_of<T>()) = {&divide_loop<F, T>, {dtype_of<T>(), dtype_of<T>()}, dtype_of<T>(), Cost::Math};
}

// The least integer over -1 wraps instead of trapping.
template <class T>
T quotient(T a, T b) {
  if constexpr (std::is_signed_v<T>)
    if (b == T(-1)) return T(std::make_unsigned_t<T>(0) - std::make_unsigned_t<T>(a));
  return T(a / b);
}
template <class T>
T rest(T a, T b) {
  if constexpr (std::is_signed_v<T>)
    if (b == T(-1)) return 0;
  return T(a % b);
}

template <class T>
T power(T base, T exponent) {
  if constexpr (std::is_signed_v<T>) {
    if (exponent < 0) return base == 1 ? T(1) : base == T(-1) ? (exponent % 2 == 0 ? T(1) : T(-1)) : T(0);
  }
  uint64_t result = 1, factor = uint64_t(int64_t(base));
  for (uint64_t e = uint64_t(exponent); e != 0; e >>= 1, factor *= factor)
    if (e & 1) result *= factor;
  return T(result);
}

template <class T>
uint64_t magnitude(T x) {
  if constexpr (std::is_signed_v<T>)
    if (x < 0) return uint64_t(0) - uint64_t(int64_t(x));
  return uint64_t(x);
}

template <class T>
void fill(BinaryTable& t) {
  constexpr Cost kMath = Cost::Math;
  add_division<T>(t, BinaryOp::DivTrunc, [](T a, T b, const Params&) { return quotient(a, b); });
  add_division<T>(t, BinaryOp::DivFloor, [](T a, T b, const Params&) {
    const T r = rest(a, b);
    return T(quotient(a, b) - (r != 0 && (r < 0) != (b < 0)));
  });
  add_division<T>(t, BinaryOp::Remainder, [](T a, T b, const Params&) {
    const T r = rest(a, b);
    return r != 0 && (r < 0) != (b < 0) ? T(r + b) : r;
  });
  add_division<T>(t, BinaryOp::Fmod, [](T a, T b, const Params&) { return rest(a, b); });
  add<T>(
      t, BinaryOp::Pow, [](T a, T b, const Params&) { return power(a, b); }, kMath);
  add<T>(
      t, BinaryOp::Gcd, [](T a, T b, const Params&) { return T(std::gcd(magnitude(a), magnitude(b))); }, Cost::Scalar);
  add<T>(
      t, BinaryOp::Lcm,
      [](T a, T b, const Params&) {
        const uint64_t g = std::gcd(magnitude(a), magnitude(b));
        return g == 0 ? T(0) : T(magnitude(a) / g * magnitude(b));
      },
      Cost::Scalar);
}

}  // namespace

void fill_binary_division(BinaryTable& table) {
  fill<uint8_t>(table);
  fill<int8_t>(table);
  fill<int16_t>(table);
  fill<int32_t>(table);
  fill<int64_t>(table);
}

}  // namespace lazuli::cpu
