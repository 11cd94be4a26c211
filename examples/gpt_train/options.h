#pragma once
#include <vector>

#include "common/run_options.h"

/// What the command line says; `--help` lists it.
struct Options : examples::RunOptions {
  std::vector<std::string> text{"/usr/share/common-licenses"};
  std::string tokenizer;
  int64_t layers = 4, heads = 4, features = 128, context = 128;
  double dropout = 0.1;
  int64_t epochs = 10, steps = 100, batch = 16;
  bool record = false;
  double lr = 2e-3, weight_decay = 0.1;
  std::string prompt = "The ";
  int64_t sample = 400;
  double temperature = 0.8;
};

/// Exits with a message for `--help` and for options that make no sense.
Options parse_options(int argc, char** argv);
/// The options that a run must share with the checkpoint it goes on from.
std::string essential(const Options& options);
