#pragma once
#include <vector>

#include "common/run_options.h"
#include "lazuli/lazuli.h"

/// What the command line says; `--help` lists it.
struct Options : examples::RunOptions {
  std::vector<int64_t> hidden{512, 256};
  int64_t epochs = 10, batch = 128;
  std::string optimizer = "adam", scheduler = "cosine", dtype = "float32";
  double lr = 1e-3, momentum = 0.9, weight_decay = 0;
  int workers = 0;
  std::string data = lazuli::data::FashionMNIST::default_folder();
  bool summary = false, amp = false, record = false;
};

/// Exits with a message for `--help` and for options that make no sense.
Options parse_options(int argc, char** argv);
/// The options that a run must share with the checkpoint it goes on from. Without a scheduler there may be more epochs.
std::string essential(const Options& options);
