#pragma once
#include "lazuli/distributed/engine.h"

namespace lazuli::distributed {

/// A link between processes, each of which has one of this kind to all others.
struct Link {
  double bandwidth = 0;  // bytes a second that a process sends; 0: no limit
  double latency = 0;    // seconds that a message takes besides
};

/// An engine whose operations take at least as long as they would on `link`, one after the other, as they share it: for tests and measurements of what a slower network would do. The
/// bytes themselves are carried by `inner`. A collective takes ranks - 1 messages of each process.
std::unique_ptr<Engine> throttled_engine(std::shared_ptr<Engine> inner, const Link& link);

}  // namespace lazuli::distributed
