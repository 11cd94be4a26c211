#include "options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace {

/// That a file cannot be written should be known before an hour of training.
const CLI::Validator writable_place(
    [](std::string& path) {
      size_t slash = path.find_last_of('/');
      std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
      return access(folder.c_str(), W_OK | X_OK) == 0 ? std::string() : "cannot write in the folder of " + path;
    },
    "");

}  // namespace

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
  app.add_option("--device", o.device, "where to train: cpu, cuda, cuda:1, opencl, or a device of --backend");
  app.add_option("--backend", o.backend, "load a backend from a shared object first");
  app.add_option("--seed", o.seed, "of weights and order");
  app.add_option("--threads", o.threads, "threads of the kernels; 0: all cores")->check(CLI::NonNegativeNumber);
  app.add_option("--workers", o.workers, "threads that read batches ahead")->check(CLI::Range(0, 64));
  app.add_option("--data", o.data, "folder with the four IDX files, plain or .gz");
  app.add_option("--save", o.save, "write a checkpoint after each epoch, and on Ctrl-C")->check(writable_place);
  app.add_option("--resume", o.resume, "go on from a checkpoint, bit for bit");
  app.add_option("--plot", o.plot, "draw the curves of loss and accuracy into this PNG file")->check(writable_place);
  app.add_flag("--summary", o.summary, "print the layers with their shapes and sizes first");
  app.add_option("--print-losses", o.print_losses, "print the loss of each of the first steps, so many")->check(CLI::NonNegativeNumber);
  app.add_flag("--kernel-counts", o.kernel_counts, "print how many kernel calls the device, composites and the CPU served");
  app.add_option("--stop-after", o.stop_after, "stop after so many steps in all, as Ctrl-C would")->check(CLI::PositiveNumber);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) std::exit(app.exit(error));  // --help
    std::fprintf(stderr, "mlp_train: %s (--help lists the options)\n", error.what());
    std::exit(1);
  }
  return o;
}
