#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "lazuli/lazuli.h"

/// What the command line says; `--help` lists it.
struct Options {
  std::vector<int64_t> hidden{512, 256};
  int64_t epochs = 10, batch = 128;
  std::string optimizer = "adam", scheduler = "cosine", dtype = "float32", device = "cpu";
  double lr = 1e-3, momentum = 0.9, weight_decay = 0;
  uint64_t seed = 0;
  int threads = 0, workers = 0;
  std::string data = lazuli::data::FashionMNIST::default_folder();
  std::string save, resume, plot, backend;
  bool summary = false, kernel_counts = false;
  int64_t print_losses = 0;  // steps
  int64_t stop_after = -1;   // steps: for trying out --resume
};

/// Exits with a message for `--help` and for options that make no sense.
Options parse_options(int argc, char** argv);
