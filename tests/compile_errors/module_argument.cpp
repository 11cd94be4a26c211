// A word where a layer takes a number.
// says: Linear(in_features, out_features, {.bias})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  nn::Linear fc(3, "ten");  // <- here
  return fc(x);
}
