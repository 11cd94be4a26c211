#include "tests/backends/gpu/gpu_test.h"

#include <cmath>

using namespace lazuli;
using namespace lazuli::test;

TEST_CASE("gpu: tril and triu keep a triangle of every matrix, in every dtype", "[backends][gpu][triangle]") {
  for (Device d : gpu_devices()) {
    for (DType t : gpu_types({kBool, kUInt8, kInt16, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64, kComplex64, kComplex128})) {
      INFO(name(t));
      Tensor x = ones({3, 6, 9}, t), y = x.to(d);
      require_on_device([&] {
        require_same(tril(y), tril(x));
        require_same(triu(y, -2), triu(x, -2));
      });
    }
    Tensor x = randn({4, 5, 7, 3}), y = x.to(d);
    x.select(0, 0).fill_(NAN);
    y.select(0, 0).fill_(NAN);
    for (int64_t diagonal : {-9, -4, -1, 0, 1, 3, 9})
      require_on_device([&] {
        require_same(tril(y, diagonal), tril(x, diagonal));
        require_same(triu(y.transpose(1, 3), diagonal), triu(x.transpose(1, 3), diagonal));
        require_same(triu(y.select(1, 1).unsqueeze(0).expand({2, 4, 7, 3}), diagonal),
                     triu(x.select(1, 1).unsqueeze(0).expand({2, 4, 7, 3}), diagonal));
      });
    Tensor a = randn({129, 127}), b = a.to(d);
    triu_(a, 1);
    triu_(b, 1);
    require_same(b, a);
    CHECK(tril(zeros({0, 3}, kFloat32, d)).sizes() == Shape{0, 3});
  }
}
