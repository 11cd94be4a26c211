// A scheduler without its optimizer.
// says: StepLR(optimizer, step_size, [gamma])
#include <lazuli/lazuli.h>
using namespace lazuli;
void decay() {
  optim::StepLR scheduler(30, 0.1);  // <- here
}
