#include "lazuli/core/geometry.h"

#include "lazuli/lazuli.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
constexpr int64_t kHuge = int64_t(1) << 32;
}  // namespace

TEST_CASE("sizes whose product does not fit 63 bits are refused in every way of making a tensor", "[core][geometry]") {
  Tensor one = ones({1}), meta = empty({1}, kFloat32, kMeta);
  CHECK_THAT(error_of([&] { one.expand({kHuge, kHuge}); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { meta.expand({kHuge, kHuge}); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { as_strided(one, {kHuge, kHuge}, {0, 0}); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { as_strided(one, {2, 2}, {INT64_MAX, INT64_MAX}); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { as_strided(one, {1}, {1}, INT64_MAX); }), Contains("inside the storage of 1 elements"));
  CHECK_THAT(error_of([&] { empty({kHuge, kHuge}, kFloat32, kMeta); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { empty({int64_t(1) << 62}, kFloat32, kMeta); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { new_strided({2}, {INT64_MAX / 2}, kFloat64); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { one.expand({kHuge, 1}) + one.expand({1, kHuge}); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { repeat(ones({4}), {int64_t(1) << 62}); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { cat({meta.expand(INT64_MAX), meta.expand(INT64_MAX)}); }), Contains("63 bits"));
  CHECK_THAT(error_of([&] { empty({-1}); }), Contains("not negative"));
  Tensor most = meta.expand(INT64_MAX);
  CHECK(most.numel() == INT64_MAX);
  CHECK(empty({0, kHuge}).expand({3, 0, kHuge}).numel() == 0);
}

TEST_CASE("a tensor has at most 64 dimensions, and those work", "[core][geometry]") {
  Shape most = Shape::filled(64, 1), more = Shape::filled(65, 1);
  Tensor x = ones(most), one = ones({});
  auto refused = [](auto make) { CHECK_THAT(error_of(make), Contains("at most 64 dimensions")); };
  refused([&] { ones(more); });
  refused([&] { empty(Shape::filled(130, 1), kFloat32, kMeta); });
  refused([&] { one.expand(more); });
  refused([&] { one.view(more); });
  refused([&] { one.reshape(more); });
  refused([&] { x.unsqueeze(0); });
  refused([&] { unsqueeze_(x, 3); });
  refused([&] { stack({x, x}); });
  refused([&] { unfold(x, 0, 1, 1); });
  refused([&] { as_strided(one, more, more); });
  refused([&] { view_as_real(ones(most, kComplex64)); });
  refused([&] { one.index(std::vector<IndexItem>(65, std::nullopt)); });
  refused([&] { new_strided(more, more, kFloat32); });
  refused([&] { repeat(x, Shape::filled(65, 1)); });
  CHECK(x.dim() == 64);

  Tensor leaf = ones({}).requires_grad_(), wide = leaf.expand(Shape::filled(64, 1)) * x;
  wide.sum().backward();
  CHECK(leaf.grad().dim() == 0);
  CHECK(leaf.grad().item<float>() == 1);
}
