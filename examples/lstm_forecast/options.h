#pragma once
#include "common/run_options.h"

/// What the command line says; `--help` lists it.
struct Options : examples::RunOptions {
  std::string series;
  int64_t column = 1;
  int64_t hidden = 32, layers = 1;
  int64_t context = 48, horizon = 96;
  int64_t epochs = 10, steps = 40, batch = 32;
  bool record = false;
  double lr = 5e-3;
  std::string curves;
};

/// Exits with a message for `--help` and for options that make no sense.
Options parse_options(int argc, char** argv);
/// The options that a run must share with the checkpoint it goes on from.
std::string essential(const Options& options);
