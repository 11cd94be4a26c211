#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

void register_symbolic(OpTable&) {}

}  // namespace lazuli
