#pragma once
#include <cstdint>
#include <string>

/// What may be seen of oneDNN from outside: its version and our cache of its primitives.
namespace lazuli::cpu {

struct OneDnnCacheStats {
  uint64_t hits = 0, misses = 0, evictions = 0;
  int64_t entries = 0;
  int64_t bytes = 0;  // memory kept by the cached primitives' own buffers (reordered weights)
};
OneDnnCacheStats onednn_cache_stats();
/// Primitives beyond this many are dropped, the longest unused first. 1024 unless set.
void set_onednn_cache_limit(int64_t entries);
void clear_onednn_cache();

/// "3.2.0", of the library that is loaded.
std::string onednn_version();

}  // namespace lazuli::cpu
