#include "lazuli/core/plugin.h"

extern "C" int lazuli_backend_entry(int) { return lazuli::kBackendInterfaceVersion; }
