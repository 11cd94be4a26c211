#include "lazuli/autograd/autograd.h"
#include "lazuli/core/error.h"
#include "lazuli/lazuli.h"
#include "tests/autograd/leaf.h"
#include "tests/catch.h"

using namespace lazuli;
using lazuli::test::leaf;

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
  CHECK_THROWS_WITH(x.add_(x), Contains("a leaf that requires grad"));
  CHECK_THROWS_WITH(x[0].mul_(x[1]), Contains("a view of a leaf that requires grad"));
  CHECK_THROWS_WITH(x.conj_physical_(), Contains("a leaf that requires grad"));  // although it changes nothing
  CHECK(x.to_vector<double>() == std::vector<double>{1, 2});
  no_grad guard;
  x.add_(x);
  CHECK(x.to_vector<double>() == std::vector<double>{2, 4});
}

TEST_CASE("a saved tensor that was changed is an error naming both versions", "[autograd]") {
  Tensor x = leaf({1});
  Tensor y = x.exp();
  y.add_(ones({1}, kFloat64));
  CHECK_THROWS_WITH(y.sum().backward(), Contains("exp") && Contains("version 0") && Contains("version 1"));
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

TEST_CASE("views made while nothing was recorded refuse to be written unnoticed", "[autograd]") {
  using Make = std::function<Tensor(const Tensor&)>;
  const std::vector<Make> views = {[](const Tensor& t) { return t.view({-1}); },      [](const Tensor& t) { return t[0]; },
                                   [](const Tensor& t) { return t.transpose(0, 1); }, [](const Tensor& t) { return t.unbind()[0]; },
                                   [](const Tensor& t) { return t.chunk(2)[1]; },     [](const Tensor& t) { return diagonal(t); },
                                   [](const Tensor& t) { return t.view({-1})[1]; },   [](const Tensor& t) { return t.narrow(0, 0, 1).squeeze(); },
                                   [](const Tensor& t) { return unfold(t, 0, 1, 1); }};
  Tensor s = leaf({1, 2, 3, 4}).reshape({2, 2}).detach().requires_grad_();
  for (bool inference : {false, true})
    for (bool of_leaf : {false, true})
      for (size_t i = 0; i < views.size(); ++i) {
        INFO("view " << i << ", inference " << inference << ", of a leaf " << of_leaf);
        Tensor a = of_leaf ? s : s * Scalar(1), b;
        if (inference) {
          inference_mode guard;
          b = views[i](a);
        } else {
          no_grad guard;
          b = views[i](a);
        }
        std::vector<double> before = a.to_vector<double>();
        CHECK_THROWS_AS(b.mul_(tensor({10.0}, kFloat64)), Error);
        CHECK_THROWS_AS(b.zero_(), Error);
        CHECK_THROWS_AS(b.copy_(tensor({7.0}, kFloat64)), Error);
        CHECK(a.to_vector<double>() == before);
        no_grad guard;
        b.mul_(tensor(1.0, kFloat64));  // where nothing is recorded it is the caller's business
      }
  Tensor complex_base = leaf({1, 2, 3, 4}).reshape({2, 2}), re;
  {
    no_grad guard;
    re = view_as_complex(complex_base);
  }
  CHECK_THROWS_AS(re.zero_(), Error);
}

TEST_CASE("a view made in no_grad of a tensor without history may be written, until the tensor has one", "[autograd]") {
  Tensor w = leaf({2}), base = ones({2}, kFloat64), view;
  {
    no_grad guard;
    view = base[0];
  }
  view.mul_(tensor(5.0, kFloat64));
  CHECK(base.to_vector<double>() == std::vector<double>{5, 1});
  base.mul_(w);
  CHECK_THROWS_AS(view.mul_(tensor(5.0, kFloat64)), Error);
  base.sum().backward();
  CHECK(w.grad().item<double>() == 6);
}

TEST_CASE("a comparison in place has a history by either operand, with gradients of 0", "[autograd]") {
  const Tensor x = leaf({1, 2}), written = zeros({2, 2}, kFloat64);
  written.lt_(x);
  CHECK(written.requires_grad());
  written.sum().backward();
  CHECK(x.grad().to_vector<double>() == std::vector<double>{0, 0});
}

TEST_CASE("a result that is cast to the tensor it is written to has gradients of that one's dtype", "[autograd]") {
  Tensor x = ones({2}, kFloat16), wide = full({2}, 2.0, kFloat64).requires_grad_();
  x.mul_(wide);
  const auto grads = autograd::grad({(x * x).sum()}, {x, wide});
  CHECK(grads[0].dtype() == kFloat16);
  CHECK(grads[0].to(kFloat64).to_vector<double>() == std::vector<double>{4, 4});
  CHECK(grads[1].dtype() == kFloat64);
  CHECK(grads[1].to_vector<double>() == std::vector<double>{4, 4});
}
