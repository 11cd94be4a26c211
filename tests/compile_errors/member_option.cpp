// A typo in an option of a member function that makes tensors.
// says: new_zeros(sizes, {.dtype, .device, .requires_grad})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor numbers(const Tensor& x) {
  return x.new_zeros({2}, {.dtyp = kInt64});  // <- here
}
