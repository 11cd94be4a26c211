#include <stdexcept>

#include "lazuli/core/plugin.h"

extern "C" int lazuli_backend_entry(int) { throw std::runtime_error("the driver is too old"); }
