// Operators on a device that is not the CPU: results as there, and no waiting for the device where it is not needed.
#include <cmath>

#include "lazuli/core/error.h"
#include "lazuli/lazuli.h"
#include "lazuli/ops/pointwise/bessel.h"
#include "lazuli/tests/catch.h"
#include "lazuli/tests/ops/bare_device.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

void check_same(const Tensor& there, const Tensor& here) {
  CHECK(there.device() == bare());
  CHECK(there.sizes() == here.sizes());
  CHECK(there.to_vector<double>() == here.to_vector<double>());
}

}  // namespace

TEST_CASE("linspace on a device is linspace on the CPU, bit for bit", "[ops][device]") {
  reset_kernel_counts();
  for (DType t : {kFloat32, kFloat64})
    for (int64_t steps : {0, 1, 2, 3, 10, 101})
      for (auto [start, end] : {std::pair(0.0, 1.0), {-3.3, 7.1}, {5.0, 5.0}, {1e9, -1e-9}})
        check_same(linspace(start, end, steps, {.dtype = t, .device = bare()}), linspace(start, end, steps, {.dtype = t}));
  CHECK(counts_of("linspace").cpu == 0);
  check_same(linspace(2, 9, 5, {.dtype = kInt64, .device = bare()}), linspace(2, 9, 5, {.dtype = kInt64}));
  CHECK(counts_of("linspace").cpu == 1);
}

TEST_CASE("repeat_interleave by a tensor", "[ops][device]") {
  for (DType t : {kInt64, kInt32}) {
    const Tensor repeats = tensor({2, 0, 3, 1}, t), none = tensor({0, 0}, t), x = randn({4, 2});
    CHECK(repeat_interleave(repeats).to_vector<int64_t>() == std::vector<int64_t>{0, 0, 2, 2, 2, 3});
    CHECK(repeat_interleave(repeats).dtype() == t);
    CHECK(repeat_interleave(none).numel() == 0);
    CHECK(repeat_interleave(none.narrow(0, 0, 0)).numel() == 0);
    check_same(repeat_interleave(repeats.to(bare())), repeat_interleave(repeats));
    check_same(repeat_interleave(x.to(bare()), repeats.to(bare()), 0), repeat_interleave(x, repeats, 0));
    CHECK_THROWS_AS(repeat_interleave(tensor({2, -1}, t)), Error);
    CHECK_THROWS_AS(repeat_interleave(repeats, std::optional<int64_t>(5)), Error);
  }
}

TEST_CASE("unique rows", "[ops][device]") {
  Tensor rows = randint(0, 3, {40, 3}), signs = tensor({{-0.0, 5.0}, {0.0, 3.0}, {0.0, 5.0}});
  for (const Tensor& t : {rows, rows.to(kFloat32), rows.narrow(1, 0, 1), rows.narrow(0, 0, 1), signs}) {
    auto [here, inverse_here, counts_here] = unique(t, true, true, true, 0);
    auto [there, inverse_there, counts_there] = unique(t.to(bare()), true, true, true, 0);
    check_same(there, here);
    check_same(inverse_there, inverse_here);
    check_same(counts_there, counts_here);
  }
}

TEST_CASE("the gradient of a product looks at no data on a device", "[ops][device]") {
  for (double zero : {0.0, 2.0}) {
    Tensor x = tensor({1.5, zero, -3.0, 0.5}).requires_grad_(), there = x.detach().to(bare()).requires_grad_();
    prod(x).backward();
    prod(there).backward();
    std::vector<double> expected = x.grad().to_vector<double>(), got = there.grad().to_vector<double>();
    for (size_t i = 0; i < 4; ++i) CHECK(got[i] == Approx(expected[i]));
  }
}

TEST_CASE("labels and probabilities are not read on a device, but what is wrong is seen", "[ops][device]") {
  const Tensor x = log_softmax(randn({3, 4}), 1), labels = tensor({0, 3, 1}), bad = tensor({0, 4, 1});
  CHECK(nll_loss(x.to(bare()), labels.to(bare())).item<float>() == Approx(nll_loss(x, labels).item<float>()));
  CHECK_THROWS_AS(nll_loss(x.to(bare()), bad.to(bare())), Error);
  CHECK_THROWS_AS(multi_margin_loss(x.to(bare()), bad.to(bare())), Error);
  CHECK_THROWS_AS(one_hot(bad.to(bare()), 4), Error);
  check_same(one_hot(labels.to(bare()), 5), one_hot(labels, 5));
  CHECK_THROWS_AS(binary_cross_entropy(tensor({1.5}), tensor({1.0})), Error);
  CHECK(std::isnan(binary_cross_entropy(tensor({1.5}).to(bare()), tensor({1.0}).to(bare())).item<float>()));
}

TEST_CASE("what the host computes for a device is counted under its name", "[ops][device]") {
  const Tensor x = tensor({0.5, 3.0}).to(bare());
  reset_kernel_counts();
  check_same(frexp(x).first, frexp(x.cpu()).first);
  CHECK(counts_of("frexp").cpu == 1);
  poisson(x);
  CHECK(counts_of("poisson").cpu == 1);
  special::modified_bessel_k0(x);
  CHECK(counts_of("special.modified_bessel_k0").cpu == 1);
  frexp(x.cpu());
  CHECK(counts_of("frexp").cpu == 1);
}
