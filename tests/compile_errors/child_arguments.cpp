// A Child with an argument too few.
// says: this Child's module cannot be made from these arguments
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Net : nn::Module {
  nn::Child<nn::Linear> fc{this, "fc", 128};  // <- here
  Tensor forward(const Tensor& x) { return fc(x); }
};
Net net;
