// A trained ResNet-18 gets a new head: weights from a file, layers frozen, the head trained on Fashion-MNIST by a Trainer.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "common/run.h"
#include "lazuli/training/training.h"
#include "models/resnet.h"
#include "models/weights.h"

using namespace lazuli;

namespace {

struct Options : examples::BasicOptions {
  std::string weights, data = data::FashionMNIST::default_folder(), save, checkpoints;
  int64_t width = 64, epochs = 3, batch = 64, size = 64, examples = 0;
  double lr = 1e-3;
  bool all = false;
};

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{"Trains a new head on a ResNet-18 whose weights come from a file, .safetensors or of torch.save, with torchvision's names."};
  app.option_defaults()->always_capture_default();
  app.add_option("--weights", o.weights, "the file; without one the layers have random weights")->check(CLI::ExistingFile);
  app.add_option("--data", o.data, "folder with the four IDX files of Fashion-MNIST, plain or .gz");
  app.add_option("--width", o.width, "channels of the first stage: 64 in the public weights")->check(CLI::Range(int64_t(1), int64_t(1024)));
  app.add_option("--size", o.size, "height and width that images are brought to")->check(CLI::Range(int64_t(32), int64_t(512)));
  app.add_option("--examples", o.examples, "of the training images, so many; 0: all")->check(CLI::NonNegativeNumber);
  app.add_option("--epochs", o.epochs, "passes over the training images")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "images in a step")->check(CLI::Range(int64_t(2), int64_t(60000)));
  app.add_option("--lr", o.lr, "learning rate of AdamW")->check(CLI::NonNegativeNumber);
  app.add_flag("--all", o.all, "train all layers, not the head alone");
  app.add_option("--checkpoints", o.checkpoints, "folder of checkpoints: a run that was stopped goes on");
  examples::add_written_file(app, "--save", o.save, "write the weights into this file, .safetensors");
  examples::add_basic_options(app, o, "of the head and the order");
  examples::parse(app, "finetune", argc, argv);
  return o;
}

// Gray images in bytes as the network wants them: larger, three channels, with ImageNet's mean and deviation.
data::Transform prepare(int64_t size) {
  const Tensor mean = tensor({0.485, 0.456, 0.406}).view({3, 1, 1}), std = tensor({0.229, 0.224, 0.225}).view({3, 1, 1});
  return [=](data::Example batch, const Generator&) {
    Tensor images = batch.data.unsqueeze(1).to(kFloat32) / 255.0;
    images = interpolate(images, {.size = Shape{size, size}, .mode = "bilinear", .align_corners = false});
    return data::Example{(images.expand({-1, 3, -1, -1}) - mean) / std, batch.target};
  };
}

int finetune(const Options& o) {
  o.apply();
  const data::FashionMNIST train_set(o.data), test_set(o.data, data::MNIST::Split::Test);
  examples::ResNet model({.width = o.width, .classes = int64_t(data::FashionMNIST::classes().size())});
  if (!o.weights.empty()) {
    const nn::LoadReport report = examples::load_weights(model, o.weights, {}, /*may_be_missing=*/{"fc."});
    std::printf("loaded %s; new: %zu tensors of the head\n", o.weights.c_str(), report.missing.size());
  }
  if (!o.all) {
    model.requires_grad_(false);
    model.fc->requires_grad_(true);
  }
  std::printf("training %ld of %ld parameters\n", long(model.num_parameters(/*only_trainable=*/true)), long(model.num_parameters()));

  const int64_t count = o.examples ? std::min(o.examples, train_set.size()) : train_set.size();
  const data::TensorDataset some(train_set.data().narrow(0, 0, count), train_set.target().narrow(0, 0, count));
  data::DataLoader<> loader(some, {.batch_size = o.batch, .shuffle = true, .seed = o.seed, .transform = prepare(o.size)});
  data::DataLoader<> test(test_set, {.batch_size = 256, .transform = prepare(o.size)});
  optim::AdamW adam(model.parameters(), {.lr = o.lr});

  struct Report : training::Callback {
    void on_epoch_begin(training::Trainer& trainer) override {
      if (!frozen) return;
      trainer.model().eval();  // frozen layers keep their statistics
    }
    void on_epoch_end(training::Trainer& t) override {
      std::printf("epoch %ld  train loss %.4f  test loss %.4f  test accuracy %.2f %%\n", long(t.epoch()), t.metric("loss"), t.metric("val_loss"),
                  100 * t.metric("val_accuracy"));
      std::fflush(stdout);
    }
    bool frozen = false;
  };
  auto report = std::make_shared<Report>();
  report->frozen = !o.all;
  training::Trainer trainer({.max_epochs = o.epochs, .checkpoint_folder = o.checkpoints, .callbacks = {report}});
  trainer.add_meter("accuracy", training::Accuracy());
  trainer.fit(model, adam, loader, &test);
  if (!o.save.empty()) save_safetensors(model.state_dict(), o.save);
  return trainer.interrupted() ? 130 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return examples::guarded("finetune", [&] { return finetune(options); });
}
