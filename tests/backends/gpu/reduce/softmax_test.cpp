#include <limits>

#include "lazuli/core/factory.h"
#include "lazuli/core/slots.h"
#include "tests/backends/gpu/gpu_test.h"

using namespace lazuli;
using namespace lazuli::test;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

double tolerance(DType t) { return t == kFloat16 ? 2e-3 : t == kBFloat16 ? 1.6e-2 : t == kFloat64 ? 1e-12 : 3e-6; }

Tensor sample(const Shape& sizes, DType t) {
  manual_seed(11);
  return (randn(sizes) * Scalar(3)).to(t);
}

// Forward and backward along dim, device against CPU.
void check(Device d, const Tensor& x, int64_t dim, bool log) {
  INFO(name(x.dtype()) << ", sizes " << to_string(x.sizes()) << ", dim " << dim << ", log " << log);
  const double tol = tolerance(x.dtype());
  Tensor expected = log ? log_softmax(x, dim) : softmax(x, dim), there = x.to(d), got;
  require_on_device([&] { got = log ? log_softmax(there, dim) : softmax(there, dim); });
  require_same(got, expected, tol, tol);
  Tensor grad = sample(x.sizes(), x.dtype()) + 1, expected_grad = new_tensor(x.sizes(), x.dtype()), got_grad = new_tensor(x.sizes(), x.dtype(), d),
         result = expected.to(d);
  softmax_backward_kernel(kCPU, expected_grad, grad, expected, dim, log);
  Tensor grad_there = grad.to(d);
  require_on_device([&] { softmax_backward_kernel(d, got_grad, grad_there, result, dim, log); });
  require_same(got_grad, expected_grad, tol * 4, tol * 40);
}

}  // namespace

TEST_CASE("gpu: softmax and log_softmax of every floating dtype along every dimension", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (DType t : gpu_types({kFloat16, kBFloat16, kFloat32, kFloat64}))
      for (bool log : {false, true})
        for (int64_t dim = 0; dim < 3; ++dim) check(d, sample({5, 33, 7}, t), dim, log);
}

TEST_CASE("gpu: softmax of rows and columns of all lengths", "[backends][gpu]") {
  for (Device d : gpu_devices())
    for (int64_t n : {1, 2, 10, 127, 128, 129, 1000, 5003})
      for (bool log : {false, true}) {
        check(d, sample({3, n}, kFloat32), 1, log);
        check(d, sample({n, 3}, kFloat32), 0, log);
      }
}

TEST_CASE("gpu: softmax of large numbers, infinities, strided and empty tensors", "[backends][gpu]") {
  for (Device d : gpu_devices()) {
    check(d, sample({4, 50}, kFloat32) * Scalar(1e4), 1, false);
    check(d, sample({4, 50}, kFloat32) + Scalar(1e30), 1, true);
    Tensor x = sample({8, 9}, kFloat32);
    x.select(0, 1).slice(0, 2, 5).fill_(-kInf);
    x.select(0, 2).fill_(-kInf);
    x.select(0, 3).select(0, 4).fill_(kInf);
    x.select(0, 4).select(0, 0).fill_(std::numeric_limits<double>::quiet_NaN());
    Tensor y = x.to(d);
    for (int64_t dim : {0, 1}) {
      require_same(softmax(y, dim), softmax(x, dim), 1e-6, 1e-6);
      require_same(log_softmax(y, dim), log_softmax(x, dim), 1e-6, 1e-6);
    }
    Tensor z = sample({6, 10, 4}, kFloat32), w = z.to(d);
    require_same(softmax(w.permute({2, 0, 1}), 1), softmax(z.permute({2, 0, 1}), 1), 3e-6, 1e-7);
    CHECK(softmax(zeros({0, 4}, kFloat32, d), 1).numel() == 0);
    CHECK(softmax(zeros({4, 0}, kFloat32, d), 1).numel() == 0);
  }
}
