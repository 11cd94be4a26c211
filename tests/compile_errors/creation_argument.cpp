// A word where a number is wanted.
// says: linspace(start, end, steps, {.dtype, .device, .requires_grad})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor numbers() {
  return linspace(0, 1, "ten");  // <- here
}
