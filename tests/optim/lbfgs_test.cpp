#include "lazuli/optim/lbfgs.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {

Tensor rosenbrock(const Tensor& x) {
  const Tensor a = x.narrow(0, 0, x.size(0) - 1), b = x.narrow(0, 1, x.size(0) - 1);
  return ((b - a.square()).square() * 100.0 + (1.0 - a).square()).sum();
}
Tensor step(optim::LBFGS& optimizer, const Tensor& x) {
  return optimizer.step([&] {
    optimizer.zero_grad();
    Tensor loss = rosenbrock(x);
    loss.backward();
    return loss;
  });
}
Tensor start() { return (ones({5}, kFloat64) * -1.2).requires_grad_(); }

}  // namespace

TEST_CASE("L-BFGS with strong Wolfe steps finds the minimum of Rosenbrock's function", "[optim]") {
  Tensor x = start();
  optim::LBFGS optimizer({x}, {.line_search_fn = "strong_wolfe"});
  const double before = step(optimizer, x).item<double>();
  CHECK(before == Approx(rosenbrock(start()).item<double>()));  // the loss before the step
  for (int k = 0; k < 10; ++k) step(optimizer, x);
  CHECK((x.detach() - 1.0).abs().amax().item<double>() < 1e-5);
  const StateDict state = optimizer.state_dict();
  CHECK(state.at("state.0.n_iter").item<double>() > 10);
  CHECK(state.at("state.0.func_evals").item<double>() >= state.at("state.0.n_iter").item<double>());
  CHECK(state.contains("state.0.old_dirs.0"));
}

TEST_CASE("L-BFGS goes on exactly from a saved state, and keeps no more changes than its history", "[optim]") {
  Tensor x = start();
  optim::LBFGS optimizer({x}, {.lr = 0.01, .max_iter = 3, .history_size = 4});
  for (int k = 0; k < 3; ++k) step(optimizer, x);
  Tensor y = x.detach().clone().requires_grad_();
  optim::LBFGS other({y}, {.lr = 0.01, .max_iter = 3, .history_size = 4});
  other.load_state_dict(optimizer.state_dict().clone());
  for (int k = 0; k < 3; ++k) {
    step(optimizer, x);
    step(other, y);
  }
  CHECK(equal(x.detach(), y.detach()));
  CHECK(optimizer.state_dict().contains("state.0.old_dirs.3"));
  CHECK(!optimizer.state_dict().contains("state.0.old_dirs.4"));
}

TEST_CASE("L-BFGS treats several parameters as one vector", "[optim]") {
  Tensor x = start(), head = start().detach().narrow(0, 0, 2).clone().requires_grad_(),
         tail = start().detach().narrow(0, 2, 3).clone().requires_grad_();
  optim::LBFGS one({x}, {.line_search_fn = "strong_wolfe"}), two({head, tail}, {.line_search_fn = "strong_wolfe"});
  for (int k = 0; k < 2; ++k) {
    step(one, x);
    two.step([&] {
      two.zero_grad();
      Tensor loss = rosenbrock(cat({head, tail}));
      loss.backward();
      return loss;
    });
  }
  CHECK((cat({head.detach(), tail.detach()}) - x.detach()).abs().amax().item<double>() < 1e-9);
}

TEST_CASE("L-BFGS stops at once where the gradient is flat, calls hooks, and needs a closure and one group", "[optim]") {
  Tensor x = ones({3}, kFloat64).requires_grad_();
  optim::LBFGS optimizer({x}, {.max_iter = 5});
  int before = 0, after = 0, asked = 0;
  optimizer.register_step_pre_hook([&](optim::Optimizer&) { ++before; });
  optimizer.register_step_post_hook([&](optim::Optimizer&) { ++after; });
  optimizer.step([&] {
    ++asked;
    optimizer.zero_grad();
    Tensor loss = rosenbrock(x);
    loss.backward();
    return loss;
  });
  CHECK(asked == 1);
  CHECK(before == 1);
  CHECK(after == 1);
  CHECK(x.detach().to_vector<double>() == std::vector<double>{1, 1, 1});
  CHECK(says(error_of([&] { optimizer.step(); }), "step(closure)"));
  optimizer.add_param_group({.params = {ones({1}, kFloat64).requires_grad_()}});
  CHECK(says(error_of([&] { step(optimizer, x); }), "one group"));
}

TEST_CASE("L-BFGS that maximizes takes the steps of one that minimizes the negative", "[optim]") {
  for (const std::optional<std::string>& search : {std::optional<std::string>(), std::optional<std::string>("strong_wolfe")}) {
    Tensor up = start(), down = start();
    optim::LBFGS maximizing({up}, {.lr = 0.01, .max_iter = 4, .line_search_fn = search, .maximize = true});
    optim::LBFGS minimizing({down}, {.lr = 0.01, .max_iter = 4, .line_search_fn = search});
    for (int k = 0; k < 3; ++k) {
      const Tensor value = maximizing.step([&] {
        maximizing.zero_grad();
        Tensor height = -rosenbrock(up);
        height.backward();
        return height;
      });
      CHECK(equal(value, -step(minimizing, down)));
    }
    CHECK(equal(up.detach(), down.detach()));
  }
}

// A line search may ask for the loss no more often than max_eval leaves, and how far it goes does not depend on tolerance_change. Numbers by PyTorch.
TEST_CASE("L-BFGS searches a line within max_eval", "[optim]") {
  const std::vector<double> from = {-0.5, 0.75, 0.5, -0.625, 1.0};
  const auto found = [&](optim::LBFGSOptions options, int steps) {
    Tensor x = tensor(from, {.dtype = kFloat64}).requires_grad_();
    options.line_search_fn = "strong_wolfe";
    optim::LBFGS optimizer({x}, options);
    for (int k = 0; k < steps; ++k) step(optimizer, x);
    return x.detach();
  };
  CHECK(allclose(
      found({.lr = 0.01, .max_iter = 4}, 2),
      tensor({-0.658109735381447, 0.30764722351793533, -0.04571852238567791, -0.09525781643709995, -0.10610013221927628}, {.dtype = kFloat64}),
      {.rtol = 1e-9}));
  CHECK(allclose(
      found({.lr = 0.01, .tolerance_change = 1e-3}, 2),
      tensor({-0.49700112017387144, 0.26131994134200265, 0.07988521724699055, 0.01662273742958076, 0.0002115201198643992}, {.dtype = kFloat64}),
      {.rtol = 1e-9}));
}
