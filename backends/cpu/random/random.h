#pragma once
#include "lazuli/core/random/philox.h"

/// Vector parts of the random kernels. Counts are multiples of kWordBatch, so that none has a tail.
namespace lazuli::cpu {

inline constexpr int64_t kWordBatch = 64;

struct RandomLoops {
  /// words[4 b + w] = word w of the block at counter + b, for `count` words.
  void (*words)(uint64_t seed, uint64_t counter, uint32_t* words, int64_t count) = nullptr;
  /// out[i] = low + width * u, u = 24 bits of word i
  void (*uniform)(const uint32_t* words, float* out, int64_t count, float low, float width) = nullptr;
  /// Box-Muller on words 2k (radius) and 2k + 1 (angle), which give out[2k] and out[2k + 1].
  void (*normal)(const uint32_t* words, float* out, int64_t count, float mean, float std) = nullptr;
  /// out[i] = -log(1 - u) / rate
  void (*exponential)(const uint32_t* words, float* out, int64_t count, float rate) = nullptr;
  /// mask[i] = (word i >> 8) >= threshold; out[i] = in[i] * (mask[i] ? scale : 0), for any count.
  void (*dropout)(const uint32_t* words, const float* in, float* out, bool* mask, int64_t count, uint32_t threshold, float scale) = nullptr;
};
const RandomLoops& random_loops();

}  // namespace lazuli::cpu
