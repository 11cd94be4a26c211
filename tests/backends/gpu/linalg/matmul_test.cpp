#include <array>

#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

double tolerance(DType t) { return is_integral(t) ? 0 : t == kFloat64 || t == kComplex128 ? 1e-11 : t == kFloat32 || t == kComplex64 ? 2e-5 : 2e-2; }

Tensor numbers(const Shape& sizes, DType t) { return is_integral(t) ? randint(-9, 10, sizes).to(t) : randn(sizes).to(t); }

}  // namespace

TEST_CASE("gpu: products of every dtype are the CPU's", "[backends][gpu]") {
  manual_seed(1);
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kUInt8, kInt32, kInt64, kFloat32, kFloat64, kFloat16, kBFloat16, kComplex64, kComplex128}))
      for (auto [m, k, n] : {std::array<int64_t, 3>{1, 1, 1}, {17, 33, 15}, {5, 0, 3}, {1, 100, 40}}) {
        INFO(name(t) << " " << m << " " << k << " " << n);
        Tensor a = numbers({m, k}, t), b = numbers({k, n}, t), x = a.to(d), y = b.to(d);
        require_same(matmul(x, y), matmul(a, b), tolerance(t), 4 * tolerance(t));
        Tensor bt = numbers({n, k}, t);
        require_same(matmul(x, bt.to(d).t()), matmul(a, bt.t()), tolerance(t), 4 * tolerance(t));
      }
}

TEST_CASE("gpu: large products with transposed operands, batches, bias and scale", "[backends][gpu]") {
  manual_seed(2);
  for (Device d : gpu_devices())
    for (DType t : {kFloat32, kFloat64}) {
      INFO(name(t));
      const double rtol = tolerance(t), atol = 20 * rtol;
      Tensor a = randn({96, 130}).to(t), b = randn({72, 130}).to(t), bias = randn({72}).to(t);
      require_on_device([&] { matmul(a.to(d), b.to(d).t()); });
      require_same(matmul(a.to(d), b.to(d).t()), matmul(a, b.t()), rtol, atol);
      require_same(matmul(b.to(d), a.to(d).t()), matmul(b, a.t()), rtol, atol);
      require_same(linear(a.to(d), b.to(d), bias.to(d)), linear(a, b, bias), rtol, atol);
      Tensor start = randn({96, 72}).to(t);
      require_same(addmm(start.to(d), a.to(d), b.to(d).t(), 0.5, 2), addmm(start, a, b.t(), 0.5, 2), rtol, atol);
      Tensor p = randn({3, 70, 65}).to(t), q = randn({3, 65, 80}).to(t);
      require_same(bmm(p.to(d), q.to(d)), bmm(p, q), rtol, atol);
      require_same(matmul(p.to(d), q.to(d).select(0, 1)), matmul(p, q.select(0, 1)), rtol, atol);
      require_same(matmul(p.to(d).slice(2, 0, 65, 2), q.to(d).slice(1, 0, 65, 2)), matmul(p.slice(2, 0, 65, 2), q.slice(1, 0, 65, 2)), rtol, atol);
    }
}

TEST_CASE("gpu: a product of very many small matrices", "[backends][gpu]") {
  manual_seed(3);
  for (Device d : gpu_devices()) {
    Tensor a = randint(-9, 10, {70000, 1, 2}).to(kInt32), b = randint(-9, 10, {70000, 2, 1}).to(kInt32);
    require_same(bmm(a.to(d), b.to(d)), bmm(a, b));
  }
}
