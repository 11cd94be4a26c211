#include "options.h"

#include <CLI/CLI.hpp>

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{
      "Trains a multi-layer perceptron on Fashion-MNIST: Linear, LazyBatchNorm1d and ReLU for each hidden layer, then Linear to the ten classes."};
  app.option_defaults()->always_capture_default();
  app.add_option("--hidden", o.hidden, "sizes of the hidden layers")->delimiter(',')->check(CLI::PositiveNumber);
  app.add_option("--epochs", o.epochs, "passes over the training images")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "images in a step")->check(CLI::Range(int64_t(2), int64_t(60000)));
  app.add_option("--optimizer", o.optimizer, "sgd, adam or adamw")->check(CLI::IsMember({"sgd", "adam", "adamw"}));
  app.add_option("--lr", o.lr, "learning rate")->check(CLI::NonNegativeNumber);
  app.add_option("--momentum", o.momentum, "of sgd")->check(CLI::NonNegativeNumber);
  app.add_option("--weight-decay", o.weight_decay, "of any optimizer")->check(CLI::NonNegativeNumber);
  app.add_option("--scheduler", o.scheduler, "of the learning rate, by epoch: none, step (a tenth after each third), cosine, or linear (warm-up)")
      ->check(CLI::IsMember({"none", "step", "cosine", "linear"}));
  app.add_option("--dtype", o.dtype, "float32, float64 or bfloat16")->check(CLI::IsMember({"float32", "float64", "bfloat16"}));
  app.add_option("--workers", o.workers, "threads that read batches ahead")->check(CLI::Range(0, 64));
  app.add_option("--data", o.data, "folder with the four IDX files, plain or .gz");
  app.add_flag("--amp", o.amp, "train in mixed precision: bfloat16 where it loses nothing, float32 elsewhere");
  app.add_flag("--summary", o.summary, "print the layers with their shapes and sizes first");
  app.add_flag("--record", o.record, "record the step once and replay it: the same numbers, sooner");
  examples::add_run_options(app, o, "the curves of loss and accuracy");
  examples::parse(app, "mlp_train", argc, argv);
  return o;
}

std::string essential(const Options& o) {
  std::string text = "hidden";
  for (int64_t size : o.hidden) text += " " + std::to_string(size);
  char rates[128];
  std::snprintf(rates, sizeof(rates), ", lr %.17g, momentum %.17g, weight decay %.17g", o.lr, o.momentum, o.weight_decay);
  text += ", batch " + std::to_string(o.batch) + ", optimizer " + o.optimizer + rates + ", scheduler " + o.scheduler;
  if (o.scheduler != "none") text += " over " + std::to_string(o.epochs) + " epochs";
  return text + ", dtype " + o.dtype + (o.amp ? ", amp" : "");
}
