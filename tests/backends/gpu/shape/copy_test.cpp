#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {
const std::vector<DType> kTypes =
    gpu_types({kBool, kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128});
}

TEST_CASE("gpu: a tensor goes to the device and back in every dtype", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : kTypes) {
      INFO(name(t));
      Tensor x = arange(35).reshape({5, 7}).to(t);
      require_same(x.to(d), x);
    }
}

TEST_CASE("gpu: copies convert between any two dtypes like the CPU", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType from : kTypes)
      for (DType to : gpu_types({kBool, kUInt8, kInt32, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64})) {
        INFO(name(from) << " to " << name(to));
        Tensor x = arange(35).reshape({5, 7}).to(from), on_device = x.to(d);
        require_on_device([&] { require_same(on_device.to(to), x.to(to)); });
      }
}

TEST_CASE("gpu: copies follow strides, and broadcast", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = arange(2 * 3 * 4 * 5).reshape({2, 3, 4, 5}), y = x.to(d);
    require_same(y.permute({3, 1, 0, 2}).contiguous(), x.permute({3, 1, 0, 2}).contiguous());
    require_same(y.slice(3, 1, 5, 2).contiguous(), x.slice(3, 1, 5, 2).contiguous());
    require_same(y.select(1, 2).unsqueeze(1).expand({2, 6, 4, 5}).contiguous(), x.select(1, 2).unsqueeze(1).expand({2, 6, 4, 5}).contiguous());
    Tensor into = zeros({4, 6}, kFloat32, d), host = zeros({4, 6});
    into.slice(1, 1, 6, 2).fill_(2.5);
    host.slice(1, 1, 6, 2).fill_(2.5);
    require_same(into, host);
  }
}
