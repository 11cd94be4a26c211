#include "lazuli/core/kernel.h"

#include "lazuli/core/slots.h"
#include "lazuli/lazuli.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("a slot on the CPU refuses tensors that lie elsewhere, single ones and those of lists", "[core]") {
  Tensor out = zeros({3});
  const Tensor x = ones({3}), elsewhere = x.to(kMeta), index = zeros({3}, kInt64).to(kMeta);
  CHECK(says(error_of([&] { binary_kernel(kCPU, BinaryOp::Add, out, x, elsewhere, Params()); }),
             "binary: expected tensors on the CPU, where the result is, got one on meta"));
  CHECK(says(error_of([&] { index_kernel(kCPU, out, x, std::span(&index, 1)); }), "index: expected tensors on the CPU"));
  CHECK(out.sum().item<double>() == 0);
  binary_kernel(kCPU, BinaryOp::Add, out, x, x, Params());
  CHECK(out.sum().item<double>() == 6);
}
