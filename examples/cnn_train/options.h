#pragma once
#include "common/run_options.h"
#include "lazuli/lazuli.h"

/// What the command line says; `--help` lists it.
struct Options : examples::RunOptions {
  int64_t width = 16, blocks = 1;
  int64_t epochs = 10, batch = 128;
  double lr = 0.1, momentum = 0.9, weight_decay = 5e-4;
  int64_t shift = 1;
  int workers = 0;
  std::string data = lazuli::data::FashionMNIST::default_folder();
  bool summary = false, amp = false, record = false;
};

/// Exits with a message for `--help` and for options that make no sense.
Options parse_options(int argc, char** argv);
/// The options that a run must share with the checkpoint it goes on from.
std::string essential(const Options& options);
