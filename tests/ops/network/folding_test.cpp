#include "lazuli/ops/network/folding.h"

#include "tests/ops/network/image_helper.h"

using namespace lazuli;
using namespace lazuli::test;

TEST_CASE("unfold: a convolution is a product with columns, and fold its transpose", "[ops][folding]") {
  const Tensor x = image({2, 3, 6, 7}), w = image({4, 3, 2, 3}, 1);
  const Tensor columns = unfold(x, {2, 3}, {2, 1}, {1, 0}, {1, 2});
  const Tensor y = conv2d(x, w, none, {1, 2}, {1, 0}, {2, 1});
  CHECK(allclose(matmul(w.reshape({4, -1}), columns).reshape(y.sizes()), y));
  const Tensor g = image(columns.sizes(), 2);
  CHECK(sum(g * columns).item<double>() == Approx(sum(fold(g, {6, 7}, {2, 3}, {2, 1}, {1, 0}, {1, 2}) * x).item<double>()));
  CHECK(allclose(unfold(x[0], {2, 3}), unfold(x, {2, 3})[0]));
  CHECK(allclose(fold(unfold(x, 3, 1, 0, 3), {6, 7}, 3, 1, 0, 3).slice(3, 0, 6), x.slice(3, 0, 6)));
}

TEST_CASE("unfold and fold: gradients and halves", "[ops][folding]") {
  expect_gradients([](const Tensor& a) { return unfold(a, 2, 1, 1, 2); }, {leaf({1, 2, 3, 4})});
  expect_gradients([](const Tensor& a) { return fold(a, {3, 4}, 2, 1, 1, 2); }, {leaf({1, 8, 6})});
  const Tensor ones_of_half = ones({1, 9, 4}, kBFloat16);
  CHECK(fold(ones_of_half, {4, 4}, 3).dtype() == kBFloat16);
  CHECK(sum(fold(ones_of_half, {4, 4}, 3)).item<double>() == 36);
}

TEST_CASE("shuffles move channels", "[ops][folding]") {
  const Tensor x = arange(16, {.dtype = kFloat64}).reshape({1, 4, 2, 2});
  CHECK(pixel_shuffle(x, 2).flatten().to_vector<double>() == std::vector<double>{0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15});
  CHECK(equal(pixel_unshuffle(pixel_shuffle(x, 2), 2), x));
  CHECK(channel_shuffle(x, 2).select(2, 0).select(2, 0).flatten().to_vector<double>() == std::vector<double>{0, 8, 4, 12});
  CHECK(pixel_shuffle(image({3, 5, 8, 2, 2}), 2).sizes() == Shape{3, 5, 2, 4, 4});
  expect_gradients([](const Tensor& a) { return channel_shuffle(pixel_unshuffle(a, 2), 4); }, {leaf({1, 1, 4, 2})});
}

TEST_CASE("folding: what does not fit is refused", "[ops][folding]") {
  CHECK_THROWS_AS(unfold(image({2, 3}), {2, 2}), Error);
  CHECK_THROWS_AS(unfold(image({1, 1, 2, 2}), {3, 3}), Error);
  CHECK_THROWS_AS(fold(image({1, 5, 4}), {3, 3}, {2, 2}), Error);
  CHECK_THROWS_AS(fold(image({1, 4, 5}), {3, 3}, {2, 2}), Error);
  CHECK_THROWS_AS(pixel_shuffle(image({1, 3, 2, 2}), 2), Error);
  CHECK_THROWS_AS(pixel_shuffle(image({1, 4, 2, 2}), 0), Error);
  CHECK_THROWS_AS(pixel_unshuffle(image({1, 4, 3, 2}), 2), Error);
  CHECK_THROWS_AS(channel_shuffle(image({1, 4, 3, 2}), 3), Error);
  CHECK_THROWS_AS(channel_shuffle(image({4, 3}), 2), Error);
}
