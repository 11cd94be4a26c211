#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

TEST_CASE("gpu: arange has the CPU's bits in every dtype", "[backends][gpu][arange]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kUInt8, kInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64})) {
      INFO(name(t));
      require_on_device([&] {
        for (int64_t n : {1, 127, 128, 129, 1000}) require_same(arange(0, n, 1, {.dtype = t, .device = d}), arange(0, n, 1, {.dtype = t}));
        require_same(arange(100, -7, -3, {.dtype = t, .device = d}), arange(100, -7, -3, {.dtype = t}));
        if (is_floating_point(t)) {
          require_same(arange(-1, 1, 0.1, {.dtype = t, .device = d}), arange(-1, 1, 0.1, {.dtype = t}));
          require_same(arange(0.3, 3000, 1.0 / 3, {.dtype = t, .device = d}), arange(0.3, 3000, 1.0 / 3, {.dtype = t}));
        }
      });
    }
}
