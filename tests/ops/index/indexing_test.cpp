#include "lazuli/ops/index/indexing.h"

#include <sstream>

#include "lazuli/autograd/gradcheck.h"
#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;
using autograd::gradcheck;
using autograd::gradgradcheck;
using Doubles = std::vector<double>;

namespace {
Tensor numbers(const Shape& sizes) { return reshape(arange(sizes.numel(), {.dtype = kFloat64}), sizes); }
Tensor leaf(const Shape& sizes) { return clone(numbers(sizes)).requires_grad_(); }
template <class F>
ErrorKind kind_of(F f) {
  try {
    f();
  } catch (const Error& e) { return e.kind(); }
  return ErrorKind::File;
}
}  // namespace

TEST_CASE("basic indexing gives views", "[ops]") {
  Tensor x = numbers({3, 4});
  CHECK(x.index({1}).to_vector<double>() == Doubles{4, 5, 6, 7});
  CHECK(x[1][2].item<double>() == 6);
  CHECK(x.index({Slice(0, 3, 2), -1}).to_vector<double>() == Doubles{3, 11});
  CHECK(x.index({Ellipsis, none, 0}).sizes() == Shape{3, 1});
  CHECK(x.index({none, Ellipsis}).sizes() == Shape{1, 3, 4});
  CHECK(x.index({}).storage() == x.storage());
  CHECK(x.index({tensor(2), tensor(1)}).storage() == x.storage());
  Tensor row = x.index({1});
  row.fill_(0);
  CHECK(sum(x[1]).item<double>() == 0);
  CHECK(kind_of([&] { x.index({3}); }) == ErrorKind::Index);
  CHECK(kind_of([&] { x.index({0, 0, 0}); }) == ErrorKind::Index);
  CHECK(kind_of([&] { x.index({Ellipsis, Ellipsis}); }) == ErrorKind::Index);
  CHECK_THROWS_WITH(x.index({Slice(0, 2, -1)}), Contains("positive step"));
}

TEST_CASE("index tensors: neighbours stay in place, others come first", "[ops]") {
  Tensor x = numbers({2, 3, 4, 5}), a = tensor({0, 1, 1}), b = tensor({{2}, {-1}});
  CHECK(x.index({Slice(), a}).sizes() == Shape{2, 3, 4, 5});
  CHECK(x.index({Slice(), tensor({0, 1}), tensor({1, 2})}).sizes() == Shape{2, 2, 5});
  CHECK(x.index({a, Slice(), b}).sizes() == Shape{2, 3, 3, 5});
  CHECK(x.index({a, Slice(), b})[0][1][2][0].item<double>() == 1 * 60 + 2 * 20 + 2 * 5);
  CHECK(x.index({Slice(), a, b})[1][1][2][0].item<double>() == 60 + 20 + 15);
  CHECK(x.index({0, Slice(), a}).sizes() == Shape{3, 3, 5});
  CHECK(x.index({a, 0, Ellipsis, tensor({0})}).sizes() == Shape{3, 4});
  CHECK(x.index({a.to(kInt32)}).sizes() == Shape{3, 3, 4, 5});
  CHECK(x.index({empty({0}, kInt64)}).sizes() == Shape{0, 3, 4, 5});
  CHECK(kind_of([&] { x.index({tensor({2})}); }) == ErrorKind::Index);
  CHECK(kind_of([&] { x.index({a, tensor({0, 1})}); }) == ErrorKind::Index);
  CHECK(kind_of([&] { x.index({tensor({1.5})}); }) == ErrorKind::Index);
}

TEST_CASE("masks cover as many dimensions as they have", "[ops]") {
  Tensor x = numbers({2, 3}), mask = gt(x, 2);
  CHECK(x.index({mask}).to_vector<double>() == Doubles{3, 4, 5});
  CHECK(x.index({Slice(), tensor({true, false, true})}).to_vector<double>() == Doubles{0, 2, 3, 5});
  Tensor y = numbers({2, 3, 4});
  CHECK(y.index({mask, Slice(1, 2)}).to_vector<double>() == Doubles{13, 17, 21});
  CHECK(y.index({mask, tensor({0})}).to_vector<double>() == Doubles{12, 16, 20});
  CHECK(x.index({true}).sizes() == Shape{1, 2, 3});
  CHECK(x.index({false}).sizes() == Shape{0, 2, 3});
  CHECK(tensor(5.).index({tensor(true)}).sizes() == Shape{1});
  CHECK_THROWS_WITH(x.index({tensor({true})}), Contains("mask"));
  CHECK_THROWS_WITH(y.index({Slice(), mask}), Contains("mask"));
}

TEST_CASE("assignment broadcasts and reaches the base", "[ops]") {
  Tensor x = zeros({3, 4}, kFloat64);
  x.index_put_({Slice(1, 3), 0}, tensor({1., 2.}));
  CHECK(x.select(1, 0).to_vector<double>() == Doubles{0, 1, 2});
  x.index_put_({tensor({0, -1}), Slice(2)}, full({1, 1, 2}, 5., kFloat64));
  CHECK(x.to_vector<double>() == Doubles{0, 0, 5, 5, 1, 0, 0, 0, 2, 0, 5, 5});
  set_item(x, {gt(x, 1)}, -1);
  CHECK(sum(x).item<double>() == -4);
  set_item(x, {Ellipsis}, 0);
  x.index_put_({tensor({1, 1, 1}), 2}, ones({}, kFloat64), true);
  CHECK(x[1][2].item<double>() == 3);
  x.index_put_({0}, tensor({1, 2, 3, 4}));
  CHECK(x[0].to_vector<double>() == Doubles{1, 2, 3, 4});
  CHECK_THROWS_WITH(x.index_put_({tensor({0})}, zeros({3}, kFloat64)), Contains("broadcast"));
  CHECK_THROWS_WITH(x.index_put_({tensor({0})}, zeros({1}, kFloat32)), Contains("dtype"));
  CHECK_THROWS_WITH(leaf({2}).index_put_({0}, zeros({}, kFloat64)), Contains("leaf"));
}

TEST_CASE("gradients of indexing", "[ops]") {
  Tensor i = tensor({0, 2, 0});
  auto get = [&](const Tensor& x) {
    Tensor y = x.index({Slice(), i, none, 1});
    return mul(y, y);
  };
  CHECK(gradcheck(get, {leaf({2, 3, 2})}));
  CHECK(gradgradcheck(get, {leaf({2, 3, 2})}));
  auto set = [&](const Tensor& x, const Tensor& v) {
    Tensor y = mul(x, x);
    y.index_put_({Slice(0, 1), tensor({2, 1})}, mul(v, v));
    return mul(y, x);
  };
  CHECK(gradcheck(set, {leaf({2, 3}), leaf({2})}));
  CHECK(gradgradcheck(set, {leaf({2, 3}), leaf({2})}));
  auto accumulate = [&](const Tensor& x, const Tensor& v) { return mul(index_put(x, {i}, v, true), x); };
  CHECK(gradcheck(accumulate, {leaf({3}), leaf({1})}));
  auto masked = [&](const Tensor& x) {
    return mul(masked_select(x, tensor({{true}, {false}})), masked_scatter(x, tensor({true, false}), flip(x, {0})).select(0, 0));
  };
  CHECK(gradcheck(masked, {leaf({2, 2})}));
}

TEST_CASE("index functions", "[ops]") {
  Tensor x = numbers({3, 2}), i = tensor({2, 0});
  CHECK(index_select(x, 0, i).to_vector<double>() == Doubles{4, 5, 0, 1});
  CHECK(index_add(x, 0, i, ones({2, 2}, kFloat64), 10).to_vector<double>() == Doubles{10, 11, 2, 3, 14, 15});
  CHECK(index_copy(x, 1, tensor({1}), zeros({3, 1}, kFloat64)).to_vector<double>() == Doubles{0, 0, 2, 0, 4, 0});
  CHECK(index_fill(x, 0, tensor({-1}), 7).to_vector<double>() == Doubles{0, 1, 2, 3, 7, 7});
  CHECK(index_reduce(x, 0, tensor({0, 0}), full({2, 2}, 5., kFloat64), "amax").to_vector<double>() == Doubles{5, 5, 2, 3, 4, 5});
  CHECK(index_reduce(x, 0, tensor({0, 0}), numbers({2, 2}), "mean", false).to_vector<double>() == Doubles{1, 2, 2, 3, 4, 5});
  CHECK(take(x, tensor({{5, -1}})).to_vector<double>() == Doubles{5, 5});
  CHECK(put(x, tensor({0, 0}), ones({2}, kFloat64), true).to_vector<double>() == Doubles{2, 1, 2, 3, 4, 5});
  CHECK(take_along_dim(x, argsort(x, 0, true), 0).to_vector<double>() == Doubles{4, 5, 2, 3, 0, 1});
  CHECK(nonzero(x).sizes() == Shape{5, 2});
  CHECK(nonzero_as_tuple(tensor(3.))[0].sizes() == Shape{1});
  CHECK_THROWS_WITH(index_fill(tensor({1, 2}, kInt8), 0, tensor({0}), 300), Contains("int8"));
  CHECK_THROWS_WITH(index_select(x, 0, tensor({3})), Contains("3"));
  CHECK_THROWS_WITH(index_select(x, 0, tensor({0.5})), Contains("int64"));
  CHECK_THROWS_WITH(index_add(x, 0, i, ones({2, 3}, kFloat64)), Contains("[2, 2]"));
  CHECK_THROWS_WITH(masked_scatter(x, gt(x, 0), ones({2}, kFloat64)), Contains("at least 5"));
  CHECK_THROWS_WITH(put(x, tensor({0}), ones({2}, kFloat64)), Contains("as many"));
  Tensor y = numbers({3, 2});
  Tensor column = y.select(1, 0);
  index_fill_(column, 0, i, -1);
  CHECK(y.to_vector<double>() == Doubles{-1, 1, 2, 3, -1, 5});
  Tensor turned = transpose(y, 0, 1);
  put_(turned, tensor({1}), tensor({9.}, kFloat64));
  CHECK(y[1][0].item<double>() == 9);
}

TEST_CASE("gather and scatter", "[ops]") {
  Tensor x = numbers({2, 3}), i = tensor({{0, 2}, {1, 1}});
  CHECK(gather(x, 1, i).to_vector<double>() == Doubles{0, 2, 4, 4});
  CHECK(scatter(x, 1, i, 9).to_vector<double>() == Doubles{9, 1, 9, 3, 9, 5});
  CHECK(scatter_add(x, 1, i, ones({2, 3}, kFloat64)).to_vector<double>() == Doubles{1, 1, 3, 3, 6, 5});
  CHECK(scatter(x, 1, i, full({2, 2}, 2., kFloat64), "multiply").to_vector<double>() == Doubles{0, 1, 4, 3, 16, 5});
  CHECK(scatter_reduce(x, 1, i, full({2, 2}, 10., kFloat64), "mean").to_vector<double>() == Doubles{5, 1, 6, 3, 8, 5});
  CHECK(scatter_reduce(x, 1, i, full({2, 2}, 10., kFloat64), "amin", false).to_vector<double>() == Doubles{10, 1, 10, 3, 10, 5});
  CHECK(gather(tensor(4.), 0, tensor({0})).sizes() == Shape{1});
  CHECK_THROWS_WITH(gather(x, 1, tensor({{3}, {0}})), Contains("3"));
  CHECK_THROWS_WITH(gather(x, 1, tensor({0})), Contains("as many dimensions"));
  CHECK_THROWS_WITH(scatter(x, 1, i, zeros({2, 1}, kFloat64)), Contains("no larger"));
  CHECK_THROWS_WITH(scatter(x, 1, i, zeros({2, 2})), Contains("dtype"));
  CHECK_THROWS_WITH(scatter_reduce(x, 1, i, x, "median"), Contains("median"));
  auto f = [&](const Tensor& a, const Tensor& b) { return mul(gather(a, 1, i), gather(scatter_add(a, 1, i, b), 1, i)); };
  CHECK(gradcheck(f, {leaf({2, 3}), leaf({2, 3})}));
  CHECK(gradgradcheck(f, {leaf({2, 3}), leaf({2, 3})}));
  for (const char* reduce : {"sum", "prod", "mean", "amax", "amin"})
    for (bool include : {true, false}) {
      auto g = [&](const Tensor& a, const Tensor& b) { return scatter_reduce(a, 1, i, b, reduce, include); };
      CHECK(gradcheck(g, {add(leaf({2, 3}).detach(), 0.5).requires_grad_(), add(mul(leaf({2, 2}).detach(), 1.3), 0.1).requires_grad_()}));
    }
}

TEST_CASE("sorting and counting", "[ops]") {
  Tensor x = tensor({{3., 1., 2.}, {std::numeric_limits<double>::quiet_NaN(), 5., 4.}});
  auto [values, indices] = sort(x);
  CHECK(indices.to_vector<double>() == Doubles{1, 2, 0, 2, 1, 0});
  CHECK(std::get<0>(topk(x.index({0}), 2)).to_vector<double>() == Doubles{3, 2});
  CHECK(std::get<1>(kthvalue(x, 2, 1)).to_vector<double>() == Doubles{2, 1});
  CHECK_THROWS_WITH(topk(x, 4), Contains("[0, 3]"));
  CHECK_THROWS_WITH(kthvalue(x, 0), Contains("[1, 3]"));
  CHECK_THROWS_WITH(sort(tensor({complex128(1, 2)})), Contains("real"));
  Tensor edges = tensor({1., 3., 5.});
  CHECK(bucketize(tensor({1., 2., 9.}), edges).to_vector<double>() == Doubles{0, 1, 3});
  CHECK(searchsorted(edges, 3., {.out_int32 = true, .right = true}).dtype() == kInt32);
  CHECK(searchsorted(edges, 3., {.side = "right"}).item<int64_t>() == 2);
  CHECK(searchsorted(tensor({1, 2, 3}), tensor({1.5, 2.5})).to_vector<double>() == Doubles{1, 2});  // compared as their common dtype
  CHECK(searchsorted(tensor({1, 2, 3}), 1.5).item<int64_t>() == 1);
  auto [distinct, inverse, counts] = unique(tensor({3, 1, 3, 2}), true, true, true);
  CHECK(distinct.to_vector<double>() == Doubles{1, 2, 3});
  CHECK(inverse.to_vector<double>() == Doubles{2, 0, 2, 1});
  CHECK(counts.to_vector<double>() == Doubles{1, 1, 2});
  CHECK(std::get<0>(unique(tensor({{2, 1}, {1, 1}, {2, 1}}), true, false, false, 0)).to_vector<double>() == Doubles{1, 1, 2, 1});
  CHECK(std::get<0>(unique_consecutive(tensor({1, 1, 2, 1}))).to_vector<double>() == Doubles{1, 2, 1});
  CHECK(bincount(tensor({1, 1, 3}), none, 6).to_vector<double>() == Doubles{0, 2, 0, 1, 0, 0});
  CHECK(bincount(tensor({0, 1}), tensor({.5, .25})).to_vector<double>() == Doubles{.5, .25});
  CHECK_THROWS_WITH(bincount(tensor({-1})), Contains("not negative"));
  CHECK(histc(tensor({1., 2., 2., 4.}), 3, 1, 4).to_vector<double>() == Doubles{1, 2, 1});
  auto f = [](const Tensor& a) { return mul(std::get<0>(sort(a, 0, true)), a); };
  CHECK(gradcheck(f, {leaf({2, 3})}));
  CHECK(gradgradcheck(f, {leaf({2, 3})}));
  CHECK(gradcheck([](const Tensor& a) { return std::get<0>(kthvalue(a, 2)); }, {leaf({2, 3})}));
}

TEST_CASE("a slice prints as Python's", "[ops]") {
  std::ostringstream text;
  text << Slice(0, -1) << " " << Slice();
  CHECK(text.str() == "slice(0, -1, None) slice(None, None, None)");
}
