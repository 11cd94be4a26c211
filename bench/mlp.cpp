#include <optional>

#include "lazuli/bench/training.h"
#include "lazuli/core/backend.h"
#include "lazuli/lazuli.h"

namespace bench {
using namespace lazuli;

namespace {

/// A linear layer whose product is one of bfloat16 numbers; its parameters stay float32.
struct LoweredLinear : nn::Linear {
  using Linear::Linear;
  Tensor forward(const Tensor& x) override { return linear(x.to(kBFloat16), weight.to(kBFloat16), bias.to(kBFloat16)); }
};

nn::Sequential mlp(const std::vector<int64_t>& sizes, bool batch_norm, bool lowered = false) {
  nn::Sequential model;
  for (size_t i = 0; i + 1 < sizes.size(); ++i) {
    if (lowered) model.push_back(LoweredLinear(sizes[i], sizes[i + 1]));
    else model.push_back(nn::Linear(sizes[i], sizes[i + 1]));
    if (i + 2 < sizes.size()) {
      if (batch_norm) model.push_back(nn::BatchNorm1d(sizes[i + 1]));
      model.push_back(nn::ReLU());
    }
  }
  return model;
}

std::string folder() {
  const char* text = std::getenv("FMNIST_DIR");
  return text ? text : data::FashionMNIST::default_folder();
}

Tensor images(const data::TensorDataset& set, Device device) {
  data::Example e{set.data(), {}};
  return data::normalize(0.2860, 0.3530, true)(e, default_generator()).data.to(device);
}

void train_fmnist(const Options& options, int64_t batch, bool lowered, const std::string& suffix) {
  data::FashionMNIST train(folder()), test(folder(), data::MNIST::Split::Test);
  Tensor x = images(train, options.device), y = train.target().to(options.device);
  Tensor x_test = images(test, options.device), y_test = test.target().to(options.device);
  nn::Sequential model = mlp({784, 512, 256, 10}, true, lowered);
  model.to(options.device);
  optim::Adam adam(model.parameters(), 1e-3);
  auto step = [&](const Tensor& rows) {
    adam.zero_grad();
    cross_entropy(model(index_select(x, 0, rows)).to(kFloat32), index_select(y, 0, rows)).backward();
    adam.step();
  };
  auto recorded = record(step);
  const int64_t steps = x.size(0) / batch;
  std::vector<double> seconds;
  double accuracy = 0;
  for (int epoch = 0; epoch < std::max(3, int(environment("BENCH_REPEATS", 5)) + 1); ++epoch) {
    double t = now();
    model.train();
    Tensor order = randperm(x.size(0)).to(options.device);
    for (int64_t i = 0; i < steps; ++i) {
      Tensor rows = order.narrow(0, i * batch, batch);
      if (options.record) recorded(rows);
      else step(rows);
    }
    synchronize(options.device);
    if (epoch) seconds.push_back(now() - t);
    if (epoch == 2) {
      model.eval();
      no_grad guard;
      accuracy = model(x_test).argmax(1).eq(y_test).to(kFloat32).mean().item<double>();
    }
  }
  emit(options, "train" + suffix, double(steps * batch) / median(seconds), "samples/s");
  emit(options, "test_acc_3ep" + suffix, accuracy * 100, "%");
}

}  // namespace

void mlp_fmnist(const Options& options) { train_fmnist(options, 128, false, ""); }

void bf16_mlp(const Options& options) {
  train_fmnist(options, 512, true, "");
  train_fmnist(options, 512, false, "_f32_same_batch");
}

void mlp_small(const Options& options) {
  nn::Sequential model = mlp({64, 64, 64, 10}, false);
  model.to(options.device);
  Tensor x = randn({32, 64}).to(options.device), y = randint(10, {32}).to(options.device);
  optim::SGD sgd(model.parameters(), 0.01);
  double seconds = seconds_per_step(
      options,
      [&] {
        sgd.zero_grad();
        cross_entropy(model(x), y).backward();
        sgd.step();
      },
      "train");
  emit(options, "train", 1 / seconds, "steps/s");
}

// Four networks that have nothing to do with each other; recorded, also with their calls in a row, the two in turns.
void ensemble(const Options& options) {
  struct Training {
    nn::ModuleList models;
    Tensor x, y;
    std::optional<optim::Adam> adam;
    explicit Training(Device device) : x(randn({64, 128}).to(device)), y(randint(10, {64}).to(device)) {
      for (int i = 0; i < 4; ++i) models.push_back(mlp({128, 256, 256, 10}, false));
      models.to(device);
      adam.emplace(models.parameters(), 1e-3);
    }
    void operator()() {
      adam->zero_grad();
      for (nn::Module& model : models) cross_entropy(nn::call(model, x), y).backward();
      adam->step();
    }
  };
  Training training(options.device), other(options.device);
  if (!options.record) return emit(options, "train", 1 / seconds_per_call(options, [&] { training(); }), "steps/s");
  auto together = record([&] { training(); });
  auto in_a_row = record([&] { other(); }, {.side_by_side = false});
  for (int i = 0; i < 30; ++i) together(), in_a_row();
  for (int round = 0; round < 3; ++round) {
    emit(options, "train", 1 / seconds_per_call(options, [&] { together(); }), "steps/s");
    emit(options, "train_in_a_row", 1 / seconds_per_call(options, [&] { in_a_row(); }), "steps/s");
  }
}

}  // namespace bench
