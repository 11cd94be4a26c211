// A typo in an option of a function that makes tensors.
// says: zeros(sizes, {.dtype, .device, .requires_grad})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor numbers() {
  return zeros({2, 3}, {.dtyp = kInt64});  // <- here
}
