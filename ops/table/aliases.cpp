// Second names in the table, of functions of several families: read after them all.
#include "lazuli/ops/base/dtype_checks.h"
#include "lazuli/ops/linalg/matmul.h"
#include "lazuli/ops/table/families.h"
#include "lazuli/ops/table/registry.h"

namespace lazuli {

void register_aliases(OpTable& table) {
  table.alias("special.gammainc", "igamma");
  table.alias("special.gammaincc", "igammac");
  table.alias("special.gammaln", "lgamma");
  table.alias("special.multigammaln", "mvlgamma");
  table.alias("special.psi", "digamma");
  table.alias("special.polygamma", "polygamma");
  table.alias("special.expit", "sigmoid");
  table.alias("special.softmax", "softmax");
  table.alias("special.log_softmax", "log_softmax");
  table.alias("special.logsumexp", "logsumexp");
  table.alias("var_", "var");  // PyTorch's var, under the name of a language that has the word taken
  table.alias("broadcastShapes", "broadcast_shapes");
  table.alias("canBroadcastTo", "can_broadcast_to");
  table.alias("needsBroadcast", "needs_broadcast");
  table.alias("__getitem__", "getitem");
  table.alias("__setitem__", "setitem");
  table.add("__rmatmul__(Tensor self, Tensor other) -> Tensor", [](const Tensor& self, const Tensor& other) {
    need_defined("__rmatmul__", self, other);
    return matmul(other, self);
  });
}

}  // namespace lazuli
