#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

double tolerance(DType t) { return t == kFloat16 ? 2e-3 : t == kBFloat16 ? 1.6e-2 : t == kFloat64 ? 1e-12 : 3e-6; }

// Losses, log sums and gradients by the slots of the device and of the CPU.
void check(Device d, const Tensor& x, const Tensor& target, const Tensor& weight, int64_t ignored, double smoothing) {
  INFO(name(x.dtype()) << ", sizes " << to_string(x.sizes()) << ", weights " << weight.defined() << ", ignored " << ignored << ", smoothing "
                       << smoothing);
  const DType exact = x.dtype() == kFloat64 ? kFloat64 : kFloat32;
  const int64_t n = x.sizes()[0];
  const double tol = tolerance(x.dtype());
  Tensor grad = rand({n}).to(exact), losses[2], sums[2], grads[2];
  int at = 0;
  auto run = [&](Device where) {
    Tensor logits = x.to(where), t = target.to(where), w = weight.defined() ? weight.to(where) : weight, g = grad.to(where).select(0, 0).expand({n});
    losses[at] = new_tensor({n}, x.dtype(), where), sums[at] = new_tensor({n}, exact, where), grads[at] = new_tensor(x.sizes(), x.dtype(), where);
    cross_entropy_kernel(where, losses[at], sums[at], logits, t, w, ignored, smoothing);
    cross_entropy_backward_kernel(where, grads[at], g, sums[at], logits, t, w, ignored, smoothing);
    ++at;
  };
  run(kCPU);
  require_on_device([&] { run(d); });
  require_same(losses[1], losses[0], tol, tol);
  require_same(sums[1], sums[0], tol, tol);
  require_same(grads[1], grads[0], tol * 2, tol);
}

}  // namespace

TEST_CASE("gpu: cross entropy and its gradient, with weights, smoothing and ignored classes", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat16, kBFloat16, kFloat32, kFloat64})) {
      manual_seed(3);
      Tensor x = (randn({37, 19}) * Scalar(4)).to(t), target = randint(0, 19, {37}), weight = rand({19}).to(t);
      for (double smoothing : {0.0, 0.1})
        for (const Tensor& w : {Tensor(), weight}) {
          check(d, x, target, w, -100, smoothing);
          check(d, x, target, w, 4, smoothing);
        }
    }
}

TEST_CASE("gpu: cross entropy of rows of all lengths", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (int64_t c : {1, 2, 10, 128, 1001, 5000})
      for (int64_t n : {1, 3, 130}) check(d, randn({n, c}), randint(0, c, {n}), {}, -100, 0);
}

TEST_CASE("gpu: cross entropy of strided logits, through the tape", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = randn({10, 64}), target = randint(0, 10, {64}), a = x.clone().requires_grad_(), b = x.to(d).requires_grad_();
    Tensor expected = cross_entropy(a.transpose(0, 1), target), got = cross_entropy(b.transpose(0, 1), target.to(d));
    require_same(got, expected, 1e-6);
    expected.backward();
    got.backward();
    require_same(b.grad(), a.grad(), 1e-5, 1e-8);
  }
}

TEST_CASE("gpu: a class out of range is an error at the next synchronisation, and the device goes on", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = randn({4, 3}, {.device = d});
    for (int64_t wrong : {3, -1}) {
      Tensor target = tensor({int64_t(0), wrong, int64_t(1), int64_t(2)}).to(d);
      CHECK_THROWS_AS(cross_entropy(x, target).item(), Error);
    }
    CHECK(cross_entropy(x, tensor({int64_t(0), int64_t(1), int64_t(1), int64_t(2)}).to(d)).item<double>() > 0);
  }
}
