#include <algorithm>
#include <cmath>

#include "lazuli/ops/index/index_functions.h"
#include "lazuli/ops/index/indexing.h"
#include "lazuli/ops/index/sort.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/shape/copy.h"
#include "lazuli/ops/shape/rearrange.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor counting(const Shape& sizes, DType dtype = kFloat64) { return arange(sizes.numel(), {.dtype = dtype}).reshape(sizes); }
// Every third element.
Tensor thirds(const Shape& sizes) { return eq(remainder(counting(sizes, kInt64), Scalar(3)), Scalar(0)); }
}  // namespace

TEST_CASE("a mask of all dimensions reads, writes and is differentiated as its places say", "[ops]") {
  const Shape sizes{4, 5, 3};
  const Tensor x = counting(sizes), mask = thirds(sizes);
  std::vector<double> wanted;
  for (int i = 0; i < 60; i += 3) wanted.push_back(i);
  CHECK(values(index(x, {mask})) == wanted);
  CHECK(values(index(x.transpose(0, 1), {mask.transpose(0, 1)})).size() == 20);
  CHECK(values(masked_select(x, mask)) == wanted);
  CHECK(values(masked_select(x, mask.select(0, 0))).size() == 20);
  const Tensor put = index_put(x, {mask}, tensor({-1.0}, kFloat64)), scattered = masked_scatter(x, mask, -counting({30}));
  for (int i = 0; i < 60; ++i) {
    CHECK(values(put)[size_t(i)] == (i % 3 ? i : -1));
    CHECK(values(scattered)[size_t(i)] == (i % 3 ? i : -(i / 3)));
  }
  CHECK(put.sizes() == sizes);
  const Tensor leaf = counting({3, 4}).requires_grad_(), number = tensor({2.0}, kFloat64).requires_grad_();
  check_gradients([&](const Tensor& t) { return index(t, {thirds({3, 4})}); }, {leaf});
  check_gradients([&](const Tensor& t, const Tensor& v) { return index_put(t, {thirds({3, 4})}, v); }, {leaf, number});
  CHECK_THROWS_AS(index(x, {thirds({4, 5, 2})}), Error);
}

TEST_CASE("isin: many tests and few say the same", "[ops]") {
  std::vector<double> few{3, 7.5, NAN, -2, 0}, many = few;
  for (int i = 0; i < 200; ++i) many.push_back(1000 + i);
  const Tensor x = tensor({{-0.0, 3.0, 4.0}, {7.5, NAN, 1005.0}}, kFloat64);
  const std::vector<double> of_few{1, 1, 0, 1, 0, 0}, of_many{1, 1, 0, 1, 0, 1};
  CHECK(values(isin(x, from_vector(few, {5}))) == of_few);
  CHECK(values(isin(x, from_vector(many, {205}))) == of_many);
  CHECK(values(isin(x, from_vector(many, {205}), false, true)) == std::vector<double>{0, 0, 1, 0, 1, 0});
  CHECK(isin(x, from_vector(many, {205})).sizes() == Shape{2, 3});
  CHECK(values(isin(tensor({2, 5000}), arange(100))) == std::vector<double>{1, 0});
  CHECK(values(isin(tensor({2.0, 2.5}, kFloat32), arange(100))) == std::vector<double>{1, 0});
}

TEST_CASE("unique gives what is asked for and no more", "[ops]") {
  const Tensor x = tensor({3, 1, 1, 2, 3, 3});
  for (bool inverse : {false, true})
    for (bool counts : {false, true}) {
      const auto [sorted, where, number] = unique(x, {.return_inverse = inverse, .return_counts = counts});
      CHECK(values(sorted) == std::vector<double>{1, 2, 3});
      CHECK(where.defined() == inverse);
      CHECK(number.defined() == counts);
      if (inverse) CHECK(values(where) == std::vector<double>{2, 0, 0, 1, 2, 2});
      if (counts) CHECK(values(number) == std::vector<double>{2, 1, 3});
      const auto [runs, of_run, lengths] = unique_consecutive(x, {.return_inverse = inverse, .return_counts = counts});
      CHECK(values(runs) == std::vector<double>{3, 1, 2, 3});
      if (inverse) CHECK(values(of_run) == std::vector<double>{0, 1, 1, 2, 3, 3});
      if (counts) CHECK(values(lengths) == std::vector<double>{1, 2, 1, 2});
    }
}

TEST_CASE("places at one distance are selected like any others, backwards too", "[ops]") {
  const Tensor x = counting({40, 37}, kFloat32);
  const std::vector<std::vector<int64_t>> all{{3, 5, 7, 9, 11}, {36, 35, 34, 33, 32, 31}, {30, 20, 10, 0}, {4, 4, 4, 4, 4}, {0, 1, 2, 4}};
  for (const auto& places : all)
    for (int64_t dim : {0, 1}) {
      const Tensor y = index_select(x, dim, from_vector(places, {int64_t(places.size())}));
      const std::vector<double> got = values(y);
      for (size_t i = 0; i < got.size(); ++i) {
        const int64_t row = int64_t(i) / y.size(1), column = int64_t(i) % y.size(1);
        CHECK(got[i] == double(dim == 0 ? places[size_t(row)] * 37 + column : row * 37 + places[size_t(column)]));
      }
    }
  for (const DType dtype : {kUInt8, kFloat16, kFloat32, kInt64, kComplex128}) {
    const Tensor line = to(counting({101}), dtype), backwards = flip(line, {0});
    CHECK(values(to(backwards, kFloat64)) == values(Scalar(100) - counting({101})));
    CHECK(equal(flip(backwards, {0}), line));
  }
}

TEST_CASE("one number by a mask of the first dimensions is a choice, which needs no data", "[ops]") {
  Tensor x = counting({2, 3});
  const Tensor mask = tensor({0.0, 1.0}, kFloat64) > 0.5;
  set_item(x, {mask}, Scalar(-1));
  CHECK(values(x) == std::vector<double>{0, 1, 2, -1, -1, -1});
  index_put_(x, {mask}, tensor({7.0}, kFloat64));
  CHECK(values(x) == std::vector<double>{0, 1, 2, 7, 7, 7});
  index_put_(x, {mask}, tensor({1.0}, kFloat64), true);
  CHECK(values(x) == std::vector<double>{0, 1, 2, 8, 8, 8});
  CHECK_THROWS_AS(set_item(x, {tensor({0.0, 1.0, 1.0}, kFloat64) > 0.5}, Scalar(-1)), Error);
  const Tensor shape = zeros({2, 3}, kFloat32, kMeta);
  CHECK(index_put(shape, {zeros({2, 3}, kBool, kMeta)}, zeros({1}, kFloat32, kMeta)).sizes() == Shape{2, 3});
}
