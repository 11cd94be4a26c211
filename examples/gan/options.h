#pragma once
#include "common/run_options.h"
#include "lazuli/lazuli.h"

/// What the command line says; `--help` lists it.
struct Options : examples::RunOptions {
  int64_t width = 32, latent = 64;
  int64_t epochs = 10, batch = 128;
  double lr = 2e-4;
  std::string data = lazuli::data::FashionMNIST::default_folder();
  std::string sheet = "gan.png";
};

/// Exits with a message for `--help` and for options that make no sense.
Options parse_options(int argc, char** argv);
/// The options that a run must share with the checkpoint it goes on from.
std::string essential(const Options& options);
