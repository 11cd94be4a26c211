#include "lazuli/ops/pointwise/arithmetic.h"

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

TEST_CASE("operators work on tensors and numbers from both sides", "[ops]") {
  Tensor a = tensor({1.0, 2.0, 5.0}), b = tensor({4.0, 2.0, -3.0});
  CHECK(values(a + b) == std::vector<double>{5, 4, 2});
  CHECK(values(a - 1) == std::vector<double>{0, 1, 4});
  CHECK(values(1 - a) == std::vector<double>{0, -1, -4});
  CHECK(values(2 * a) == std::vector<double>{2, 4, 10});
  CHECK(values(10 / a) == std::vector<double>{10, 5, 2});
  CHECK(values(a % b) == std::vector<double>{1, 0, -1});
  CHECK(values(7 % b) == std::vector<double>{3, 1, -2});
  CHECK(values(-a) == std::vector<double>{-1, -2, -5});
  CHECK(values(a == 2) == std::vector<double>{0, 1, 0});
  CHECK(values(2 < a) == std::vector<double>{0, 0, 1});
  CHECK(values((a > 1) & (b > 0)) == std::vector<double>{0, 1, 0});
  CHECK(values(~(a > 1) | (b < 0)) == std::vector<double>{1, 0, 1});
  Tensor c = tensor({6, 3}) ^ 5;
  CHECK(c.dtype() == kInt64);
  CHECK(values(c) == std::vector<double>{3, 6});
  CHECK(values(tensor({1, 3}) << 2) == std::vector<double>{4, 12});
  a += 1;
  a *= 2;
  a -= 2;
  a /= 2;
  CHECK(values(a) == std::vector<double>{1, 2, 5});
}

TEST_CASE("add and sub scale by alpha in every dtype", "[ops]") {
  Tensor i = tensor({1, 2}), j = tensor({10, 20});
  CHECK(values(add(i, j, 3)) == std::vector<double>{31, 62});
  CHECK(values(sub(i, j, 2)) == std::vector<double>{-19, -38});
  CHECK(values(add(tensor({1.0, 2.0}), j, 0.5)) == std::vector<double>{6, 12});
  CHECK(values(rsub(i, 10)) == std::vector<double>{9, 8});
  Tensor big = add(tensor({int64_t(1)}), tensor({int64_t(1)}), (int64_t(1) << 60) + 1);  // no detour through floating point
  CHECK(big.item<int64_t>() == (int64_t(1) << 60) + 2);
  CHECK_THAT(error_of([&] { add(i, j, 0.5); }), Contains("add: argument 'alpha'"));
  CHECK_THAT(error_of([&] { add(i, j, true); }), Contains("alpha"));
  Tensor yes = tensor({true, false});
  for (int alpha : {0, 2}) {
    CHECK(equal(add(yes, tensor({false, true}), alpha), tensor({true, alpha != 0})));
    CHECK(equal(add_(yes.clone(), yes, alpha), yes));
  }
  Tensor f = tensor({1.0, 2.0});
  add_(f, j, 2);
  CHECK(values(f) == std::vector<double>{21, 42});
  add_(i, j, 2);
  CHECK(values(i) == std::vector<double>{21, 42});
  sub_(i, j, 2);
  CHECK(values(i) == std::vector<double>{1, 2});
}

TEST_CASE("division: true, rounding, and its gradients", "[ops]") {
  Tensor a = tensor({7, -7}), b = tensor({2, 2});
  CHECK(div(a, b).dtype() == kFloat32);
  CHECK(values(div(a, b)) == std::vector<double>{3.5, -3.5});
  CHECK(values(div(a, b, "trunc")) == std::vector<double>{3, -3});
  CHECK(values(div(a, b, "floor")) == std::vector<double>{3, -4});
  CHECK(values(floor_divide(a, 2)) == std::vector<double>{3, -4});
  CHECK(values(remainder(a, 3)) == std::vector<double>{1, 2});
  CHECK(values(fmod(a, 3)) == std::vector<double>{1, -1});
  CHECK_THAT(error_of([&] { div(a, b, "up"); }), Contains("rounding_mode"));
  CHECK_THAT(error_of([&] { div_(a, b); }), Contains("div_"));  // a float result does not go into integers
  CHECK(values(a) == std::vector<double>{7, -7});
  CHECK_THROWS_AS(floor_divide(a, 0), Error);
}

TEST_CASE("arithmetic refuses what has no meaning", "[ops]") {
  Tensor flag = tensor({true, false}), z = tensor({Scalar(complex64(1, 2))});
  CHECK(kind_of([&] { sub(flag, flag); }) == ErrorKind::Type);
  CHECK(kind_of([&] { neg(flag); }) == ErrorKind::Type);
  CHECK(kind_of([&] { positive(flag); }) == ErrorKind::Type);
  CHECK(kind_of([&] { remainder(z, z); }) == ErrorKind::Type);
  CHECK(kind_of([&] { floor_divide(flag, flag); }) == ErrorKind::Type);
  CHECK_THAT(error_of([&] { add(tensor({1, 2, 3}), tensor({1, 2})); }), Contains("add") && Contains("[3]") && Contains("[2]"));
  CHECK_THROWS_AS(add(Tensor(), flag), Error);
}

TEST_CASE("arithmetic gradients of both orders", "[ops]") {
  Tensor a = leaf({{1.5, -2.0, 0.7}, {0.3, 1.1, -0.9}}), b = leaf({2.5, -1.3, 0.6});
  check_gradients([](const Tensor& x, const Tensor& y) { return add(x, y, 0.5); }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& y) { return sub(x, y, 3); }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& y) { return x * y; }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& y) { return x / y; }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& y) { return remainder(x, y); }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& y) { return fmod(x, y); }, {a, b});
  check_gradients([](const Tensor& x) { return 3 / (2 - x); }, {a});
  Tensor z = leaf({Scalar(complex128(1, 2)), Scalar(complex128(-0.5, 0.3))}, kComplex128),
         w = leaf({Scalar(complex128(0.7, -1)), Scalar(complex128(2, 1))}, kComplex128);
  check_gradients([](const Tensor& x, const Tensor& y) { return x * y; }, {z, w});
  check_gradients([](const Tensor& x, const Tensor& y) { return x / y; }, {z, w});
}

TEST_CASE("arithmetic in place keeps history and values", "[ops]") {
  Tensor w = leaf({1.0, 2.0, 3.0}), v = leaf({4.0, 5.0, 6.0});
  Tensor y = w * 1;
  y.mul_(v);
  y.add_(v);
  y.div_(w);
  y.sub_(w);
  CHECK(values(y) == std::vector<double>{7, 5.5, 5});
  autograd::backward({y}, {.grad_tensors = {ones({3}, kFloat64)}});
  // y = v + v / w - w
  CHECK(near(w.grad(), {-4 - 1, -1.25 - 1, -6.0 / 9 - 1}));
  CHECK(near(v.grad(), {2, 1.5, 1 + 1.0 / 3}));
  CHECK_THROWS_AS(w.add_(v), Error);  // a leaf that requires grad
  Tensor view = ones({2, 3});
  view.select(0, 1).mul_(tensor({2.0, 3.0, 4.0}));
  CHECK(values(view) == std::vector<double>{1, 1, 1, 2, 3, 4});
}

TEST_CASE("an operand in place overlaps the result wholly or not at all", "[ops]") {
  Tensor x = ones({3, 3}), row = x.select(0, 1);
  CHECK_THAT(error_of([&] { x.add_(row); }), Contains("overlaps"));
  CHECK_THAT(error_of([&] { x.mul_(x.t()); }), Contains("clone it first"));
  CHECK(values(x) == std::vector<double>(9, 1));
  x.add_(x);
  x.select(0, 0).add_(row);
  CHECK(values(x) == std::vector<double>{4, 4, 4, 2, 2, 2, 2, 2, 2});
  Tensor wide = ones({3}).expand({2, 3});
  CHECK_THROWS_AS(wide.add_(x), Error);
  wide.fill_(3);
  CHECK(values(wide) == std::vector<double>(6, 3));
}

TEST_CASE("results are written into out", "[ops]") {
  Tensor out = empty({3}), a = tensor({1.0, 2.0, 3.0}), b = tensor({1.0, 1.0, 1.0});
  void* memory = out.address();
  add_out(out, a, b, 2);
  CHECK(values(out) == std::vector<double>{3, 4, 5});
  CHECK(out.address() == memory);
  Tensor fresh = empty({0}, kFloat64);
  add_out(fresh, a, b);
  CHECK(fresh.dtype() == kFloat64);
  CHECK(values(fresh) == std::vector<double>{2, 3, 4});
  Tensor larger = empty({2, 3});
  CHECK_THAT(error_of([&] { add_out(larger, a, b); }), Contains("out"));
  Tensor whole = empty({3}, kInt64);
  CHECK_THROWS_AS(mul_out(whole, a, b), Error);
  CHECK_THROWS_AS(mul_out(out, leaf({1.0, 2.0}), b), Error);
}

TEST_CASE("arithmetic runs on the meta device", "[ops]") {
  Tensor a = empty({4, 1}, kFloat32, kMeta), b = empty({3}, kInt64, kMeta);
  Tensor c = (a + b) * 2 / (a - 1);
  CHECK(c.sizes() == Shape{4, 3});
  CHECK(c.dtype() == kFloat32);
  CHECK(c.device().is_meta());
  a.add_(empty({1}, kFloat32, kMeta)).mul_(a);
  CHECK(a.sizes() == Shape{4, 1});
}
