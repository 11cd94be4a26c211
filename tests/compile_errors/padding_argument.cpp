// A word where a layer takes how much it pads.
// says: ReflectionPad2d(padding)
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  return nn::ReflectionPad2d("x")(x);  // <- here
}
