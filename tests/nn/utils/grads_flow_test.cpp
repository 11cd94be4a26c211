#include "lazuli/nn/utils/grads_flow.h"

#include "lazuli/lazuli.h"
#include "tests/catch.h"
#include "tests/errors.h"

using namespace lazuli;

namespace {
struct Net : nn::Module {
  nn::Child<nn::Linear> whole{this, "whole", 3, 4}, cut{this, "cut", 3, 4}, detached{this, "detached", 3, 4}, quiet{this, "quiet", 3, 4},
      read{this, "read", 3, 1}, unused{this, "unused", 3, 4}, frozen{this, "frozen", 3, 4};
  Tensor forward(const Tensor& x) {
    Tensor classes = argmax(cut(x), 1), hidden = whole(x) + detached(x).detach() + frozen(x);
    {
      no_grad guard;
      hidden = hidden + quiet(x);
    }
    return hidden * classes.unsqueeze(1) * read(x)[0][0].item<double>();
  }
};
}  // namespace

TEST_CASE("check_grads_flow lists the parameters without a gradient and what cut each off", "[nn][grads_flow]") {
  Net net;
  net.frozen->requires_grad_(false);
  Tensor x = randn({5, 3});
  auto report = nn::check_grads_flow(net, [&] {
    Tensor w = net.whole(x).sum();
    return net(x).sum() + w;
  });
  CHECK_FALSE(report.ok());
  auto reason = [&](const std::string& name) {
    for (const auto& e : report.without_gradient)
      if (e.parameter == name) return e.reason;
    return std::string("fine");
  };
  CHECK(reason("whole.weight") == "fine");
  CHECK(says(reason("cut.weight"), "the last operator recorded is linear in module cut (Linear); then arg_reduce"));
  CHECK(says(reason("cut.weight"), "gives int64, which has no gradient"));
  CHECK(says(reason("detached.bias"), "uses it without its history: it was detached"));
  CHECK(says(reason("quiet.weight"), "matmul in module quiet (Linear) runs under no_grad"));
  CHECK(says(reason("read.weight"), "item()"));
  CHECK(reason("unused.weight") == "the forward does not use it");
  CHECK(report.frozen == std::vector<std::string>{"frozen.weight", "frozen.bias"});

  nn::Linear linear(3, 2);
  CHECK(nn::check_grads_flow(linear, linear(x).sum()));
  CHECK(to_string(nn::check_grads_flow(linear, linear(x).sum())) == "every parameter gets a gradient\n");
  CHECK(nn::check_grads_flow(linear, x.sum()).without_gradient.size() == 2);
}

namespace {
struct Cut : nn::Module {
  nn::Child<nn::Linear> before{this, "before", 4, 4}, after{this, "after", 4, 4};
  nn::Child<nn::MultiheadAttention> attention{this, "attention", 4, 2};
  Tensor forward(const Tensor& x) {
    const Tensor all = after(before(x).detach());
    return std::get<0>(attention(all.detach(), all.detach(), all.detach()));
  }
};
}  // namespace

TEST_CASE("check_grads_flow knows a detached tensor from no_grad where an operator makes its calls unrecorded", "[nn][grads_flow]") {
  Cut net;
  const Tensor x = randn({2, 3, 4});
  const std::string text = to_string(nn::check_grads_flow(net, [&] { return net(x).sum(); }));
  CHECK(
      says(text,
           "before.weight, before.bias: the last operator recorded is linear in module before (Linear); then linear in module after (Linear) uses it "
           "without its history: it was detached\n"));
  CHECK(says(text, "after.weight, after.bias: the last operator recorded is linear in module after (Linear); then "));
  CHECK_FALSE(says(text, "no_grad"));
  CHECK_FALSE(says(text, "attention."));
}
