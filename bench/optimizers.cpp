// Steps of every optimizer over 25 million float32 parameters: bench/torch_optimizers.py has the same with torch.optim.
#include <string_view>

#include "lazuli/bench/bench.h"
#include "lazuli/lazuli.h"

namespace bench {
using namespace lazuli;

namespace {

constexpr int64_t kLayers = 24, kWidth = 1024;

std::vector<Tensor> some_parameters(const Options& options, bool matrices_only) {
  std::vector<Tensor> params;
  for (int64_t layer = 0; layer < kLayers; ++layer) {
    params.push_back(randn({kWidth, kWidth}).to(options.device).requires_grad_());
    if (!matrices_only) params.push_back(randn({kWidth}).to(options.device).requires_grad_());
  }
  for (Tensor& p : params) p.set_grad(randn(p.sizes()).to(options.device) * 0.01);
  return params;
}

// Reads and writes of float32 an element that a step needs; 0 where it is arithmetic that counts.
double accesses(std::string_view optimizer) {
  for (const char* name : {"SGD", "Adagrad", "RMSprop", "ASGD", "Lion"})
    if (optimizer == name) return 5;  // parameter, gradient and one state; two of them written
  if (optimizer == "Adafactor")
    return 6;  // the gradient for its means, for the update's size and for the update; the parameter for its size and for the update
  return optimizer == "Muon" ? 0 : 7;
}

template <class O>
typename O::Options some_options() {
  typename O::Options o{};
  if constexpr (std::is_same_v<O, optim::SGD>) o.momentum = 0.9;
  return o;
}

}  // namespace

void optimizers(const Options& options) {
  manual_seed(0);
  const int64_t n = kLayers * (kWidth * kWidth + kWidth);
  double copy;
  {
    const Tensor from = randn({n}).to(options.device);
    Tensor to = zeros({n}, {.device = options.device});
    copy = 2.0 * double(from.nbytes()) / seconds_per_call(options, [&] { to.copy_(from); });
    emit(options, "copy", copy / 1e9, "GB/s");
  }
  optim::for_each_optimizer([&]<class O>() {
    if constexpr (!std::is_same_v<O, optim::LBFGS>) {  // its step is the closure's calls
      const std::string name = O::class_name;
      O optimizer(some_parameters(options, name == "Muon"), some_options<O>());
      const double seconds = seconds_per_call(options, [&] { optimizer.step(); });
      emit(options, name, 1e3 * seconds, "ms");
      if (const double traffic = accesses(name) * 4 * double(n); traffic > 0) emit(options, name + "_of_copy", traffic / seconds / copy, "x");
    }
  });
}

}  // namespace bench
