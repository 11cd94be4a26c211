#pragma once
#include <algorithm>
#include <cstring>

#include "lazuli/backends/cpu/pointwise/pointwise_plan.h"

/// How elements that do not lie densely in memory come into dense pieces, and back.
namespace lazuli::cpu {

inline constexpr int64_t kMaxItem = 16;   // bytes
inline constexpr int64_t kShortRow = 64;  // rows shorter than this are gathered into chunks over several of them

struct Complex16 {
  uint64_t words[2];
};

template <class F>
void with_item_type(int64_t item, F&& f) {
  switch (item) {
    case 1: return f(uint8_t());
    case 2: return f(uint16_t());
    case 4: return f(uint32_t());
    case 8: return f(uint64_t());
    default: return f(Complex16());
  }
}

/// Puts the first element, of that many bytes, at all n places.
inline void spread(void* places, int64_t item, int64_t n) {
  with_item_type(item, [&](auto u) {
    auto* p = static_cast<decltype(u)*>(places);
    std::fill_n(p, n, *p);
  });
}

/// Copies `n` elements between a strided place and a dense one.
template <class U>
void load_strided(U* to, const char* from, int64_t stride, int64_t n) {
  if (stride == int64_t(sizeof(U))) {
    std::memcpy(to, from, n * sizeof(U));
  } else if (stride == 0) {
    const U value = *reinterpret_cast<const U*>(from);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) to[i] = value;
  } else if (stride == 2 * int64_t(sizeof(U))) {  // every second element, in vectors
    const U* items = reinterpret_cast<const U*>(from);
#pragma omp simd
    for (int64_t i = 0; i < n; i++) to[i] = items[2 * i];
  } else {
    for (int64_t i = 0; i < n; i++) to[i] = *reinterpret_cast<const U*>(from + i * stride);
  }
}
template <class U>
void store_strided(char* to, int64_t stride, const U* from, int64_t n) {
  if (stride == int64_t(sizeof(U))) {
    std::memcpy(to, from, n * sizeof(U));
  } else {
    for (int64_t i = 0; i < n; i++) *reinterpret_cast<U*>(to + i * stride) = from[i];
  }
}

/// Calls f(place, stride, done, length) for the pieces of rows that are the next `n` elements of an operand, from the cursor's place on.
template <int kOperands, class F>
void for_each_row_piece(BasicCursor<kOperands> at, int operand, int64_t n, F&& f) {
  const PlannedOperand& o = at.plan.operand[operand];
  for (int64_t done = 0; done < n;) {
    const int64_t length = std::min(n - done, at.plan.size[0] - at.index[0]);
    f(o.data + at.offset[operand] + at.index[0] * o.stride[0], o.stride[0], done, length);
    done += length;
    at.advance(length);
  }
}

}  // namespace lazuli::cpu
