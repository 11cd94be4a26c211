// A module called with an argument too few.
// says: the module has no public forward that takes these arguments
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Net : nn::ModuleOf<Net> {
  Tensor forward(const Tensor& a, const Tensor& b) { return a + b; }
};
Tensor run(Net& net) {
  return net(ones({2}));  // <- here
}
