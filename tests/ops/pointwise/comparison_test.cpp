#include "lazuli/ops/pointwise/comparison.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/base/promotion.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/shape/copy.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

TEST_CASE("comparisons promote and give bool", "[ops]") {
  Tensor a = tensor({1, 2, 3}), b = tensor({1.5, 2.0, 2.5});
  for (const Tensor& t : {a == b, a != b, a<b, a <= b, a> b, a >= b}) CHECK(t.dtype() == kBool);
  CHECK(values(a < b) == std::vector<double>{1, 0, 0});
  CHECK(values(a >= 2) == std::vector<double>{0, 1, 1});
  CHECK(values(eq(a, 2.5)) == std::vector<double>{0, 0, 0});
  Tensor z = tensor({Scalar(complex64(1, 0))});
  CHECK(values(z == 1) == std::vector<double>{1});
  CHECK(kind_of([&] { lt(z, z); }) == ErrorKind::Type);
  Tensor c = a * 1;
  gt_(c, 1);
  CHECK(c.dtype() == kInt64);
  CHECK(values(c) == std::vector<double>{0, 1, 1});
}

TEST_CASE("a comparison in place cuts the gradient off", "[ops]") {
  Tensor x = leaf({1.0, -1.0}), y = x * 2;
  gt_(y, 0);
  CHECK(values(y) == std::vector<double>{1, 0});
  y.backward(ones({2}, kFloat64));
  CHECK(values(x.grad()) == std::vector<double>{0, 0});
}

TEST_CASE("predicates of floats and integers", "[ops]") {
  double inf = std::numeric_limits<double>::infinity();
  Tensor x = tensor({1.0, inf, -inf, std::nan("")});
  CHECK(values(isnan(x)) == std::vector<double>{0, 0, 0, 1});
  CHECK(values(isinf(x)) == std::vector<double>{0, 1, 1, 0});
  CHECK(values(isfinite(x)) == std::vector<double>{1, 0, 0, 0});
  CHECK(values(isposinf(x)) == std::vector<double>{0, 1, 0, 0});
  CHECK(values(isneginf(x)) == std::vector<double>{0, 0, 1, 0});
  CHECK(values(isfinite(tensor({1, 2}))) == std::vector<double>{1, 1});
  CHECK(values(isreal(tensor({Scalar(complex64(1, 0)), Scalar(complex64(1, 2))}))) == std::vector<double>{1, 0});
}

TEST_CASE("isclose, allclose, equal", "[ops]") {
  Tensor a = tensor({1.0, 100.0}, kFloat64), b = tensor({1.0 + 1e-9, 100.1}, kFloat64);
  CHECK(values(isclose(a, b)) == std::vector<double>{1, 0});
  CHECK_FALSE(allclose(a, b));
  CHECK(allclose(a, b, 1e-2));
  Tensor nan = tensor({std::nan("")});
  CHECK_FALSE(allclose(nan, nan));
  CHECK(allclose(nan, nan, 1e-5, 1e-8, true));
  CHECK(equal(a, a.clone()));
  CHECK_FALSE(equal(a, b));
  CHECK_FALSE(equal(a, ones({3}, kFloat64)));
  CHECK(equal(empty({0}), empty({0})));
  CHECK_THROWS_AS(isclose(a, to(b, kFloat32)), Error);
  CHECK_THROWS_AS(isclose(a, b, -1), Error);
  CHECK_THROWS_AS(equal(empty({1}, kFloat32, kMeta), empty({1}, kFloat32, kMeta)), Error);
  CHECK(is_nonzero(tensor(3)));
  CHECK_THROWS_AS(is_nonzero(ones({2})), Error);
}

TEST_CASE("isin", "[ops]") {
  Tensor a = tensor({{1, 2}, {3, 4}});
  CHECK(values(isin(a, tensor({2, 4, 9}))) == std::vector<double>{0, 1, 0, 1});
  CHECK(values(isin(a, tensor({2, 4, 9}), false, true)) == std::vector<double>{1, 0, 1, 0});
  CHECK(values(isin(a, 3)) == std::vector<double>{0, 0, 1, 0});
  CHECK(isin(2, a).sizes() == Shape{});
  CHECK(isin(2, a).item<bool>());
  CHECK(isin(a, empty({0}, kInt64)).sizes() == Shape{2, 2});
}

TEST_CASE("result_type follows dimensions before numbers", "[ops]") {
  Tensor half = ones({2}, kFloat16), zero_dim = ones({}, kFloat64), whole = ones({2}, kInt32);
  CHECK(result_type(half, zero_dim) == kFloat16);
  CHECK(result_type(whole, zero_dim) == kFloat64);
  CHECK(result_type(whole, 1.5) == kFloat32);
  CHECK(result_type(half, 3) == kFloat16);
  CHECK(result_type(Scalar(2), whole) == kInt32);
  CHECK(result_type(Scalar(2), Scalar(2.5)) == kFloat32);
  CHECK(promote_types(kUInt8, kInt8) == kInt16);
  CHECK(promote_types(kFloat16, kBFloat16) == kFloat32);
  CHECK(can_cast(kInt64, kFloat16));
  CHECK_FALSE(can_cast(kFloat32, kInt64));
}
