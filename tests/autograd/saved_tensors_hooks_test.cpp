#include "lazuli/autograd/saved_tensors_hooks.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("hooks on saved tensors see what operators save and what the backward asks for", "[autograd][hooks]") {
  Tensor a = tensor({1.0, 2.0}).requires_grad_(), b = tensor({3.0, 4.0}).requires_grad_(), y;
  int packed = 0, unpacked = 0;
  {
    autograd::saved_tensors_hooks hooks(
        [&](const Tensor& t) {
          CHECK_FALSE(t.requires_grad());
          ++packed;
          return t.to_vector<double>();  // of any type
        },
        [&](const std::vector<double>& values) {
          ++unpacked;
          return tensor(values);
        });
    y = (a * exp(b)).sum();  // both operands of the product, and the result of exp
  }
  CHECK(packed == 3);
  Tensor first = autograd::grad({y}, {a}, {.create_graph = true})[0];
  CHECK(unpacked >= 1);
  // Their history is what it was.
  CHECK(allclose(autograd::grad({first.sum()}, {b}, {.retain_graph = true})[0], exp(b)));
  y.backward();
  CHECK(allclose(b.grad(), a * exp(b)));
  (a * b).sum().backward();
  CHECK(packed == 3);
}

TEST_CASE("saved tensors kept in bfloat16 take half the memory and give gradients near the exact ones", "[autograd][hooks]") {
  Tensor x = randn({64}).requires_grad_();
  int64_t bytes = 0;
  Tensor loss;
  {
    autograd::saved_tensors_hooks half(
        [&](const Tensor& t) {
          Tensor packed = t.to(kBFloat16);
          bytes += packed.numel() * packed.item_size();
          return packed;
        },
        [](const Tensor& t) { return t.to(kFloat32); });
    loss = (x * x).sum();
  }
  loss.backward();
  CHECK(bytes == 2 * 64 * 2);
  CHECK(allclose(x.grad(), x * 2.0, {.rtol = 1e-2, .atol = 0}));
}

TEST_CASE("the innermost hooks count, none in a pack, and unpack has to give the same form", "[autograd][hooks]") {
  Tensor x = tensor({1.0, 2.0}).requires_grad_();
  int outer = 0, inner = 0;
  auto counting = [](int& n) {
    return [&n](const Tensor& t) {
      ++n;
      Tensor again = (t * t).requires_grad_();
      enable_grad recording;
      again = again * again;
      return t;
    };
  };
  auto same = [](const Tensor& t) { return t; };
  autograd::saved_tensors_hooks a(counting(outer), same);
  {
    autograd::saved_tensors_hooks b(counting(inner), same);
    (x * x).sum().backward();
  }
  CHECK(inner == 2);
  CHECK(outer == 0);
  exp(x).sum().backward();
  CHECK(outer == 1);
  Tensor y;
  {
    autograd::saved_tensors_hooks wrong(same, [](const Tensor& t) { return t.sum(); });
    y = exp(x).sum();
  }
  CHECK(says(error_of([&] { y.backward(); }), "saved_tensors_hooks: argument 'unpack's result': expected sizes [2], got []"));
  autograd::save_on_cpu on_cpu;
  x.set_grad({});
  exp(x).sum().backward();
  CHECK(allclose(x.grad(), exp(x)));
}
