#include "lazuli/ops/index/embedding.h"

#include <cmath>

#include "lazuli/core/warning.h"
#include "lazuli/ops/network/dropout.h"
#include "lazuli/ops/pointwise/binary.h"
#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/pointwise/unary.h"
#include "lazuli/ops/reduce/reduction.h"
#include "lazuli/ops/reduce/statistics.h"
#include "lazuli/ops/shape/copy.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
Tensor table() { return sin(arange(15, {.dtype = kFloat64}) + Scalar(1)).reshape({5, 3}); }
Tensor table_leaf() { return table().requires_grad_(); }
}  // namespace

TEST_CASE("embedding picks rows; padding, frequency and norm limits", "[ops]") {
  Tensor w = table(), index = tensor({{0, 4}, {4, 2}});
  Tensor y = embedding(index, w);
  CHECK(y.sizes() == Shape{2, 2, 3});
  CHECK(equal(y.select(0, 1).select(0, 0), w.select(0, 4)));
  check_gradients([&](const Tensor& t) { return embedding(index, t * t); }, {table_leaf()});
  Tensor a = table_leaf();
  sum(embedding(index, a, -1)).backward();
  CHECK(near(a.grad().select(0, 4), {0, 0, 0}));
  CHECK(near(a.grad().select(0, 2), {1, 1, 1}));
  Tensor b = table_leaf();
  sum(embedding(index, b, {.scale_grad_by_freq = true})).backward();
  CHECK(near(b.grad().select(0, 4), {1, 1, 1}));
  Tensor c = table() * Scalar(10), before = c.clone();
  embedding(tensor({1, 1}), c, {.max_norm = 1.0});
  CHECK(sqrt(sum(square(c.select(0, 1)))).item<double>() == Approx(1).epsilon(1e-6));
  CHECK(equal(c.select(0, 2), before.select(0, 2)));
  CHECK(embedding(tensor({1, 0}, kInt32), w).sizes() == Shape{2, 3});
  CHECK(kind_of([&] { embedding(tensor({5}), w); }) == ErrorKind::Index);
  CHECK(kind_of([&] { embedding(tensor({0.5}), w); }) == ErrorKind::Type);
  CHECK_THROWS_AS(embedding(tensor({0}), w, 7), Error);
}

TEST_CASE("bags of embeddings", "[ops]") {
  Tensor w = table(), index = tensor({0, 1, 4, 4, 2}), offsets = tensor({0, 2, 2});
  Tensor s = embedding_bag(index, w, {.offsets = offsets, .mode = "sum"}), m = embedding_bag(index, w, offsets),
         x = embedding_bag(index, w, {.offsets = offsets, .mode = "max"});
  CHECK(allclose(s.select(0, 0), w.select(0, 0) + w.select(0, 1)));
  CHECK(near(s.select(0, 1), {0, 0, 0}));
  CHECK(allclose(m.select(0, 2), (w.select(0, 4) * Scalar(2) + w.select(0, 2)) / Scalar(3)));
  CHECK(allclose(embedding_bag(index.narrow(0, 0, 4).reshape({2, 2}), w).select(0, 1), w.select(0, 4)));
  for (const char* mode : {"sum", "mean", "max"}) {
    INFO(mode);
    check_gradients([&](const Tensor& t) { return embedding_bag(index, t, {.offsets = offsets, .mode = mode}); }, {table_leaf()});
    check_gradients([&](const Tensor& t) { return embedding_bag(index, t, {.offsets = offsets, .mode = mode, .padding_idx = 4}); }, {table_leaf()});
  }
  check_gradients(
      [&](const Tensor& t, const Tensor& k) { return embedding_bag(index, t, {.offsets = offsets, .mode = "sum", .per_sample_weights = k}); },
      {table_leaf(), leaf({0.5, -1.0, 2.0, 1.0, 0.1})});
  // The last bag goes on to the last index, whatever end the last offset gives.
  for (const char* mode : {"sum", "mean", "max"}) {
    const Tensor ends = tensor({0, 2, 4}), begins = tensor({0, 2});
    const auto closed = [&](const Tensor& t) { return embedding_bag(index, t, {.offsets = ends, .mode = mode, .include_last_offset = true}); };
    CHECK(allclose(closed(w), embedding_bag(index, w, {.offsets = begins, .mode = mode})));
    check_gradients(closed, {table_leaf()});
  }
  CHECK_THROWS_AS(embedding_bag(index, w, {.offsets = zeros({0}, kInt64), .include_last_offset = true}), Error);
  CHECK_THROWS_AS(embedding_bag(index, w), Error);
  CHECK_THROWS_AS(embedding_bag(index, w, tensor({1})), Error);
}

TEST_CASE("an index without a row, and offsets that do not rise, are told with their places", "[ops]") {
  const Tensor w = table(), offsets = tensor({0, 3, 2}), index = tensor({0, 1, 2, 3});
  CHECK(error_of([&] {
          embedding(tensor({{0, 4}, {5, 2}}), w);
        }) == "embedding: argument 'input': expected indices into the 5 rows of weight, got 5 at [1, 0]");
  CHECK(error_of([&] { embedding(tensor({0, -1}), w); }) == "embedding: argument 'input': expected indices into the 5 rows of weight, got -1 at [1]");
  CHECK(error_of([&] {
          embedding(tensor({0, 9}), w, {.max_norm = 1.0});
        }) == "embedding: argument 'input': expected indices into the 5 rows of weight, got 9 at [1]");
  CHECK(error_of([&] {
          embedding_bag(tensor({{0, 4}, {2, 7}}), w);
        }) == "embedding_bag: argument 'input': expected indices into the 5 rows of weight, got 7 at [1, 1]");
  CHECK(error_of([&] { embedding_bag(index, w, offsets); }) == "embedding_bag: argument 'offsets': expected numbers that do not fall, got 2 at [2]");
  CHECK(error_of([&] {
          embedding_bag(index, w, tensor({0, 5}));
        }) == "embedding_bag: argument 'offsets': expected none beyond the 4 indices, got 5 at [1]");
  CHECK(error_of([&] { embedding_bag(index, w, tensor({1, 2})); }) == "embedding_bag: argument 'offsets': expected 0 as the first, got 1");
}

TEST_CASE("one_hot", "[ops]") {
  CHECK(one_hot(tensor({2, 0})).to_vector<int64_t>() == std::vector<int64_t>{0, 0, 1, 1, 0, 0});
  CHECK(one_hot(tensor({{1}}), 4).sizes() == Shape{1, 1, 4});
  CHECK(one_hot(tensor(1)).to_vector<int64_t>() == std::vector<int64_t>{0, 1});
  CHECK_THROWS_AS(one_hot(tensor({-1})), Error);
  CHECK_THROWS_AS(one_hot(tensor({3}), 3), Error);
  CHECK_THROWS_AS(one_hot(tensor({1.0})), Error);
}

TEST_CASE("dropout: share of zeros, scale, gradient, same numbers for the same seed", "[ops]") {
  Tensor x = ones({64, 128}, kFloat64).requires_grad_();
  manual_seed(3);
  Tensor y = dropout(x, 0.25);
  double zeros = 1 - count_nonzero(y).item<double>() / double(y.numel());
  CHECK(zeros == Approx(0.25).margin(0.02));
  CHECK(y.detach().select(0, 0).to_vector<double>()[0] * 0.75 == Approx(y.select(0, 0).select(0, 0).item<double>() > 0 ? 1 : 0));
  sum(y).backward();
  CHECK(equal(x.grad(), y.detach()));
  manual_seed(3);
  CHECK(equal(dropout(x, 0.25), y));
  CHECK_FALSE(equal(dropout(x, 0.25), y));
  CHECK(dropout(x, 0.25, false).is_same(x));
  CHECK(dropout(x, 0).is_same(x));
  CHECK(count_nonzero(dropout(x, 1)).item<int64_t>() == 0);
  CHECK_THROWS_AS(dropout(x, 1.5), Error);
  Generator g(5);
  Tensor in = ones({4, 4});
  CHECK(equal(dropout(in, 0.5, true, Generator(5)), dropout(in, 0.5, true, g)));
  Tensor z = ones({4, 4});
  dropout_(z, 0.5);
  CHECK(z.version() == 1);
}

TEST_CASE("feature dropouts take whole channels, alpha dropout keeps mean and variance", "[ops]") {
  manual_seed(1);
  Tensor y = dropout2d(ones({8, 16, 3, 3}), 0.5);
  Tensor per_channel = sum(y, {2, 3});
  CHECK(all(bitwise_or(eq(per_channel, Scalar(0)), eq(per_channel, Scalar(18)))).item<bool>());
  CHECK(dropout1d(ones({4, 5}), 0.5).sizes() == Shape{4, 5});
  CHECK(dropout3d(ones({4, 2, 2, 2}), 0.5).sizes() == Shape{4, 2, 2, 2});
  CHECK_THROWS_AS(dropout2d(ones({4}), 0.5), Error);
  // Other inputs are computed with a warning, as in PyTorch: of [n, c] each element is a channel.
  std::vector<std::string> told;
  const WarningHandler before = set_warning_handler([&](const std::string& text) { told.push_back(text); });
  const Tensor elements = dropout2d(ones({20, 30}), 0.5);
  CHECK(dropout2d(ones({4}), 0.5, false).sizes() == Shape{4});
  CHECK(dropout3d(ones({4, 30}), 0.5).sizes() == Shape{4, 30});
  set_warning_handler(before);
  CHECK(told.size() == 2);
  CHECK_THAT(told.at(0), Contains("dropout2d: an input of 2 dimensions is no image: 3 or 4 are meant"));
  CHECK(all(bitwise_or(eq(elements, Scalar(0)), eq(elements, Scalar(2)))).item<bool>());
  CHECK(sum(elements).item<double>() == Approx(600).margin(150));
  CHECK(feature_alpha_dropout(tensor(2.0), 0.5, false).item<double>() == 2);
  CHECK_THROWS_AS(feature_alpha_dropout(tensor(2.0), 0.5, true), Error);
  Tensor noise = sin(arange(100000, {.dtype = kFloat64}) * Scalar(12.9898)) * Scalar(std::sqrt(2.0));
  Tensor a = alpha_dropout(noise, 0.3, true);
  CHECK(mean(a).item<double>() == Approx(0).margin(0.02));
  CHECK(var(a).item<double>() == Approx(1).margin(0.03));
  CHECK(feature_alpha_dropout(ones({2, 3, 4}), 0.5, true).sizes() == Shape{2, 3, 4});
  check_gradients([](const Tensor& t) { return dropout1d(t, 0.5, true, Generator(7)); },
                  {sin(arange(24, {.dtype = kFloat64})).reshape({2, 3, 4}).requires_grad_()});
}
