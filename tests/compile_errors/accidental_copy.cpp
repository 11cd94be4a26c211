// A module copied by accident.
// says: use of deleted function
#include <lazuli/lazuli.h>
using namespace lazuli;
void take(nn::Linear& fc) {
  nn::Linear other = fc;  // <- here
}
