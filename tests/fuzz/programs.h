#pragma once
#include <string>
#include <vector>

#include "lazuli/core/tensor.h"
#include "tests/fuzz/random.h"

namespace fuzz {

/// A differentiable program of some steps made at random: pointwise functions, reductions, views, products, gathers, in-place writes, layers, factorizations, checkpoints. Its choices depend
/// on seed, number and shapes alone, never on values, so that each run takes the same steps, inside a vmap too.
class Program {
 public:
  Program(uint64_t seed, uint64_t number);
  /// float64, the same each time.
  std::vector<lazuli::Tensor> leaves() const;
  /// All tensors that came about, the leaves not among them. May throw Error: writes in place are made without regard to who refuses them.
  std::vector<lazuli::Tensor> operator()(const std::vector<lazuli::Tensor>& leaves) const;
  /// The steps of the last run, and the sizes of their results.
  const std::string& text() const { return text_; }

 private:
  Random begin() const { return Random(seed_, number_); }
  uint64_t seed_, number_;
  mutable std::string text_;
};

}  // namespace fuzz
