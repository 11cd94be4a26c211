#include "lazuli/ops/shape/creation.h"

#include "lazuli/core/error.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;
using Catch::Matchers::Contains;
using Doubles = std::vector<double>;

TEST_CASE("factories take sizes, options and short forms", "[ops]") {
  CHECK(zeros({2, 3}).sizes() == Shape{2, 3});
  CHECK(zeros(5).sizes() == Shape{5});
  CHECK(zeros({}).dim() == 0);
  CHECK(zeros({2}, kInt16).dtype() == kInt16);
  CHECK(ones({2}, {.dtype = kFloat64, .requires_grad = true}).requires_grad());
  CHECK(ones({2}, {.device = kMeta}).device().is_meta());
  CHECK(full({2}, 3).dtype() == kInt64);
  CHECK(full({2}, true).dtype() == kBool);
  CHECK(full({2}, 1.5).dtype() == kFloat32);
  CHECK(full({1}, 7, kFloat64).item<double>() == 7);
  CHECK_THROWS_WITH(zeros({2, -1}), Contains("not negative") && Contains("[2, -1]"));
  CHECK_THROWS_WITH(ones({2}, {.dtype = kInt64, .requires_grad = true}), Contains("floating point"));
  set_default_dtype(kFloat64);
  CHECK(zeros({1}).dtype() == kFloat64);
  CHECK(tensor({1.5}).dtype() == kFloat64);
  set_default_dtype(kFloat32);
}

TEST_CASE("nested braces make tensors", "[ops]") {
  CHECK(tensor(2.5).dim() == 0);
  CHECK(tensor(2).dtype() == kInt64);
  CHECK(tensor({{1, 2}, {3, 4}}).sizes() == Shape{2, 2});
  CHECK(tensor({{{1}}}).sizes() == Shape{1, 1, 1});
  CHECK(tensor({1, 2.5}).dtype() == kFloat32);
  CHECK(tensor({true, false}).dtype() == kBool);
  CHECK(tensor({1, 2}, kFloat64).to_vector<double>() == Doubles{1, 2});
  CHECK(tensor({complex128(1, 2)}).dtype() == kComplex64);
  CHECK_THROWS_WITH(tensor({{1, 2}, {3}}), Contains("rows of one size"));
  CHECK_THROWS_WITH(tensor({complex128(1, 2)}, kFloat32), Contains("complex"));
}

TEST_CASE("vectors and spans are copied or taken over", "[ops]") {
  std::vector<float> values{1, 2, 3, 4};
  Tensor copy = from_vector(values, {2, 2});
  values[0] = 9;
  CHECK(copy.to_vector<double>() == Doubles{1, 2, 3, 4});
  const float* data = values.data();
  Tensor own = from_vector(std::move(values), {4});
  CHECK(own.data() == data);
  CHECK(tensor(std::vector<bool>{true, false}).dtype() == kBool);
  CHECK(tensor(std::vector<int>{1, 2}).dtype() == kInt32);
  CHECK_THROWS_WITH(from_vector(std::vector<int>{1, 2}, {3}), Contains("2 elements"));
  const int64_t raw[] = {5, 6, 7};
  CHECK(frombuffer(std::as_bytes(std::span(raw)), kInt64, 2, 8).to_vector<double>() == Doubles{6, 7});
  CHECK_THROWS_WITH(frombuffer(std::as_bytes(std::span(raw)), kInt64, 4), Contains("at most 3"));
}

TEST_CASE("ranges", "[ops]") {
  CHECK(arange(5).to_vector<double>() == Doubles{0, 1, 2, 3, 4});
  CHECK(arange(5).dtype() == kInt64);
  CHECK(arange(1, 2, 0.25).to_vector<double>() == Doubles{1, 1.25, 1.5, 1.75});
  CHECK(arange(5, 0, -2).to_vector<double>() == Doubles{5, 3, 1});
  CHECK(arange(0).numel() == 0);
  CHECK_THROWS_WITH(arange(0, 5, -1), Contains("step"));
  CHECK_THROWS_WITH(arange(0, 5, 0), Contains("zero"));
  CHECK(linspace(0, 1, 5).to_vector<double>() == Doubles{0, 0.25, 0.5, 0.75, 1});
  CHECK(linspace(3, 9, 1).to_vector<double>() == Doubles{3});
  CHECK(linspace(0, 10, 4, {.dtype = kInt64}).to_vector<double>() == Doubles{0, 3, 6, 10});
  CHECK(logspace(0, 3, 4, 2).to_vector<double>() == Doubles{1, 2, 4, 8});
  CHECK_THROWS_WITH(linspace(0, 1, -1), Contains("steps"));
  CHECK(eye(2, 3).to_vector<double>() == Doubles{1, 0, 0, 0, 1, 0});
  CHECK(eye(3, 2).to_vector<double>() == Doubles{1, 0, 0, 1, 0, 0});
  CHECK(tril_indices(2, 3).to_vector<double>() == Doubles{0, 1, 1, 0, 0, 1});
  CHECK(triu_indices(2, 3, 1).to_vector<double>() == Doubles{0, 0, 1, 1, 2, 2});
}

TEST_CASE("likes keep layout, dtype and device", "[ops]") {
  Tensor x = transpose(zeros({2, 3}, kFloat64), 0, 1);
  CHECK(zeros_like(x).strides() == x.strides());
  CHECK(zeros_like(x).dtype() == kFloat64);
  CHECK(ones_like(x, {.dtype = kInt64}).dtype() == kInt64);
  CHECK(ones_like(x, {.device = kMeta}).device().is_meta());
  CHECK(new_full(x, {2}, 3).dtype() == kFloat64);
  CHECK(full_like(expand(zeros({1}), {4}), 2).is_contiguous());
}
