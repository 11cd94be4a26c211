#include "lazuli/libtorch.h"

#include <cmath>
#include <vector>

#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

TEST_CASE("libtorch's spellings mean the same here", "[core]") {
  using namespace lazuli::indexing;
  Tensor x = zeros({2, 3}, TensorOptions().dtype(kFloat).device(kCPU).requires_grad(false));
  CHECK((x.scalar_type() == kFloat && x.options().dtype(kLong).dtype() == kLong));
  CHECK((kDouble == kFloat64 && kHalf == kFloat16 && kInt == kInt32 && kShort == kInt16 && kChar == kInt8 && kByte == kUInt8));
  x.index({Slice(None, 1), Slice(1, None)}) = 2;
  x.index_put_({Ellipsis, 0}, 1);
  CHECK(x.to_vector<double>() == std::vector<double>{1, 2, 2, 1, 0, 0});
  CHECK(x.index({"...", None, 0}).sizes() == Shape{2, 1});
  auto a = x.accessor<float, 2>();
  a[1][2] = 5;
  CHECK(x[1][2].item<float>() == 5);
  Tensor w = ones({3}, dtype(kDouble).requires_grad(true));
  {
    NoGradGuard guard;
    w *= 2;
  }
  {
    AutoGradMode on(true);
    InferenceMode off(false);
  }
  (w * w).sum().backward();
  CHECK((w.grad().allclose(w.detach() * 2) && w.grad().toType(kFloat).dtype() == kFloat));
  CHECK((x.size(0) == 2 && x.element_size() == 4 && !x.is_cuda() && std::get<0>(x.max(1)).numel() == 2));
}

TEST_CASE("the standard deviation leaves std:: alone under using namespace lazuli", "[core]") {
  std::vector<double> v{1, 3};
  Tensor x = tensor(v);
  CHECK(lazuli::std(x).item<double>() == Approx(std::sqrt(2.0)));
  CHECK(x.std(0, /*unbiased=*/false).item<double>() == Approx(1));
}
