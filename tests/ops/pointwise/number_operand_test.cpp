#include <cmath>
#include <limits>

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/core/trace.h"
#include "tests/errors.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
Tensor row(std::vector<float> values) {
  const int64_t n = int64_t(values.size());
  return from_vector(std::move(values), {n});
}
using Floats = std::vector<float>;

struct Allocations : EventListener {
  int count = 0;
  void allocated(const Allocation&) noexcept override { ++count; }
};
template <class F>
int allocations_of(F&& f) {
  Allocations counting;
  const Listening listening(counting);
  f();
  return counting.count;
}
}  // namespace

TEST_CASE("of a number as an operand no tensor is made", "[ops]") {
  Tensor a = row({1, 2, 4}), result;
  CHECK(allocations_of([&] { result = a + 1.0; }) == 1);
  CHECK(allocations_of([&] { result = 1.0 - a; }) == 1);
  CHECK(allocations_of([&] { result = a * 2; }) == 1);
  CHECK(allocations_of([&] { result = 2 / a; }) == 1);
  CHECK(allocations_of([&] { result = a > 1.5; }) == 1);
  CHECK(allocations_of([&] { result = 2 <= a; }) == 1);
  CHECK(allocations_of([&] { result = pow(a, 1.5); }) == 1);
  CHECK(allocations_of([&] { result = pow(2.5, a); }) == 1);
  const Tensor condition = a > 1.5, whole = from_vector(std::vector<int64_t>{5, 7, 9}, {3}), end = a * 2, long_one = zeros({100000});
  CHECK(allocations_of([&] { result = long_one + 1.0; }) == 1);
  CHECK(allocations_of([&] { result = a % 2; }) == 1);
  CHECK(allocations_of([&] { result = 7 % a; }) == 1);
  CHECK(allocations_of([&] { result = fmod(a, 2); }) == 1);
  CHECK(allocations_of([&] { result = floor_divide(a, 2); }) == 1);
  CHECK(allocations_of([&] { result = div(a, 2, "trunc"); }) == 1);
  CHECK(allocations_of([&] { result = add(a, 2, 3); }) == 1);
  CHECK(allocations_of([&] { result = whole & 3; }) == 1);
  CHECK(allocations_of([&] { result = 3 | whole; }) == 1);
  CHECK(allocations_of([&] { result = whole ^ 3; }) == 1);
  CHECK(allocations_of([&] { result = whole << 1; }) == 1);
  CHECK(allocations_of([&] { result = whole >> 1; }) == 1);
  CHECK(allocations_of([&] { result = xlogy(a, 2.0); }) == 1);
  CHECK(allocations_of([&] { result = copysign(a, -1.0); }) == 1);
  CHECK(allocations_of([&] { result = where(condition, a, 0.0); }) == 1);
  CHECK(allocations_of([&] { result = where(condition, 0, a); }) == 1);
  CHECK(allocations_of([&] { result = where(condition, 1.0, 2.0); }) == 1);
  CHECK(allocations_of([&] { result = masked_fill(a, condition, 0.5); }) == 1);
  CHECK(allocations_of([&] { result = clamp(a, 0, 1); }) == 1);
  CHECK(allocations_of([&] { result = clamp(long_one, 0.5, 1.5); }) == 1);
  CHECK(allocations_of([&] { result = clamp_min(a, 2); }) == 1);
  CHECK(allocations_of([&] { result = lerp(a, end, 0.3); }) == 1);
  CHECK(allocations_of([&] { result = addcmul(a, a, end, 0.5); }) == 1);
  CHECK(allocations_of([&] { result = addcdiv(a, a, end, 0.5); }) == 1);
  CHECK(allocations_of([&] { result = call("lerp", {a, end, 0.3})[0].to_tensor(); }) == 1);
  CHECK(allocations_of([&] { clamp_(a, 1, 4), lerp_(a, a, 0.5), masked_fill_(a, condition & false, 9); }) == 1);  // the mask
  CHECK(allocations_of([&] { mul_(a, 0.5), add_(a, 1), sub_(a, 1), div_(a, 0.5); }) == 0);
  CHECK(a.to_vector<float>() == Floats{1, 2, 4});
  Trace trace;
  const Listening listening(trace);
  result = 1 - a;
  CHECK(trace.text == "binary_number(Sub, out float32[3], float32[3], 1, true) on cpu\n");
  trace.text.clear();
  result = clamp(a, 0, 1.5);
  CHECK(trace.text == "ternary_number(Clamp, out float32[3], float32[3], none, none, 0, 1.5) on cpu\n");
}

TEST_CASE("numbers as operands: values, dtypes and layouts", "[ops]") {
  const Tensor a = row({1, 2, 4}), whole = from_vector(std::vector<int64_t>{5, 7}, {2});
  CHECK((a + 1).to_vector<float>() == Floats{2, 3, 5});
  CHECK((1.5 - a).to_vector<float>() == Floats{0.5, -0.5, -2.5});
  CHECK((2 / a).to_vector<float>() == Floats{2, 1, 0.5});
  CHECK((a == 2).to_vector<bool>() == std::vector<bool>{false, true, false});
  CHECK((3 > a).to_vector<bool>() == std::vector<bool>{true, true, false});
  CHECK((whole + 1).dtype() == kInt64);
  CHECK((whole * 0.5).dtype() == kFloat32);
  CHECK((whole / 2).to_vector<float>() == Floats{2.5, 3.5});
  CHECK((whole > 5.5).to_vector<bool>() == std::vector<bool>{false, true});
  CHECK((a * complex64(0, 1)).dtype() == kComplex64);
  CHECK((whole.to(kBool) + 1).dtype() == kInt64);
  CHECK((full({}, 2, {.dtype = kInt32}) + 1.5).dtype() == kFloat32);
  CHECK(result_type(a, Scalar(true)) == kFloat32);
  const Tensor turned = from_vector(Floats{1, 2, 3, 4, 5, 6}, {2, 3}).t();
  CHECK((turned - 1).to_vector<float>() == Floats{0, 3, 1, 4, 2, 5});
  CHECK((turned - 1).strides() == turned.strides());
  CHECK(says(error_of([&] { a.to(kBool) - true; }), "logical_xor"));
  CHECK(says(error_of([&] {
               Tensor w = whole.clone();
               mul_(w, 0.5);
             }),
             "mul_"));
  CHECK((ones({2}, {.device = kMeta}) + 1).device() == kMeta);
}

TEST_CASE("numbers among three operands: values, dtypes, sizes and gradients", "[ops]") {
  const Tensor a = row({1, 2, 4}), whole = from_vector(std::vector<int64_t>{5, 7, 9}, {3}), column = from_vector(Floats{0, 1}, {2, 1}) > 0.5;
  CHECK(where(a > 1.5, a, -1).to_vector<float>() == Floats{-1, 2, 4});
  CHECK(where(column, a, 0.5).to_vector<float>() == Floats{0.5, 0.5, 0.5, 1, 2, 4});
  CHECK(where(column, whole, 0.5).dtype() == kFloat32);
  CHECK(where(column, 1, whole).dtype() == kInt64);
  CHECK(where(column, 1, 2).to_vector<int64_t>() == std::vector<int64_t>{2, 1});
  CHECK(where(column, a, complex64(0, 2)).dtype() == kComplex64);
  CHECK(where(column, complex64(1, 1), complex64(0, 2)).to_vector<complex64>()[1].re == 1);
  CHECK(masked_fill(whole, whole > 6, 2.7).to_vector<int64_t>() == std::vector<int64_t>{5, 2, 2});
  CHECK(clamp(whole, 6, 8).to_vector<int64_t>() == std::vector<int64_t>{6, 7, 8});
  CHECK(clamp(whole, 5.5, 8).dtype() == kFloat32);
  CHECK(clamp(whole, std::numeric_limits<int64_t>::max() - 1, std::numeric_limits<int64_t>::max()).to_vector<int64_t>()[0] ==
        std::numeric_limits<int64_t>::max() - 1);
  const int64_t large = (int64_t(1) << 53) + 1;
  CHECK(addcmul(whole * 0, ones_like(whole), ones_like(whole), large).to_vector<int64_t>()[0] == large);
  CHECK(clamp(a, 3, 2).to_vector<float>() == Floats{2, 2, 2});
  CHECK(std::isnan(clamp(row({NAN}), 0, 1).item<float>()));
  const Tensor turned = from_vector(Floats{1, 2, 3, 4, 5, 6}, {2, 3}).t();
  CHECK(clamp(turned, 2, 5).to_vector<float>() == Floats{2, 4, 2, 5, 3, 5});
  CHECK(lerp(a, a * 3, 0.5).to_vector<float>() == Floats{2, 4, 8});
  CHECK(lerp(full({1}, 100, kBFloat16), full({1}, 200, kBFloat16), 0.301).item<float>() == float(BFloat16(130.1f)));
  CHECK(clamp(ones({2}, kFloat32, kMeta), 0, 1).device() == kMeta);
  const Tensor x = from_vector(std::vector<double>{0.5, 1.5, 2.5}, {3}).requires_grad_(), y = x.detach() * 2;
  const std::vector<std::function<Tensor(const Tensor&)>> functions{
      [&](const Tensor& t) { return where(y > 2, t, 3.0); },  [&](const Tensor& t) { return where(y > 2, 3.0, t); },
      [&](const Tensor& t) { return clamp(t, 1.0, 2.0); },    [&](const Tensor& t) { return lerp(t, y, 0.3); },
      [&](const Tensor& t) { return lerp(y, t, 0.3); },       [&](const Tensor& t) { return masked_fill(t, y > 2, 1.0); },
      [&](const Tensor& t) { return addcmul(t, t, y, 0.5); }, [&](const Tensor& t) { return t % 0.7; }};
  for (const auto& f : functions) CHECK(autograd::gradcheck([&](const std::vector<Tensor>& in) { return f(in[0]); }, {x}));
}

TEST_CASE("numbers beside halves are used at float32", "[ops]") {
  const Tensor h = full({1}, 6e4, {.dtype = kFloat16}), b = full({1}, 100, {.dtype = kBFloat16});
  CHECK((h / 1e5).item<float>() == float(Half(0.6f)));
  CHECK((b * 0.3).item<float>() == 30);
  CHECK((0.3 * b).item<float>() == 30);
  CHECK((1e6 / h).item<float>() == float(Half(1e6f / 6e4f)));
  CHECK((h - 1e5).item<float>() == float(Half(6e4f - 1e5f)));
  CHECK(xlogy(full({1}, 2, {.dtype = kFloat16}), 1e5).item<float>() == float(Half(2 * std::log(1e5f))));
  CHECK(call("mul", {b, 0.3})[0].to_tensor().item<float>() == 30);
  Tensor c = b.clone();
  mul_(c, 0.3);
  CHECK(c.item<float>() == 30);
  // but compared as halves
  CHECK((full({1}, 0.1, {.dtype = kFloat16}) == 0.1).item<bool>());
}

TEST_CASE("gradients beside numbers, of the second order too", "[ops]") {
  const Tensor x = from_vector(std::vector<double>{0.5, 1.5, 2.5}, {3}).requires_grad_();
  const std::vector<std::function<Tensor(const Tensor&)>> functions{
      [](const Tensor& t) { return t + 2; },       [](const Tensor& t) { return 2 - t; },      [](const Tensor& t) { return t - 0.5; },
      [](const Tensor& t) { return t * -3; },      [](const Tensor& t) { return t / 3; },      [](const Tensor& t) { return 3 / t; },
      [](const Tensor& t) { return pow(t, 1.7); }, [](const Tensor& t) { return pow(2.5, t); }};
  for (const auto& f : functions) {
    CHECK(autograd::gradcheck([&](const std::vector<Tensor>& in) { return f(in[0]); }, {x}));
    CHECK(autograd::gradgradcheck([&](const std::vector<Tensor>& in) { return f(in[0]); }, {x}));
  }
  Tensor y = x * 1;
  mul_(y, 4);
  sub_(y, 1);
  div_(y, 2);
  y.sum().backward();
  CHECK(x.grad().to_vector<double>() == std::vector<double>{2, 2, 2});
}

TEST_CASE("second names take numbers as the first ones do", "[ops][pointwise]") {
  const Tensor x = tensor({1., -3., 2.});
  CHECK(equal(multiply(x, 2), x * 2));
  CHECK(equal(divide(x, 2), x / 2));
  CHECK(equal(divide(x, 2, "floor"), tensor({0., -2., 1.})));
  CHECK(equal(divide(x, tensor(2.), "trunc"), tensor({0., -1., 1.})));
  CHECK(equal(subtract(x, 1, 2), tensor({-1., -5., 0.})));
  CHECK(equal(greater(x, 1), x > 1));
  CHECK(equal(greater_equal(x, 1), x >= 1));
  CHECK(equal(less(x, 1), x < 1));
  CHECK(equal(less_equal(x, 1), x <= 1));
  CHECK(equal(not_equal(x, 1), x != 1));
  CHECK(multiply(tensor({1, 2}), 2).dtype() == kInt64);
}

TEST_CASE("orthogonal polynomials take a number as degree, or as place", "[ops][pointwise]") {
  const Tensor x = tensor({0.5, -0.25}, kFloat64);
  CHECK(allclose(special::chebyshev_polynomial_t(x, 2), 2 * x * x - 1));
  CHECK(allclose(special::chebyshev_polynomial_u(x, 2), 4 * x * x - 1));
  CHECK(allclose(special::chebyshev_polynomial_v(x, 1), 2 * x - 1));
  CHECK(allclose(special::chebyshev_polynomial_w(x, 1), 2 * x + 1));
  CHECK(allclose(special::shifted_chebyshev_polynomial_t(x, 1), 2 * x - 1));
  CHECK(allclose(special::shifted_chebyshev_polynomial_u(x, 1), 4 * x - 2));
  CHECK(allclose(special::shifted_chebyshev_polynomial_v(x, 1), 4 * x - 3));
  CHECK(allclose(special::shifted_chebyshev_polynomial_w(x, 1), 4 * x - 1));
  CHECK(allclose(special::hermite_polynomial_h(x, 2), 4 * x * x - 2));
  CHECK(allclose(special::hermite_polynomial_he(x, 2), x * x - 1));
  CHECK(allclose(special::laguerre_polynomial_l(x, 1), 1 - x));
  CHECK(allclose(special::legendre_polynomial_p(x, 2), (3 * x * x - 1) / 2));
  CHECK(allclose(special::legendre_polynomial_p(0.5, tensor({0, 1, 2})), tensor({1., 0.5, -0.125})));
  CHECK(special::legendre_polynomial_p(x.to(kFloat32), 2).dtype() == kFloat32);
}
