// Decompositions of tensors on a device that has no kernels for them: computed on the CPU, with results and gradients on the device.
#include "lazuli/autograd/autograd.h"
#include "lazuli/core/backend.h"
#include "lazuli/tests/catch.h"
#include "lazuli/tests/ops/bare_device.h"
#include "tests/ops/linalg/random_matrices.h"

using namespace lazuli;
using namespace lazuli::test;
using namespace matrix_test;

namespace {

template <class F>
void check_same(F f, const Shape& sizes) {
  for (DType dtype : {kFloat64, kComplex128}) {
    const Tensor here = regular(any(sizes, dtype)).detach().requires_grad_(), there = here.detach().to(bare()).requires_grad_();
    const Tensor a = f(here), b = f(there);
    CHECK(b.device() == bare());
    CHECK(allclose(a.detach(), b.detach().cpu()));
    abs(a).sum().backward();
    abs(b).sum().backward();
    CHECK(there.grad().device() == bare());
    CHECK(allclose(here.grad(), there.grad().cpu()));
  }
}

}  // namespace

TEST_CASE("decompositions on a device without their kernels", "[ops][device][linalg]") {
  const Shape square{2, 3, 3}, tall{2, 4, 3};
  check_same([](const Tensor& t) { return linalg::inv(t); }, square);
  check_same([](const Tensor& t) { return linalg::det(t); }, square);
  check_same([](const Tensor& t) { return linalg::cholesky(matmul(t, adjoint(t))); }, square);
  check_same([](const Tensor& t) { return linalg::solve(t, t.select(-1, 0)); }, square);
  check_same([](const Tensor& t) { return linalg::lu(t).U; }, tall);
  check_same([](const Tensor& t) { return linalg::qr(t).R; }, tall);
  check_same([](const Tensor& t) { return linalg::svdvals(t); }, tall);
  check_same([](const Tensor& t) { return linalg::eigvalsh(t + adjoint(t)); }, square);
  check_same([](const Tensor& t) { return linalg::pinv(t); }, tall);
  check_same([](const Tensor& t) { return linalg::lstsq(t, t.narrow(-1, 0, 2)).solution; }, tall);
  check_same([](const Tensor& t) { return linalg::matrix_exp(t / Scalar(9)); }, square);
}
