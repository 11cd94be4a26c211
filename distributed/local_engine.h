#pragma once
#include "lazuli/distributed/engine.h"

namespace lazuli::distributed {

/// One process alone: what it sends comes back to it at once.
std::unique_ptr<Engine> local_engine();

}  // namespace lazuli::distributed
