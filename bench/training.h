#pragma once
#include "lazuli/bench/bench.h"
#include "lazuli/lazuli.h"

namespace bench {

/// Prints how much of `per_step` a training step does in a second. `loss` runs the model forward.
template <class Optimizer, class Loss>
void train(const Options& options, Optimizer& optimizer, Loss&& loss, double per_step, const std::string& metric, const char* unit) {
  const double seconds = seconds_per_call(options, [&] {
    optimizer.zero_grad();
    loss().backward();
    optimizer.step();
  });
  emit(options, metric, per_step / seconds, unit);
}

}  // namespace bench
