// A typo in an option of a layer.
// says: Conv2d(in_channels, out_channels, kernel_size, {.stride, .padding,
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  nn::Conv2d conv(3, 8, 3, {.paddin = 1});  // <- here
  return conv(x);
}
