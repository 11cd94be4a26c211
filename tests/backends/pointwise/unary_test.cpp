#include <cmath>
#include <complex>
#include <limits>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/backends/cpu/pointwise/special_functions.h"
#include "lazuli/core/error.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/backends/pointwise/pointwise_helper.h"
#include "lazuli/tests/catch.h"

using namespace pointwise_test;

namespace {

// The greatest error of `op` over 20,001 numbers between low and high, in units of T's epsilon relative to the exact value (absolute below `floor`).
template <class T>
double worst(UnaryOp op, double (*exact)(double), double low, double high, double floor = std::numeric_limits<T>::min(), Params p = {}) {
  std::vector<T> x;
  for (int i = 0; i <= 20000; i++) x.push_back(T(low + (high - low) * i / 20000));
  const std::vector<T> y = evaluate(op, x, p);
  double error = 0;
  for (size_t i = 0; i < x.size(); i++) {
    const double want = exact(double(x[i]));
    if (std::abs(want) > std::numeric_limits<T>::max()) {
      if (!std::isinf(double(y[i]))) error = kInf;
      continue;
    }
    if (!(std::abs(double(y[i])) < kInf)) return kInf;
    error = std::max(error, std::abs(double(y[i]) - want) / std::max(std::abs(want), floor));
  }
  return error / std::numeric_limits<T>::epsilon();
}

struct Accuracy {
  UnaryOp op;
  double (*exact)(double);
  double low, high, floor;
};
const Accuracy kAccuracy[] = {
    {UnaryOp::Exp, [](double x) { return std::exp(x); }, -87, 89, 1e-37},
    {UnaryOp::Exp, [](double x) { return std::exp(x); }, -1, 1, 0},
    {UnaryOp::Exp2, [](double x) { return std::exp2(x); }, -125, 129, 1e-37},
    {UnaryOp::Expm1, [](double x) { return std::expm1(x); }, -20, 89, 1e-30},
    {UnaryOp::Expm1, [](double x) { return std::expm1(x); }, -1e-3, 1e-3, 1e-30},
    {UnaryOp::Log, [](double x) { return std::log(x); }, 1e-6, 3, 1e-30},
    {UnaryOp::Log, [](double x) { return std::log(x); }, 1, 1e30, 1e-30},
    {UnaryOp::Log2, [](double x) { return std::log2(x); }, 1e-6, 3, 1e-30},
    {UnaryOp::Log10, [](double x) { return std::log10(x); }, 1e-6, 3, 1e-30},
    {UnaryOp::Log1p, [](double x) { return std::log1p(x); }, -0.999, 10, 1e-30},
    {UnaryOp::Log1p, [](double x) { return std::log1p(x); }, -1e-4, 1e-4, 1e-30},
    {UnaryOp::Sin, [](double x) { return std::sin(x); }, -20, 20, 1e-2},
    {UnaryOp::Sin, [](double x) { return std::sin(x); }, -1e6, 1e6, 1e-1},
    {UnaryOp::Cos, [](double x) { return std::cos(x); }, -20, 20, 1e-2},
    {UnaryOp::Tan, [](double x) { return std::tan(x); }, -1.5, 1.5, 1e-30},
    {UnaryOp::Asin, [](double x) { return std::asin(x); }, -1, 1, 1e-30},
    {UnaryOp::Acos, [](double x) { return std::acos(x); }, -1, 1, 1e-2},
    {UnaryOp::Atan, [](double x) { return std::atan(x); }, -30, 30, 1e-30},
    {UnaryOp::Sinh, [](double x) { return std::sinh(x); }, -90, 90, 1e-30},
    {UnaryOp::Sinh, [](double x) { return std::sinh(x); }, -1, 1, 1e-30},
    {UnaryOp::Cosh, [](double x) { return std::cosh(x); }, -90, 90, 1e-30},
    {UnaryOp::Tanh, [](double x) { return std::tanh(x); }, -10, 10, 1e-30},
    {UnaryOp::Asinh, [](double x) { return std::asinh(x); }, -30, 30, 1e-30},
    {UnaryOp::Acosh, [](double x) { return std::acosh(x); }, 1, 30, 1e-30},
    {UnaryOp::Atanh, [](double x) { return std::atanh(x); }, -0.999, 0.999, 1e-30},
    {UnaryOp::Sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, -80, 30, 1e-30},
    {UnaryOp::Erf, [](double x) { return std::erf(x); }, -5, 5, 1e-30},
    {UnaryOp::Erfc, [](double x) { return std::erfc(x); }, -3, 8, 1e-30},
    {UnaryOp::Gelu, [](double x) { return x * (1 + std::erf(x / std::sqrt(2))) / 2; }, -0.5, 30, 0.05},
    {UnaryOp::GeluTanh, [](double x) { return x / (1 + std::exp(-2 * std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }, -0.5, 30, 0.05},
    {UnaryOp::Silu, [](double x) { return x / (1 + std::exp(-x)); }, -80, 30, 1e-30},
    {UnaryOp::Mish, [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }, -20, 30, 1e-30},
    {UnaryOp::LogSigmoid, [](double x) { return x < 0 ? x - std::log1p(std::exp(x)) : -std::log1p(std::exp(-x)); }, -30, 30, 1e-30},
    {UnaryOp::Rsqrt, [](double x) { return 1 / std::sqrt(x); }, 1e-3, 1e3, 1e-30},
    {UnaryOp::Lgamma, [](double x) { return std::lgamma(x); }, 0.1, 30, 0.1},
    {UnaryOp::Digamma, [](double x) { return cpu::digamma(x); }, -3.7, 30, 1},
};

}  // namespace

TEST_CASE("unary functions are within a few units in the last place", "[backends]") {
  cpu::register_kernels();
  for (const Accuracy& a : kAccuracy) {
    CAPTURE(int(a.op), a.low, a.high);
    const double error = worst<float>(a.op, a.exact, a.low, a.high, a.floor);
    CHECK(error <= 4.5);
    const double error64 = worst<double>(a.op, a.exact, a.low, a.high, a.floor);
    CHECK(error64 <= 64);  // the reference itself is a double
  }
  CHECK(worst<float>(UnaryOp::Elu, [](double x) { return x < 0 ? std::expm1(x) : x; }, -90, 3, 1e-30, {1, 1}) <= 4.5);
}

TEST_CASE("unary functions at the edges", "[backends]") {
  cpu::register_kernels();
  struct Edge {
    UnaryOp op;
    double x, y;
  };
  const Edge edges[] = {
      {UnaryOp::Exp, kInf, kInf},
      {UnaryOp::Exp, -kInf, 0},
      {UnaryOp::Exp, kNaN, kNaN},
      {UnaryOp::Exp, 0, 1},
      {UnaryOp::Exp, 800, kInf},
      {UnaryOp::Exp, -800, 0},
      {UnaryOp::Exp2, kInf, kInf},
      {UnaryOp::Exp2, -kInf, 0},
      {UnaryOp::Exp2, 10, 1024},
      {UnaryOp::Exp2, kNaN, kNaN},
      {UnaryOp::Expm1, -0.0, -0.0},
      {UnaryOp::Expm1, kInf, kInf},
      {UnaryOp::Expm1, -kInf, -1},
      {UnaryOp::Expm1, kNaN, kNaN},
      {UnaryOp::Log, 0, -kInf},
      {UnaryOp::Log, -0.0, -kInf},
      {UnaryOp::Log, -1, kNaN},
      {UnaryOp::Log, kInf, kInf},
      {UnaryOp::Log, 1, 0},
      {UnaryOp::Log, kNaN, kNaN},
      {UnaryOp::Log2, 8, 3},
      {UnaryOp::Log2, 0x1p-130, -130},
      {UnaryOp::Log2, 0, -kInf},
      {UnaryOp::Log10, -2, kNaN},
      {UnaryOp::Log1p, -1, -kInf},
      {UnaryOp::Log1p, -2, kNaN},
      {UnaryOp::Log1p, kInf, kInf},
      {UnaryOp::Log1p, -0.0, -0.0},
      {UnaryOp::Sqrt, -0.0, -0.0},
      {UnaryOp::Sqrt, -1, kNaN},
      {UnaryOp::Sqrt, kInf, kInf},
      {UnaryOp::Rsqrt, 0, kInf},
      {UnaryOp::Rsqrt, kInf, 0},
      {UnaryOp::Reciprocal, -0.0, -kInf},
      {UnaryOp::Sin, kInf, kNaN},
      {UnaryOp::Sin, -0.0, -0.0},
      {UnaryOp::Cos, -kInf, kNaN},
      {UnaryOp::Cos, 0, 1},
      {UnaryOp::Tan, -0.0, -0.0},
      {UnaryOp::Asin, 2, kNaN},
      {UnaryOp::Acos, 1, 0},
      {UnaryOp::Acosh, 0.5, kNaN},
      {UnaryOp::Acosh, 1, 0},
      {UnaryOp::Acosh, kInf, kInf},
      {UnaryOp::Asinh, -kInf, -kInf},
      {UnaryOp::Asinh, -0.0, -0.0},
      {UnaryOp::Atanh, 1, kInf},
      {UnaryOp::Atanh, -1, -kInf},
      {UnaryOp::Atanh, 1.5, kNaN},
      {UnaryOp::Sinh, -kInf, -kInf},
      {UnaryOp::Cosh, -kInf, kInf},
      {UnaryOp::Tanh, 1000, 1},
      {UnaryOp::Tanh, -kInf, -1},
      {UnaryOp::Tanh, -0.0, -0.0},
      {UnaryOp::Tanh, kNaN, kNaN},
      {UnaryOp::Sigmoid, -kInf, 0},
      {UnaryOp::Sigmoid, kInf, 1},
      {UnaryOp::Sigmoid, kNaN, kNaN},
      {UnaryOp::Erf, kInf, 1},
      {UnaryOp::Erf, -kInf, -1},
      {UnaryOp::Erf, kNaN, kNaN},
      {UnaryOp::Erf, 10, 1},
      {UnaryOp::Erfinv, 1, kInf},
      {UnaryOp::Erfinv, 2, kNaN},
      {UnaryOp::Relu, kNaN, kNaN},
      {UnaryOp::Relu, -kInf, 0},
      {UnaryOp::Relu6, kNaN, kNaN},
      {UnaryOp::Relu6, 7, 6},
      {UnaryOp::Gelu, kInf, kInf},
      {UnaryOp::Gelu, kNaN, kNaN},
      {UnaryOp::Sign, -3, -1},
      {UnaryOp::Sign, kNaN, 0},
      {UnaryOp::Floor, -0.5, -1},
      {UnaryOp::Round, 2.5, 2},
      {UnaryOp::Round, -3.5, -4},
      {UnaryOp::Trunc, -1.5, -1},
      {UnaryOp::Floor, kInf, kInf},
      {UnaryOp::Round, kNaN, kNaN},
      {UnaryOp::Frac, -1.25, -0.25},
      {UnaryOp::Lgamma, 0, kInf},
      {UnaryOp::Lgamma, -2, kInf},
      {UnaryOp::Digamma, 0, -kInf},
      {UnaryOp::Digamma, -1, kNaN},
      {UnaryOp::Sinc, 0, 1},
      {UnaryOp::Angle, -2, M_PI},
      {UnaryOp::Angle, 2, 0},
      {UnaryOp::Angle, kNaN, kNaN},
      {UnaryOp::Ndtri, 0, -kInf},
      {UnaryOp::Mish, 100, 100},
      {UnaryOp::Mish, kNaN, kNaN},
      {UnaryOp::LogSigmoid, kNaN, kNaN},
      {UnaryOp::LogSigmoid, -kInf, -kInf},
      {UnaryOp::Hardswish, kNaN, kNaN},
      {UnaryOp::Softsign, kNaN, kNaN},
      {UnaryOp::Abs, -0.0, 0},
      {UnaryOp::Neg, 0, -0.0},
  };
  for (const Edge& e : edges) {
    CAPTURE(int(e.op), e.x, e.y);
    const float y32 = evaluate<float>(e.op, std::vector<float>(3, float(e.x)))[1];
    CHECK(same(y32, float(e.y)));
    const double y64 = evaluate<double>(e.op, std::vector<double>(3, e.x))[1];
    CHECK(same(y64, e.y));
  }
  // subnormal results and arguments
  CHECK(evaluate<float>(UnaryOp::Exp, {-100.0f})[0] == Approx(std::exp(-100.0)).margin(1.5e-45));
  CHECK(evaluate<float>(UnaryOp::Log, {1e-40f})[0] == Approx(std::log(double(1e-40f))).epsilon(1e-6));
}

TEST_CASE("special functions against known values", "[backends]") {
  cpu::register_kernels();
  const auto at = [](UnaryOp op, double x) { return evaluate<double>(op, {x})[0]; };
  // from tables (Abramowitz and Stegun) and mpmath
  CHECK(at(UnaryOp::Digamma, 1) == Approx(-0.57721566490153286).epsilon(1e-14));
  CHECK(at(UnaryOp::Digamma, -1.5) == Approx(0.70315664064524319).epsilon(1e-13));
  CHECK(at(UnaryOp::I0, 1) == Approx(1.2660658777520084).epsilon(1e-14));
  CHECK(at(UnaryOp::I0, 30) == Approx(781672297823.97749).epsilon(1e-13));
  CHECK(at(UnaryOp::I1, -2) == Approx(-1.5906368546373291).epsilon(1e-14));
  CHECK(at(UnaryOp::I0e, 100) == Approx(0.03994437929909668).epsilon(1e-13));
  CHECK(at(UnaryOp::I1e, 100) == Approx(0.039744153025130253).epsilon(1e-13));
  CHECK(at(UnaryOp::Erfinv, 0.5) == Approx(0.47693627620446987).epsilon(1e-14));
  CHECK(at(UnaryOp::Erfinv, -0.999999) == Approx(-3.45891073727549878).epsilon(1e-12));
  CHECK(at(UnaryOp::Erfcx, 1) == Approx(0.42758357615580700).epsilon(1e-14));
  CHECK(at(UnaryOp::Erfcx, 50) == Approx(0.011281536265323772).epsilon(1e-14));
  CHECK(at(UnaryOp::Ndtri, 0.975) == Approx(1.9599639845400545).epsilon(1e-14));
  CHECK(at(UnaryOp::Ndtri, 1e-300) == Approx(-37.0470962993612).epsilon(1e-13));
  CHECK(at(UnaryOp::LogNdtr, -40) == Approx(-804.608442013753788).epsilon(1e-12));
  CHECK(at(UnaryOp::LogNdtr, 2) == Approx(-0.023012909328963488).epsilon(1e-12));
}

TEST_CASE("unary tests, integers and complex numbers", "[backends]") {
  cpu::register_kernels();
  Tensor x = make<float>({0.0f, float(kNaN), float(kInf), -float(kInf), -1.5f}), out = new_tensor({5}, kBool);
  const auto test = [&](UnaryOp op) {
    unary_kernel(kCPU, op, out, x, {});
    return values_of<bool>(out);
  };
  CHECK(test(UnaryOp::IsNan) == std::vector<bool>{0, 1, 0, 0, 0});
  CHECK(test(UnaryOp::IsInf) == std::vector<bool>{0, 0, 1, 1, 0});
  CHECK(test(UnaryOp::IsFinite) == std::vector<bool>{1, 0, 0, 0, 1});
  CHECK(test(UnaryOp::IsNegInf) == std::vector<bool>{0, 0, 0, 1, 0});
  CHECK(test(UnaryOp::LogicalNot) == std::vector<bool>{1, 0, 0, 0, 0});
  CHECK(evaluate<int8_t>(UnaryOp::Neg, {-128, 5}) == std::vector<int8_t>{-128, -5});
  CHECK(evaluate<uint8_t>(UnaryOp::BitwiseNot, {0, 255}) == std::vector<uint8_t>{255, 0});
  CHECK(evaluate<int64_t>(UnaryOp::Sign, {-9, 0, 4}) == std::vector<int64_t>{-1, 0, 1});
  CHECK(evaluate<int32_t>(UnaryOp::Hardtanh, {-9, 0, 4}, {-2, 3}) == std::vector<int32_t>{-2, 0, 3});
  const complex128 z(0.3, -2.0);
  const std::complex<double> w(0.3, -2.0);
  const auto close = [](complex128 a, std::complex<double> b) { return std::abs(std::complex<double>(a.re, a.im) - b) < 1e-12; };
  CHECK(close(evaluate<complex128>(UnaryOp::Exp, {z})[0], std::exp(w)));
  CHECK(close(evaluate<complex128>(UnaryOp::Reciprocal, {z})[0], 1.0 / w));
  CHECK(close(evaluate<complex128>(UnaryOp::Log1p, {z})[0], std::log(1.0 + w)));
  CHECK(close(evaluate<complex128>(UnaryOp::Expm1, {z})[0], std::exp(w) - 1.0));
  Tensor c = make<complex128>({z}), r = new_tensor({1}, kFloat64);
  unary_kernel(kCPU, UnaryOp::Abs, r, c, {});
  CHECK(values_of<double>(r)[0] == Approx(std::abs(w)));
}

TEST_CASE("a unary operator without a kernel for the dtype says so", "[backends]") {
  cpu::register_kernels();
  Tensor b = new_tensor({2}, kBool), i = new_tensor({2}, kInt32), c = new_tensor({2}, kComplex64);
  CHECK_THROWS_AS(unary_kernel(kCPU, UnaryOp::Neg, b, b, {}), Error);
  CHECK_THROWS_AS(unary_kernel(kCPU, UnaryOp::Gelu, i, i, {}), Error);
  try {
    unary_kernel(kCPU, UnaryOp::Floor, c, c, {});
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.kind() == ErrorKind::Type);
    CHECK(e.op() == "floor");
    CHECK(e.got() == "complex64");
  }
}

TEST_CASE("unary functions of half types, views and many threads", "[backends]") {
  cpu::register_kernels();
  // half types round once, from float
  for (const float x : {-3.0f, 0.1f, 1.0f, 2.5f}) {
    CHECK(evaluate<BFloat16>(UnaryOp::Tanh, {BFloat16(x)})[0].bits == BFloat16(evaluate<float>(UnaryOp::Tanh, {float(BFloat16(x))})[0]).bits);
    CHECK(evaluate<Half>(UnaryOp::Exp, {Half(x)})[0].bits == Half(evaluate<float>(UnaryOp::Exp, {float(Half(x))})[0]).bits);
  }
  // any strides on both sides
  const int64_t rows = 37, columns = 91;
  Tensor base = new_tensor({rows, columns * 2}, kFloat32);
  for (int64_t k = 0; k < base.numel(); k++) static_cast<float*>(base.address())[k] = float(k % 1013) / 100 - 5;
  const Tensor views[] = {alias(base, {columns, rows}, {1, columns * 2}, 3), alias(base, {rows, columns}, {columns * 2, 2}, 1),
                          alias(base, {5, 1, 700}, {0, 9, 2}, 0), alias(base, {6, 7, 3}, {1, 20, 5}, 2), alias(base, {4000}, {0}, 7)};
  for (const Tensor& v : views) {
    const std::vector<float> want = evaluate(UnaryOp::Tanh, values_of<float>(v));
    Tensor dense = new_tensor(v.sizes(), kFloat32);
    unary_kernel(kCPU, UnaryOp::Tanh, dense, v, {});
    CHECK(values_of<float>(dense) == want);
    Tensor holder = new_tensor({v.numel() * 3 + 1}, kFloat32);
    Shape strides = contiguous_strides(v.sizes());
    std::vector<int64_t> tripled;
    for (int64_t s : strides) tripled.push_back(3 * s);
    Tensor strided = alias(holder, v.sizes(), Shape(tripled), 1);
    unary_kernel(kCPU, UnaryOp::Tanh, strided, v, {});
    CHECK(values_of<float>(strided) == want);
  }
  // the same bits on one thread and on several
  Tensor x = new_tensor({100003}, kFloat32), one = new_tensor({100003}, kFloat32), many = new_tensor({100003}, kFloat32);
  for (int64_t k = 0; k < x.numel(); k++) static_cast<float*>(x.address())[k] = float(k) / 7000 - 7;
  for (const UnaryOp op : {UnaryOp::Exp, UnaryOp::Gelu, UnaryOp::Sin, UnaryOp::Log1p}) {
    const int before = get_num_threads();
    set_num_threads(1);
    unary_kernel(kCPU, op, one, x, {});
    set_num_threads(3);
    unary_kernel(kCPU, op, many, x, {});
    set_num_threads(before);
    CHECK(std::memcmp(one.address(), many.address(), size_t(one.nbytes())) == 0);
  }
}

TEST_CASE("erfinv of float32 is that of float64", "[backends]") {
  cpu::register_kernels();
  std::vector<float> x{0, -0.0f, 1e-30f, 1e-6f, 0.3f, -0.999f, 0.99999994f, 1, -1, 1.5f, NAN};
  for (int k = -500; k <= 500; k++) x.push_back(float(k) / 501);
  Tensor in = make<float>(x), out = new_tensor({int64_t(x.size())}, kFloat32), wide = new_tensor({int64_t(x.size())}, kFloat64),
         exact = new_tensor({int64_t(x.size())}, kFloat64);
  copy_kernel(kCPU, wide, in);
  unary_kernel(kCPU, UnaryOp::Erfinv, out, in, Params());
  unary_kernel(kCPU, UnaryOp::Erfinv, exact, wide, Params());
  const std::vector<float> got = values_of<float>(out);
  const std::vector<double> wanted = values_of<double>(exact);
  for (size_t k = 0; k < x.size(); k++) {
    CAPTURE(x[k]);
    if (!std::isfinite(wanted[k])) CHECK((float(wanted[k]) == got[k] || (std::isnan(wanted[k]) && std::isnan(got[k]))));
    else CHECK(std::abs(got[k] - wanted[k]) <= 4e-7 * std::abs(wanted[k]));
    CHECK(std::signbit(got[k]) == (std::isnan(x[k]) || x[k] > 1 ? std::signbit(got[k]) : std::signbit(x[k])));
  }
}
