#include <cmath>

#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

// Gradients at the places where a formula's quotient is 0 / 0.

namespace {
std::pair<Tensor, Tensor> gradients(Tensor (*f)(const Tensor&, const Tensor&), double a, double b) {
  Tensor x = tensor({a}, kFloat64).requires_grad_(), y = tensor({b}, kFloat64).requires_grad_();
  f(x, y).backward(ones({1}, kFloat64));
  return {x.grad(), y.grad()};
}
void check(Tensor (*f)(const Tensor&, const Tensor&), double a, double b, double of_a, double of_b) {
  auto [x, y] = gradients(f, a, b);
  INFO(a << " and " << b);
  CHECK(x.item<double>() == Approx(of_a));
  CHECK(y.item<double>() == Approx(of_b));
}
}  // namespace

TEST_CASE("gradients of functions of two numbers at their corners", "[ops][corners]") {
  check(atan2, 0, 0, 0, 0);
  check(atan2, 1, 2, 0.4, -0.2);
  check(hypot, 0, 0, 0, 0);
  check(hypot, 3, 4, 0.6, 0.8);
  check(logaddexp, INFINITY, INFINITY, 0.5, 0.5);
  check(logaddexp, -INFINITY, -INFINITY, 0.5, 0.5);
  check(logaddexp2, -INFINITY, -INFINITY, 0.5, 0.5);
  check(logaddexp, 1, 1, 0.5, 0.5);
  check(logaddexp, 0, -INFINITY, 1, 0);
  check(xlogy, 0, 0, 0, 0);
  check(xlogy, 2, 4, std::log(4.0), 0.5);
  check(pow, 0, 0, 0, 0);
}

TEST_CASE("the gradient of a complex sign at 0 is finite", "[ops][corners]") {
  Tensor z = complex(tensor({0., 3.}, kFloat64), tensor({0., 4.}, kFloat64)).requires_grad_();
  view_as_real(sgn(z)).sum().backward();
  CHECK(isfinite(view_as_real(z.grad())).to(kInt64).sum().item<int64_t>() == 4);
}

TEST_CASE("as_strided of an input that shows elements several times shares the gradient out", "[ops][corners]") {
  Tensor x = tensor({1., 2.}, kFloat64).requires_grad_();
  as_strided(x.expand({3, 2}), {2}, {1}).sum().backward();
  CHECK(equal(x.grad(), ones({2}, kFloat64)));
}
