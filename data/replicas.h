#pragma once
#include <cstdint>
#include <string>

#include "lazuli/core/error.h"

namespace lazuli::data::detail {

/// What samplers over several processes share: Error for a negative count, no process, and a rank that is none of theirs.
inline void check_replicas(const char* op, int64_t count, int64_t num_replicas, int64_t rank) {
  if (count < 0) fail(op, "count", "at least 0", std::to_string(count));
  if (num_replicas < 1) fail(op, "num_replicas", "at least 1", std::to_string(num_replicas));
  if (rank < 0 || rank >= num_replicas)
    fail(ErrorKind::Index, op, "rank", "a rank in [0, " + std::to_string(num_replicas) + ")", std::to_string(rank));
}

}  // namespace lazuli::data::detail
