#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("an undefined tensor is refused under the operator's and the argument's name", "[ops]") {
  const Tensor x = ones({2, 2}), none_given;
  const std::string what = "expected a defined tensor, got an undefined one (if it is a grad(): that tensor has no gradient yet)";
  CHECK(error_of([&] { add(x, none_given); }) == "add: argument 'other': " + what);
  CHECK(error_of([&] { none_given.mul(x); }) == "mul: argument 'self': " + what);
  CHECK(error_of([&] { exp(none_given); }) == "exp: argument 'self': " + what);
  CHECK(error_of([&] { none_given.floor(); }) == "floor: argument 'self': " + what);
  CHECK(error_of([&] { x < none_given; }) == "lt: argument 'other': " + what);
  CHECK(error_of([&] { lerp(x, none_given, x); }) == "lerp: argument 'end': " + what);
  CHECK(error_of([&] { sum(none_given); }) == "sum: argument 'self': " + what);
  CHECK(error_of([&] { none_given.mean(1); }) == "mean: argument 'self': " + what);
  CHECK(error_of([&] { amax(none_given); }) == "amax: argument 'self': " + what);
  CHECK(error_of([&] { argmax(none_given); }) == "argmax: argument 'self': " + what);
  CHECK(error_of([&] { softmax(none_given, 0); }) == "softmax: argument 'self': " + what);
  CHECK(error_of([&] { matmul(x, none_given); }) == "matmul: argument 'other': " + what);
  CHECK(error_of([&] { mm(x, none_given); }) == "mm: argument 'mat2': " + what);
  CHECK(error_of([&] { linear(x, none_given); }) == "linear: argument 'weight': " + what);
}

TEST_CASE("so is writing into one, such as the gradient before the first backward", "[ops]") {
  Tensor w = ones({2}).requires_grad_();
  CHECK(says(error_of([&] { w.grad().zero_(); }), "fill_: argument 'self': expected a defined tensor"));
  CHECK(says(error_of([&] { w.grad().zero_(); }), "that tensor has no gradient yet"));
  CHECK(says(error_of([&] { w.grad() += 1; }), "that tensor has no gradient yet"));
  CHECK(says(error_of([&] { w.grad().uniform_(); }), "expected a defined tensor"));
  CHECK(says(error_of([&] { w.grad()[0] = 1; }), "expected a defined tensor"));
}
