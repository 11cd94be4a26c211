// Padding in numbers beside each other, not in braces.
// says: ZeroPad2d(padding)
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  return nn::ZeroPad2d(1, 2)(x);  // <- here
}
