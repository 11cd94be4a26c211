#include "lazuli/autograd/autograd.h"
#include "lazuli/core/error.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;

namespace {
Tensor leaf(std::vector<double> values) { return tensor(values, kFloat64).requires_grad_(); }
}  // namespace

TEST_CASE("in-place operators count up the version and keep the gradient right", "[autograd]") {
  Tensor x = leaf({2});
  Tensor y = x * wrapped(3.0);
  uint32_t version = y.version();
  y.mul_(x);
  CHECK(y.version() == version + 1);
  y.sum().backward();
  CHECK(x.grad().item<double>() == 12);
}

TEST_CASE("a leaf that requires grad is not written in place while gradients are recorded", "[autograd]") {
  Tensor x = leaf({1, 2});
  CHECK_THROWS_WITH(x.add_(x), Catch::Matchers::Contains("a leaf that requires grad"));
  CHECK_THROWS_WITH(x[0].mul_(x[1]), Catch::Matchers::Contains("a view of a leaf that requires grad"));
  CHECK(x.to_vector<double>() == std::vector<double>{1, 2});
  no_grad guard;
  x.add_(x);
  CHECK(x.to_vector<double>() == std::vector<double>{2, 4});
}

TEST_CASE("a saved tensor that was changed is an error naming both versions", "[autograd]") {
  Tensor x = leaf({1});
  Tensor y = x.exp();
  y.add_(ones({1}, kFloat64));
  CHECK_THROWS_WITH(y.sum().backward(),
                    Catch::Matchers::Contains("exp") && Catch::Matchers::Contains("version 0") && Catch::Matchers::Contains("version 1"));
}

TEST_CASE("writing to a view writes the base's history, and the other way round", "[autograd]") {
  Tensor x = leaf({5});
  Tensor base = zeros({3}, kFloat64);
  Tensor view = base.narrow(0, 1, 1), other = base.narrow(0, 1, 2);
  view.mul_(x);
  view.add_(x * x);
  CHECK(base.requires_grad());
  CHECK(other.requires_grad());
  other.sum().backward();
  CHECK(x.grad().item<double>() == 10);

  Tensor w = leaf({2});
  Tensor b = ones({2}, kFloat64);
  Tensor v = b[0];
  b.mul_(w);
  CHECK(v.requires_grad());
  v.backward();
  CHECK(w.grad().item<double>() == 1);
}

TEST_CASE("views made together, or in no_grad, refuse in-place while gradients are recorded", "[autograd]") {
  Tensor x = leaf({1, 2, 3, 4});
  Tensor y = x * wrapped(1.0);
  auto parts = y.chunk(2);
  CHECK_THROWS_AS(parts[0].mul_(parts[0]), Error);
  Tensor quiet;
  {
    no_grad guard;
    quiet = y[0];
  }
  CHECK_THROWS_AS(quiet.mul_(y[1]), Error);
}

TEST_CASE("an expanded tensor is not written in place", "[autograd]") {
  Tensor t = ones({1}, kFloat64).expand({3});
  CHECK_THROWS_AS(t.add_(ones({3}, kFloat64)), Error);
}

TEST_CASE("in-place results keep sizes and cast only within PyTorch's rules", "[autograd]") {
  Tensor t = ones({2}, kInt64);
  CHECK_THROWS_AS(t.add_(ones({2})), Error);
  CHECK_THROWS_AS(t.add_(ones({3, 2}, kInt64)), Error);
  Tensor f = ones({2});
  f.add_(ones({2}, kFloat64));
  CHECK(f.dtype() == kFloat32);
  CHECK(f.to_vector<float>() == std::vector<float>{2, 2});
}

TEST_CASE("detached tensors share data and versions, and stay out of the history", "[autograd]") {
  Tensor x = leaf({3});
  Tensor y = x.exp();
  Tensor d = y.detach();
  CHECK_FALSE(d.requires_grad());
  d.zero_();
  CHECK(y.item<double>() == 0);
  CHECK_THROWS_AS(y.sum().backward(), Error);
}
