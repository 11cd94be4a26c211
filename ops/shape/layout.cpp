#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

void register_layout(OpTable&) {}

}  // namespace lazuli
