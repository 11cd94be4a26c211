#include "lazuli/ops/reduce/masked.h"

#include <cmath>
#include <limits>

#include "lazuli/ops/pointwise/comparison.h"
#include "lazuli/ops/reduce/hash.h"
#include "lazuli/ops/reduce/softmax.h"
#include "lazuli/ops/reduce/statistics.h"
#include "tests/ops/pointwise/elementwise_helper.h"

using namespace lazuli;

namespace {
const double kInf = std::numeric_limits<double>::infinity();
Tensor x() { return tensor({{1.0, 5.0, -2.0}, {4.0, 3.0, 7.0}}, kFloat64); }
Tensor mask() { return tensor({{true, false, true}, {true, true, false}}); }
}  // namespace

TEST_CASE("masked: reductions of what the mask lets through", "[ops][masked]") {
  const MaskedOptions m{.mask = mask()};
  CHECK(near(masked::sum(x(), 1, m), {-1, 7}));
  CHECK(near(masked::sum(x(), {}, m), {6}));
  CHECK(near(masked::prod(x(), 1, m), {-2, 12}));
  CHECK(near(masked::amax(x(), 1, m), {1, 4}));
  CHECK(near(masked::amin(x(), 1, m), {-2, 3}));
  CHECK(near(masked::mean(x(), 1, m), {-0.5, 3.5}));
  CHECK(masked::argmax(x(), 1, m).to_vector<int64_t>() == std::vector<int64_t>{0, 0});
  CHECK(masked::argmin(x(), {}, m).item<int64_t>() == 2);
  CHECK(near(masked::median(x(), 1, m), {-2, 3}));
  CHECK(near(masked::norm(x(), 2, 1, m), {std::sqrt(5.0), 5}));
  CHECK(near(masked::var(x(), 1, 1, m), {4.5, 0.5}));
  CHECK(near(masked::std(x(), 1, 0, m), {1.5, 0.5}));
  CHECK(near(masked::logsumexp(x(), 1, m), {std::log(std::exp(1.0) + std::exp(-2.0)), std::log(std::exp(4.0) + std::exp(3.0))}));
  CHECK(masked::sum(x(), 1, {.keepdim = true, .mask = mask()}).sizes() == Shape{2, 1});
  CHECK(masked::sum(x(), 1, {.dtype = kFloat32, .mask = mask()}).dtype() == kFloat32);
  CHECK(masked::amax(tensor({1, 2}), {}, {.mask = tensor({false, false})}).item<int64_t>() == std::numeric_limits<int64_t>::lowest());
  CHECK(near(masked::var(x(), 1), values(var(x(), 1))));
  CHECK(std::isnan(masked::mean(x(), {}, {.mask = tensor(false)}).item<double>()));
  CHECK_THROWS_AS(masked::sum(x(), 1, {.mask = ones({4}, kBool)}), Error);
}

TEST_CASE("masked: a mask of another device is refused before it is counted", "[ops][masked]") {
  const Tensor large = empty({int64_t(1) << 40, 3}, {.device = kMeta});
  const Tensor here = tensor({true, false, true});
  CHECK(error_of([&] { masked::var(large, {}, 1, {.mask = here}); }).starts_with("masked.var: "));
  CHECK(error_of([&] { masked::mean(large, {}, {.mask = here}); }).starts_with("masked.mean: "));
  CHECK(error_of([&] { masked::median(large, 1, {.mask = here}); }).starts_with("masked.median: "));
  CHECK(masked::var(large, 1, 1, {.mask = tensor(true)}).sizes() == Shape{int64_t(1) << 40});  // without dimensions one goes anywhere
}

TEST_CASE("masked: scans, softmax and norms keep the sizes", "[ops][masked]") {
  const MaskedOptions m{.mask = mask()};
  CHECK(near(masked::cumsum(x(), 1, m), {1, 1, -1, 4, 7, 7}));
  CHECK(near(masked::cumprod(x(), 1, m), {1, 1, -2, 4, 12, 12}));
  const Tensor two = softmax(tensor({1.0, -2.0}, kFloat64), 0);
  CHECK(near(masked::softmax(x(), 1, m).select(0, 0), {two.select(0, 0).item<double>(), 0, two.select(0, 1).item<double>()}));
  CHECK(near(masked::softmin(x(), 1, m).select(0, 0), {two.select(0, 1).item<double>(), 0, two.select(0, 0).item<double>()}));
  CHECK(masked::log_softmax(x(), 1, m).select(0, 0).select(0, 1).item<double>() == -kInf);
  CHECK(near(masked::normalize(x(), 2, 1, 1e-12, m).select(0, 1), {0.8, 0.6, 0}));
  CHECK(near(masked::logaddexp(tensor({1.0, 2.0}, kFloat64), tensor({1.0, 3.0}, kFloat64), tensor({true, false})), {1 + std::log(2.0), 3}));
  check_gradients([&](const Tensor& t) { return masked::var(t, 1, 1, m); }, {x().requires_grad_()});
  check_gradients([&](const Tensor& t) { return masked::normalize(t, 2, 1, 1e-12, m); }, {x().requires_grad_()});
}

TEST_CASE("hash_tensor: the exclusive or of 64 bits each", "[ops]") {
  CHECK(hash_tensor(tensor({{1, 2}, {4, 4}}, kInt32)).item<int64_t>() == 3);
  CHECK(hash_tensor(tensor({{1, 2}, {4, 5}}), 1).to_vector<int64_t>() == std::vector<int64_t>{3, 1});
  CHECK(hash_tensor(tensor({1.0f})).item<int64_t>() == 0x3ff0000000000000);
  CHECK(hash_tensor(tensor({{1.0, 1.0}}), 1, true).sizes() == Shape{1, 1});
  CHECK(hash_tensor(empty({0})).item<int64_t>() == 0);
  CHECK_THROWS_AS(hash_tensor(tensor({1}), {}, false, 1), Error);
}
