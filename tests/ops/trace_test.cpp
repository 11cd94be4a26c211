#include "tests/core/trace.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"

using namespace lazuli;
using namespace lazuli::test;

// The slot calls of one step are all that it does: forward, backward and update.
TEST_CASE("a trace of a training step names every slot call with its arguments", "[ops][events]") {
  const Tensor x = full({4, 3}, 0.5), target = from_vector(std::vector<int64_t>{0, 1, 1, 0}, {4});
  const Tensor w1 = full({5, 3}, 0.1).requires_grad_(), b1 = zeros({5}).requires_grad_(), w2 = full({2, 5}, 0.2).requires_grad_(),
               b2 = zeros({2}).requires_grad_();
  optim::SGD optimizer({w1, b1, w2, b2}, {.lr = 0.1});
  Trace trace;
  {
    const Listening listening(trace);
    const Tensor loss = cross_entropy(linear(relu(linear(x, w1, b1)), w2, b2), target);
    loss.backward();
    optimizer.step();
    loss.item();
  }
  CHECK(trace.text == R"(matmul(out float32[4, 5], float32[4, 3], float32[3, 5] strides [1, 3], float32[5], 0, 1) on cpu
unary(Relu, out float32[4, 5], float32[4, 5], {p0=0, p1=0}) on cpu
matmul(out float32[4, 2], float32[4, 5], float32[5, 2] strides [1, 5], float32[2], 0, 1) on cpu
cross_entropy(out float32[4], out float32[4], float32[4, 2], int64[4], none, -100, 0) on cpu
reduce(Sum, out float32[1], float32[4]) on cpu
binary_number(Ne, out bool[4], int64[4], -100, false) on cpu
reduce(CountNonzero, out int64[1], bool[4]) on cpu
copy(out float32[], int64[]) on cpu
binary(Div, out float32[], float32[], float32[], {p0=0, p1=0}) on cpu
fill(out float32[], 1) on cpu
binary(Div, out float32[], float32[], float32[], {p0=0, p1=0}) on cpu
cross_entropy_backward(out float32[4, 2], float32[4] strides [0], float32[4], float32[4, 2], int64[4], none, -100, 0) on cpu
matmul(out float32[2, 5], float32[2, 4] strides [1, 2], float32[4, 5], none, 0, 1) on cpu
matmul(out float32[4, 5], float32[4, 2], float32[2, 5], none, 0, 1) on cpu
reduce(Sum, out float32[1, 2], float32[4, 2]) on cpu
binary(ReluGrad, out float32[4, 5], float32[4, 5], float32[4, 5], {p0=0, p1=0}) on cpu
matmul(out float32[5, 3], float32[5, 4] strides [1, 5], float32[4, 3], none, 0, 1) on cpu
reduce(Sum, out float32[1, 5], float32[4, 5]) on cpu
sgd(out float32[5, 3], float32[5, 3], out none, {lr=0.1, momentum=0, dampening=0, weight_decay=0, nesterov=false, maximize=false, first_step=false}) on cpu
sgd(out float32[5], float32[5], out none, {lr=0.1, momentum=0, dampening=0, weight_decay=0, nesterov=false, maximize=false, first_step=false}) on cpu
sgd(out float32[2, 5], float32[2, 5], out none, {lr=0.1, momentum=0, dampening=0, weight_decay=0, nesterov=false, maximize=false, first_step=false}) on cpu
sgd(out float32[2], float32[2], out none, {lr=0.1, momentum=0, dampening=0, weight_decay=0, nesterov=false, maximize=false, first_step=false}) on cpu
the value of float32[]
)");
}
