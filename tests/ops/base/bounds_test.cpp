#include "lazuli/lazuli.h"
#include "tests/errors.h"

using namespace lazuli;

// What cannot be meant is refused at once: an Error, not minutes of work, and nothing undefined.

namespace {
constexpr int64_t kHuge = int64_t(1) << 62;
template <class F>
void refused(const char* part, F f) {
  std::string text = error_of(f);
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
}
}  // namespace

TEST_CASE("triangles of indices are counted, not gone through", "[ops][bounds]") {
  CHECK(tril_indices(kHuge, 1, 3 - kHuge).sizes() == Shape{2, 3});
  CHECK(triu_indices(kHuge, 2, 0).sizes() == Shape{2, 3});
  CHECK(triu_indices(kHuge, kHuge, INT64_MAX).sizes() == Shape{2, 0});
  CHECK(tril_indices(5, 5, INT64_MIN).sizes() == Shape{2, 0});
  refused("tril_indices", [] { tril_indices(kHuge, kHuge); });
  refused("triu_indices", [] { triu_indices(kHuge, kHuge); });
  for (int64_t offset = -5; offset <= 5; ++offset) {
    INFO(offset);
    Tensor m = ones({3, 4});
    CHECK(equal(tril_indices(3, 4, offset), nonzero(tril(m, offset)).t()));
    CHECK(equal(triu_indices(3, 4, offset), nonzero(triu(m, offset)).t()));
  }
}

TEST_CASE("orders and counts that the host would go through have bounds", "[ops][bounds]") {
  Tensor x = tensor({0.5, 2.0}, kFloat64);
  refused("at most 65536", [&] { special::laguerre_polynomial_l(x, tensor({1e13, 1e13}, kFloat64)); });
  refused("at most 65536", [&] { special::legendre_polynomial_p(x, full({2}, std::nan(""), kFloat64)); });
  CHECK(special::hermite_polynomial_h(x, full({2}, -1e300, kFloat64)).sum().item<double>() == 0);
  refused("1 to 4096", [&] { mvlgamma(x, int64_t(1) << 40); });
  refused("2^20 pieces", [&] { tensor_split(x, kHuge); });
  refused("2^20 pieces", [&] { chunk(zeros({0}), kHuge); });
  refused("2^20 pieces", [&] { unbind(x[0].expand(kHuge)); });
  refused("2^20 pieces", [&] { split(x[0].expand(kHuge), 1); });
  CHECK(chunk(x, kHuge).size() == 2);
  CHECK(split(x, INT64_MAX).size() == 1);
  refused("63 bits", [&] { split_with_sizes(x, {INT64_MAX, INT64_MAX}); });
  refused("combinations", [&] { combinations(arange(1000), 500); });
  refused("combinations", [&] { combinations(arange(10), kHuge, true); });
  CHECK(combinations(arange(3), kHuge).sizes() == Shape{0, kHuge});
  CHECK(combinations(arange(4), 2).sizes() == Shape{6, 2});
  CHECK(combinations(arange(3), 2, true).sizes() == Shape{6, 2});
  Tensor image = rand({1, 3, 2});
  CHECK(nn::functional::local_response_norm(image, int64_t(1) << 40).sizes() == image.sizes());
}

TEST_CASE("the area under a 0-d tensor is refused", "[ops][bounds]") {
  Tensor y = ones({});
  refused("a 0-d tensor", [&] { trapezoid(y); });
  refused("a 0-d tensor", [&] { trapezoid(y, y); });
  refused("a 0-d tensor", [&] { cumulative_trapezoid(y); });
  refused("a 0-d tensor", [&] { cumulative_trapezoid(y, y); });
}

TEST_CASE("bounds of random numbers are ones that the dtype has", "[ops][bounds]") {
  Tensor bytes = zeros({4}, kInt8), half = zeros({4}, kFloat16);
  refused("int8", [&] { random_(bytes, 0, 300); });
  refused("int8", [&] { random_(bytes, -129, 0); });
  CHECK_NOTHROW(random_(bytes, -128, 128));
  refused("uint8", [&] { randint(300, {4}, {.dtype = kUInt8}); });
  CHECK_NOTHROW(randint(256, {4}, {.dtype = kUInt8}));
  refused("bool", [&] { randint(3, {4}, {.dtype = kBool}); });
  refused("float16", [&] { uniform_(half, 0, 1e6); });
  refused("float16", [&] { uniform_(half, -6e4, 6e4); });
  CHECK_NOTHROW(uniform_(half, 0, 6e4));
}

TEST_CASE("a number that an integer dtype does not have is not written", "[ops][bounds]") {
  Tensor x = zeros({2}, kInt32);
  refused("int32", [&] { x.fill_(1e30); });
  refused("int32", [&] { x.fill_(std::nan("")); });
  refused("int32", [&] { x.fill_(int64_t(1) << 31); });
  refused("uint8", [&] { full({2}, 300, kUInt8); });
  CHECK(x.sum().item<int64_t>() == 0);
  CHECK(full({1}, -2147483648.0, kInt32).item<int64_t>() == -2147483648LL);
  CHECK(full({1}, -1, kUInt8).item<int64_t>() == 255);
}

TEST_CASE("offsets of bags do not fall", "[ops][bounds]") {
  Tensor table = ones({4, 2}), index = arange(4);
  refused("do not fall", [&] { embedding_bag(index, table, tensor({0, 3, 1})); });
  CHECK(embedding_bag(index, table, tensor({0, 2, 2})).sizes() == Shape{3, 2});
}

TEST_CASE("products of integers take factors without their fraction", "[ops][bounds]") {
  Tensor m = tensor({1, 2, 3, 4}).reshape({2, 2}), v = tensor({1, 1});
  CHECK(equal(addmv(v, m, v, 2.9, 1.5), v * 2 + mv(m, v)));
  Tensor b = m.unsqueeze(0);
  CHECK(equal(baddbmm(b, b, b, 2.9, 1.5), b * 2 + bmm(b, b)));
  CHECK(equal(addbmm(m, b, b, 2.9, 1.5), m * 2 + mm(m, m)));
}

TEST_CASE("a group of one value has nothing to be normalized by", "[ops][bounds]") {
  refused("group_norm", [] { nn::functional::group_norm(ones({1, 4}), 4); });
}

TEST_CASE("sizes to broadcast may be single numbers", "[ops][bounds]") {
  auto result = call("broadcast_shapes", {Value(Shape{5, 1}), Value(int64_t(5))});
  CHECK(result.at(0).to_shape() == Shape{5, 5});
}
