#include "lazuli/ops/composites.h"

namespace lazuli {

void register_composites() {
  composites::register_pointwise();
  composites::register_fused();
  composites::register_reduction();
  composites::register_softmax();
  composites::register_normalization();
  composites::register_indexing();
  composites::register_product();
  composites::register_convolution();
  composites::register_pooling();
  composites::register_recurrent();
  composites::register_optimizer();
  composites::register_optimizer_step();
}

}  // namespace lazuli
