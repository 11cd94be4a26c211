// A word where a pool takes its kernel.
// says: MaxPool2d(kernel_size, {.stride, .padding, .dilation, ..})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  return nn::MaxPool2d("x")(x);  // <- here
}
