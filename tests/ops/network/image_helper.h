#pragma once
#include <lazuli/lazuli.h>

#include "lazuli/core/memory/memory_format.h"
#include "lazuli/core/slots/events.h"
#include "tests/catch.h"
#include "tests/ops/bare_device.h"

// Images and comparisons for the tests of convolution, pooling and their kin.
namespace lazuli::test {

/// Numbers without ties.
inline Tensor image(const Shape& sizes, double phase = 0, DType dtype = kFloat64) {
  return to(sin(arange(sizes.numel(), {.dtype = kFloat64}) * Scalar(1.7) + Scalar(phase)) * Scalar(0.9) + Scalar(0.1), dtype).reshape(sizes);
}
inline Tensor leaf(const Shape& sizes, double phase = 0, DType dtype = kFloat64) { return image(sizes, phase, dtype).requires_grad_(); }
inline Tensor channels_last(const Tensor& t) {
  Tensor out = new_strided(t.sizes(), channels_last_strides(t.sizes()), t.dtype());
  return out.copy_(t.detach());
}

/// f of the inputs and its gradients for a certain gradient of the result.
template <class F>
std::vector<Tensor> with_gradients(const F& f, const std::vector<Tensor>& inputs) {
  Tensor out = f(inputs);
  std::vector<Tensor> all = autograd::grad({out}, inputs, {.grad_outputs = {image(out.sizes(), 5, out.dtype())}});
  all.insert(all.begin(), out.detach());
  return all;
}
inline void expect_close(const std::vector<Tensor>& got, const std::vector<Tensor>& expected, double tolerance) {
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) {
    INFO((i ? "gradient " : "result ") << i << ", sizes " << got[i].sizes());
    CHECK(allclose(got[i], expected[i], tolerance, tolerance));
  }
}
/// The kernels' results and gradients are those of the composites.
template <class F>
void expect_fused_is_composite(const F& f, const std::vector<Tensor>& inputs, double tolerance) {
  const std::vector<Tensor> fused = with_gradients(f, inputs);
  const ComposeGuard composing;
  expect_close(with_gradients(f, inputs), fused, tolerance);
}
template <class F>
void expect_gradients(const F& f, const std::vector<Tensor>& inputs) {
  CHECK(autograd::gradcheck(f, inputs));
  CHECK(autograd::gradgradcheck(f, inputs));
}

}  // namespace lazuli::test
