#include "lazuli/bench/training.h"

namespace bench {
using namespace lazuli;

namespace {

/// Classifies a sequence by the last step.
struct LastStep : nn::Module {
  nn::Child<nn::LSTM> rnn{this, "rnn", 128, 256, {.num_layers = 2, .batch_first = true}};
  nn::Child<nn::Linear> out{this, "out", 256, 10};
  Tensor forward(const Tensor& x) { return out(std::get<0>(rnn(x)).select(1, -1)); }
};

}  // namespace

void lstm(const Options& options) {
  LastStep model;
  model.to(options.device);
  Tensor x = randn({32, 64, 128}).to(options.device), y = randint(10, {32}).to(options.device);
  optim::Adam adam(model.parameters(), 1e-3);
  train(
      options, adam, [&] { return cross_entropy(model(x), y); }, 1, "train", "steps/s");
}

}  // namespace bench
