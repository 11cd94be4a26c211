#include "lazuli/backends/cpu/pointwise/complex_math.h"

#include <cmath>

#include "lazuli/backends/cpu/pointwise/unary.h"

namespace lazuli::cpu {
namespace {

template <class T>
constexpr T kPi = T(3.14159265358979323846L);
template <class T>
constexpr T kLog2 = T(0.693147180559945309417L);

template <class C, class Out = C, class F>
void add(UnaryTable& t, UnaryOp op, Cost cost, F f) {
  t.at(op, dtype_of<C>()) = make_loop<Out, C>(cost, f);
}

template <class T>
bool is_nan(std::complex<T> z) {
  return std::isnan(z.real()) || std::isnan(z.imag());
}
template <class T>
bool is_inf(std::complex<T> z) {
  return std::isinf(z.real()) || std::isinf(z.imag());
}

template <class T>
void fill(UnaryTable& t) {
  using C = std::complex<T>;
  constexpr Cost kCheap = Cost::Cheap, kScalar = Cost::Scalar;
  add<C>(t, UnaryOp::Positive, kCheap, [](C z, const Params&) { return z; });
  add<C>(t, UnaryOp::Neg, kCheap, [](C z, const Params&) { return -z; });
  add<C>(t, UnaryOp::Conj, kCheap, [](C z, const Params&) { return C(z.real(), -z.imag()); });
  add<C>(t, UnaryOp::Square, kCheap, [](C z, const Params&) { return complex_mul(z, z); });
  add<C>(t, UnaryOp::Sign, kScalar, [](C z, const Params&) { return z == C(0) ? C(0) : z / std::abs(z); });
  add<C>(t, UnaryOp::Reciprocal, kCheap, [](C z, const Params&) { return complex_div(C(1), z); });
  add<C, T>(t, UnaryOp::Abs, kScalar, [](C z, const Params&) { return std::abs(z); });
  add<C, T>(t, UnaryOp::Angle, kScalar, [](C z, const Params&) { return is_nan(z) ? T(NAN) : std::atan2(z.imag(), z.real()); });
  add<C, T>(t, UnaryOp::Real, kCheap, [](C z, const Params&) { return z.real(); });
  add<C, T>(t, UnaryOp::Imag, kCheap, [](C z, const Params&) { return z.imag(); });
  add<C, bool>(t, UnaryOp::LogicalNot, kCheap, [](C z, const Params&) { return z.real() == 0 && z.imag() == 0; });
  add<C, bool>(t, UnaryOp::IsNan, kCheap, [](C z, const Params&) { return is_nan(z); });
  add<C, bool>(t, UnaryOp::IsInf, kCheap, [](C z, const Params&) { return is_inf(z); });
  add<C, bool>(t, UnaryOp::IsFinite, kCheap, [](C z, const Params&) { return std::isfinite(z.real()) && std::isfinite(z.imag()); });
  add<C>(t, UnaryOp::Sqrt, kScalar, [](C z, const Params&) { return std::sqrt(z); });
  add<C>(t, UnaryOp::Rsqrt, kScalar, [](C z, const Params&) { return complex_div(C(1), std::sqrt(z)); });
  add<C>(t, UnaryOp::Exp, kScalar, [](C z, const Params&) { return std::exp(z); });
  add<C>(t, UnaryOp::Exp2, kScalar, [](C z, const Params&) { return std::exp(z * kLog2<T>); });
  add<C>(t, UnaryOp::Expm1, kScalar, [](C z, const Params&) { return complex_expm1(z); });
  add<C>(t, UnaryOp::Log, kScalar, [](C z, const Params&) { return std::log(z); });
  add<C>(t, UnaryOp::Log2, kScalar, [](C z, const Params&) { return std::log(z) / kLog2<T>; });
  add<C>(t, UnaryOp::Log10, kScalar, [](C z, const Params&) { return std::log10(z); });
  add<C>(t, UnaryOp::Log1p, kScalar, [](C z, const Params&) { return complex_log1p(z); });
  add<C>(t, UnaryOp::Sin, kScalar, [](C z, const Params&) { return std::sin(z); });
  add<C>(t, UnaryOp::Cos, kScalar, [](C z, const Params&) { return std::cos(z); });
  add<C>(t, UnaryOp::Tan, kScalar, [](C z, const Params&) { return std::tan(z); });
  add<C>(t, UnaryOp::Asin, kScalar, [](C z, const Params&) { return std::asin(z); });
  add<C>(t, UnaryOp::Acos, kScalar, [](C z, const Params&) { return std::acos(z); });
  add<C>(t, UnaryOp::Atan, kScalar, [](C z, const Params&) { return std::atan(z); });
  add<C>(t, UnaryOp::Sinh, kScalar, [](C z, const Params&) { return std::sinh(z); });
  add<C>(t, UnaryOp::Cosh, kScalar, [](C z, const Params&) { return std::cosh(z); });
  add<C>(t, UnaryOp::Tanh, kScalar, [](C z, const Params&) { return std::tanh(z); });
  add<C>(t, UnaryOp::Asinh, kScalar, [](C z, const Params&) { return std::asinh(z); });
  add<C>(t, UnaryOp::Acosh, kScalar, [](C z, const Params&) { return std::acosh(z); });
  add<C>(t, UnaryOp::Atanh, kScalar, [](C z, const Params&) { return std::atanh(z); });
  add<C>(t, UnaryOp::Sigmoid, kScalar, [](C z, const Params&) { return complex_div(C(1), C(1) + std::exp(-z)); });
  add<C>(t, UnaryOp::Silu, kScalar, [](C z, const Params&) { return complex_div(z, C(1) + std::exp(-z)); });
  add<C>(t, UnaryOp::Sinc, kScalar, [](C z, const Params&) { return z == C(0) ? C(1) : complex_div(std::sin(z * kPi<T>), z * kPi<T>); });
}

}  // namespace

void fill_unary_complex(UnaryTable& table) {
  fill<float>(table);
  fill<double>(table);
}

}  // namespace lazuli::cpu
