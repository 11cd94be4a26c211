#include <limits>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

double tolerance(DType t) { return t == kFloat16 ? 2e-3 : t == kBFloat16 ? 1.6e-2 : t == kFloat64 || t == kComplex128 ? 1e-11 : 1e-5; }

void check(Device d, ScanOp op, const Tensor& x, int64_t dim) {
  INFO("op " << int(op) << ", " << name(x.dtype()) << ", sizes " << to_string(x.sizes()) << ", dim " << dim);
  const bool extreme = op == ScanOp::Max || op == ScanOp::Min;
  Tensor out[2], indices[2];
  int at = 0;
  auto run = [&](Device where) {
    Tensor in = x.to(where);
    out[at] = new_tensor(x.sizes(), x.dtype(), where);
    if (extreme) indices[at] = new_tensor(x.sizes(), kInt64, where);
    scan_kernel(where, op, out[at], indices[at], in, dim);
    ++at;
  };
  run(kCPU);
  require_on_device([&] { run(d); });
  const double tol = is_integral(x.dtype()) || extreme ? 0 : tolerance(x.dtype());
  require_same(out[1], out[0], tol, tol * 10);
  if (extreme) require_same(indices[1], indices[0]);
}

Tensor sample(const Shape& sizes, DType t) {
  manual_seed(9);
  return is_integral(t) ? randint(0, 5, sizes).to(t) : randn(sizes).to(t);
}

}  // namespace

TEST_CASE("gpu: scans in every dtype along every dimension", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    for (DType t : gpu_types({kUInt8, kInt32, kInt64, kFloat16, kBFloat16, kFloat32, kFloat64}))
      for (ScanOp op : {ScanOp::Sum, ScanOp::Max})
        for (int64_t dim = 0; dim < 3; ++dim) check(d, op, sample({5, 7, 40}, t), dim);
    for (ScanOp op : {ScanOp::Prod, ScanOp::Min}) check(d, op, sample({5, 70}, kInt64), 1);
    for (ScanOp op : {ScanOp::Prod, ScanOp::Min, ScanOp::LogSumExp}) check(d, op, sample({5, 70}, kFloat32), 1);
    for (ScanOp op : {ScanOp::Sum, ScanOp::Prod}) check(d, op, sample({5, 9}, kComplex64), 1);
    check(d, ScanOp::Max, sample({5, 9}, kBool), 1);
  }
}

TEST_CASE("gpu: scans of lines of all lengths", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (int64_t n : {1, 2, 64, 65, 127, 128, 129, 511, 512, 513, 1000, 5000, 100003}) {
      for (ScanOp op : {ScanOp::Sum, ScanOp::Max}) {
        check(d, op, sample({n}, kInt64), 0);
        check(d, op, sample({n, 3}, kInt64), 0);
      }
      check(d, ScanOp::Sum, sample({2, n}, kFloat64), 1);
      check(d, ScanOp::LogSumExp, sample({n}, kFloat32), 0);
    }
  for (Device d : gpu_devices()) check(d, ScanOp::Sum, sample({100, 5000}, kInt32), 0);
}

TEST_CASE("gpu: scans of NaN, infinities, equal values and strided tensors", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    for (int64_t n : {6, 300, 5000}) {
      Tensor x = randint(0, 3, {n}).to(kFloat32);
      x.slice(0, 2, 3).fill_(-kInf);
      for (ScanOp op : {ScanOp::Sum, ScanOp::LogSumExp, ScanOp::Max, ScanOp::Min}) check(d, op, x, 0);
      x.slice(0, n / 2, n / 2 + 1).fill_(kInf);
      for (ScanOp op : {ScanOp::LogSumExp, ScanOp::Max, ScanOp::Min}) check(d, op, x, 0);
      x.slice(0, n - 2, n - 1).fill_(kNan);
      for (ScanOp op : {ScanOp::Sum, ScanOp::LogSumExp, ScanOp::Max, ScanOp::Min}) check(d, op, x, 0);
    }
    Tensor y = randn({4, 100, 6});
    require_same(cumsum(y.to(d).permute({2, 0, 1}), 2), cumsum(y.permute({2, 0, 1}), 2), 1e-5, 1e-5);
    CHECK(cumsum(zeros({0, 4}, kFloat32, d), 1).numel() == 0);
  }
}
