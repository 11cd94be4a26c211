// A truth value where a layer counts groups, by position.
// says: Conv2d(in_channels, out_channels, kernel_size, {.stride, .padding,
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  nn::Conv2d conv(3, 8, {3, 3}, {1, 1}, {1, 1}, 1, false);  // <- here
  return conv(x);
}
