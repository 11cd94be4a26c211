#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace lazuli::gpu {

/// Compiled kernels on disk, one file each, in $LAZULI_CACHE_DIR, else $XDG_CACHE_HOME/lazuli, else ~/.cache/lazuli; an empty $LAZULI_CACHE_DIR turns it off.
/// A file that is cut short, altered or of another key is as good as none. Writing is all or nothing, and a failure to write is no error.
class DiskCache {
 public:
  struct Key {
    explicit Key(std::string_view everything_that_matters);
    uint64_t high, low;
  };
  static std::optional<std::string> read(const Key& key);
  static void write(const Key& key, std::string_view binary);
  /// The file of a key; empty when the cache is off.
  static std::string path(const Key& key);
};

}  // namespace lazuli::gpu
