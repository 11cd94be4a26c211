#pragma once
#include <cstdint>

/// Loops of attention over one thread's block of scores in float32.
namespace lazuli::cpu {

struct AttentionLoops {
  struct Row {
    float max;
    double sum;
  };
  // x = exp(x - max); where all are -infinity: zeros, and the sum is 0
  Row (*exponentials)(float* x, int64_t n);
  void (*scale)(float* x, int64_t n, float factor);
  double (*dot)(const float* a, const float* b, int64_t n);
  // scores become weights = exp(scores - log_sum), and grad becomes that of the scores, weights (grad - delta)
  void (*gradients)(float* scores, float* grad, int64_t n, float log_sum, float delta);
};
const AttentionLoops& attention_loops();

}  // namespace lazuli::cpu
