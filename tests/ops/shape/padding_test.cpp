#include "lazuli/ops/shape/padding.h"

#include "tests/ops/network/image_helper.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
std::vector<double> padded(const Shape& around, std::string_view mode) {
  return pad(tensor({1.0, 2.0, 3.0, 4.0}).reshape({1, 4}), around, mode).to_vector<double>();
}
}  // namespace

TEST_CASE("pad: what each mode puts around", "[ops][padding]") {
  using V = std::vector<double>;
  CHECK(padded({2, 1}, "constant") == V{0, 0, 1, 2, 3, 4, 0});
  CHECK(padded({2, 1}, "reflect") == V{3, 2, 1, 2, 3, 4, 3});
  CHECK(padded({2, 1}, "replicate") == V{1, 1, 1, 2, 3, 4, 4});
  CHECK(padded({2, 1}, "circular") == V{3, 4, 1, 2, 3, 4, 1});
  CHECK(padded({-1, 2}, "constant") == V{2, 3, 4, 0, 0});
  // reflect and replicate look at what is cut off, circular does not
  CHECK(padded({-2, 3}, "reflect") == V{3, 4, 3, 2, 1});
  CHECK(padded({1, -2}, "replicate") == V{1, 1, 2});
  CHECK(padded({2, -3}, "replicate") == V{1, 1, 1});
  CHECK(padded({2, -1}, "circular") == V{2, 3, 1, 2, 3});
  CHECK(padded({-1, 2}, "circular") == V{2, 3, 4, 2, 3});
  CHECK(pad(ones({2, 1}), {0, 0, 1, 0}, "constant", 7).to_vector<float>() == std::vector<float>{7, 1, 1});
  CHECK(constant_pad_nd(ones({2}, kInt64), {1, 1}, 5).to_vector<int64_t>() == std::vector<int64_t>{5, 1, 1, 5});
}

TEST_CASE("pad: several dimensions, from the last on", "[ops][padding]") {
  const Tensor x = image({2, 3, 4, 5});
  const Tensor y = pad(x, {1, 2, 3, 0}, "circular");
  CHECK(y.sizes() == Shape{2, 3, 7, 8});
  CHECK(equal(y.slice(2, 3).slice(3, 1, 6), x));
  CHECK(equal(pad(pad(x, {1, 2, 0, 0}, "circular"), {0, 0, 3, 0}, "circular"), y));
  CHECK(pad(x, {0, 0, 0, 0}, "reflect").address() != x.address());
  CHECK(pad(empty({2, 3, 4}, {.device = kMeta}), {1, 1}, "reflect").sizes() == Shape{2, 3, 6});
  CHECK(equal(pad(x.to(bare()), {1, 1, 1, 1}, "replicate").cpu(), pad(x, {1, 1, 1, 1}, "replicate")));
}

TEST_CASE("pad: gradients of first and second order", "[ops][padding]") {
  for (const char* mode : {"constant", "reflect", "replicate", "circular"}) {
    INFO(mode);
    expect_gradients([&](const Tensor& a) { return pad(a, {2, 1, -1, 2}, mode); }, {leaf({1, 3, 4})});
  }
}

TEST_CASE("pad: what does not fit is refused", "[ops][padding]") {
  const Tensor x = image({1, 2, 3, 3});
  CHECK_THROWS_AS(pad(x, {1}), Error);
  CHECK_THROWS_AS(pad(x, Shape::filled(10, 1)), Error);
  CHECK_THROWS_AS(pad(x, {-2, -2}), Error);
  CHECK_THROWS_AS(pad(x, {3, 0, 0, 0}, "reflect"), Error);
  CHECK_THROWS_AS(pad(x, {4, 0, 0, 0}, "circular"), Error);
  CHECK_THROWS_AS(pad(x, {1, 1}, "reflect"), Error);
  CHECK_THROWS_AS(pad(x, {1, 1, 1, 1}, "mirror"), Error);
  CHECK_THROWS_AS(pad(x, {1, 1, 1, 1}, "reflect", 1), Error);
}
