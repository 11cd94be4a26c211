// A typo in an option of a layer whose argument may be sizes in braces.
// says: LayerNorm(normalized_shape, {.eps, .elementwise_affine, .bias})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  return nn::LayerNorm({2, 3}, {.epsilon = 1e-3})(x);  // <- here
}
