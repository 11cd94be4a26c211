#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

double tolerance(DType t) { return t == kFloat16 ? 4e-3 : t == kBFloat16 ? 3e-2 : t == kFloat64 ? 1e-11 : 1e-5; }

// Channels-last memory for [n, c, spatial..].
Tensor channels_last(const Tensor& t, bool last) {
  if (!last) return t;
  std::vector<int64_t> to{0}, back{0, t.dim() - 1};
  for (int64_t i = 2; i < t.dim(); ++i) to.push_back(i), back.push_back(i - 1);
  to.push_back(1);
  return t.permute(to).contiguous().permute(back);
}

void check(Device d, const Tensor& x, bool training, bool affine, bool running, bool last = false) {
  INFO(name(x.dtype()) << ", sizes " << to_string(x.sizes()) << ", training " << training << ", weight and bias " << affine << ", running " << running
                       << ", last " << last);
  const int64_t c = x.sizes()[1];
  const DType t = x.dtype(), exact = t == kFloat64 ? kFloat64 : kFloat32;
  const double tol = tolerance(t);
  manual_seed(5);
  Tensor weight = affine ? rand({c}).to(exact) : Tensor(), bias = affine ? randn({c}).to(exact) : Tensor(), grad = randn(x.sizes()).to(t),
         then_mean = randn({c}).to(exact), then_var = rand({c}).to(exact) + 0.5;
  struct {
    Tensor out, mean, rstd, then_mean, then_var, grad_in, grad_weight, grad_bias;
  } results[2];
  int at = 0;
  auto run = [&](Device where) {
    auto& r = results[at++];
    auto there = [&](const Tensor& v) { return v.defined() ? v.to(where) : v; };
    const Tensor in = channels_last(there(x), last), w = there(weight), b = there(bias), g = channels_last(there(grad), last);
    if (running) r.then_mean = there(then_mean).clone(), r.then_var = there(then_var).clone();
    r.out = new_strided(x.sizes(), in.strides(), t, where), r.mean = new_tensor({c}, exact, where), r.rstd = new_tensor({c}, exact, where);
    r.grad_in = new_strided(x.sizes(), in.strides(), t, where), r.grad_weight = new_tensor({c}, exact, where),
    r.grad_bias = new_tensor({c}, exact, where);
    batch_norm_kernel(where, r.out, r.mean, r.rstd, in, w, b, r.then_mean, r.then_var, training, 0.1, 1e-5);
    batch_norm_backward_kernel(where, r.grad_in, r.grad_weight, r.grad_bias, g, in, r.mean, r.rstd, w, training);
  };
  run(kCPU);
  require_on_device([&] { run(d); });
  require_same(results[1].out, results[0].out, tol, tol);
  require_same(results[1].mean, results[0].mean, 1e-5, 1e-6);
  require_same(results[1].rstd, results[0].rstd, 1e-5, 1e-6);
  if (running) {
    require_same(results[1].then_mean, results[0].then_mean, 1e-5, 1e-6);
    require_same(results[1].then_var, results[0].then_var, 1e-5, 1e-6);
  }
  require_same(results[1].grad_in, results[0].grad_in, tol, tol * 2);
  require_same(results[1].grad_weight, results[0].grad_weight, 1e-4, 3e-4);
  require_same(results[1].grad_bias, results[0].grad_bias, 1e-4, 3e-4);
}

}  // namespace

TEST_CASE("gpu: batch norm and its gradient in every floating dtype", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat16, kBFloat16, kFloat32, kFloat64})) {
      check(d, randn({37, 19}).to(t), true, true, true);
      check(d, randn({37, 19}).to(t), false, true, true);
      check(d, randn({5, 7, 11}).to(t), true, false, true);
    }
}

TEST_CASE("gpu: batch norm of all layouts and sizes", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    check(d, randn({128, 256}), true, true, true);
    check(d, randn({5000, 3}), true, true, true);
    check(d, randn({2, 300}), true, true, false);
    check(d, randn({3, 4, 700}), true, true, true);
    check(d, randn({3, 1, 5, 7}), true, true, true);
    for (bool training : {true, false}) {
      check(d, randn({6, 5, 8, 9}), training, true, true, false);
      check(d, randn({6, 5, 8, 9}), training, true, true, true);
      check(d, randn({6, 5, 8, 9}).permute({0, 1, 3, 2}), training, true, true, false);
    }
    check(d, randn({64, 32}) + 100, true, true, true);
  }
}

TEST_CASE("gpu: batch norm trains through the tape, and nothing leaves the statistics as they are", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    Tensor x = randn({32, 8, 3}), a = x.clone().requires_grad_(), b = x.to(d).requires_grad_(), mean[2] = {zeros({8}), zeros({8}, kFloat32, d)},
           var[2] = {ones({8}), ones({8}, kFloat32, d)};
    Tensor expected = batch_norm(a, mean[0], var[0], {}, {}, true), got = batch_norm(b, mean[1], var[1], {}, {}, true);
    require_same(got, expected, 1e-5, 1e-5);
    Tensor g = randn(x.sizes());
    expected.backward(g);
    got.backward(g.to(d));
    require_same(b.grad(), a.grad(), 1e-4, 1e-5);
    require_same(mean[1], mean[0], 1e-5, 1e-6);
    require_same(var[1], var[0], 1e-5, 1e-6);
    batch_norm(zeros({0, 8, 3}, kFloat32, d), mean[1], var[1], {}, {}, false);
    require_same(var[1], var[0], 1e-5, 1e-6);
  }
}
