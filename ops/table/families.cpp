#include "lazuli/ops/table/families.h"

#include "lazuli/ops/table/registry.h"

namespace lazuli {

void register_families(OpTable& table) {
#define LAZULI_ADD_FAMILY(family) \
  table.set_family(#family);      \
  register_##family(table);
  LAZULI_OP_FAMILIES(LAZULI_ADD_FAMILY)
#undef LAZULI_ADD_FAMILY
  table.set_family("user");
}

}  // namespace lazuli
