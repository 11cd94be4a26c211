#include <lazuli/func.h>
#include <lazuli/lazuli.h>

#include "tests/catch.h"

// Results of two tensors that have names and are tuples.
using namespace lazuli;

TEST_CASE("sorts, extremes and medians give values and indices by name, by position and in a tuple", "[core][results]") {
  const Tensor x = tensor({{3., 1., 2.}, {6., 5., 4.}});
  CHECK(equal(x.max(1).values, tensor({3., 6.})));
  CHECK(equal(x.max(1).indices, tensor({0, 0})));
  CHECK(equal(max(x, 0).indices, tensor({1, 1, 1})));
  CHECK(equal(x.min(1).indices, tensor({1, 2})));
  CHECK(equal(sort(x, 1).values, tensor({{1., 2., 3.}, {4., 5., 6.}})));
  CHECK(equal(x.sort(1, true).indices, tensor({{0, 2, 1}, {0, 1, 2}})));
  CHECK(equal(topk(x, 1).indices, tensor({{0}, {0}})));
  CHECK(equal(x.topk(2).values, tensor({{3., 2.}, {6., 5.}})));
  CHECK(equal(x.kthvalue(2).values, tensor({2., 5.})));
  CHECK(equal(x.median(1).values, tensor({2., 5.})));
  CHECK(equal(x.nanmedian(1).indices, tensor({2, 1})));
  CHECK(equal(mode(x, 1).values, tensor({1., 4.})));
  CHECK(equal(x.cummax(1).indices, tensor({{0, 0, 0}, {0, 0, 0}})));
  CHECK(equal(cummin(x, 1).values, tensor({{3., 1., 1.}, {6., 5., 4.}})));
  CHECK(equal(x.aminmax().min, tensor(1.)));
  CHECK(equal(aminmax(x).max, tensor(6.)));

  const auto [values, indices] = x.max(1);
  CHECK(equal(values, x.max(1).values));
  CHECK(equal(indices, x.max(1).indices));
  Tensor v, i;
  std::tie(v, i) = x.max(1);
  CHECK(equal(v, values));
  CHECK(equal(std::get<1>(x.max(1)), indices));
  const std::tuple<Tensor, Tensor> plain = x.max(1);
  CHECK(equal(std::get<0>(plain), values));
  const Tensor kept = x.sort(1).values;  // outlives the result that it was in
  CHECK(equal(kept, sort(x, 1).values));
}

TEST_CASE("names and positions of a result lead to the same tensors, in copies too", "[core][results]") {
  const Tensor x = tensor({{3., 1., 2.}, {6., 5., 4.}});
  ValuesIndices a = x.max(1), b = a;
  std::get<0>(a) = zeros({2});
  CHECK(a.values.is_same(std::get<0>(a)));
  CHECK(equal(b.values, tensor({3., 6.})));
  b = a;
  CHECK(b.values.is_same(a.values));
  const ValuesIndices c = std::move(b);
  CHECK((c.values.is_same(a.values) && c.indices.is_same(a.indices)));
  ValuesIndices empty;
  CHECK(!empty.values.defined());
  empty = x.min(1);
  CHECK(equal(empty.values, tensor({1., 4.})));
  const auto mapped = func::vmap([](const Tensor& row) { return row.max(0); })(x);
  CHECK(equal(mapped.values, tensor({3., 6.})));
}

TEST_CASE("moments, histograms and fractions are results with names, too", "[core][results]") {
  const Tensor x = tensor({{3., 1., 2.}, {6., 5., 4.}});
  CHECK(equal(var_mean(x, 1).var, tensor({1., 1.})));
  CHECK(equal(var_mean(x, 1).mean, tensor({2., 5.})));
  CHECK(equal(std_mean(x, 1).std, tensor({1., 1.})));
  CHECK(equal(std_mean(x).mean, tensor(3.5)));
  const auto [root, middle] = std_mean(x, 1);
  CHECK(equal(root, tensor({1., 1.})));
  const std::tuple<Tensor, Tensor> plain = var_mean(x);
  CHECK(equal(std::get<1>(plain), middle.mean()));

  CHECK(equal(histogram(x, 5).hist, tensor({1., 1., 1., 1., 2.})));
  CHECK(equal(x.histogram(5).bin_edges, tensor({1., 2., 3., 4., 5., 6.})));
  CHECK(equal(histogram(x, tensor({0., 3.5, 7.})).hist, tensor({3., 3.})));
  HistogramddResult of_points = histogramdd(x.t(), {1, 2});
  CHECK(equal(of_points.hist, tensor({{1., 2.}})));
  CHECK(of_points.bin_edges.size() == 2);
  const auto copy = of_points;
  of_points.bin_edges.clear();
  CHECK(copy.bin_edges.size() == 2);

  CHECK(equal(frexp(tensor({8.})).mantissa, tensor({0.5})));
  CHECK(tensor({8.}).frexp().exponent.item<int>() == 4);
  CHECK(frexp(tensor({8.})).second.item<int>() == 4);
}
