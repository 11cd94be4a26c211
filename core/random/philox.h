#pragma once
#include <cstdint>

namespace lazuli {

/// Philox-4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): four words for each
/// 128-bit counter, of which the low 64 bits are used. The same numbers on every device.
struct PhiloxBlock {
  uint32_t word[4];
  /// Words 0, 1 (k = 0) or 2, 3 (k = 1) as one number, the first the low half.
  constexpr uint64_t pair(int k) const { return word[2 * k] | uint64_t(word[2 * k + 1]) << 32; }
};

constexpr PhiloxBlock philox(uint64_t seed, uint64_t counter) {
  uint32_t c0 = uint32_t(counter), c1 = uint32_t(counter >> 32), c2 = 0, c3 = 0;
  uint32_t k0 = uint32_t(seed), k1 = uint32_t(seed >> 32);
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = uint64_t(0xD2511F53u) * c0, p1 = uint64_t(0xCD9E8D57u) * c2;
    const uint32_t n0 = uint32_t(p1 >> 32) ^ c1 ^ k0, n2 = uint32_t(p0 >> 32) ^ c3 ^ k1;
    c1 = uint32_t(p1), c3 = uint32_t(p0), c0 = n0, c2 = n2;
    k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

/// Uniform in [0, 1): 24 bits of a word, 53 bits of a pair.
constexpr float philox_uniform(uint32_t word) { return float(word >> 8) * 0x1p-24f; }
constexpr double philox_uniform(uint64_t pair) { return double(pair >> 11) * 0x1p-53; }

}  // namespace lazuli
