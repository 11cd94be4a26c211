#include "lazuli/autograd/autocast.h"

#include <thread>

#include "lazuli/lazuli.h"
#include "lazuli/optim/grad_scaler.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

TEST_CASE("under autocast products are computed in the lower dtype, losses in float32, joins in the widest", "[autograd][amp]") {
  Tensor x = randn({4, 8}), w = randn({3, 8}).requires_grad_(), b = randn({3}).requires_grad_(), image = randn({2, 3, 5, 5}),
         kernel = randn({4, 3, 3, 3});
  CHECK_FALSE(amp::is_autocast_enabled(kCPU));
  {
    amp::autocast guard(kCPU);
    CHECK(amp::is_autocast_cpu_enabled());
    Tensor y = linear(x, w, b);
    CHECK(y.dtype() == kBFloat16);
    CHECK(matmul(x, w.t()).dtype() == kBFloat16);
    CHECK(conv2d(image, kernel).dtype() == kBFloat16);
    CHECK(relu(y).dtype() == kBFloat16);
    CHECK((x + x).dtype() == kFloat32);         // no policy
    CHECK(softmax(y, 1).dtype() == kBFloat16);  // on the CPU as it is, as in PyTorch
    CHECK(cross_entropy(y, tensor({0, 1, 2, 0})).dtype() == kFloat32);
    CHECK(mse_loss(y, y).dtype() == kFloat32);
    CHECK(linalg::inv(matmul(x.t(), x) + eye(8)).dtype() == kFloat32);
    CHECK(cat({y, x}, 1).dtype() == kFloat32);
    CHECK(cat({y, y}, 1).dtype() == kBFloat16);
    CHECK(linear(x.to(kFloat64), w.detach().to(kFloat64)).dtype() == kFloat64);  // not touched
    CHECK(call("matmul", {x, x.t()})[0].to_tensor().dtype() == kBFloat16);
  }
  CHECK(linear(x, w, b).dtype() == kFloat32);
}

TEST_CASE("gradients under autocast come in the parameters' own dtype and near those of float32", "[autograd][amp]") {
  Tensor x = randn({16, 8}), w = randn({3, 8}).requires_grad_();
  auto loss = [&] { return square(linear(x, w)).to(kFloat32).mean(); };
  loss().backward();
  Tensor exact = w.grad();
  w.set_grad({});
  Tensor lower;
  {
    amp::autocast guard("cpu", kBFloat16);
    lower = loss();
  }
  lower.backward();
  CHECK(w.grad().dtype() == kFloat32);
  CHECK(allclose(w.grad(), exact, {.rtol = 5e-2, .atol = 5e-2}));
  CHECK_FALSE(equal(w.grad(), exact));
}

TEST_CASE("autocast guards nest, can be switched off inside, and belong to their thread", "[autograd][amp]") {
  Tensor x = randn({2, 4}), w = randn({3, 4});
  amp::autocast outer(kCPU, kBFloat16);
  {
    amp::autocast half(kCPU, kFloat16);
    CHECK(amp::get_autocast_cpu_dtype() == kFloat16);
    CHECK(linear(x, w).dtype() == kFloat16);
    amp::autocast off(kCPU, {}, false);
    CHECK(linear(x, w).dtype() == kFloat32);
    CHECK_FALSE(amp::is_autocast_cpu_enabled());
  }
  CHECK(linear(x, w).dtype() == kBFloat16);
  DType elsewhere = kBool;
  std::thread([&] { elsewhere = linear(x, w).dtype(); }).join();
  CHECK(elsewhere == kFloat32);
  CHECK(says(error_of([] { amp::autocast wrong(kCPU, kInt32); }), "autocast: argument 'dtype': expected float16 or bfloat16, got int32"));
  CHECK(amp::is_autocast_cpu_enabled());
  amp::autocast gpu(DeviceType::CUDA);  // says nothing about tensors of the CPU
  CHECK(amp::get_autocast_gpu_dtype() == kFloat16);
  CHECK(linear(x, w).dtype() == kBFloat16);
}

namespace {
struct CountCasts : EventListener {
  int casts = 0, depth = 0;
  void call_begins(const SlotCall& call) override {
    if (depth++ || std::string_view(call.slot.name) != "copy") return;  // what a kernel does inside is its own business
    const Tensor &to = call.arguments[0].tensors()[0], &from = call.arguments[1].tensors()[0];
    casts += to.dtype() != from.dtype();
  }
  void call_ends(const SlotCall&, bool) noexcept override { --depth; }
};
int casts_in(const std::function<void()>& f) {
  CountCasts counter;
  const Listening listening(counter);
  f();
  return counter.casts;
}
}  // namespace

TEST_CASE("a weight is cast once under the outermost guard, and again when it has changed", "[autograd][amp]") {
  Tensor x = randn({2, 4}).to(kBFloat16), w = randn({3, 4}).requires_grad_();
  auto forward = [&] { linear(x, w); };
  amp::autocast guard(kCPU);
  CHECK(casts_in(forward) == 1);
  CHECK(casts_in(forward) == 0);
  {
    amp::autocast nested(kCPU);
    CHECK(casts_in(forward) == 0);
  }
  CHECK(casts_in(forward) == 0);
  {
    no_grad unrecorded;
    w.mul_(2);
    CHECK(casts_in(forward) == 1);  // and without history, which is no use outside
  }
  CHECK(casts_in(forward) == 1);
  CHECK(linear(x, w).requires_grad());
  amp::clear_autocast_cache();
  CHECK(casts_in(forward) == 1);
  amp::autocast uncached(kCPU, {}, true, false);
  CHECK_FALSE(amp::is_autocast_cache_enabled());
  CHECK(casts_in(forward) == 1);
}

namespace {
Tensor scores(const Tensor& q, const Tensor& k) {
  if (const Casting cast{Cast::Float32, q, k}) return scores(cast(q), cast(k));
  return (q * k).sum();
}
}  // namespace
TEST_CASE("an operator of one's own says its policy in a line", "[autograd][amp]") {
  Tensor q = randn({3}).to(kBFloat16).requires_grad_(), k = randn({3}).to(kBFloat16);
  CHECK(scores(q, k).dtype() == kBFloat16);
  amp::autocast guard(kCPU);
  Tensor s = scores(q, k);
  CHECK(s.dtype() == kFloat32);
  s.backward();
  CHECK(q.grad().dtype() == kBFloat16);
}

TEST_CASE("a net of modules trains in bfloat16 under autocast", "[autograd][amp]") {
  manual_seed(0);
  nn::Sequential net{nn::Conv2d(1, 4, 3),    nn::BatchNorm2d(4), nn::ReLU(), nn::Flatten(),
                     nn::Linear(4 * 36, 16), nn::LayerNorm(16),  nn::GELU(), nn::Linear(16, 3)};
  Tensor x = randn({24, 1, 8, 8}), y = remainder(arange(24), 3);
  optim::Adam adam(net.parameters(), {.lr = 1e-2});
  double first = 0, last = 0;
  for (int step = 0; step < 15; ++step) {
    adam.zero_grad();
    Tensor loss;
    {
      amp::autocast guard(kCPU, kBFloat16);
      Tensor out = net(x);
      CHECK(out.dtype() == kBFloat16);
      loss = cross_entropy(out, y);
    }
    loss.backward();
    adam.step();
    (step ? last : first) = loss.item<double>();
  }
  CHECK(last < first / 2);
  for (const Tensor& p : net.parameters()) CHECK(p.dtype() == kFloat32);
}

TEST_CASE("recurrent nets and attention run in the lower dtype", "[autograd][amp]") {
  nn::LSTM lstm(4, 6);
  nn::MultiheadAttention attention(8, 2);
  Tensor x = randn({5, 2, 4}), q = randn({5, 2, 8});
  amp::autocast guard(kCPU);
  CHECK(std::get<0>(lstm(x)).dtype() == kBFloat16);
  CHECK(std::get<0>(attention(q, q, q)).dtype() == kBFloat16);
}

TEST_CASE("GradScaler scales the loss, unscales gradients, and passes over steps that overflow", "[autograd][amp]") {
  Tensor w = tensor({1.f, 2.f}).requires_grad_();
  optim::SGD sgd({w}, {.lr = 1});
  amp::GradScaler scaler("cpu", {.init_scale = 8, .growth_interval = 2});
  auto backward = [&](double factor) {
    sgd.zero_grad();
    scaler.scale((w * factor).sum()).backward();
  };
  backward(0.5);
  CHECK(w.grad().to_vector<float>() == std::vector<float>{4, 4});
  scaler.unscale_(sgd);
  CHECK(w.grad().to_vector<float>() == std::vector<float>{0.5, 0.5});
  CHECK(says(error_of([&] { scaler.unscale_(sgd); }), "unscaled since the last update()"));
  CHECK(scaler.step(sgd));
  CHECK(w.to_vector<float>() == std::vector<float>{0.5, 1.5});
  CHECK(says(error_of([&] { scaler.step(sgd); }), "has not stepped since the last update()"));
  scaler.update();
  CHECK(scaler.get_scale() == 8);

  backward(INFINITY);
  CHECK_FALSE(scaler.step(sgd));
  CHECK(w.to_vector<float>() == std::vector<float>{0.5, 1.5});
  scaler.update();
  CHECK(scaler.get_scale() == 4);
  for (int i = 0; i < 2; ++i) {
    backward(0);
    scaler.step(sgd);
    scaler.update();
  }
  CHECK(scaler.get_scale() == 8);
  CHECK(says(error_of([&] { scaler.update(); }), "an optimizer that has stepped"));

  backward(0);
  scaler.step(sgd);
  scaler.update();
  amp::GradScaler other;
  CHECK(other.get_scale() == 65536);
  other.load_state_dict(scaler.state_dict());
  CHECK(other.get_scale() == 8);
  CHECK(other.get_growth_interval() == 2);
  CHECK(other.state_dict().at("_growth_tracker").item<double>() == 1);
  CHECK_THROWS_AS(amp::GradScaler(amp::GradScalerOptions{.growth_factor = 0.5}), Error);
}

TEST_CASE("a GradScaler that is not enabled passes everything through", "[autograd][amp]") {
  Tensor w = tensor({1.f}).requires_grad_();
  optim::SGD sgd({w}, {.lr = 1});
  amp::GradScaler scaler(amp::GradScalerOptions{.enabled = false});
  Tensor loss = w.sum();
  CHECK(scaler.scale(loss).is_same(loss));
  loss.backward();
  scaler.unscale_(sgd);
  CHECK(scaler.step(sgd));
  scaler.update();
  CHECK(w.item<float>() == 0);
  CHECK(scaler.state_dict().empty());
}

TEST_CASE("autocast takes its options by name", "[autograd][amp]") {
  Tensor a = randn({2, 2});
  amp::autocast guard("cpu", {.dtype = kFloat16});
  CHECK(matmul(a, a).dtype() == kFloat16);
  amp::autocast off("cpu", {.enabled = false});
  CHECK(matmul(a, a).dtype() == kFloat32);
}
