#include <sstream>

#include "lazuli/core/format.h"
#include "lazuli/ops/ops.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {
template <class T>
std::string streamed(const T& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}
}  // namespace

TEST_CASE("shapes, dtypes, devices and numbers print to streams", "[core]") {
  Tensor x = zeros({2, 3}, kFloat64);
  CHECK(streamed(x.sizes()) == "[2, 3]");
  CHECK(streamed(Shape()) == "[]");
  CHECK(streamed(x.dtype()) == "float64");
  CHECK(streamed(x.device()) == "cpu");
  CHECK(streamed(Device(DeviceType::CUDA, 1)) == "cuda:1");
  CHECK(streamed(Scalar(0.5)) == "0.5");
  CHECK(streamed(Scalar(true)) == "true");
  CHECK(streamed(tensor({1, 2})) == "tensor([1, 2])");
  CHECK(streamed(tensor({1, 2}).index({tensor({1})})) == "tensor([2])");
}

TEST_CASE("state dicts print to streams, a line an entry", "[core]") {
  CHECK(streamed(StateDict()) == "{}");
  CHECK(streamed(StateDict{{"a", tensor({1, 2})}, {"b.c", tensor(3)}}) == "{\n  'a': tensor([1, 2]),\n  'b.c': tensor(3),\n}");
}

TEST_CASE("and with {fmt}", "[core]") {
  Tensor x = tensor({{1, 2, 3}});
  CHECK(fmt::format("{} {} {} {} {}", x, x.sizes(), x.dtype(), x.device(), x.sum().item()) == "tensor([[1, 2, 3]]) [1, 3] int64 cpu 6");
  CHECK(fmt::format("{:>8}|{:<9}|", x.sizes(), kFloat32) == "  [1, 3]|float32  |");
}
