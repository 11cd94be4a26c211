#include "lazuli/autograd/graph.h"

#include <thread>

#include "lazuli/autograd/origin.h"
#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
struct Net : nn::Module {
  nn::Child<nn::Linear> fc1{this, "fc1", 3, 4}, fc2{this, "fc2", 4, 1};
  Tensor forward(const Tensor& x) { return fc2(relu(fc1(x))); }
};
}  // namespace

TEST_CASE("the graph can be walked from a tensor to its leaves", "[autograd][graph]") {
  Tensor x = tensor({1.0, 2.0}).requires_grad_(), y = exp(x) * x;
  CHECK(!x.grad_fn());
  REQUIRE(y.grad_fn());
  CHECK(y.grad_fn()->name() == std::string("mul"));
  auto next = y.grad_fn()->next_functions();
  REQUIRE(next.size() == 2);
  CHECK(next[0].node->name() == std::string("exp"));
  CHECK(next[1].node->name() == std::string("AccumulateGrad"));
  CHECK(next[1].node == autograd::get_gradient_edge(x).node);
  CHECK(next[0].node->next_functions()[0].node == next[1].node);
  CHECK_THROWS_AS(autograd::get_gradient_edge(x.detach()), Error);
  auto nodes = autograd::nodes_of({y});
  CHECK(nodes.size() == 3);
  CHECK(nodes.back()->accumulates());
}

TEST_CASE("hooks on nodes see and replace the gradients before and after the formula", "[autograd][hooks]") {
  Tensor x = tensor({1.0, 2.0}).requires_grad_(), y = x * 3.0, z = y.sum();
  std::string order;
  auto pre = y.grad_fn()->register_prehook([&](const std::vector<Tensor>& grads) {
    order += "<";
    return std::vector<Tensor>{grads[0] * 10.0};
  });
  auto post = y.grad_fn()->register_hook([&](const std::vector<Tensor>& inputs, const std::vector<Tensor>& outputs) {
    order += ">";
    CHECK(outputs[0].to_vector<double>() == std::vector<double>{10, 10});
    return std::vector<Tensor>{inputs[0] + 1.0};
  });
  y.register_hook([&](const Tensor&) { order += "t"; });
  z.backward(Tensor(), true);
  CHECK(order == "t<>");
  CHECK(x.grad().to_vector<double>() == std::vector<double>{31, 31});
  pre.remove();
  post.remove();
  x.set_grad({});
  z.backward(Tensor(), true);
  CHECK(x.grad().to_vector<double>() == std::vector<double>{3, 3});
  // One that only looks, on the end of the path.
  int seen = 0;
  autograd::get_gradient_edge(x).node->register_hook([&](const std::vector<Tensor>& inputs, const std::vector<Tensor>& outputs) {
    seen += inputs.empty() && outputs.size() == 1 && x.grad().to_vector<double>() == std::vector<double>{6, 6};
  });
  z.backward(Tensor(), true);
  CHECK(seen == 1);
  y.grad_fn()->register_prehook([](const std::vector<Tensor>&) { return std::vector<Tensor>(3); });
  CHECK(says(error_of([&] { z.backward(); }), "expected 1 gradients, or none, got 3"));
}

TEST_CASE("a handle outlives the node that its hook was on, and hooks may hold the tensor they hang on", "[autograd][hooks]") {
  RemovableHandle handle;
  std::weak_ptr<int> alive;
  {
    Tensor x = tensor({1.0}).requires_grad_(), y = x * 2.0;
    auto held = std::make_shared<int>(1);
    alive = held;
    handle = y.grad_fn()->register_hook([held, x](const std::vector<Tensor>&, const std::vector<Tensor>&) {});
  }
  CHECK(alive.expired());
  handle.remove();
}

TEST_CASE("a hook on several tensors gets all their gradients at once, or the first", "[autograd][hooks]") {
  Tensor a = tensor({1.0}).requires_grad_(), b = tensor({2.0}).requires_grad_();
  std::vector<double> all;
  int any = 0;
  auto handle = autograd::register_multi_grad_hook({a, b}, [&](const std::vector<Tensor>& grads) {
    for (const Tensor& g : grads) all.push_back(g.item<double>());
  });
  autograd::register_multi_grad_hook(
      {a, b}, [&](const std::vector<Tensor>& grads) { any += int(grads.size()); }, "any");
  (a * b).sum().backward();
  CHECK(all == std::vector<double>{2, 1});
  CHECK(any == 1);
  handle.remove();
  (a * b).sum().backward();
  CHECK(all.size() == 2);
  CHECK(any == 2);
}

TEST_CASE("a graph prints as text and for Graphviz, with modules and parameters by name", "[autograd][graph]") {
  Net net;
  Tensor x = randn({2, 3}), loss;
  {
    autograd::trace_origins tracing;
    loss = net(x).mean();
  }
  const std::string text = autograd::print_graph(loss, net.named_parameters());
  CHECK(says(text, "#0 mean [] float32"));
  CHECK(says(text, "linear [2, 1] float32, in module fc2 (Linear)"));
  CHECK(says(text, "AccumulateGrad [4, 3] float32 fc1.weight"));
  CHECK(says(text, "in module Net"));  // relu
  const std::string dot = autograd::make_dot(loss, net.named_parameters());
  CHECK(says(dot, "digraph"));
  CHECK(says(dot, "label=\"fc1 (Linear)\""));
  CHECK(says(dot, "fc2.weight\\n[1, 4]"));
  CHECK(std::count(dot.begin(), dot.end(), '{') == std::count(dot.begin(), dot.end(), '}'));
  // Without tracing only names and shapes.
  CHECK(autograd::print_graph(net(x).sum()).find("in module") == std::string::npos);
  // Long ones do not recurse.
  Tensor chain = tensor({1.0}).requires_grad_();
  for (int i = 0; i < 100000; ++i) chain = chain + 1.0;
  CHECK(autograd::nodes_of({chain}).size() == 100001);
}

TEST_CASE("anomaly mode names the module and the caller of the forward that went wrong", "[autograd][anomaly]") {
  struct Root : nn::Module {
    Tensor forward(const Tensor& x) { return sqrt(x); }
  };
  struct Outer : nn::Module {
    nn::Child<Root> root{this, "root"};
    Tensor forward(const Tensor& x) { return root(x) * 0.0; }
  };
  Outer net;
  Tensor x = tensor({0.0, 4.0}).requires_grad_();
  CHECK_FALSE(autograd::is_anomaly_check_nan_enabled());
  std::string text;
  {
    autograd::detect_anomaly mode;
    CHECK(autograd::is_anomaly_check_nan_enabled());
    text = error_of([&] { net(x).sum().backward(); });
  }
  CHECK(says(text, "sqrt: expected a backward without NaN"));
  CHECK(says(text, "whose forward 'sqrt' was recorded in module root (Root), called by "));
  CHECK_FALSE(autograd::is_anomaly_enabled());
  autograd::detect_anomaly lenient(false);
  CHECK(autograd::is_anomaly_enabled());
  CHECK_FALSE(autograd::is_anomaly_check_nan_enabled());
  CHECK_NOTHROW(net(x).sum().backward());
}

TEST_CASE("a warning comes when graphs pile up from step to step", "[autograd][graph]") {
  std::vector<std::string> warnings;
  auto before = set_warning_handler([&](const std::string& text) { warnings.push_back(text); });
  auto train = [&](bool keep) {
    Tensor w = tensor({1.f}).requires_grad_();
    optim::SGD sgd({w}, {.lr = 1e-3});
    Tensor total = zeros({1});
    for (int step = 0; step < 2 * autograd::detail::kStepsOfGrowth; ++step) {
      Tensor loss = square(w);
      loss.backward();
      sgd.step();
      sgd.zero_grad();
      total = total + (keep ? loss : loss.detach());
    }
  };
  const int64_t live = autograd::live_nodes();
  std::thread([&] {
    train(false);
    CHECK(warnings.empty());
    train(true);
  }).join();
  set_warning_handler(before);
  REQUIRE(warnings.size() == 1);
  CHECK(says(warnings[0], "The graphs of the last 50 optimizer steps are still alive"));
  CHECK(says(warnings[0], "2 more at each step"));
  CHECK(autograd::live_nodes() == live);
}
