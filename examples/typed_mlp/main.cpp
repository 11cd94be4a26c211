// A multi-layer perceptron on Fashion-MNIST whose shapes the compiler checks: change a number below and read what it says. docs/typed.md tells the rest.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "lazuli/lazuli.h"
#include "lazuli/typed/typed.h"

using namespace lazuli;

namespace {

constexpr int64_t kBatch = typed::dim("batch"), kPixels = 28 * 28, kClasses = 10;

using Images = Typed<float, Dims<kBatch, kPixels>>;
using Labels = Typed<int64_t, Dims<kBatch>>;
using Model = typed::Sequential<typed::Input<Images>, typed::LazyLinear<256>, typed::LazyBatchNorm1d, typed::ReLU, typed::LazyLinear<64>, typed::ReLU,
                                typed::Linear<64, kClasses>>;
static_assert(std::is_same_v<Model::output_type, Typed<float, Dims<kBatch, kClasses>>>);

struct Settings {
  const char* data = nullptr;
  int64_t epochs = 3, batch = 128;
};
bool read(int argc, char** argv, Settings& s) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--data") s.data = argv[i + 1];
    else if (name == "--epochs") s.epochs = std::atoll(argv[i + 1]);
    else if (name == "--batch") s.batch = std::atoll(argv[i + 1]);
    else if (name == "--threads") set_num_threads(std::atoi(argv[i + 1]));
    else return false;
  }
  return argc % 2 == 1 && s.data && s.epochs > 0 && s.batch > 1;
}

Tensor pixels(const data::MNIST& set) { return data::normalize(0.2860, 0.3530, /*flatten=*/true)({set.data(), {}}, default_generator()).data; }

void train(const Settings& s) {
  data::FashionMNIST train_set(s.data), test_set(s.data, data::MNIST::Split::Test);
  Model model;
  optim::Adam optimizer(model.parameters(), {.lr = 1e-3});
  data::DataLoader loader(data::TensorDataset(pixels(train_set), train_set.target()), {.batch_size = s.batch, .shuffle = true, .drop_last = true});
  // The border: from here on the compiler knows what fits what.
  const auto [test_images, test_labels] = typed_cast<Images, Labels>(pixels(test_set), test_set.target());
  for (int64_t epoch = 1; epoch <= s.epochs; ++epoch) {
    model.train();
    double sum = 0;
    for (auto& [data, target] : loader) {
      const auto [images, labels] = typed_cast<Images, Labels>(data, target);
      optimizer.zero_grad();
      const auto loss = cross_entropy(model(images), labels);
      loss.backward();
      optimizer.step();
      sum += double(item(loss));
    }
    no_grad guard;
    model.eval();
    const auto right = argmax<1>(model(test_images)) == test_labels;
    std::printf("epoch %d/%d  train loss %.4f  test accuracy %.2f\n", int(epoch), int(s.epochs), sum / double(loader.size()),
                100.0 * double(item(count_nonzero(right))) / double(test_labels.numel()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  if (!read(argc, argv, settings)) {
    std::fprintf(stderr, "usage: typed_mlp --data FOLDER [--epochs N] [--batch N] [--threads N]\n");
    return 1;
  }
  try {
    train(settings);
  } catch (const Error& error) {
    std::fprintf(stderr, "typed_mlp: %s\n", error.what());
    return 1;
  }
  return 0;
}
