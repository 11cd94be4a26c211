#include "options.h"

#include <CLI/CLI.hpp>

Options parse_options(int argc, char** argv) {
  Options o;
  CLI::App app{
      "Trains two convolutional networks against each other on Fashion-MNIST, one that makes images and one that tells them from real ones, and "
      "draws what is made."};
  app.option_defaults()->always_capture_default();
  app.add_option("--width", o.width, "channels of the images' last hidden layer; the one before it has twice as many")
      ->check(CLI::Range(int64_t(1), int64_t(1024)));
  app.add_option("--latent", o.latent, "random numbers that an image is made of")->check(CLI::Range(int64_t(1), int64_t(1) << 16));
  app.add_option("--epochs", o.epochs, "passes over the training images")->check(CLI::PositiveNumber);
  app.add_option("--batch", o.batch, "images in a step")->check(CLI::Range(int64_t(2), int64_t(60000)));
  app.add_option("--lr", o.lr, "learning rate of both Adams")->check(CLI::NonNegativeNumber);
  app.add_option("--data", o.data, "folder with the four IDX files, plain or .gz");
  examples::add_written_file(app, "--sheet", o.sheet, "draw images that were made into this PNG file after each epoch; empty: none");
  examples::add_run_options(app, o, "the curves of both losses");
  examples::parse(app, "gan", argc, argv);
  return o;
}

std::string essential(const Options& o) {
  char text[128];
  std::snprintf(text, sizeof(text), "width %ld, latent %ld, batch %ld, lr %.17g", long(o.width), long(o.latent), long(o.batch), o.lr);
  return text;
}
