#pragma once
#include "lazuli/bench/bench.h"

namespace bench {

/// Holds the simulator's step against the real one, over a link that is slowed to BENCH_LINK_MB (100) MB a second and BENCH_LINK_US (200) microseconds a message.
void check_scale(const Options& options);

}  // namespace bench
