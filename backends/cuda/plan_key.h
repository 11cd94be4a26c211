#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace lazuli::cuda {

/// Of a problem's numbers, by which what a library chose for it is kept.
struct PlanHash {
  template <size_t N>
  size_t operator()(const std::array<int64_t, N>& key) const {
    uint64_t h = 0xcbf29ce484222325ull;
    for (int64_t word : key) h = (h ^ uint64_t(word)) * 0x9e3779b97f4a7c15ull, h ^= h >> 29;
    return size_t(h);
  }
};

}  // namespace lazuli::cuda
