#pragma once
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace lazuli::cpu {

/// Copies bytes past the cache to memory that will not be read soon. `to` and `from` should share their alignment to 16 bytes but for the head.
inline void stream_copy(void* to, const void* from, int64_t bytes) {
  char* t = static_cast<char*>(to);
  const char* f = static_cast<const char*>(from);
#ifdef __SSE2__
  const int64_t head = int64_t(-reinterpret_cast<uintptr_t>(t) & 15);
  if (bytes >= 64) {
    std::memcpy(t, f, head);
    t += head, f += head, bytes -= head;
    for (; bytes >= 64; t += 64, f += 64, bytes -= 64) {
      for (int k = 0; k < 4; k++) _mm_stream_si128(reinterpret_cast<__m128i*>(t) + k, _mm_loadu_si128(reinterpret_cast<const __m128i*>(f) + k));
    }
  }
#endif
  std::memcpy(t, f, bytes);
}

/// Orders streamed stores before whatever this thread does next.
inline void stream_fence() {
#ifdef __SSE2__
  _mm_sfence();
#endif
}

}  // namespace lazuli::cpu
