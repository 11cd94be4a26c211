#include "lazuli/autograd/gradcheck.h"

#include "lazuli/autograd/tape.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/pointwise/complex.h"
#include "lazuli/ops/pointwise/operators.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/creation.h"
#include "tests/autograd/leaf.h"
#include "tests/catch.h"

using namespace lazuli;
using lazuli::test::leaf;

namespace {

// x * x with a derivative that is wrong by `factor`, of first or second order.
Tensor square_with_error(const Tensor& x, double factor, bool second = false) {
  Tensor out = x.detach() * x.detach();
  if (auto tape = Tape::recording(x))
    tape.record("wrong", out, [x = tape.save(x), factor, second](const Tensor& grad, Needs) {
      Tensor in = x.get();
      if (second) return Grads{grad * Scalar(2) * in.detach()};
      return Grads{grad * in * Scalar(2 * factor)};
    });
  return out;
}

}  // namespace

TEST_CASE("gradcheck passes right gradients of any number of inputs and outputs", "[autograd]") {
  Tensor a = leaf({0.3, -1.2, 2.0}), b = leaf({1.5, 0.4, -0.7});
  CHECK(autograd::gradcheck([](const Tensor& x) { return sin(x) * x; }, {a}));
  CHECK(autograd::gradcheck([](const Tensor& x, const Tensor& y) { return std::tuple{x * y, exp(x)}; }, {a, b}));
  CHECK(autograd::gradcheck([](const std::vector<Tensor>& x) { return std::vector<Tensor>{x[0] / x[1]}; }, {a, b}));
  CHECK(autograd::gradgradcheck([](const Tensor& x, const Tensor& y) { return x * x * y; }, {a, b}));
  Tensor strided = leaf({{1.0, 2.0}, {3.0, 4.0}}).detach().transpose(0, 1).requires_grad_();
  CHECK(autograd::gradcheck([](const Tensor& x) { return x * x; }, {strided}));
}

TEST_CASE("gradcheck knows complex gradients", "[autograd]") {
  Tensor z = leaf({complex128(0.5, -1), complex128(2, 0.25)}, kComplex128), w = leaf({complex128(-1, 0.5), complex128(0.1, 1)}, kComplex128);
  CHECK(autograd::gradcheck([](const Tensor& x, const Tensor& y) { return x * y; }, {z, w}));
  CHECK(autograd::gradcheck([](const Tensor& x) { return abs(x); }, {z}));
  CHECK(autograd::gradcheck([](const Tensor& x) { return conj(x) * x; }, {z}));
  CHECK(autograd::gradgradcheck([](const Tensor& x, const Tensor& y) { return x * x * y; }, {z, w}));
}

TEST_CASE("gradcheck finds wrong gradients and says where", "[autograd]") {
  Tensor x = leaf({0.5, 2.0});
  auto report = autograd::gradcheck([](const Tensor& t) { return square_with_error(t, 1.01); }, {x});
  CHECK_FALSE(report.passed);
  CHECK_THAT(report.text, Contains("2 of 4 derivatives differ\n  output 0 by input 0 of sizes [2]: 2 of 4, the worst: element [1] by element [1]: "
                                   "the tape says 4.04, numerically it is ") &&
                              Contains("0.04 apart where 0.00401 is allowed"));
  // each output and input that differ have a line
  report = autograd::gradcheck(
      [](const Tensor& a, const Tensor& b) {
        return std::tuple{square_with_error(a, 1.01), a * b, square_with_error(b, 2)};
      },
      {x, leaf({{3.0, 1.0}})});
  CHECK_THAT(report.text, Contains("4 of 24 derivatives differ\n  output 0 by input 0 of sizes [2]: 2 of 4") &&
                              Contains("\n  output 2 by input 1 of sizes [1, 2]: 2 of 4, the worst: element [0, 0] by element [0, 0]"));
  // right at first order, wrong at second
  auto second = [](const Tensor& t) { return square_with_error(t, 1, true); };
  CHECK(autograd::gradcheck(second, {x}));
  report = autograd::gradgradcheck(second, {x});
  CHECK_FALSE(report.passed);
  CHECK_THAT(report.text, Contains("second derivatives: ") && Contains("\n  the gradient of input 0 by input 0 of sizes [2]: 2 of 4, the worst: "));
}

TEST_CASE("gradcheck leaves its inputs as they were and refuses what it cannot check", "[autograd]") {
  Tensor x = leaf({0.5, 2.0});
  autograd::gradcheck([](const Tensor& t) { return t * t; }, {x});
  CHECK(x.to_vector<double>() == std::vector<double>{0.5, 2.0});
  CHECK_FALSE(x.grad().defined());
  auto f = [](const Tensor& t) { return t * t; };
  CHECK_THROWS_AS(autograd::gradcheck(f, {leaf({1.0}, kFloat32)}), Error);
  CHECK_THROWS_AS(autograd::gradcheck(f, {tensor({1.0}, kFloat64)}), Error);
  CHECK_THROWS_AS(autograd::gradcheck(f, {tensor({1.0}, kFloat64).expand({3}).requires_grad_()}), Error);
}

TEST_CASE("gradcheck takes one tensor as it is, and tells by a bool", "[autograd]") {
  const Tensor x = leaf({0.5, -1.5});
  const bool passed = autograd::gradcheck([](const Tensor& t) { return exp(t); }, x);
  CHECK(passed);
  const bool twice = autograd::gradgradcheck([](const Tensor& t) { return t * t * t; }, x, {.eps = 1e-6});
  CHECK(twice);
  const bool wrong = autograd::gradcheck([](const Tensor& t) { return t + t.detach(); }, x);
  CHECK_FALSE(wrong);
}
