#pragma once
#include "options.h"

/// One point of the curves.
struct EpochResult {
  double train_loss = 0, train_accuracy = 0, test_loss = 0, test_accuracy = 0;
};

/// How far training has come.
struct Progress {
  int64_t epoch = 0, batch = 0;  // the next batch to take
  double loss_sum = 0;           // of the epoch so far, as `correct`
  int64_t correct = 0;
  std::vector<EpochResult> history;
};

/// Everything that training needs to go on bit for bit, in one safetensors file, written all or nothing.
void save_checkpoint(const std::string& path, const Options& options, const lazuli::nn::Module& model, const lazuli::optim::Optimizer& optimizer,
                     const Progress& progress);
/// Throws Error when the file is no such checkpoint, or one of other options (layers, batch, optimizer, seed ...).
Progress load_checkpoint(const std::string& path, const Options& options, lazuli::nn::Module& model, lazuli::optim::Optimizer& optimizer);
