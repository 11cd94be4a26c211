#include <lazuli/lazuli.h>

#include <cstdio>

using namespace lazuli;

int main() {
  nn::Sequential model{nn::Linear(4, 8), nn::LazyBatchNorm1d(), nn::ReLU(), nn::Linear(8, 3)};
  Tensor x = randn({16, 4});
  Tensor labels = zeros({16}).to(kInt64);
  model(x);
  optim::SGD sgd(model.parameters(), {.lr = 0.1});
  float first = 0, last = 0;
  for (int step = 0; step < 20; ++step) {
    sgd.zero_grad();
    Tensor loss = cross_entropy(model(x), labels);
    loss.backward();
    sgd.step();
    last = loss.item<float>();
    if (step == 0) first = last;
  }
  std::puts(last < first ? "outside: ok" : "outside: the loss did not fall");
}
