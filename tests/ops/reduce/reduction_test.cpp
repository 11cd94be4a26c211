#include "lazuli/ops/reduce/reduction.h"

#include <cmath>

#include "lazuli/autograd/autograd.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/extremes.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor cube() { return (arange(24, {.dtype = kFloat64}) * Scalar(0.37) - Scalar(3.1)).reshape({2, 3, 4}); }
Tensor cube_leaf() { return sin(cube()).requires_grad_(); }
}  // namespace

TEST_CASE("dims may be left out, one, several, or none", "[ops]") {
  Tensor x = cube();
  CHECK(sum(x).sizes() == Shape{});
  CHECK(sum(x, none).sizes() == Shape{});
  CHECK(sum(x, {}, true).sizes() == Shape{1, 1, 1});
  CHECK(sum(x, 1).sizes() == Shape{2, 4});
  CHECK(sum(x, {0, -1}).sizes() == Shape{3});
  CHECK(sum(x, {0, -1}, true).sizes() == Shape{1, 3, 1});
  CHECK(sum(x, Shape{2}).sizes() == Shape{2, 3});
  CHECK(x.sum().item<double>() == Approx(24 * 23 / 2 * 0.37 - 24 * 3.1));
  CHECK(near(mean(x, {1, 2}), {-3.1 + 0.37 * 5.5, -3.1 + 0.37 * 17.5}));
  CHECK(kind_of([&] { sum(x, 3); }) == ErrorKind::Index);
  CHECK(kind_of([&] { sum(x, {0, -3}); }) == ErrorKind::Index);
}

TEST_CASE("dtypes of reductions", "[ops]") {
  Tensor i = tensor({1, 2, 3}, kInt32), b = tensor({true, false, true}), u = tensor({1, 0}, kUInt8);
  CHECK(sum(i).dtype() == kInt64);
  CHECK(sum(b).item<int64_t>() == 2);
  CHECK(prod(i).dtype() == kInt64);
  CHECK(sum(i, {}, false, kFloat32).dtype() == kFloat32);
  CHECK(mean(i, {}, false, kFloat64).item<double>() == Approx(2));
  CHECK(kind_of([&] { mean(i); }) == ErrorKind::Type);
  CHECK(any(u).dtype() == kUInt8);
  CHECK(all(b).dtype() == kBool);
  CHECK_FALSE(all(b).item<bool>());
  CHECK(any(b).item<bool>());
  CHECK(count_nonzero(i).item<int64_t>() == 3);
  CHECK(sum(tensor({1, 2}, kBFloat16)).dtype() == kBFloat16);
}

TEST_CASE("sums are in the dtype asked for, small integers too", "[ops]") {
  Tensor x = full({2, 3}, 200, kUInt8);
  CHECK(equal(sum(x, 0, false, kUInt8), full({3}, 144, kUInt8)));
  CHECK(equal(sum(x, {}, false, kInt32), tensor(1200, kInt32)));
  CHECK(equal(nansum(x, {}, false, kInt16), tensor(1200, kInt16)));
  CHECK(sum(x).dtype() == kInt64);
  CHECK(equal(tensordot(ones({1, 1, 1}, kUInt8), full({2, 1, 2}, 200, kUInt8), {0, 1}, {2, 0}), full({1, 1}, 32, kUInt8)));
}

TEST_CASE("reductions of no elements", "[ops]") {
  Tensor e = zeros({0, 3}, kFloat64);
  CHECK(near(sum(e, 0), {0, 0, 0}));
  CHECK(prod(e).item<double>() == 1);
  CHECK(std::isnan(mean(e).item<double>()));
  CHECK(all(e).item<bool>());
  CHECK(kind_of([&] { amax(e, 0); }) == ErrorKind::Index);
  CHECK(amax(e, 1).sizes() == Shape{0});
  CHECK_THROWS_AS(argmax(e), Error);
  // What has no elements has a gradient all the same.
  for (auto* f : {+[](const Tensor& x) { return median(x); }, +[](const Tensor& x) { return nanmedian(x); },
                  +[](const Tensor& x) { return cumulative_trapezoid(x).sum(); }, +[](const Tensor& x) { return trapezoid(x); }}) {
    Tensor none = zeros({0}, kFloat64).requires_grad_();
    f(none).backward();
    CHECK(none.grad().sizes() == Shape{0});
  }
}

TEST_CASE("NaN is passed over by nansum and nanmean", "[ops]") {
  Tensor x = leaf({1.0, NAN, 4.0});
  CHECK(nansum(x).item<double>() == 5);
  CHECK(nanmean(x).item<double>() == 2.5);
  nansum(x).backward();
  CHECK(near(x.grad(), {1, 0, 1}));
}

TEST_CASE("gradients of reductions, both orders", "[ops]") {
  for (DimList dims : {DimList(), DimList(1), DimList{0, 2}})
    for (bool keepdim : {false, true}) {
      INFO(to_string(dims) << keepdim);
      check_gradients([&](const Tensor& x) { return sum(x * x, dims, keepdim); }, {cube_leaf()});
      check_gradients([&](const Tensor& x) { return mean(x * x, dims, keepdim); }, {cube_leaf()});
      check_gradients([&](const Tensor& x) { return nansum(x * x, dims, keepdim); }, {cube_leaf()});
      check_gradients([&](const Tensor& x) { return logsumexp(x, dims, keepdim); }, {cube_leaf()});
      check_gradients([&](const Tensor& x) { return amax(x, dims, keepdim) * Scalar(2); }, {cube_leaf()});
    }
  check_gradients([](const Tensor& x) { return sum_to_size(x * x, {3, 1}); }, {cube_leaf()});
  check_gradients([](const Tensor& x) { return std::get<0>(max(x, 1)); }, {cube_leaf()});
  check_gradients([](const Tensor& x) { return aminmax(x, 2); }, {cube_leaf()});
}

TEST_CASE("the gradient of a product with zeros, both orders", "[ops]") {
  for (auto numbers : {tensor({{2.0, -1.5, 0.5}, {1.0, 3.0, -2.0}}, kFloat64), tensor({{2.0, 0.0, 0.5}, {0.0, 3.0, 0.0}}, kFloat64)}) {
    check_gradients([](const Tensor& x) { return prod(x); }, {numbers.clone().requires_grad_()});
    check_gradients([](const Tensor& x) { return prod(x, 0, true); }, {numbers.clone().requires_grad_()});
    check_gradients([](const Tensor& x) { return prod(x, 1); }, {numbers.clone().requires_grad_()});
  }
}

TEST_CASE("complex sums, means, products and logsumexp", "[ops]") {
  Tensor z = leaf({{complex128(1, 2), complex128(-0.5, 0.25)}, {complex128(0, -1), complex128(2, 1)}}, kComplex128);
  check_gradients([](const Tensor& x) { return sum(x * x, 0); }, {z});
  check_gradients([](const Tensor& x) { return mean(x, 1); }, {z});
  check_gradients([](const Tensor& x) { return prod(x); }, {z});
  check_gradients([](const Tensor& x) { return logsumexp(x, 1); }, {z});
  CHECK(kind_of([&] { amax(z); }) == ErrorKind::Type);
}

TEST_CASE("greatest and least", "[ops]") {
  Tensor x = tensor({{3.0, 1.0, 3.0}, {NAN, 7.0, -1.0}}, kFloat64);
  auto [values, indices] = max(x, 1);
  CHECK(values.select(0, 0).item<double>() == 3);
  CHECK(std::isnan(values.select(0, 1).item<double>()));
  CHECK(indices.to_vector<int64_t>() == std::vector<int64_t>{0, 0});
  CHECK(argmin(tensor({4, 2, 2})).item<int64_t>() == 1);
  CHECK(argmax(x, 1, true).sizes() == Shape{2, 1});
  CHECK(max(tensor({1, 5}), tensor({3, 2})).to_vector<int64_t>() == std::vector<int64_t>{3, 5});
  // equal extremes share the gradient; an index takes it all
  Tensor t = leaf({3.0, 1.0, 3.0});
  max(t).backward();
  CHECK(near(t.grad(), {0.5, 0, 0.5}));
  Tensor u = leaf({3.0, 1.0, 3.0});
  std::get<0>(max(u, 0)).backward();
  CHECK(near(u.grad(), {1, 0, 0}));
}

TEST_CASE("reductions on the meta device and by name", "[ops]") {
  Tensor m = empty({4, 5}, kFloat32, kMeta);
  CHECK(sum(m, 0).sizes() == Shape{5});
  CHECK(std::get<1>(max(m, 1)).dtype() == kInt64);
  CHECK(call("sum", {cube()}, {{"dim", Value::List{0, -1}}, {"keepdim", true}})[0].to_tensor().sizes() == Shape{1, 3, 1});
  CHECK(call("max", {cube(), 1}).size() == 2);
  const Tensor x = tensor({{0., 2.}, {NAN, 0.}});
  for (const char* op : {"any", "all"}) {  // an empty list of dimensions reduces nothing
    CHECK(equal(call(op, {x, Value::List{}})[0].to_tensor(), tensor({{false, true}, {true, false}})));
    CHECK(equal(call(op, {x, Value::List{}, true})[0].to_tensor(), tensor({{false, true}, {true, false}})));
    CHECK(call(op, {x})[0].to_tensor().dim() == 0);
  }
  CHECK(check_op_table().empty());
}
