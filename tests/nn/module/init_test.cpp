#include "lazuli/nn/module/init.h"

#include <algorithm>
#include <cmath>

#include "tests/distribution.h"

// Values to begin with, against the distributions that their authors give.
using namespace lazuli;
using namespace lazuli::test;
namespace init = lazuli::nn::init;

namespace {
constexpr DType kReal[] = {kFloat16, kBFloat16, kFloat32, kFloat64};
auto normal_with(double mean, double std) {
  return [=](double x) { return normal_below((x - mean) / std); };
}
}  // namespace

TEST_CASE("uniform, normal and truncated initial values", "[nn][distribution]") {
  Generator g(21);
  for (DType dtype : kReal) {
    INFO(dtype);
    const Tensor x = zeros({100, 200}, dtype);
    CHECK(numbers_fit(init::uniform_(x, -2, 1, g), uniform_below(-2, 1)));
    CHECK(numbers_fit(init::normal_(x, 1, 2, g), normal_with(1, 2)));
    for (const auto& [mean, std, low, high] : {std::array{0., 1., -2., 2.}, std::array{1., 2., 0., 1.5}, std::array{0., 1., 1., 3.}}) {
      INFO(low << " to " << high);
      const double before = normal_below((low - mean) / std), share = normal_below((high - mean) / std) - before;
      const Tensor t = init::trunc_normal_(x, mean, std, low, high, g);
      CHECK(amin(t.to(kFloat64)).item<double>() >= low);
      CHECK(amax(t.to(kFloat64)).item<double>() <= high);
      CHECK(numbers_fit(t, [&, m = mean, s = std](double v) { return std::clamp((normal_below((v - m) / s) - before) / share, 0.0, 1.0); }));
    }
  }
}

TEST_CASE("initial values by the numbers of inputs and outputs", "[nn][distribution]") {
  Generator g(22);
  const Tensor w = zeros({40, 25, 4, 5});  // of a convolution: 500 in, 800 out
  auto between = [](double bound) { return uniform_below(-bound, bound); };
  CHECK(numbers_fit(init::xavier_uniform_(w, 2, g), between(2 * std::sqrt(6.0 / 1300))));
  CHECK(numbers_fit(init::xavier_normal_(w, 2, g), normal_with(0, 2 * std::sqrt(2.0 / 1300))));
  CHECK(numbers_fit(init::kaiming_uniform_(w, 0, init::FanMode::In, "relu", g), between(std::sqrt(2.0) * std::sqrt(3.0 / 500))));
  CHECK(numbers_fit(init::kaiming_uniform_(w, 0.5, init::FanMode::Out, "leaky_relu", g), between(std::sqrt(2 / 1.25) * std::sqrt(3.0 / 800))));
  CHECK(numbers_fit(init::kaiming_normal_(w, 0, init::FanMode::In, "linear", g), normal_with(0, std::sqrt(1.0 / 500))));
  CHECK(numbers_fit(init::kaiming_normal_(w, 0, init::FanMode::Out, "tanh", g), normal_with(0, 5.0 / 3 * std::sqrt(1.0 / 800))));
}

TEST_CASE("orthogonal initial values have no favoured direction", "[nn][distribution]") {
  Generator g(23);
  std::vector<double> angles;
  double turned = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::vector<double> q = init::orthogonal_(zeros({2, 2}, kFloat64), 3, g).to_vector<double>();
    CHECK(q[0] * q[0] + q[2] * q[2] == Approx(9));
    CHECK(q[0] * q[1] + q[2] * q[3] == Approx(0).margin(1e-9));
    angles.push_back(std::atan2(q[2], q[0]));
    turned += q[0] * q[3] - q[1] * q[2] > 0;
  }
  CHECK(numbers_fit(tensor(angles, kFloat64), uniform_below(-std::numbers::pi, std::numbers::pi)));
  CHECK(counts_fit({turned, 2000 - turned}, {0.5, 0.5}));
  for (Shape sizes : {Shape{3, 7}, Shape{7, 3}, Shape{3, 2, 4}}) {
    const Tensor q = init::orthogonal_(zeros(sizes, kFloat64), 1, g).reshape({sizes[0], -1}), small = q.size(0) < q.size(1) ? q : q.t();
    CHECK(allclose(mm(small, small.t()), eye(small.size(0), {.dtype = kFloat64}), 1e-9, 1e-9));
  }
}

TEST_CASE("sparse initial values", "[nn][distribution]") {
  Generator g(24);
  const Tensor w = init::sparse_(zeros({10, 2000}), 0.25, 0.5, g), zero = w == 0;
  CHECK(equal(zero.to(kInt64).sum(0), full({2000}, 3, kInt64)));  // 2.5 rounded up
  CHECK(numbers_fit(masked_select(w, zero.logical_not()), normal_with(0, 0.5)));
  const std::vector<double> rows = zero.to(kFloat64).sum(1).to_vector<double>();  // no row is left out, and none favoured
  CHECK(counts_fit(rows, std::vector<double>(10, 0.1)));
}

TEST_CASE("layers begin as PyTorch's do", "[nn][distribution]") {
  manual_seed(25);
  nn::Linear linear(400, 50);
  CHECK(numbers_fit(linear.weight, uniform_below(-0.05, 0.05)));
  nn::Embedding embedding(100, 200);
  CHECK(numbers_fit(embedding.weight, normal_below));
  nn::Bilinear bilinear(16, 10, 100);
  CHECK(numbers_fit(bilinear.weight, uniform_below(-0.25, 0.25)));
}

TEST_CASE("initial values of He and others take their options by name", "[nn]") {
  Tensor a = empty({64, 32}), b = empty({64, 32});
  nn::init::kaiming_normal_(a, {.mode = nn::init::FanMode::Out, .nonlinearity = "relu", .generator = Generator(3)});
  nn::init::kaiming_normal_(b, 0, nn::init::FanMode::Out, "relu", Generator(3));
  CHECK(equal(a, b));
  nn::init::kaiming_uniform_(a, {.a = 0.5, .generator = Generator(3)});
  nn::init::kaiming_uniform_(b, 0.5, nn::init::FanMode::In, "leaky_relu", Generator(3));
  CHECK(equal(a, b));
}

TEST_CASE("kaiming's fan is told by name, by position too", "[nn][init]") {
  Tensor w = empty({50, 8});
  nn::init::kaiming_uniform_(w, 0, "fan_out", "relu");
  CHECK(w.abs().max().item<double>() <= std::sqrt(6.0 / 50));
  CHECK_THROWS_AS(nn::init::kaiming_normal_(w, 0, "fan"), Error);
}
