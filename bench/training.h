#pragma once
#include "lazuli/bench/bench.h"
#include "lazuli/lazuli.h"
#include "lazuli/record/record.h"

namespace bench {

/// Seconds of a call of `step`, as it is or recorded; then the most memory that tensors held in one is printed as well.
template <class Step>
double seconds_per_step(const Options& options, Step step, const std::string& metric) {
  auto recorded = lazuli::record(step);
  auto once = [&] { options.record ? recorded() : step(); };
  for (int i = 0; i < 3; ++i) once();
  lazuli::reset_peak_memory_stats(options.device);
  once();
  emit(options, metric + "_peak_memory", double(lazuli::memory_stats(options.device).peak_allocated) / (1 << 20), "MiB");
  return seconds_per_call(options, once);
}

/// Prints how much of `per_step` a training step does in a second. `loss` runs the model forward.
template <class Optimizer, class Loss>
void train(const Options& options, Optimizer& optimizer, Loss&& loss, double per_step, const std::string& metric, const char* unit) {
  const double seconds = seconds_per_step(
      options,
      [&] {
        optimizer.zero_grad();
        loss().backward();
        optimizer.step();
      },
      metric);
  emit(options, metric, per_step / seconds, unit);
}

}  // namespace bench
