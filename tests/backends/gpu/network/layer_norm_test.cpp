#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

double tolerance(DType t) { return t == kFloat16 ? 4e-3 : t == kBFloat16 ? 3e-2 : t == kFloat64 ? 1e-11 : 1e-5; }

// Forward and backward by the slots of the device and of the CPU.
void check(Device d, const Tensor& x, bool centre, bool affine, bool needs_in = true) {
  INFO(name(x.dtype()) << ", sizes " << to_string(x.sizes()) << ", mean " << centre << ", weight and bias " << affine);
  const int64_t rows = x.sizes()[0], n = x.sizes()[1];
  const DType t = x.dtype(), exact = t == kFloat64 ? kFloat64 : kFloat32;
  const double tol = tolerance(t);
  manual_seed(5);
  Tensor weight = affine ? rand({n}).to(t) : Tensor(), bias = affine ? randn({n}).to(t) : Tensor(), grad = randn(x.sizes()).to(t);
  struct {
    Tensor out, mean, rstd, grad_in, grad_weight, grad_bias;
  } results[2];
  int at = 0;
  auto run = [&](Device where) {
    auto& r = results[at++];
    auto there = [&](const Tensor& v) { return v.defined() ? v.to(where) : v; };
    const Tensor in = there(x), w = there(weight), b = there(bias), g = there(grad);
    r.out = new_tensor(x.sizes(), t, where), r.rstd = new_tensor({rows}, exact, where);
    if (centre) r.mean = new_tensor({rows}, exact, where);
    if (needs_in) r.grad_in = new_tensor(x.sizes(), t, where);
    r.grad_weight = new_tensor({n}, t, where);
    if (centre) r.grad_bias = new_tensor({n}, t, where);
    layer_norm_kernel(where, r.out, r.mean, r.rstd, in, w, b, 1e-5);
    layer_norm_backward_kernel(where, r.grad_in, r.grad_weight, r.grad_bias, g, in, r.mean, r.rstd, w);
  };
  run(kCPU);
  require_on_device([&] { run(d); });
  require_same(results[1].out, results[0].out, tol, tol);
  require_same(results[1].rstd, results[0].rstd, 1e-5, 1e-6);
  if (centre) require_same(results[1].mean, results[0].mean, 1e-5, 1e-6);
  if (needs_in) require_same(results[1].grad_in, results[0].grad_in, tol, tol * 10);
  require_same(results[1].grad_weight, results[0].grad_weight, tol, tol * 10);
  if (centre) require_same(results[1].grad_bias, results[0].grad_bias, tol, tol * 10);
}

}  // namespace

TEST_CASE("gpu: layer norm, RMS norm and their gradients in every floating dtype", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat16, kBFloat16, kFloat32, kFloat64}))
      for (bool centre : {true, false})
        for (bool affine : {true, false}) check(d, randn({37, 65}).to(t), centre, affine);
}

TEST_CASE("gpu: layer norm of rows of all lengths, also far from zero", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    for (int64_t n : {1, 3, 127, 128, 129, 1000, 4500})
      for (int64_t rows : {1, 5, 300}) check(d, randn({rows, n}), true, true, n > 1);
    Tensor x = randn({6, 3000}) + 1000;
    require_same(layer_norm(x.to(d), {3000}), layer_norm(x, {3000}), 1e-4, 1e-3);
  }
}

TEST_CASE("gpu: layer norm through the tape, over two dimensions of a strided tensor", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = randn({4, 5, 6}), w = rand({5, 4}), a = x.clone().requires_grad_(), b = x.to(d).requires_grad_(), wa = w.clone().requires_grad_(),
           wb = w.to(d).requires_grad_();
    Tensor expected = layer_norm(a.permute({2, 1, 0}), {5, 4}, wa), got = layer_norm(b.permute({2, 1, 0}), {5, 4}, wb);
    require_same(got, expected, 1e-5, 1e-5);
    Tensor g = randn(got.sizes());
    expected.backward(g);
    got.backward(g.to(d));
    require_same(b.grad(), a.grad(), 1e-5, 1e-5);
    require_same(wb.grad(), wa.grad(), 1e-5, 1e-5);
    CHECK(layer_norm(zeros({0, 4}, kFloat32, d), {4}).numel() == 0);
  }
}
