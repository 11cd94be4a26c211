#include <algorithm>
#include <cmath>
#include <cstring>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/error.h"
#include "lazuli/core/random/philox.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/tests/backends/pointwise/pointwise_helper.h"
#include "lazuli/tests/catch.h"

using namespace pointwise_test;

namespace {

Tensor draw(RandomOp op, int64_t n, DType dtype, double p0, double p1, PhiloxState state = {42, 1000}) {
  Tensor t = new_tensor({n}, dtype);
  random_kernel(kCPU, op, t, p0, p1, state);
  return t;
}

// Mean and standard deviation.
std::pair<double, double> moments(const Tensor& t) {
  Tensor wide = new_tensor(t.sizes(), kFloat64);
  copy_kernel(kCPU, wide, t);
  double sum = 0, squares = 0;
  for (const double v : values_of<double>(wide)) sum += v, squares += v * v;
  const double mean = sum / double(t.numel());
  return {mean, std::sqrt(squares / double(t.numel()) - mean * mean)};
}

}  // namespace

TEST_CASE("Philox-4x32-10 gives the published numbers", "[backends]") {
  // the known answers of Random123 for counter and key 0; and of counter and key 2^64 - 1, of which the upper counter half is 0 here, by construction
  const PhiloxBlock zero = philox(0, 0);
  CHECK(zero.word[0] == 0x6627e8d5u);
  CHECK(zero.word[1] == 0xe169c58du);
  CHECK(zero.word[2] == 0xbc57ac4cu);
  CHECK(zero.word[3] == 0x9b00dbd8u);
}

TEST_CASE("random numbers lie where the contract says", "[backends]") {
  cpu::register_kernels();
  const PhiloxState state{0x123456789abcdefull, 0xfffffffeull};
  const std::vector<float> u = values_of<float>(draw(RandomOp::Uniform, 5000, kFloat32, 0, 1, state));
  const std::vector<double> v = values_of<double>(draw(RandomOp::Uniform, 5000, kFloat64, 0, 1, state));
  for (uint64_t i = 0; i < 5000; i++) {
    REQUIRE(u[i] == philox_uniform(philox(state.seed, state.offset + i / 4).word[i % 4]));
    REQUIRE(v[i] == philox_uniform(philox(state.seed, state.offset + i / 2).pair(int(i % 2))));
  }
  // a tensor's first numbers do not depend on its size, nor on the number of threads
  for (const RandomOp op :
       {RandomOp::Normal, RandomOp::Exponential, RandomOp::Bernoulli, RandomOp::Integers, RandomOp::Cauchy, RandomOp::LogNormal, RandomOp::Geometric})
    for (const DType dtype : {kFloat32, kFloat64, kBFloat16}) {
      const double p1 = op == RandomOp::Integers ? 9 : 2;
      const int before = get_num_threads();
      set_num_threads(1);
      const Tensor small = draw(op, 1001, dtype, 0.25, p1), one = draw(op, 200000, dtype, 0.25, p1);
      set_num_threads(3);
      const Tensor many = draw(op, 200000, dtype, 0.25, p1);
      set_num_threads(before);
      CHECK(std::memcmp(one.address(), many.address(), size_t(one.nbytes())) == 0);
      CHECK(std::memcmp(one.address(), small.address(), size_t(small.nbytes())) == 0);
    }
}

TEST_CASE("random numbers have their distributions' moments", "[backends]") {
  cpu::register_kernels();
  const int64_t n = 200000;
  for (const DType dtype : {kFloat32, kFloat64, kFloat16, kBFloat16}) {
    CAPTURE(int(dtype));
    const auto close = [&](const Tensor& t, double mean, double deviation) {
      const auto [m, s] = moments(t);
      CHECK(std::abs(m - mean) < 0.02 * deviation + (dtype == kBFloat16 ? 0.01 : 0));
      CHECK(s == Approx(deviation).epsilon(0.03));
    };
    close(draw(RandomOp::Uniform, n, dtype, -1, 3), 1, 4 / std::sqrt(12.0));
    close(draw(RandomOp::Normal, n, dtype, 2, 0.5), 2, 0.5);
    close(draw(RandomOp::Exponential, n, dtype, 2, 0), 0.5, 0.5);
    close(draw(RandomOp::Bernoulli, n, dtype, 0.3, 0), 0.3, std::sqrt(0.21));
    close(draw(RandomOp::Geometric, n, dtype, 0.25, 0), 4, std::sqrt(12.0));
    close(draw(RandomOp::LogNormal, n, dtype, 0, 0.5), std::exp(0.125), std::exp(0.125) * std::sqrt(std::exp(0.25) - 1));
  }
  CHECK(moments(draw(RandomOp::Integers, n, kInt64, -3, 7)).first == Approx(1.5).margin(0.05));
  const std::vector<int64_t> wide = values_of<int64_t>(draw(RandomOp::Integers, n, kInt64, 0, 0x1p40));
  CHECK(*std::max_element(wide.begin(), wide.end()) < int64_t(1) << 40);
  CHECK(*std::max_element(wide.begin(), wide.end()) > (int64_t(1) << 40) * 0.999);
  const std::vector<uint8_t> bytes = values_of<uint8_t>(draw(RandomOp::Integers, n, kUInt8, 0, 256));
  CHECK(*std::max_element(bytes.begin(), bytes.end()) == 255);
  const std::vector<BFloat16> b = values_of<BFloat16>(draw(RandomOp::Uniform, n, kBFloat16, 0, 1));
  for (const BFloat16 x : b) REQUIRE(float(x) < 1);
  const std::vector<complex64> c = values_of<complex64>(draw(RandomOp::Normal, n, kComplex64, 0, 1));
  double power = 0;
  for (const complex64 z : c) power += double(z.re) * z.re + double(z.im) * z.im;
  CHECK(power / double(n) == Approx(1).epsilon(0.02));
  Tensor integer = new_tensor({4}, kInt32);
  CHECK_THROWS_AS(random_kernel(kCPU, RandomOp::Normal, integer, 0, 1, {}), Error);
}

TEST_CASE("randperm is a permutation and dropout keeps its share", "[backends]") {
  cpu::register_kernels();
  Tensor p = new_tensor({1001}, kInt64);
  randperm_kernel(kCPU, p, {7, 3});
  std::vector<int64_t> values = values_of<int64_t>(p);
  CHECK(!std::is_sorted(values.begin(), values.end()));
  std::sort(values.begin(), values.end());
  for (int64_t k = 0; k < 1001; k++) REQUIRE(values[size_t(k)] == k);

  const int64_t n = 100001;
  for (const DType dtype : {kFloat32, kFloat64, kFloat16}) {
    Tensor in = new_tensor({n}, dtype), out = new_tensor({n}, dtype), mask = new_tensor({n}, kBool), wide = new_tensor({n}, kFloat32);
    fill_kernel(kCPU, in, 3);
    dropout_kernel(kCPU, out, mask, in, 0.25, {42, 1000});
    copy_kernel(kCPU, wide, out);
    const std::vector<bool> keep = values_of<bool>(mask);
    const std::vector<float> got = values_of<float>(wide);
    int64_t kept = 0;
    for (uint64_t i = 0; i < uint64_t(n); i++) {
      kept += keep[i];
      REQUIRE(keep[i] == (philox_uniform(philox(42, 1000 + i / 4).word[i % 4]) >= 0.25f));
      REQUIRE(got[i] == (keep[i] ? 4.0f : 0.0f));
    }
    CHECK(double(kept) / double(n) == Approx(0.75).epsilon(0.01));
    dropout_kernel(kCPU, out, mask, in, 1, {42, 1000});
    copy_kernel(kCPU, wide, out);
    CHECK(values_of<float>(wide) == std::vector<float>(size_t(n), 0.0f));
  }
}
