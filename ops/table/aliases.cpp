#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

void register_aliases(OpTable&) {}

}  // namespace lazuli
