// A layer without its sizes.
// says: Linear(in_features, out_features, {.bias})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  nn::Linear fc;  // <- here
  return fc(x);
}
