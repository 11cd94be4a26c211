#pragma once
#include <cstdint>

namespace lazuli::cpu {

/// From so many bytes on, what a thread writes goes to memory past the cache, which saves reading it first.
inline constexpr int64_t kStreamedBytes = 12 << 20;

/// Copies bytes out of the cache, past it; `end_stream` once after the last, before another thread looks at them.
void stream_copy(void* to, const void* from, int64_t bytes);
void end_stream();

}  // namespace lazuli::cpu
