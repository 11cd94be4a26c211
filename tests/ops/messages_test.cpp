#include "lazuli/nn/linear.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

// Whoever calls is named, and what is wrong with a value comes with the value and its place.
TEST_CASE("errors name the function that was called, and the argument that is wrong", "[ops][messages]") {
  const Tensor a = ones({2, 3}), b = ones({4, 5});
  CHECK(error_of([&] { matmul(a, b); }) == "matmul: argument 'other': expected sizes [3, n] for self of sizes [2, 3], got [4, 5]");
  CHECK(error_of([&] { a.mm(b); }) == "mm: argument 'mat2': expected sizes [3, n] for self of sizes [2, 3], got [4, 5]");
  CHECK(error_of([&] {
          embedding(tensor({5}), ones({3, 2}));
        }) == "embedding: argument 'input': expected indices into the 3 rows of weight, got 5 at [0]");
  CHECK(error_of([&] { bernoulli(tensor({0.5, 1.5})); }) == "bernoulli: argument 'self': expected probabilities in [0, 1], got 1.5 at [1]");
  CHECK(error_of([&] { group_norm(ones({1, 2}), 2); }) == "group_norm: argument 'input': expected more than 1 value per channel, got sizes [1, 2]");
  CHECK(error_of([&] { Device(DeviceType::CUDA, 300); }) == "Device: argument 'index': expected an index from 0 to 127, got 300");
}

TEST_CASE("a wrong dtype is told as one, of the argument that has it", "[ops][messages]") {
  const Tensor a = ones({2, 3});
  nn::Linear linear(3, 2);
  CHECK(says(error_of([&] { linear(ones({2, 3}, kInt64)); }), "linear: argument 'input': expected the dtype of weight, float32, got int64"));
  CHECK(error_of([&] { nll_loss(a, ones({2})); }) == "nll_loss: argument 'target': expected int64 classes, got float32 of sizes [2]");
  CHECK(error_of([&] { cross_entropy(a, ones({2})); }) ==
        "cross_entropy: argument 'target': expected int64 classes, or probabilities of the sizes of input, [2, 3], got float32 of sizes [2]");
}
