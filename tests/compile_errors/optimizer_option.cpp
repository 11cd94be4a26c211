// A typo in an option of an optimizer.
// says: (params, {.lr, .beta1, .beta2, .eps,
#include <lazuli/lazuli.h>
using namespace lazuli;
void step(nn::Module& net) {
  optim::AdamW optimizer(net.parameters(), {.lrr = 1e-3});  // <- here
  optimizer.step();
}
