#include "lazuli/backends/cpu/cpu.h"

namespace lazuli {

/// The backends of this build, listed here and nowhere else, so that static linking keeps them.
void register_builtin_backends();
void register_builtin_backends() { cpu::register_kernels(); }

}  // namespace lazuli
