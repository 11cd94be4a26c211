#pragma once
#include <memory>

#include "lazuli/core/random/generator.h"
#include "lazuli/core/tensor.h"

/// Functions whose result's sizes depend on values: on a device they wait for it. Here another thread does the waiting.
namespace lazuli {

/// A tensor that another thread makes. Copies stand for the same one; the last that goes waits for the thread.
class TensorFuture {
 public:
  struct State;
  explicit TensorFuture(std::shared_ptr<State> state) : state_(std::move(state)) {}
  bool ready() const;
  void wait() const;
  /// Waits, and gives the tensor or throws what was thrown.
  Tensor get() const;

 private:
  std::shared_ptr<State> state_;
};

/// masked_select. Neither tensor may be written to before the result is there.
TensorFuture masked_select_async(const Tensor& self, const Tensor& mask);
/// multinomial, with random numbers of a stream that is split off the generator now.
TensorFuture multinomial_async(const Tensor& self, int64_t num_samples, bool replacement = false, const std::optional<Generator>& generator = {});

}  // namespace lazuli
