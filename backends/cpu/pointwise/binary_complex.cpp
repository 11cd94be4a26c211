#include "lazuli/backends/cpu/pointwise/binary.h"

#include <cmath>

#include "lazuli/backends/cpu/pointwise/complex_math.h"

namespace lazuli::cpu {
namespace {

template <class C, class Out = C, class F>
void add(BinaryTable& t, BinaryOp op, Cost cost, F f) {
  t.at(op, dtype_of<C>()) = make_loop<Out, C, C>(cost, f);
}

template <class C>
bool truth(C z) {
  return z.real() != 0 || z.imag() != 0;
}

// log(e^a + e^b), with the larger real part taken out
template <class C>
C log_add_exp(C a, C b) {
  const C high = a.real() >= b.real() ? a : b, low = a.real() >= b.real() ? b : a;
  if (std::isinf(high.real()) && high.real() == low.real()) return high.real() < 0 ? high : std::log(std::exp(high) + std::exp(low));
  return high + complex_log1p(std::exp(low - high));
}

template <class T>
void fill(BinaryTable& t) {
  using C = std::complex<T>;
  constexpr Cost kCheap = Cost::Cheap, kScalar = Cost::Scalar;
  add<C>(t, BinaryOp::Add, kCheap, [](C a, C b, const Params&) { return a + b; });
  add<C>(t, BinaryOp::Sub, kCheap, [](C a, C b, const Params&) { return a - b; });
  add<C>(t, BinaryOp::Mul, kCheap, [](C a, C b, const Params&) { return complex_mul(a, b); });
  add<C>(t, BinaryOp::Div, Cost::Math, [](C a, C b, const Params&) { return complex_div(a, b); });
  add<C>(t, BinaryOp::Pow, kScalar, [](C a, C b, const Params&) { return complex_pow(a, b); });
  add<C>(t, BinaryOp::LogAddExp, kScalar, [](C a, C b, const Params&) { return log_add_exp(a, b); });
  add<C>(t, BinaryOp::Xlogy, kScalar, [](C a, C b, const Params&) { return truth(a) ? complex_mul(a, std::log(b)) : C(0); });
  add<C, bool>(t, BinaryOp::Eq, kCheap, [](C a, C b, const Params&) { return a.real() == b.real() && a.imag() == b.imag(); });
  add<C, bool>(t, BinaryOp::Ne, kCheap, [](C a, C b, const Params&) { return a.real() != b.real() || a.imag() != b.imag(); });
  add<C, bool>(t, BinaryOp::LogicalAnd, kCheap, [](C a, C b, const Params&) { return truth(a) && truth(b); });
  add<C, bool>(t, BinaryOp::LogicalOr, kCheap, [](C a, C b, const Params&) { return truth(a) || truth(b); });
  add<C, bool>(t, BinaryOp::LogicalXor, kCheap, [](C a, C b, const Params&) { return truth(a) != truth(b); });
  add<C>(t, BinaryOp::SigmoidGrad, kCheap, [](C g, C y, const Params&) { return complex_mul(g, std::conj(complex_mul(C(1) - y, y))); });
  add<C>(t, BinaryOp::TanhGrad, kCheap, [](C g, C y, const Params&) { return complex_mul(g, std::conj(C(1) - complex_mul(y, y))); });

  t.at(BinaryOp::Complex, dtype_of<T>()) = make_loop<C, T, T>(kCheap, [](T re, T im, const Params&) { return C(re, im); });
  t.at(BinaryOp::Polar, dtype_of<T>()) =
      make_loop<C, T, T>(kScalar, [](T r, T angle, const Params&) { return C(r * std::cos(angle), r * std::sin(angle)); });
}

}  // namespace

void fill_binary_complex(BinaryTable& table) {
  fill<float>(table);
  fill<double>(table);
}

}  // namespace lazuli::cpu
