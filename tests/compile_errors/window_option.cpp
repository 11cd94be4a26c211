// A typo in an option of a function that takes numbers in braces too.
// says: MaxPoolFunctionOptions
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor pooled(const Tensor& x) {
  return max_pool2d(x, 3, {.strid = 2});  // <- here
}
