#include "options.h"

#include <CLI/CLI.hpp>

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{"Trains a small residual network (He and others, 2015) on Fashion-MNIST, with images moved and mirrored at random."};
  app.option_defaults()->always_capture_default();
  app.add_option("--width", o.width, "channels of the first convolution; each of the three stages after it has twice those before it")
      ->check(CLI::Range(int64_t(1), int64_t(1024)));
  app.add_option("--blocks", o.blocks, "residual blocks of each stage")->check(CLI::Range(int64_t(1), int64_t(100)));
  app.add_option("--epochs", o.epochs, "passes over the training images")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "images in a step")->check(CLI::Range(int64_t(2), int64_t(60000)));
  app.add_option("--lr", o.lr, "highest learning rate: it rises for an epoch, then falls as a cosine")->check(CLI::NonNegativeNumber);
  app.add_option("--momentum", o.momentum, "of SGD, after Nesterov where it is not 0")->check(CLI::NonNegativeNumber);
  app.add_option("--weight-decay", o.weight_decay, "of SGD")->check(CLI::NonNegativeNumber);
  app.add_option("--shift", o.shift, "pixels that an image is moved by at most; -1: images as they are, not mirrored either")
      ->check(CLI::Range(int64_t(-1), int64_t(14)));
  app.add_option("--workers", o.workers, "threads that read batches ahead")->check(CLI::Range(0, 64));
  app.add_option("--data", o.data, "folder with the four IDX files, plain or .gz");
  app.add_flag("--amp", o.amp, "train in mixed precision: bfloat16 where it loses nothing, float32 elsewhere");
  app.add_flag("--summary", o.summary, "print the layers with their shapes and sizes first");
  app.add_flag("--record", o.record, "record the step once and replay it: the same numbers, sooner");
  examples::add_run_options(app, o, "the curves of loss and accuracy");
  examples::parse(app, "cnn_train", argc, argv);
  return o;
}

std::string essential(const Options& o) {
  char text[256];
  std::snprintf(text, sizeof(text), "width %ld, blocks %ld, %ld epochs, batch %ld, lr %.17g, momentum %.17g, weight decay %.17g, shift %ld",
                long(o.width), long(o.blocks), long(o.epochs), long(o.batch), o.lr, o.momentum, o.weight_decay, long(o.shift));
  return std::string(text) + (o.amp ? ", amp" : "");
}
