// A typo in an option of a layer that takes nothing else but sizes.
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Net : nn::Module {
  nn::Child<nn::MaxPool2d> pool{this, "pool", {3, 3}, {.strid = 1}};  // <- here
  Tensor forward(const Tensor& x) { return pool(x); }
};
Net net;
