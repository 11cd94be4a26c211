#pragma once
#include "common/run_options.h"

/// What the command line says; `--help` lists it.
struct Options : examples::RunOptions {
  std::string task = "reverse";
  int64_t shortest = 4, longest = 10;
  int64_t layers = 2, heads = 4, features = 64;
  int64_t epochs = 8, steps = 150, batch = 64;
  double lr = 2e-3;
};

/// Exits with a message for `--help` and for options that make no sense.
Options parse_options(int argc, char** argv);
/// The options that a run must share with the checkpoint it goes on from.
std::string essential(const Options& options);
