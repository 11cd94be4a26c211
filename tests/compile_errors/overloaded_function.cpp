// A typo in an option of a function that is two in PyTorch.
// says: unfold(x, kernel_size, {.dilation, .padding, .stride})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor patches(const Tensor& x) {
  return unfold(x, 3, {.strid = 2});  // <- here
}
