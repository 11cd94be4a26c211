#include "options.h"

#include <CLI/CLI.hpp>

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{"Trains a variational autoencoder on Fashion-MNIST, and draws images that it made: again from few numbers, and from random ones."};
  app.option_defaults()->always_capture_default();
  const CLI::Range size(int64_t(1), int64_t(1) << 16);
  app.add_option("--hidden", o.hidden, "features of the layers between images and codes")->check(size);
  app.add_option("--latent", o.latent, "numbers of a code")->check(size);
  app.add_option("--epochs", o.epochs, "passes over the training images")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "images in a step")->check(CLI::Range(int64_t(1), int64_t(60000)));
  app.add_option("--lr", o.lr, "learning rate of Adam")->check(CLI::NonNegativeNumber);
  app.add_option("--data", o.data, "folder with the four IDX files, plain or .gz");
  examples::add_written_file(app, "--sheet", o.sheet,
                             "draw images into this PNG file after each epoch: a row as they are, a row made again, and random ones; empty: none");
  examples::add_run_options(app, o, "the curves of loss");
  examples::parse(app, "vae", argc, argv);
  return o;
}

std::string essential(const Options& o) {
  char text[128];
  std::snprintf(text, sizeof(text), "hidden %ld, latent %ld, batch %ld, lr %.17g", long(o.hidden), long(o.latent), long(o.batch), o.lr);
  return text;
}
