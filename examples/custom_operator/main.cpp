// An operator of one's own: its forward, its gradient, its name in the table; checked, and used in a network.
#include <cmath>
#include <cstdio>

#include "common/run.h"
#include "lazuli/autograd/tape.h"

using namespace lazuli;

namespace {

/// x^2 sigmoid(x): smooth, zero and flat at the left, a parabola at the right.
///   d/dx = 2 x s + x^2 s (1 - s), with s = sigmoid(x)
Tensor parabolic(const Tensor& x) {
  if (!x.is_floating_point()) fail(ErrorKind::Type, "parabolic", "x", "a floating point dtype", name(x.dtype()));
  Tensor out;
  {
    no_grad guard;  // only what is recorded below counts
    out = x * x * sigmoid(x);
  }
  if (auto tape = Tape::recording(x))
    tape.record("parabolic", out, [saved = tape.save(x)](const Tensor& grad, Needs) {
      const Tensor x = saved.get(), s = sigmoid(x);  // operators: the second derivative exists, too
      return Grads{grad * (x * s * 2.0 + x * x * s * (1.0 - s))};
    });
  return out;
}

struct Net : nn::Module {
  nn::Child<nn::Linear> in{this, "in", 1, 16}, out{this, "out", 16, 1};
  Tensor forward(const Tensor& x) { return out(parabolic(in(x))); }
};

int run() {
  manual_seed(1);
  register_function("parabolic(Tensor x) -> Tensor", &parabolic, /*replace=*/true);
  const Tensor x = randn({5}, {.dtype = kFloat64, .requires_grad = true});
  std::printf("first derivative:  %s\n", autograd::gradcheck(&parabolic, {x}) ? "as finite differences say" : "wrong");
  std::printf("second derivative: %s\n", autograd::gradgradcheck(&parabolic, {x}) ? "as finite differences say" : "wrong");
  std::printf("by its name: %s\n", to_string(call("parabolic", {x.detach()})[0].to_tensor()).c_str());

  Net net;
  optim::Adam adam(net.parameters(), {.lr = 0.02});
  const Tensor places = linspace(-3, 3, 64).unsqueeze(1), values = sin(places);
  double loss = 0;
  for (int step = 0; step < 400; ++step) {
    adam.zero_grad();
    const Tensor error = mse_loss(net(places), values);
    error.backward();
    adam.step();
    loss = error.item<double>();
  }
  std::printf("a sine, fitted with it: mean squared error %.5f\n", loss);
  return loss < 0.05 ? 0 : 1;
}

}  // namespace

int main() { return examples::guarded("custom_operator", run); }
