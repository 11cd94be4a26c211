#include "report.h"

#include <algorithm>
#include <cstdio>

#include "lazuli/training/plot.h"

using namespace lazuli;

namespace examples {

Evaluation evaluate(nn::Module& model, const Tensor& images, const Tensor& labels) {
  inference_mode guard;
  bool training = model.is_training();
  model.eval();
  Evaluation result;
  std::vector<Tensor> predicted;
  double loss = 0, correct = 0;
  constexpr int64_t kBatch = 500;
  for (int64_t at = 0; at < images.size(0); at += kBatch) {
    int64_t count = std::min(kBatch, images.size(0) - at);
    Tensor target = labels.narrow(0, at, count), scores = model(images.narrow(0, at, count));
    predicted.push_back(scores.argmax(1));
    loss += cross_entropy(scores, target).item<double>() * double(count);
    correct += predicted.back().eq(target).sum().item<double>();
  }
  model.train(training);
  result.loss = loss / double(images.size(0));
  result.accuracy = correct / double(images.size(0));
  result.predicted = cat(predicted).to(kCPU);
  return result;
}

void end_epoch(Run& run, const Evaluation& test, int64_t epochs, int64_t batch) {
  const double train_loss = run.mean("loss"), train_accuracy = 100 * run.mean("correct") / double(batch);
  std::printf("epoch %2ld/%ld  train loss %.4f  train accuracy %.2f %%  test accuracy %.2f %%  %.0f samples/s  peak memory %.0f MiB\n",
              long(run.epoch() + 1), long(epochs), train_loss, train_accuracy, 100 * test.accuracy, run.rate(), peak_memory_mib(run.device()));
  std::fflush(stdout);
  run.record("train loss", train_loss);
  run.record("test loss", test.loss);
  run.record("train accuracy", train_accuracy);
  run.record("test accuracy", 100 * test.accuracy);
  run.end_epoch();
}

void plot_training(const Run& run, const std::string& path) {
  training::plot({{"loss", "epoch", {{"train", run.curve("train loss")}, {"test", run.curve("test loss")}}},
                  {"accuracy", "epoch", {{"train", run.curve("train accuracy")}, {"test", run.curve("test accuracy")}}, "%"}},
                 path);
}

namespace {

void print_image(const Tensor& image) {
  static const char shades[] = " .:-=+*#%@";
  std::vector<uint8_t> pixels = image.to_vector<uint8_t>();
  int64_t rows = image.size(0), columns = image.size(1);
  for (int64_t r = 0; r + 1 < rows; r += 2) {  // a character is about twice as high as wide
    std::string line = "    ";
    for (int64_t c = 0; c < columns; ++c) line += shades[(pixels[size_t(r * columns + c)] + pixels[size_t((r + 1) * columns + c)]) * 9 / 510];
    std::printf("%s\n", line.c_str());
  }
}

}  // namespace

void print_report(const Evaluation& evaluation, const data::MNIST& test, int64_t examples) {
  const auto& classes = data::FashionMNIST::classes();
  std::vector<int64_t> truth = test.target().to_vector<int64_t>(), predicted = evaluation.predicted.to_vector<int64_t>();
  std::vector<int64_t> right(classes.size()), all(classes.size());
  for (size_t i = 0; i < truth.size(); ++i) {
    ++all[size_t(truth[i])];
    right[size_t(truth[i])] += truth[i] == predicted[i];
  }
  std::printf("\naccuracy by class\n");
  for (size_t c = 0; c < classes.size(); ++c)
    if (all[c])
      std::printf("  %-12s %5.1f %%  (%ld of %ld)\n", classes[c].c_str(), 100 * double(right[c]) / double(all[c]), long(right[c]), long(all[c]));
  for (size_t i = 0; i < truth.size() && examples > 0; ++i) {
    if (truth[i] == predicted[i]) continue;
    std::printf("\ntest image %zu is a %s, read as %s\n", i, classes[size_t(truth[i])].c_str(), classes[size_t(predicted[i])].c_str());
    print_image(test.data()[int64_t(i)]);
    --examples;
  }
}

}  // namespace examples
