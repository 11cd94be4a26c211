#include "lazuli/ops/pointwise/ternary.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/pointwise/aliases.h"
#include "lazuli/ops/shape/copy.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

TEST_CASE("where chooses, promotes and broadcasts", "[ops]") {
  Tensor c = tensor({true, false, true});
  CHECK(values(where(c, tensor({1, 2, 3}), 0)) == std::vector<double>{1, 0, 3});
  CHECK(where(c, tensor({1, 2, 3}), 0.5).dtype() == kFloat32);
  CHECK(where(c, 1, 2).dtype() == kInt64);
  CHECK(where(c, ones({2, 1}, kFloat64), ones({3})).sizes() == Shape{2, 3});
  CHECK(where(c, ones({2, 1}, kFloat64), ones({3})).dtype() == kFloat64);
  CHECK_THROWS_AS(where(tensor({1.0}), 1, 2), Error);
  std::vector<Tensor> at = where(tensor({{0, 5}, {7, 0}}));
  REQUIRE(at.size() == 2);
  CHECK(values(at[0]) == std::vector<double>{0, 1});
  CHECK(values(at[1]) == std::vector<double>{1, 0});
  CHECK_THROWS_AS(where(empty({2}, kBool, kMeta)), Error);
}

TEST_CASE("clamp with numbers, tensors and one limit only", "[ops]") {
  Tensor x = tensor({-2.0, 0.5, 3.0, std::nan("")});
  std::vector<double> limited = values(clamp(x, -1, 1));
  CHECK(limited[0] == -1);
  CHECK(limited[1] == 0.5);
  CHECK(limited[2] == 1);
  CHECK(std::isnan(limited[3]));
  CHECK(values(clamp(tensor({1, 5}), none, 2.5)) == std::vector<double>{1, 2.5});
  CHECK(values(clamp(tensor({1, 5}), tensor({2, 2}), tensor({3, 1}))) == std::vector<double>{2, 1});
  CHECK(values(clamp_min(tensor({1, 5}), 2)) == std::vector<double>{2, 5});
  CHECK(values(clamp_max(tensor({1, 5}), tensor(2))) == std::vector<double>{1, 2});
  CHECK_THAT(error_of([&] { clamp(x, std::optional<Scalar>()); }), Contains("min"));
  clamp_(x, 0);
  CHECK(values(x)[0] == 0);
}

TEST_CASE("gradients of functions of three tensors", "[ops]") {
  Tensor a = leaf({{-1.5, 0.2, 2.0}, {0.9, -0.4, 1.1}}), b = leaf({-0.5, 0.4, 0.8}), c = leaf({{1.3}, {0.7}});
  Tensor mask = tensor({{true, false, true}, {false, false, true}});
  check_gradients([&](const Tensor& x, const Tensor& y) { return where(mask, x, y); }, {a, b});
  check_gradients([](const Tensor& x) { return clamp(x, -0.5, 1); }, {a});
  check_gradients([](const Tensor& x, const Tensor& low, const Tensor& high) { return clamp(x, low, high); }, {a, b, c});
  check_gradients([](const Tensor& x, const Tensor& low) { return clamp_min(x, low); }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& high) { return clamp_max(x, high); }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& end, const Tensor& weight) { return lerp(x, end, weight); }, {a, b, c});
  check_gradients([](const Tensor& x, const Tensor& end) { return lerp(x, end, 0.3); }, {a, b});
  check_gradients([](const Tensor& x, const Tensor& y, const Tensor& z) { return addcmul(x, y, z, 0.5); }, {a, b, c});
  check_gradients([](const Tensor& x, const Tensor& y, const Tensor& z) { return addcdiv(x, y, z, 0.5); }, {a, b, c});
  check_gradients([&](const Tensor& x, const Tensor& value) { return masked_fill(x, mask, value); }, {a, leaf(2.5)});
  check_gradients(
      [&](const Tensor& x, const Tensor& y) {
        Tensor t = x * 1;
        addcmul_(t, y, y, 2);
        lerp_(t, y, 0.25);
        masked_fill_(t, mask, 1);
        return clamp_(t, -1, 3);
      },
      {a, b});
}

TEST_CASE("addcmul, addcdiv, lerp: dtypes", "[ops]") {
  Tensor i = tensor({1, 2});
  CHECK(values(addcmul(i, i, i, 2)) == std::vector<double>{3, 10});
  CHECK_THROWS_AS(addcmul(i, i, i, 0.5), Error);
  CHECK_THROWS_AS(addcdiv(i, i, i), Error);
  CHECK_THROWS_AS(lerp(i, i, 0.5), Error);
  CHECK_THROWS_AS(lerp(ones({2}), ones({2}, kFloat64), 0.5), Error);
}

TEST_CASE("masked_fill checks mask and value", "[ops]") {
  Tensor x = ones({2, 2}), mask = tensor({true, false});
  CHECK(values(masked_fill(x, mask, 5)) == std::vector<double>{5, 1, 5, 1});
  CHECK(masked_fill(tensor({1, 2}), mask, 2.7).dtype() == kInt64);
  CHECK_THROWS_AS(masked_fill(x, tensor({1, 0}), 5), Error);
  CHECK_THROWS_AS(masked_fill(x, mask, tensor({5.0})), Error);
  CHECK_THROWS_AS(masked_fill(x, mask, Scalar(complex64(1, 1))), Error);
  CHECK_THROWS_AS(masked_fill_(x, ones({3, 2, 2}, kBool), 5), Error);
  masked_fill_(x, mask, 0);
  CHECK(values(x) == std::vector<double>{0, 1, 0, 1});
}

TEST_CASE("clip is clamp", "[ops]") {
  const Tensor x = tensor({-1.0, 0.5, 3.0});
  CHECK(equal(clip(x, 0, 2), clamp(x, 0, 2)));
  CHECK(equal(clip(x, {}, tensor({0.0, 1.0, 2.0})), clamp(x, {}, tensor({0.0, 1.0, 2.0}))));
}
