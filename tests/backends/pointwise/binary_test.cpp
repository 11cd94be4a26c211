#include <cmath>
#include <complex>
#include <cstring>
#include <limits>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/error.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/backends/pointwise/pointwise_helper.h"
#include "lazuli/tests/catch.h"

using namespace pointwise_test;

namespace {

template <class T>
std::vector<bool> compare(BinaryOp op, const std::vector<T>& x, const std::vector<T>& y) {
  Tensor a = make<T>(x), b = make<T>(y), out = new_tensor(a.sizes(), kBool);
  binary_kernel(kCPU, op, out, a, b, {});
  return values_of<bool>(out);
}

}  // namespace

TEST_CASE("binary arithmetic at the edges", "[backends]") {
  cpu::register_kernels();
  struct Edge {
    BinaryOp op;
    double a, b, y;
  };
  const Edge edges[] = {
      {BinaryOp::Remainder, 7, 3, 1},
      {BinaryOp::Remainder, -7, 3, 2},
      {BinaryOp::Remainder, 7, -3, -2},
      {BinaryOp::Remainder, -7, -3, -1},
      {BinaryOp::Remainder, 1, 0, kNaN},
      {BinaryOp::Remainder, -1, kInf, kInf},
      {BinaryOp::Remainder, 5.5, 0.5, 0},
      {BinaryOp::Remainder, kInf, 2, kNaN},
      {BinaryOp::Fmod, -7, 3, -1},
      {BinaryOp::Fmod, 7, -3, 1},
      {BinaryOp::Fmod, 1, 0, kNaN},
      {BinaryOp::Fmod, 2, kInf, 2},
      {BinaryOp::Fmod, -6, 3, -0.0},
      {BinaryOp::DivFloor, 7, 2, 3},
      {BinaryOp::DivFloor, -7, 2, -4},
      {BinaryOp::DivFloor, 1, 0, kInf},
      {BinaryOp::DivFloor, -1, kInf, -1},
      {BinaryOp::DivFloor, 0, -5, -0.0},
      {BinaryOp::DivFloor, 0, 0, kNaN},
      {BinaryOp::DivFloor, 6, -2, -3},
      {BinaryOp::DivTrunc, -7, 2, -3},
      {BinaryOp::Div, -1, 0, -kInf},
      {BinaryOp::Pow, 0, 0, 1},
      {BinaryOp::Pow, -2, 3, -8},
      {BinaryOp::Pow, -2, 0.5, kNaN},
      {BinaryOp::Pow, 0, -1, kInf},
      {BinaryOp::Pow, -0.0, -3, -kInf},
      {BinaryOp::Pow, kNaN, 0, 1},
      {BinaryOp::Pow, 1, kNaN, 1},
      {BinaryOp::Pow, -kInf, 3, -kInf},
      {BinaryOp::Pow, 0.5, kInf, 0},
      {BinaryOp::Pow, 2, -kInf, 0},
      {BinaryOp::Pow, -1, kInf, 1},
      {BinaryOp::Pow, -8, 1.0 / 3, kNaN},
      {BinaryOp::Pow, 4, 0.5, 2},
      {BinaryOp::Pow, -0.0, 2, 0},
      {BinaryOp::Maximum, kNaN, 1, kNaN},
      {BinaryOp::Maximum, 1, kNaN, kNaN},
      {BinaryOp::Minimum, 2, 1, 1},
      {BinaryOp::Minimum, 1, kNaN, kNaN},
      {BinaryOp::Fmax, kNaN, 1, 1},
      {BinaryOp::Fmin, 1, kNaN, 1},
      {BinaryOp::Fmax, kNaN, kNaN, kNaN},
      {BinaryOp::Copysign, 3, -0.0, -3},
      {BinaryOp::Hypot, 3, 4, 5},
      {BinaryOp::Hypot, kNaN, kInf, kInf},
      {BinaryOp::Atan2, 0, -1, M_PI},
      {BinaryOp::Atan2, -0.0, -1, -M_PI},
      {BinaryOp::Atan2, -0.0, 0, -0.0},
      {BinaryOp::Atan2, kInf, -kInf, 3 * M_PI / 4},
      {BinaryOp::Atan2, kNaN, 1, kNaN},
      {BinaryOp::Atan2, 1, 0, M_PI / 2},
      {BinaryOp::Heaviside, 0, 0.5, 0.5},
      {BinaryOp::Heaviside, -1, 0.5, 0},
      {BinaryOp::LogAddExp, -kInf, -kInf, -kInf},
      {BinaryOp::LogAddExp, kInf, kInf, kInf},
      {BinaryOp::LogAddExp, -kInf, 2, 2},
      {BinaryOp::LogAddExp2, 3, 3, 4},
      {BinaryOp::Xlogy, 0, kInf, 0},
      {BinaryOp::Xlogy, 0, kNaN, kNaN},
      {BinaryOp::Xlog1py, 0, -1, 0},
      {BinaryOp::Xlogy, 2, 0, -kInf},
      {BinaryOp::Igamma, 0, 1, 1},
      {BinaryOp::Igammac, 2, 0, 1},
      {BinaryOp::Zeta, 1, 2, kInf},
      {BinaryOp::Zeta, 0.5, 2, kNaN},
      {BinaryOp::Zeta, 2, -1, kInf},
      {BinaryOp::Polygamma, 0, -1, kNaN},
  };
  for (const Edge& e : edges) {
    CAPTURE(int(e.op), e.a, e.b, e.y);
    CHECK(same(evaluate<double>(e.op, std::vector<double>(3, e.a), std::vector<double>(3, e.b))[1], e.y));
    if (std::abs(e.b) == 1.0 / 3) continue;
    CHECK(same(evaluate<float>(e.op, std::vector<float>(3, float(e.a)), std::vector<float>(3, float(e.b)))[1], float(e.y)));
  }
  CHECK(std::isnan(evaluate<float>(BinaryOp::Pow, {-8.0f}, {1.0f / 3})[0]));
  CHECK(evaluate<float>(BinaryOp::Nextafter, {1.0f, 0.0f}, {2.0f, -1.0f}) ==
        std::vector<float>{std::nextafter(1.0f, 2.0f), -std::numeric_limits<float>::denorm_min()});
  const std::vector<double> corners{0.0, -0.0, 1, -1, 2, -5e-324, 5e-324, 1.7976931348623157e308, kInf, -kInf, kNaN};
  for (const double from : corners)
    for (const double to : corners) {
      CAPTURE(from, to);
      CHECK(same(evaluate<double>(BinaryOp::Nextafter, {from, from}, {to, to})[0], std::nextafter(from, to)));
      CHECK(same(evaluate<float>(BinaryOp::Nextafter, {float(from)}, {float(to)})[0], std::nextafter(float(from), float(to))));
    }
  CHECK(evaluate<BFloat16>(BinaryOp::Nextafter, {BFloat16(1.0f)}, {BFloat16(2.0f)})[0].bits == BFloat16(1.0f).bits + 1);
  CHECK(evaluate<double>(BinaryOp::Igamma, {2.5, 40}, {1.5, 45})[0] == Approx(0.30001416).epsilon(1e-6));
  CHECK(evaluate<double>(BinaryOp::Zeta, {3}, {1})[0] == Approx(1.2020569031595943).epsilon(1e-14));
  CHECK(evaluate<double>(BinaryOp::Polygamma, {1}, {1})[0] == Approx(M_PI * M_PI / 6).epsilon(1e-14));
  CHECK(evaluate<double>(BinaryOp::Polygamma, {2}, {1})[0] == Approx(-2.4041138063191886).epsilon(1e-14));
}

TEST_CASE("powers, remainders and angles are close to exact", "[backends]") {
  cpu::register_kernels();
  std::vector<float> a, b;
  for (int i = 0; i < 20000; i++) {
    a.push_back(float(std::exp((i % 997) / 100.0 - 5)) * (i % 3 == 0 ? -1 : 1));
    b.push_back(i % 3 == 0 ? float(i % 13 - 6) : float((i % 1009) / 50.0 - 10));
  }
  const std::vector<float> power = evaluate(BinaryOp::Pow, a, b), angle = evaluate(BinaryOp::Atan2, a, b), hypot = evaluate(BinaryOp::Hypot, a, b);
  const std::vector<float> rest = evaluate(BinaryOp::Fmod, a, b);
  for (size_t i = 0; i < a.size(); i++) {
    CAPTURE(a[i], b[i]);
    const double want = std::pow(double(a[i]), double(b[i]));
    if (!(std::abs(power[i] - want) <= 4e-7 * std::abs(want) || std::isinf(float(want)) || std::abs(want) < 1e-37)) CHECK(power[i] == want);
    if (std::abs(angle[i] - std::atan2(double(a[i]), double(b[i]))) > 4e-7 * std::abs(angle[i])) CHECK(angle[i] == std::atan2(a[i], b[i]));
    if (std::abs(hypot[i] - std::hypot(double(a[i]), double(b[i]))) > 2e-7 * hypot[i]) CHECK(hypot[i] == std::hypot(a[i], b[i]));
    if (!same(rest[i], std::fmod(a[i], b[i]))) CHECK(rest[i] == std::fmod(a[i], b[i]));
  }
}

TEST_CASE("powers of float64 are within a unit in the last place, and exact where that is a number", "[backends]") {
  cpu::register_kernels();
  std::vector<double> a, b;
  for (int i = 0; i < 20000; i++) {
    a.push_back(std::exp((i % 997) / 10.0 - 50) * (i % 3 == 0 ? -1 : 1));
    b.push_back(i % 3 == 0 ? double(i % 13 - 6) : (i % 1009) / 50.0 - 10);
  }
  for (const double x : {5e-324, 1e-310, 0x1p-1022, 1.0, 1.7976931348623157e308, -3.0})
    for (const double y : {-1e300, -1100.0, -2.0, -0.0, 0.5, 1.0, 3.0, 0x1p53, 1e300}) a.push_back(x), b.push_back(y);
  const std::vector<double> power = evaluate(BinaryOp::Pow, a, b);
  for (size_t i = 0; i < a.size(); i++) {
    const double want = std::pow(a[i], b[i]);
    if (same(power[i], want) || power[i] == std::nextafter(want, kInf) || power[i] == std::nextafter(want, -kInf)) continue;
    CAPTURE(a[i], b[i]);
    CHECK(power[i] == want);
  }
  for (double x = 1; x < 60; ++x) {
    double exact = 1;
    for (double y = 0; y < 9; ++y, exact *= x)
      CHECK(evaluate<double>(BinaryOp::Pow, {x, -x}, {y, y}) == std::vector<double>{exact, std::fmod(y, 2) == 0 ? exact : -exact});
  }
}

TEST_CASE("integer arithmetic wraps, divides and shifts like PyTorch", "[backends]") {
  cpu::register_kernels();
  using I = std::vector<int32_t>;
  const int32_t least = std::numeric_limits<int32_t>::min();
  CHECK(evaluate<int32_t>(BinaryOp::Add, {2147483647}, {1}) == I{least});
  CHECK(evaluate<int32_t>(BinaryOp::DivTrunc, {-7, 7, least}, {2, -2, -1}) == I{-3, -3, least});
  CHECK(evaluate<int32_t>(BinaryOp::DivFloor, {-7, 7, 6, least}, {2, -2, 3, -1}) == I{-4, -4, 2, least});
  CHECK(evaluate<int32_t>(BinaryOp::Remainder, {-7, 7, 6, least}, {3, -3, 3, -1}) == I{2, -2, 0, 0});
  CHECK(evaluate<int32_t>(BinaryOp::Fmod, {-7, 7}, {3, -3}) == I{-1, 1});
  CHECK(evaluate<int32_t>(BinaryOp::Pow, {2, -1, -1, 1, 2, 0, -3}, {10, -3, -2, -5, -1, 0, 3}) == I{1024, -1, 1, 1, 0, 1, -27});
  CHECK(evaluate<int32_t>(BinaryOp::LeftShift, {1, 1, 1, 3}, {31, 32, -1, 2}) == I{least, 0, 0, 12});
  CHECK(evaluate<int32_t>(BinaryOp::RightShift, {-8, -8, -8, 8}, {1, 40, -1, 33}) == I{-4, -1, -1, 0});
  CHECK(evaluate<uint8_t>(BinaryOp::RightShift, {200, 200}, {7, 8}) == std::vector<uint8_t>{1, 0});
  CHECK(evaluate<int64_t>(BinaryOp::Gcd, {12, -12, 0}, {18, 8, 5}) == std::vector<int64_t>{6, 4, 5});
  CHECK(evaluate<int64_t>(BinaryOp::Lcm, {4, 0}, {-6, 3}) == std::vector<int64_t>{12, 0});
  CHECK(evaluate<int16_t>(BinaryOp::BitwiseXor, {5}, {3}) == std::vector<int16_t>{6});
  CHECK(compare<int64_t>(BinaryOp::Lt, {1, 2, 3}, {2, 2, 2}) == std::vector<bool>{1, 0, 0});
  CHECK(compare<float>(BinaryOp::Ne, {1, float(kNaN)}, {1, float(kNaN)}) == std::vector<bool>{0, 1});
  CHECK(compare<Half>(BinaryOp::Ge, {Half(1), Half(2)}, {Half(2), Half(1)}) == std::vector<bool>{0, 1});
  try {
    evaluate<int64_t>(BinaryOp::DivFloor, {1, 2}, {1, 0});
    FAIL("no error");
  } catch (const Error& e) { CHECK(std::strstr(e.what(), "ZeroDivisionError")); }
  Tensor x = new_tensor({2}, kBool), f = new_tensor({2}, kFloat32), c = new_tensor({2}, kComplex64);
  CHECK_THROWS_AS(binary_kernel(kCPU, BinaryOp::Sub, x, x, x, {}), Error);
  CHECK_THROWS_AS(binary_kernel(kCPU, BinaryOp::BitwiseAnd, f, f, f, {}), Error);
  CHECK_THROWS_AS(binary_kernel(kCPU, BinaryOp::Lt, x, c, c, {}), Error);
}

TEST_CASE("complex arithmetic", "[backends]") {
  cpu::register_kernels();
  const std::complex<double> a(1.5, -2), b(-0.5, 3);
  const auto check = [&](BinaryOp op, std::complex<double> want) {
    const complex128 y = evaluate<complex128>(op, {complex128(a)}, {complex128(b)})[0];
    CHECK(std::abs(std::complex<double>(y) - want) < 1e-12 * std::abs(want));
  };
  check(BinaryOp::Mul, a * b);
  check(BinaryOp::Div, a / b);
  check(BinaryOp::Pow, std::pow(a, b));
  check(BinaryOp::TanhGrad, a * std::conj(1.0 - b * b));
  check(BinaryOp::LogAddExp, std::log(std::exp(a) + std::exp(b)));
  const complex128 huge = evaluate<complex128>(BinaryOp::Div, {complex128(1e300, 1e300)}, {complex128(1e300, 1e300)})[0];
  CHECK(huge == complex128(1, 0));
  Tensor re = make<float>({1, 2}), im = make<float>({3, 4}), out = new_tensor({2}, kComplex64);
  binary_kernel(kCPU, BinaryOp::Complex, out, re, im, {});
  CHECK(values_of<complex64>(out) == std::vector<complex64>{{1, 3}, {2, 4}});
}

TEST_CASE("gradients of activations match differences", "[backends]") {
  cpu::register_kernels();
  struct Pair {
    UnaryOp forward;
    BinaryOp backward;
    bool from_result;
    Params p;
  };
  const Pair pairs[] = {
      {UnaryOp::Relu, BinaryOp::ReluGrad, true, {}},
      {UnaryOp::Sigmoid, BinaryOp::SigmoidGrad, true, {}},
      {UnaryOp::Tanh, BinaryOp::TanhGrad, true, {}},
      {UnaryOp::Gelu, BinaryOp::GeluGrad, false, {}},
      {UnaryOp::GeluTanh, BinaryOp::GeluTanhGrad, false, {}},
      {UnaryOp::Silu, BinaryOp::SiluGrad, false, {}},
      {UnaryOp::Mish, BinaryOp::MishGrad, false, {}},
      {UnaryOp::Softplus, BinaryOp::SoftplusGrad, false, {2, 3}},
      {UnaryOp::LogSigmoid, BinaryOp::LogSigmoidGrad, false, {}},
      {UnaryOp::Elu, BinaryOp::EluGrad, false, {1.5, 0.7}},
      {UnaryOp::LeakyRelu, BinaryOp::LeakyReluGrad, false, {0.1, 0}},
      {UnaryOp::Hardtanh, BinaryOp::HardtanhGrad, false, {-1, 2}},
      {UnaryOp::Hardsigmoid, BinaryOp::HardsigmoidGrad, false, {}},
      {UnaryOp::Hardswish, BinaryOp::HardswishGrad, false, {}},
      {UnaryOp::Hardshrink, BinaryOp::ShrinkGrad, false, {0.5, 0}},
      {UnaryOp::Softshrink, BinaryOp::ShrinkGrad, false, {0.5, 0}},
      {UnaryOp::Threshold, BinaryOp::ThresholdGrad, false, {0.3, 20}},
  };
  std::vector<double> x, up, down, g;
  const double h = 1e-5;
  for (int i = 0; i < 400; i++) {
    x.push_back(i / 40.0 - 5.0123);
    up.push_back(x.back() + h);
    down.push_back(x.back() - h);
    g.push_back(0.3 + i % 7);
  }
  for (const Pair& pair : pairs) {
    CAPTURE(int(pair.backward));
    const std::vector<double> y = evaluate(pair.forward, x, pair.p), yu = evaluate(pair.forward, up, pair.p),
                              yd = evaluate(pair.forward, down, pair.p);
    const std::vector<double> got = evaluate(pair.backward, g, pair.from_result ? y : x, pair.p);
    const std::vector<float> g32(g.begin(), g.end()), x32(x.begin(), x.end());
    const std::vector<float> got32 = evaluate(pair.backward, g32, pair.from_result ? evaluate(pair.forward, x32, pair.p) : x32, pair.p);
    double worst = 0, worst32 = 0;
    for (size_t i = 0; i < x.size(); i++) {
      worst = std::max(worst, std::abs(got[i] - g[i] * (yu[i] - yd[i]) / (2 * h)));
      worst32 = std::max(worst32, std::abs(got[i] - double(got32[i])));
    }
    // softplus with a threshold has a kink of 1e-3 there
    CHECK(worst < (pair.forward == UnaryOp::Softplus ? 1e-2 : 1e-7));
    CHECK(worst32 < 3e-5);
  }
}

TEST_CASE("binary operators broadcast, gather and scatter", "[backends]") {
  cpu::register_kernels();
  const int64_t rows = 70, columns = 130;
  Tensor base = new_tensor({rows * columns * 2}, kFloat32);
  for (int64_t k = 0; k < base.numel(); k++) static_cast<float*>(base.address())[k] = float(k % 1013) - 500;
  const Tensor dense = alias(base, {rows, columns}, {columns, 1}, 5);
  const Tensor others[] = {dense,
                           alias(base, {rows, columns}, {0, 1}, 0),
                           alias(base, {rows, columns}, {1, 0}, 0),
                           alias(base, {rows, columns}, {0, 0}, 11),
                           alias(base, {rows, columns}, {1, rows}, 0),
                           alias(base, {rows, columns}, {2 * columns, 2}, 1)};
  for (const Tensor& a : others)
    for (const Tensor& b : others) {
      std::vector<float> want = values_of<float>(a);
      const std::vector<float> second = values_of<float>(b);
      for (size_t i = 0; i < want.size(); i++) want[i] -= second[i];
      Tensor out = new_tensor({rows, columns}, kFloat32), turned = new_strided({rows, columns}, {1, rows}, kFloat32);
      binary_kernel(kCPU, BinaryOp::Sub, out, a, b, {});
      CHECK(values_of<float>(out) == want);
      binary_kernel(kCPU, BinaryOp::Sub, turned, a, b, {});
      CHECK(values_of<float>(turned) == want);
    }
  // narrow rows, half types, and in place
  Tensor narrow = new_tensor({1000, 3}, kFloat16), row = make<Half>({Half(1), Half(2), Half(3)});
  Tensor zero = alias(narrow);
  fill_kernel(kCPU, narrow, 10);
  binary_kernel(kCPU, BinaryOp::Add, narrow, zero, alias(row, {1000, 3}, {0, 1}, 0), {});
  const std::vector<Half> got = values_of<Half>(narrow);
  for (size_t i = 0; i < got.size(); i++) REQUIRE(float(got[i]) == float(11 + i % 3));
  // streamed stores of a large output, with a head that is not aligned
  const int64_t n = (28 << 20) / 4;
  Tensor big = new_tensor({n + 3}, kFloat32), big_out = new_tensor({n + 3}, kFloat32);
  for (int64_t k = 0; k < n + 3; k++) static_cast<float*>(big.address())[k] = float(k & 1023);
  Tensor part = alias(big_out, {n}, {1}, 3);
  fill_kernel(kCPU, big_out, -1);
  binary_kernel(kCPU, BinaryOp::Add, part, alias(big, {n}, {1}, 1), alias(big, {n}, {1}, 2), {});
  int64_t wrong = 0;
  for (int64_t k = 0; k < n; k++) wrong += static_cast<float*>(part.address())[k] != float(((k + 1) & 1023) + ((k + 2) & 1023));
  CHECK(wrong == 0);
  CHECK(static_cast<float*>(big_out.address())[2] == -1);
}

TEST_CASE("a result depends neither on threads nor on neighbours", "[backends]") {
  cpu::register_kernels();
  const int64_t n = 100003;
  Tensor a = new_tensor({n}, kFloat32), b = new_tensor({n}, kFloat32), one = new_tensor({n}, kFloat32), many = new_tensor({n}, kFloat32);
  for (int64_t k = 0; k < n; k++) {
    static_cast<float*>(a.address())[k] = k % 53 == 0 ? 0.0f : k % 31 == 0 ? 1e30f : float(k % 1009) / 10 - 30;
    static_cast<float*>(b.address())[k] = k % 47 == 0 ? INFINITY : float(k % 17) - 8.5f;
  }
  const int before = get_num_threads();
  for (const BinaryOp op : {BinaryOp::Pow, BinaryOp::Atan2, BinaryOp::Fmod, BinaryOp::Remainder, BinaryOp::DivFloor, BinaryOp::LogAddExp}) {
    CAPTURE(int(op));
    set_num_threads(1);
    binary_kernel(kCPU, op, one, a, b, {});
    set_num_threads(3);
    binary_kernel(kCPU, op, many, a, b, {});
    CHECK(std::memcmp(one.address(), many.address(), size_t(one.nbytes())) == 0);
  }
  set_num_threads(before);
}
