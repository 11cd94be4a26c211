#include "lazuli/ops/pointwise/binary.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/pointwise/bessel.h"
#include "lazuli/ops/pointwise/polynomial.h"
#include "lazuli/ops/pointwise/special.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

TEST_CASE("pow of tensors and numbers", "[ops]") {
  Tensor i = tensor({1, 2, 3});
  CHECK(values(pow(i, 2)) == std::vector<double>{1, 4, 9});
  CHECK(pow(i, 2).dtype() == kInt64);
  CHECK(pow(i, 0.5).dtype() == kFloat32);
  CHECK(values(pow(2, i)) == std::vector<double>{2, 4, 8});
  CHECK(values(pow(i, i)) == std::vector<double>{1, 4, 27});
  CHECK(float_power(i, 2).dtype() == kFloat64);
  CHECK_THAT(error_of([&] { pow(i, -1); }), Contains("exponent"));
  CHECK_THROWS_AS(pow(tensor({true}), tensor({true})), Error);
  CHECK_THROWS_AS(pow_(i, 0.5), Error);
}

TEST_CASE("pow has the gradients of the limits at 0", "[ops]") {
  Tensor x = leaf({0.0, 0.0, 2.0}), y = leaf({0.0, 2.0, 0.0});
  pow(x, y).backward(ones({3}, kFloat64));
  CHECK(values(x.grad()) == std::vector<double>{0, 0, 0});
  CHECK(near(y.grad(), {0, 0, std::log(2.0)}));
  Tensor z = leaf({0.0, 3.0});
  pow(0, z).backward(ones({2}, kFloat64));
  CHECK(values(z.grad()) == std::vector<double>{0, 0});
}

TEST_CASE("gradients of functions of two tensors", "[ops]") {
  Tensor a = leaf({{1.5, 0.6, 2.2}, {0.3, 1.1, 0.9}}), b = leaf({2.5, 1.3, 0.7});
  for (const char* name : {"pow", "float_power", "atan2", "maximum", "minimum", "fmax", "fmin", "hypot", "copysign", "ldexp", "logaddexp",
                           "logaddexp2", "xlogy", "special.xlog1py"}) {
    INFO(name);
    check_gradients([&](const Tensor& x, const Tensor& y) { return call(name, {x, y})[0].to_tensor(); }, {a, b});
  }
  for (double e : {0.0, 1.0, 2.0, 3.0, -1.5, 0.5}) check_gradients([e](const Tensor& x) { return pow(x, e); }, {a});
  check_gradients([](const Tensor& x) { return pow(1.7, x); }, {a});
  check_gradients(
      [](const Tensor& x) {
        Tensor y = x * 1;
        return pow_(y, 3);
      },
      {a});
  Tensor z = leaf({Scalar(complex128(0.4, 0.6)), Scalar(complex128(-0.5, 0.3))}, kComplex128),
         w = leaf({Scalar(complex128(1.2, -0.3)), Scalar(complex128(0.5, 1))}, kComplex128);
  check_gradients([](const Tensor& x, const Tensor& y) { return pow(x, y); }, {z, w});
  check_gradients([](const Tensor& x) { return pow(x, 3); }, {z});
}

TEST_CASE("equal operands of maximum share the gradient", "[ops]") {
  Tensor a = leaf({1.0, 2.0}), b = leaf({1.0, 5.0});
  maximum(a, b).backward(ones({2}, kFloat64));
  CHECK(values(a.grad()) == std::vector<double>{0.5, 0});
  CHECK(values(b.grad()) == std::vector<double>{0.5, 1});
}

TEST_CASE("NaN in extremes", "[ops]") {
  Tensor nan = tensor({std::nan(""), 1.0}), x = tensor({2.0, 3.0});
  CHECK(std::isnan(values(maximum(nan, x))[0]));
  CHECK(values(fmax(nan, x)) == std::vector<double>{2, 3});
  CHECK(values(fmin(nan, x)) == std::vector<double>{2, 1});
}

TEST_CASE("integer functions", "[ops]") {
  Tensor a = tensor({12, -18, 0}), b = tensor({8, 12, 5});
  CHECK(values(gcd(a, b)) == std::vector<double>{4, 6, 5});
  CHECK(values(lcm(a, b)) == std::vector<double>{24, 36, 0});
  CHECK(values(bitwise_and(a, 6)) == std::vector<double>{4, 6, 0});
  CHECK(values(bitwise_left_shift(b, 2)) == std::vector<double>{32, 48, 20});
  CHECK(values(bitwise_right_shift(a, 1)) == std::vector<double>{6, -9, 0});
  CHECK(values(logical_xor(a, b)) == std::vector<double>{0, 0, 1});
  CHECK_THROWS_AS(gcd(tensor({1.0}), b), Error);
  CHECK_THROWS_AS(bitwise_and(tensor({1.0}), b), Error);
  CHECK_THROWS_AS(bitwise_or(a, 1.5), Error);
  Tensor flag = tensor({true, false}) & tensor({true, true});
  CHECK(flag.dtype() == kBool);
  bitwise_xor_(a, 1);
  CHECK(values(a) == std::vector<double>{13, -17, 1});
  Tensor x = tensor({0.0, 2.0});
  logical_or_(x, tensor({0.0, 0.0}));
  CHECK(x.dtype() == kFloat32);
  CHECK(values(x) == std::vector<double>{0, 1});
}

TEST_CASE("functions without a derivative say so", "[ops]") {
  Tensor order = leaf({1.5}), at = leaf({0.7});
  Tensor y = igamma(order, at);
  CHECK_THAT(error_of([&] { y.backward(); }), Contains("igamma") && Contains("derivative"));
  check_gradients([](const Tensor& x) { return igamma(tensor({1.5}, kFloat64), x); }, {at});
  check_gradients([](const Tensor& x) { return igammac(tensor({1.5}, kFloat64), x); }, {at});
  CHECK(values(heaviside(tensor({-1.0, 0.0, 2.0}), tensor({0.5}))) == std::vector<double>{0, 0.5, 1});
  CHECK_THROWS_AS(heaviside(tensor({1.0}), tensor({1})), Error);
}

TEST_CASE("special functions of great or small orders, and far below 0, are found at once", "[ops]") {
  const Tensor order = tensor({1000., 1e5, 1e8, 1e16, 1e300}, kFloat64), at = tensor({990., 100500., 1e8, 1e16, 1e300}, kFloat64);
  CHECK(allclose(igamma(order, at), tensor({0.379521378537963941, 0.942896730023971289, 0.500013298076014, 0.5000000013298076, 0.5}, kFloat64), 1e-13,
                 0));
  CHECK(allclose(igammac(order, at), 1 - igamma(order, at), 1e-13, 0));
  CHECK(igammac(full({}, 1e-10, kFloat64), full({}, 0.3, kFloat64)).item<double>() == Approx(9.05676651692047769e-11).epsilon(1e-13));
  CHECK(igamma(full({}, 3e7, kFloat32), full({}, 3e7, kFloat32)).item<double>() == Approx(0.5).epsilon(1e-4));
  const Tensor far = full({}, -1e9 - 0.25, kFloat64);
  CHECK(special::zeta(3, far).item<double>() == Approx(-62.0125533606).epsilon(1e-11));
  CHECK(polygamma(2, far).item<double>() == Approx(124.0251067212).epsilon(1e-11));
  const Tensor none = zeros({1}, kFloat64).requires_grad_();
  igamma(ones({1}, kFloat64), none).backward();
  CHECK(none.grad().item<double>() == 1);
}

TEST_CASE("special functions: values and gradients", "[ops]") {
  CHECK(erf(tensor(0.5, kFloat64)).item<double>() == Approx(0.5204998778130465));
  CHECK(lgamma(tensor(4.5, kFloat64)).item<double>() == Approx(std::lgamma(4.5)));
  CHECK(polygamma(1, tensor(1.0, kFloat64)).item<double>() == Approx(1.6449340668482264));
  CHECK(special::ndtr(tensor(0.0, kFloat64)).item<double>() == Approx(0.5));
  CHECK(special::zeta(tensor(2.0, kFloat64), 1).item<double>() == Approx(1.6449340668482264));
  CHECK(mvlgamma(tensor(3.0, kFloat64), 2).item<double>() == Approx(std::lgamma(3.0) + std::lgamma(2.5) + 0.5 * std::log(3.14159265358979)));
  CHECK_THROWS_AS(polygamma(-1, ones({1})), Error);
  CHECK_THROWS_AS(erf(tensor({Scalar(complex64(1, 2))})), Error);
  for (const char* name : {"erf", "erfc", "erfinv", "lgamma", "digamma", "i0", "logit", "special.entr", "special.erfcx", "special.i0e", "special.i1",
                           "special.i1e", "special.ndtr", "special.ndtri", "special.log_ndtr"}) {
    INFO(name);
    check_gradients([&](const Tensor& x) { return call(name, {x})[0].to_tensor(); }, {leaf({0.2, 0.45, 0.8})});
  }
  check_gradients([](const Tensor& x) { return special::zeta(3.0, x); }, {leaf({0.7, 1.9})});
  check_gradients([](const Tensor& x) { return logit(x, 0.1); }, {leaf({0.05, 0.45, 0.8})});
}

TEST_CASE("Bessel functions, the Airy function and polynomials", "[ops]") {
  Tensor x = leaf({0.4, 1.7, 9.0});
  CHECK(near(special::bessel_j0(x), {0.96039822665956345, 0.39798485946811163, -0.090333611182876135}));
  CHECK(near(special::scaled_modified_bessel_k0(tensor({0.5, 70.0}, kFloat64)), {1.5241093857739092, 0.14953325126420337}));
  CHECK(near(special::airy_ai(tensor({-2.0, 0.0, 1.0}, kFloat64)), {0.22740742820168558, 0.35502805388781723, 0.13529241631288141}));
  for (auto* function : {&special::bessel_j0, &special::bessel_j1, &special::bessel_y0, &special::bessel_y1})
    check_gradients(*function, {leaf({0.4, 1.7, 4.0})});
  for (const char* name :
       {"special.modified_bessel_k0", "special.modified_bessel_k1", "special.scaled_modified_bessel_k0", "special.scaled_modified_bessel_k1"}) {
    INFO(name);
    check_gradients([&](const Tensor& t) { return call(name, {t})[0].to_tensor(); }, {leaf({0.4, 1.7, 4.0})});
  }
  Tensor at = tensor({-1.0, 0.3, 1.0}, kFloat64), degree = wrapped(3);
  CHECK(near(special::chebyshev_polynomial_t(at, degree), {-1, 4 * 0.027 - 0.9, 1}));
  CHECK(near(special::chebyshev_polynomial_u(at, degree), {-4, 8 * 0.027 - 1.2, 4}));
  CHECK(near(special::legendre_polynomial_p(at, degree), {-1, 2.5 * 0.027 - 0.45, 1}));
  CHECK(near(special::hermite_polynomial_h(at, degree), {4, 8 * 0.027 - 3.6, -4}));
  CHECK(near(special::hermite_polynomial_he(at, degree), {2, 0.027 - 0.9, -2}));
  CHECK(special::laguerre_polynomial_l(ones({2, 1}), ones({3})).sizes() == Shape{2, 3});
  check_gradients(special::airy_ai, {leaf({-3.0, -0.4, 0.0, 0.7, 2.0})});
  for (const std::string name :
       {"chebyshev_polynomial_t", "chebyshev_polynomial_u", "chebyshev_polynomial_v", "chebyshev_polynomial_w", "shifted_chebyshev_polynomial_t",
        "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v", "shifted_chebyshev_polynomial_w", "hermite_polynomial_h",
        "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p"})
    for (int64_t n : {-1, 0, 1, 2, 5}) {
      INFO(name << " of degree " << n);
      check_gradients([&](const Tensor& t) { return call("special." + name, {t, n})[0].to_tensor(); }, {leaf({-0.7, 0.2, 0.9})});
    }
  Tensor end = leaf({1.0, -1.0});
  special::legendre_polynomial_p(end, wrapped(4)).sum().backward();
  CHECK(near(end.grad(), {10, -10}));  // n (n + 1) / 2
  CHECK(special::bessel_j0(empty({4}, kInt64, kMeta)).dtype() == kFloat32);
  CHECK_THROWS_AS(special::bessel_j0(ones({1}, kFloat16)), Error);
}
