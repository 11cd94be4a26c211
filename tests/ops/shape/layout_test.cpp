#include "lazuli/ops/shape/layout.h"

#include <cmath>

#include "lazuli/ops/index/async.h"
#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/symbolic.h"
#include "lazuli/ops/random/random.h"
#include "lazuli/ops/table/registry.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

TEST_CASE("empty_permuted and new_empty_strided: strides", "[ops]") {
  CHECK(empty_permuted({2, 3, 4, 5}, {0, 2, 3, 1}).strides() == Shape{60, 1, 15, 3});
  CHECK_THROWS_AS(empty_permuted({2, 3}, {0, 0}), Error);
  CHECK_THROWS_AS(empty_permuted({2, 3}, {0}), Error);
  const Tensor t = new_empty_strided(zeros({1}, kFloat64), {2, 3}, {1, 2});
  CHECK(t.strides() == Shape{1, 2});
  CHECK(t.dtype() == kFloat64);
}

TEST_CASE("resize_: keeps what is there, in the order of memory", "[ops]") {
  Tensor t = tensor({{1, 2, 3}, {4, 5, 6}});
  const void* memory = t.address();
  resize_(t, {2, 2});
  CHECK(t.to_vector<int64_t>() == std::vector<int64_t>{1, 2, 3, 4});
  CHECK(t.address() == memory);
  resize_(t, {4, 2});
  CHECK(t.narrow(0, 0, 3).to_vector<int64_t>() == std::vector<int64_t>{1, 2, 3, 4, 5, 6});
  resize_as_(t, zeros({0, 7}));
  CHECK(t.sizes() == Shape{0, 7});
  CHECK(kind_of([&] { resize_(leaf({1.0, 2.0}), {1}); }) == ErrorKind::State);
  CHECK_THROWS_AS(resize_(t, {-1}), Error);
  CHECK(needs_broadcast({2, 1}, {2, 3}));
  CHECK_FALSE(needs_broadcast({2, 3}, {2, 3}));
}

TEST_CASE("nonzero_static: sizes that do not depend on values", "[ops]") {
  const Tensor t = tensor({{0, 1}, {2, 0}});
  CHECK(nonzero_static(t, 3, -7).to_vector<int64_t>() == std::vector<int64_t>{0, 1, 1, 0, -7, -7});
  CHECK(nonzero_static(t, 1).to_vector<int64_t>() == std::vector<int64_t>{0, 1});
  CHECK(nonzero_static(empty({2, 2}, kFloat32, kMeta), 5).sizes() == Shape{5, 2});
  CHECK_THROWS_AS(nonzero_static(t, -1), Error);
}

TEST_CASE("masked_select_async and multinomial_async", "[ops]") {
  TensorFuture found = masked_select_async(leaf({1.0, 2.0, 3.0}), tensor({true, false, true}));
  found.wait();
  CHECK(found.ready());
  CHECK(near(found.get(), {1, 3}));
  CHECK(found.get().requires_grad());
  CHECK(multinomial_async(tensor({0.0, 1.0}), 3, true).get().to_vector<int64_t>() == std::vector<int64_t>{1, 1, 1});
  CHECK_THROWS_AS(multinomial_async(tensor({0.0, 0.0}), 1).get(), Error);
  const auto drawn = [] { return multinomial_async(ones({50}), 20, false, Generator(3)).get().to_vector<int64_t>(); };
  CHECK(drawn() == drawn());
}

TEST_CASE("binomial: moments, ends and errors", "[ops][random]") {
  for (double n : {3.0, 40.0, 1000.0})
    for (double p : {0.02, 0.3, 0.7}) {
      const Tensor draws = binomial(full({20000}, n, {.dtype = kFloat64}), tensor(p, kFloat64), Generator(5));
      INFO(n << " trials of " << p);
      const std::vector<double> v = values(draws);
      double mean = 0, square = 0;
      for (double d : v) mean += d / double(v.size()), square += d * d / double(v.size());
      CHECK(std::abs(mean - n * p) < 5 * std::sqrt(n * p * (1 - p) / double(v.size())));
      CHECK(square - mean * mean == Approx(n * p * (1 - p)).epsilon(0.08));
    }
  CHECK(near(binomial(tensor({4.0, 4.0}, kFloat64), tensor({0.0, 1.0}, kFloat64)), {0, 4}));
  CHECK_THROWS_AS(binomial(tensor({-1.0}), tensor({0.5})), Error);
  CHECK_THROWS_AS(binomial(tensor({1.0}), tensor({1.5})), Error);
  CHECK(uniform(zeros({3}, kFloat64), {.from = 2, .to = 3}).min().item<double>() >= 2);
}

TEST_CASE("symbolic functions of numbers", "[ops]") {
  CHECK(sym_int(-2.7) == -2);
  CHECK(sym_float(3) == 3.0);
  CHECK(sym_not(0));
  CHECK_FALSE(sym_not(0.5));
  CHECK(sym_ite(true, 1, 2).to<int64_t>() == 1);
  CHECK(sym_max(2, 3.5).to<double>() == 3.5);
  CHECK(sym_min(2, 3.5).is_floating_point());
  CHECK(sym_max(2, 3).is_integral());
  CHECK(sym_sum({1, 2, 3}) == 6);
  CHECK_THROWS_AS(sym_int(1e300), Error);
  CHECK_THROWS_AS(sym_sum({INT64_MAX, 1}), Error);
}

TEST_CASE("by name: conversions and tensors of values", "[ops][table]") {
  CHECK(call("double", {tensor({1, 2})})[0].to_tensor().dtype() == kFloat64);
  CHECK(call("to", {tensor({1, 2}), kFloat16})[0].to_tensor().dtype() == kFloat16);
  CHECK(call("to", {tensor({1, 2}), Value(kMeta)})[0].to_tensor().device().is_meta());
  CHECK(call("item", {tensor(2.5)})[0].to_double() == 2.5);
  CHECK(call("numel", {zeros({2, 3})})[0].to_int() == 6);
  const Tensor t = call("tensor", {Value::List{Value::List{1, 2.5}, Value::List{3, 4}}})[0].to_tensor();
  CHECK(t.sizes() == Shape{2, 2});
  CHECK(t.dtype() == kFloat32);
  CHECK_THROWS_AS(call("tensor", {Value::List{Value::List{1, 2}, 3}}), Error);
  CHECK(call("frombuffer", {std::string("\1\2", 2)}, {{"dtype", kUInt8}})[0].to_tensor().to_vector<int64_t>() == std::vector<int64_t>{1, 2});
  CHECK(call("__rmatmul__", {ones({2, 3}), ones({4, 2})})[0].to_tensor().sizes() == Shape{4, 3});
  CHECK(near(call("special.gammainc", {tensor({1.0}, kFloat64), tensor({1.0}, kFloat64)})[0].to_tensor(), {0.63212055882855767}));
}
