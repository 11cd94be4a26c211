#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

Tensor drawn(RandomOp op, Device device, const Shape& sizes, DType dtype, double p0, double p1) {
  Tensor out = empty(sizes, dtype, device);
  random_kernel(device, op, out, p0, p1, {1234567890123ull, 77});
  return out;
}

}  // namespace

TEST_CASE("gpu: uniform, normal and exponential numbers are the CPU's, bit for bit", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kFloat64, kFloat16, kBFloat16, kComplex64})) {
      INFO(name(t));
      for (const Shape& sizes : {Shape{1}, Shape{3}, Shape{4, 250}, Shape{10007}}) {
        require_same(drawn(RandomOp::Uniform, d, sizes, t, -1.5, 2.25), drawn(RandomOp::Uniform, kCPU, sizes, t, -1.5, 2.25));
        require_same(drawn(RandomOp::Normal, d, sizes, t, 0.5, 3), drawn(RandomOp::Normal, kCPU, sizes, t, 0.5, 3));
        if (!is_complex(t)) require_same(drawn(RandomOp::Exponential, d, sizes, t, 1.25, 0), drawn(RandomOp::Exponential, kCPU, sizes, t, 1.25, 0));
      }
    }
}

TEST_CASE("gpu: whole random numbers are the CPU's", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kBool, kUInt8, kInt32, kInt64, kFloat32, kFloat64, kFloat16})) {
      INFO(name(t));
      require_same(drawn(RandomOp::Bernoulli, d, {1001}, t, 0.3, 0), drawn(RandomOp::Bernoulli, kCPU, {1001}, t, 0.3, 0));
      require_same(drawn(RandomOp::Integers, d, {1001}, t, 0, 100), drawn(RandomOp::Integers, kCPU, {1001}, t, 0, 100));
      if (t == kFloat32 || t == kFloat64 || t == kInt64)
        require_same(drawn(RandomOp::Geometric, d, {1001}, t, 0.2, 0), drawn(RandomOp::Geometric, kCPU, {1001}, t, 0.2, 0));
    }
  for (Device d : gpu_devices()) {
    require_same(drawn(RandomOp::Integers, d, {1001}, kInt64, -0x1p63, 0x1p63), drawn(RandomOp::Integers, kCPU, {1001}, kInt64, -0x1p63, 0x1p63));
    require_same(drawn(RandomOp::Integers, d, {1001}, kInt64, -5, 0x1p40), drawn(RandomOp::Integers, kCPU, {1001}, kInt64, -5, 0x1p40));
  }
}

TEST_CASE("gpu: cauchy and log-normal numbers are the CPU's up to rounding", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : {kFloat32, kFloat64}) {
      double rtol = t == kFloat32 ? 1e-5 : 1e-12;
      require_same(drawn(RandomOp::Cauchy, d, {1001}, t, 0.5, 2), drawn(RandomOp::Cauchy, kCPU, {1001}, t, 0.5, 2), rtol, rtol);
      require_same(drawn(RandomOp::LogNormal, d, {1001}, t, 0.5, 2), drawn(RandomOp::LogNormal, kCPU, {1001}, t, 0.5, 2), rtol, rtol);
    }
}

TEST_CASE("gpu: dropout drops what the CPU drops", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat32, kFloat64, kFloat16, kBFloat16, kComplex64})) {
      INFO(name(t));
      Tensor x = drawn(RandomOp::Normal, kCPU, {7, 143}, t, 0, 1);
      manual_seed(5);
      Tensor expected = dropout(x, 0.4, true);
      manual_seed(5);
      require_same(dropout(x.to(d), 0.4, true), expected);
    }
}

TEST_CASE("gpu: a module has the same initial weights on every device", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    manual_seed(11);
    Tensor a = randn({33, 5}), u = rand({33, 5});
    manual_seed(11);
    require_same(randn({33, 5}, {.device = d}), a);
    require_same(rand({33, 5}, {.device = d}), u);
  }
}
