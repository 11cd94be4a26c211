#include "lazuli/core/slots/linalg_slots.h"

#include <cmath>

#include "tests/backends/kernel_test.h"

// The slots of decompositions on the CPU: matrices by columns, one info for each.
namespace lazuli::test {
namespace {

// [batch, m, n] stored by columns, from numbers that are written that way.
Tensor by_columns(const Shape& sizes, DType dtype, const std::vector<double>& numbers) {
  backend_of(kCPU);
  Tensor t = new_strided(sizes, {sizes[1] * sizes[2], 1, sizes[1]}, dtype);
  for (size_t i = 0; i < numbers.size(); ++i) store_scalar(static_cast<char*>(t.address()) + int64_t(i) * t.item_size(), dtype, numbers[i]);
  return t;
}
std::vector<double> stored(const Tensor& t) {
  std::vector<double> numbers;
  for (int64_t i = 0; i < t.numel(); ++i)
    numbers.push_back(load_scalar(static_cast<const char*>(t.address()) + i * t.item_size(), t.dtype()).to<double>());
  return numbers;
}
const std::vector<DType> kTypes{kFloat32, kFloat64};

}  // namespace

TEST_CASE("cholesky writes one triangle, zeros the other and counts minors", "[backends][linalg]") {
  for (DType dtype : kTypes)
    for (bool upper : {false, true}) {
      Tensor a = by_columns({2, 2, 2}, dtype, {4, upper ? 99.0 : 2, upper ? 2 : 99.0, 5, 1, 2, 2, 1}), info = new_tensor({2}, kInt32);
      cholesky_kernel(kCPU, a, info, upper);
      const std::vector<double> got = stored(a);
      CHECK(std::vector<double>(got.begin(), got.begin() + 4) == (upper ? std::vector<double>{2, 0, 1, 2} : std::vector<double>{2, 1, 0, 2}));
      CHECK(stored(info) == std::vector<double>{0, 2});
    }
}

TEST_CASE("lu exchanges rows and tells of a zero pivot", "[backends][linalg]") {
  for (DType dtype : kTypes) {
    Tensor a = by_columns({2, 2, 2}, dtype, {0, 4, 2, 1, 0, 0, 1, 1}), pivots = new_tensor({2, 2}, kInt32), info = new_tensor({2}, kInt32);
    lu_kernel(kCPU, a, pivots, info);
    CHECK(stored(info) == std::vector<double>{0, 1});
    CHECK(load_scalar(pivots.address(), kInt32).to<int>() == 2);
    const std::vector<double> got = stored(a);
    CHECK(std::vector<double>(got.begin(), got.begin() + 4) == std::vector<double>{4, 0, 1, 2});
  }
}

TEST_CASE("a triangular solve reads its triangle only", "[backends][linalg]") {
  for (DType dtype : kTypes) {
    const Tensor a = by_columns({1, 2, 2}, dtype, {2, NAN, 4, 8});
    Tensor left = by_columns({1, 2, 1}, dtype, {10, 16}), right = by_columns({1, 1, 2}, dtype, {2, 12});
    triangular_solve_kernel(kCPU, left, a, true, true, false);
    triangular_solve_kernel(kCPU, right, a, true, false, false);
    CHECK(stored(left) == std::vector<double>{1, 2});
    CHECK(stored(right) == std::vector<double>{1, 1});
  }
}

TEST_CASE("eigh, eig and svd refuse NaN by info, each matrix for itself", "[backends][linalg]") {
  for (DType dtype : kTypes) {
    const std::vector<double> numbers{3, 0, 0, 2, 1, NAN, 1, 1};
    Tensor info = new_tensor({2}, kInt32), values = new_tensor({2, 2}, dtype), none_wanted;
    Tensor a = by_columns({2, 2, 2}, dtype, numbers);
    eigh_kernel(kCPU, a, values, info, false, true);
    CHECK(stored(info) == std::vector<double>{0, -1});
    CHECK(load_scalar(values.address(), dtype).to<double>() == Approx(2));
    a = by_columns({2, 2, 2}, dtype, numbers);
    svd_kernel(kCPU, a, none_wanted, values, none_wanted, info);
    CHECK(stored(info) == std::vector<double>{0, -1});
    CHECK(load_scalar(values.address(), dtype).to<double>() == Approx(3));
    a = by_columns({2, 2, 2}, dtype, numbers);
    Tensor complex_values = new_tensor({2, 2}, complex_dtype(dtype));
    eig_kernel(kCPU, a, complex_values, none_wanted, info);
    CHECK(stored(info) == std::vector<double>{0, -1});
  }
}

}  // namespace lazuli::test
