// Derivatives of functions as functions: bench/torch_func.py has the same with torch.func.
#include "lazuli/bench/bench.h"
#include "lazuli/func.h"
#include "lazuli/lazuli.h"

namespace bench {
using namespace lazuli;

namespace {

struct Convolutions : nn::Module {
  nn::Child<nn::Conv2d> c1{this, "c1", 1, 16, 3, nn::ConvOptions{.padding = 1}}, c2{this, "c2", 16, 32, 3, nn::ConvOptions{.padding = 1}},
      c3{this, "c3", 32, 32, 3, nn::ConvOptions{.padding = 1}};
  nn::Child<nn::Linear> out{this, "out", 32 * 7 * 7, 10};
  Tensor forward(const Tensor& x) { return out(relu(c3(max_pool2d(relu(c2(max_pool2d(relu(c1(x)), 2))), 2))).flatten(1)); }
};

StateDict parameters_of(nn::Module& net) {
  StateDict all;
  for (const auto& [name, t] : net.named_parameters()) all.set(name, t.detach());
  return all;
}

void milliseconds(const Options& options, const char* metric, const std::function<void()>& step) {
  emit(options, metric, 1e3 * seconds_per_call(options, step), "ms");
}

}  // namespace

void transforms(const Options& options) {
  manual_seed(0);
  Convolutions net;
  net.to(options.device);
  const StateDict parameters = parameters_of(net);
  const Tensor images = randn({64, 1, 28, 28}).to(options.device), labels = randint(10, {64}).to(options.device);
  const auto loss = [&](const StateDict& p, const Tensor& image, const Tensor& label) {
    return cross_entropy(func::functional_call(net, p, image.unsqueeze(0)), label.unsqueeze(0));
  };
  const auto of_one = func::grad(loss);
  const auto of_each = vmap(of_one, {none, 0, 0});
  milliseconds(options, "per_sample_loop", [&] {
    for (int64_t i = 0; i < images.size(0); ++i) of_one(parameters, images[i], labels[i]);
  });
  milliseconds(options, "per_sample_vmap", [&] { of_each(parameters, images, labels); });

  nn::Sequential mlp{nn::Linear(784, 64), nn::Tanh(), nn::Linear(64, 10)};
  mlp.to(options.device);
  const Tensor x = randn({784}).to(options.device), batch = randn({64, 784}).to(options.device);
  const auto outputs = [&](const Tensor& t) { return mlp(t.unsqueeze(0)).squeeze(0); };
  const auto log_probability = [&](const Tensor& t) { return log_softmax(outputs(t), 0)[3]; };
  const StateDict weights = parameters_of(mlp);
  no_grad unrecorded;
  milliseconds(options, "jacobian", [&] { func::jacrev(outputs)(x); });
  milliseconds(options, "jacobian_batch", [&] { vmap(func::jacrev(outputs))(batch); });
  milliseconds(options, "jacobian_parameters",
               [&] { func::jacrev([&](const StateDict& p) { return func::functional_call(mlp, p, batch).sum(0); })(weights); });
  milliseconds(options, "hessian", [&] { func::hessian(log_probability)(x); });
}

}  // namespace bench
