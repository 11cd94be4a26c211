#include "tests/backends/convolution_cases.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

TEST_CASE("gpu convolution: forward and both gradients, by a library where the device has one, else by columns", "[backends][gpu]") {
  manual_seed(9);
  for (Device device : gpu_devices())
    for (const ConvolutionCase& c : convolution_cases())
      for (DType t : gpu_types({kFloat32, kFloat64, kFloat16, kBFloat16}))
        for (bool channels_last : {false, true})
          each_direction(device, c, t, channels_last, [&](int which, const Tensor& out, const Tensor& expected, auto call) {
            INFO(to_string(device) << " " << name(t) << " direction " << which << " channels last " << channels_last << " input " << c.input
                                   << " weight " << c.weight);
            call();
            REQUIRE(allclose(out.cpu().to(kFloat64), expected, tolerance_of_convolution(t), tolerance_of_convolution(t)));
          });
}
