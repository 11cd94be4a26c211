// A forward hook with one tensor: it gets inputs and outputs.
// says: this hook is to take (nn::Module&, const Tensor&, const Tensor&)
#include <lazuli/lazuli.h>
using namespace lazuli;
void see(nn::Linear& fc) {
  fc.register_forward_hook([](nn::Module&, const Tensor& input) { return input; });  // <- here
}
