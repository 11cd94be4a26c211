#include "lazuli/ops/pointwise/unary.h"

#include <cmath>

#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

TEST_CASE("integers become the default dtype where results are not whole", "[ops]") {
  Tensor i = tensor({0, 1, 4});
  for (const char* op : {"sqrt", "exp", "sin", "log1p", "sigmoid", "tanh", "reciprocal", "erf", "deg2rad"}) {
    INFO(op);
    CHECK(call(op, {i})[0].to_tensor().dtype() == kFloat32);
    CHECK(call(op, {to(i, kBool)})[0].to_tensor().dtype() == kFloat32);
    CHECK(call(op, {to(i, kBFloat16)})[0].to_tensor().dtype() == kBFloat16);
    CHECK_THROWS_AS(call(std::string(op) + "_", {i}), Error);
  }
  CHECK(values(sqrt(i)) == std::vector<double>{0, 1, 2});
  CHECK(values(i) == std::vector<double>{0, 1, 4});
  for (const char* op : {"floor", "ceil", "round", "trunc", "abs", "sign", "square", "neg"}) CHECK(call(op, {i})[0].to_tensor().dtype() == kInt64);
  CHECK(square(tensor({true})).dtype() == kInt64);
}

TEST_CASE("rounding", "[ops]") {
  Tensor x = tensor({-2.5, -0.4, 0.5, 1.5, 2.7}, kFloat64);
  CHECK(values(floor(x)) == std::vector<double>{-3, -1, 0, 1, 2});
  CHECK(values(ceil(x)) == std::vector<double>{-2, 0, 1, 2, 3});
  CHECK(values(round(x)) == std::vector<double>{-2, 0, 0, 2, 3});
  CHECK(values(trunc(x)) == std::vector<double>{-2, 0, 0, 1, 2});
  CHECK(values(frac(x))[4] == Approx(0.7));
  CHECK(values(round(tensor({1.2345, -6.789}, kFloat64), 2))[0] == Approx(1.23));
  CHECK(values(round(tensor({1234.0, -6789.0}, kFloat64), -2)) == std::vector<double>{1200, -6800});
  CHECK_THROWS_AS(floor(tensor({true})), Error);
  CHECK_THROWS_AS(frac(tensor({1})), Error);
}

TEST_CASE("frexp, nan_to_num, signs", "[ops]") {
  auto [mantissa, exponent] = frexp(tensor({0.0, 1.0, -6.0, 0.3}, kFloat64));
  CHECK(values(mantissa) == std::vector<double>{0, 0.5, -0.75, 0.6});
  CHECK(exponent.dtype() == kInt32);
  CHECK(values(exponent) == std::vector<double>{0, 1, 3, -1});
  double inf = std::numeric_limits<double>::infinity();
  Tensor odd = tensor({std::nan(""), inf, -inf, 2.0}, kFloat32);
  CHECK(values(nan_to_num(odd)) == std::vector<double>{0, std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest(), 2});
  CHECK(values(nan_to_num(odd, 1, 2, 3)) == std::vector<double>{1, 2, 3, 2});
  nan_to_num_(odd, 5);
  CHECK(values(odd)[0] == 5);
  CHECK(values(signbit(tensor({-0.0, 0.0, -1.0}))) == std::vector<double>{1, 0, 1});
  CHECK(values(sign(tensor({-3.0, 0.0, 2.0}))) == std::vector<double>{-1, 0, 1});
  Tensor z = sgn(tensor({Scalar(complex128(3, 4)), Scalar(complex128(0, 0))}, kComplex128));
  CHECK(near(real(z), {0.6, 0}));
  CHECK(abs(z).dtype() == kFloat64);
}

TEST_CASE("gradients of functions of one tensor, both orders", "[ops]") {
  struct Case {
    const char* name;
    double low, high;
  };
  for (auto [name, low, high] :
       {Case{"abs", -2, 1.7}, {"square", -2, 2},  {"reciprocal", 0.3, 2}, {"sqrt", 0.3, 3},    {"rsqrt", 0.3, 3},   {"exp", -1, 1},
        {"exp2", -1, 1},      {"expm1", -1, 1},   {"log", 0.3, 3},        {"log2", 0.3, 3},    {"log10", 0.3, 3},   {"log1p", -0.5, 3},
        {"sin", -2, 2},       {"cos", -2, 2},     {"tan", -1, 1},         {"asin", -0.8, 0.8}, {"acos", -0.8, 0.8}, {"atan", -2, 2},
        {"sinh", -2, 2},      {"cosh", -2, 2},    {"tanh", -2, 2},        {"asinh", -2, 2},    {"acosh", 1.3, 3},   {"atanh", -0.8, 0.8},
        {"deg2rad", -2, 2},   {"rad2deg", -2, 2}, {"sinc", -1.7, 1.9},    {"sigmoid", -2, 2},  {"frac", 0.1, 0.9},  {"floor", 0.1, 0.9},
        {"sign", 0.1, 0.9}}) {
    INFO(name);
    auto f = [name = name](const Tensor& x) { return call(name, {x})[0].to_tensor(); };
    Tensor x = linspace(low, high, 5, {.dtype = kFloat64});
    check_gradients(f, {x.requires_grad_()});
    // The in-place twin has the same gradient.
    std::string twin = std::string(name) + "_";
    auto g = [&](const Tensor& t) {
      Tensor y = t * 1;
      return call(twin, {y})[0].to_tensor();
    };
    check_gradients(g, {x});
  }
}

TEST_CASE("gradients of complex functions", "[ops]") {
  Tensor z = leaf({Scalar(complex128(0.4, 0.6)), Scalar(complex128(-0.5, 0.3))}, kComplex128);
  for (const char* name : {"abs", "sgn", "square", "reciprocal", "sqrt", "rsqrt", "exp",  "expm1", "log",   "log2",  "log10", "log1p",   "sin",
                           "cos", "tan", "asin",   "acos",       "atan", "sinh",  "cosh", "tanh",  "asinh", "acosh", "atanh", "sigmoid", "sinc"}) {
    INFO(name);
    check_gradients([&](const Tensor& x) { return call(name, {x})[0].to_tensor(); }, {z});
  }
}

TEST_CASE("sinc has derivatives of both orders at 0", "[ops]") {
  Tensor x = leaf({0.0, 0.5});
  check_gradients([](const Tensor& t) { return sinc(t); }, {x});
  Tensor first = autograd::grad({sinc(x).sum()}, {x}, {.create_graph = true})[0];
  CHECK(values(autograd::grad({first.sum()}, {x})[0])[0] == Approx(-std::acos(-1.0) * std::acos(-1.0) / 3));
}

TEST_CASE("results keep a dense layout", "[ops]") {
  Tensor x = ones({2, 3, 4}).transpose(0, 2);
  CHECK(exp(x).strides() == x.strides());
  Tensor strided = arange(8.0).slice(0, 0, 8, 2);
  CHECK(values(square(strided)) == std::vector<double>{0, 4, 16, 36});
  CHECK(square(strided).is_contiguous());
}
