#include <cmath>
#include <complex>

#include "lazuli/backends/cpu/cpu.h"
#include "lazuli/core/error.h"
#include "lazuli/tests/backends/pointwise/pointwise_helper.h"
#include "lazuli/tests/catch.h"

using namespace pointwise_test;

namespace {
template <class T>
std::vector<T> apply3(TernaryOp op, const std::vector<T>& x, const std::vector<T>& y, const std::vector<T>& z, Params p = {}) {
  Tensor a = make<T>(x), b = make<T>(y), c = make<T>(z), out = new_tensor(a.sizes(), a.dtype());
  ternary_kernel(kCPU, op, out, a, b, c, p);
  return values_of<T>(out);
}
}  // namespace

TEST_CASE("ternary operators", "[backends]") {
  cpu::register_kernels();
  const float nan = NAN;
  CHECK(apply3<float>(TernaryOp::Addcmul, {1, 2}, {3, 4}, {5, 6}, {0.5, 0}) == std::vector<float>{8.5, 14});
  CHECK(apply3<double>(TernaryOp::Addcdiv, {1, 2}, {3, 4}, {4, 8}, {2, 0}) == std::vector<double>{2.5, 3});
  CHECK(apply3<int32_t>(TernaryOp::Addcmul, {1, 2}, {3, 4}, {5, 6}, {2, 0}) == std::vector<int32_t>{31, 50});
  CHECK(apply3<float>(TernaryOp::Lerp, {0, 0, 1}, {10, 10, 7}, {0.25, 0.75, 1}) == std::vector<float>{2.5, 7.5, 7});
  CHECK(apply3<float>(TernaryOp::Clamp, {-1, 0.5, 9, 3}, {0, 0, 0, 5}, {1, 1, 1, 4}) == std::vector<float>{0, 0.5, 1, 4});
  for (const float y : apply3<float>(TernaryOp::Clamp, {nan, 1, 1}, {0, nan, 0}, {2, 2, nan})) CHECK(std::isnan(y));
  CHECK(apply3<int64_t>(TernaryOp::Clamp, {-5, 5}, {-1, -1}, {3, 3}) == std::vector<int64_t>{-1, 3});
  CHECK(float(apply3<BFloat16>(TernaryOp::Addcmul, {BFloat16(1)}, {BFloat16(2)}, {BFloat16(3)}, {1, 0})[0]) == 7);
  CHECK(apply3<complex64>(TernaryOp::Addcmul, {complex64(1)}, {complex64(0, 1)}, {complex64(0, 1)}, {1, 0})[0] == complex64(0));
  Tensor b = new_tensor({2}, kBool), i = new_tensor({2}, kInt32);
  CHECK_THROWS_AS(ternary_kernel(kCPU, TernaryOp::Clamp, b, b, b, b, {}), Error);
  CHECK_THROWS_AS(ternary_kernel(kCPU, TernaryOp::Lerp, i, i, i, i, {}), Error);
}

TEST_CASE("where selects elements of every dtype", "[backends]") {
  cpu::register_kernels();
  const int64_t n = 1501;
  Tensor condition = new_tensor({n}, kBool);
  for (int64_t k = 0; k < n; k++) static_cast<bool*>(condition.address())[k] = k % 3 == 0;
  for (int t = 0; t < kDTypeCount; t++) {
    Tensor a = new_tensor({n}, DType(t)), b = new_tensor({n}, DType(t)), out = new_tensor({n}, DType(t)), plain = new_tensor({n}, kFloat32);
    fill_kernel(kCPU, a, 1);
    fill_kernel(kCPU, b, 0);
    ternary_kernel(kCPU, TernaryOp::Where, out, condition, alias(a, {n}, {0}, 0), b, {});
    copy_kernel(kCPU, plain, out);
    const std::vector<float> got = values_of<float>(plain);
    for (int64_t k = 0; k < n; k++) REQUIRE(got[size_t(k)] == float(k % 3 == 0));
  }
}
