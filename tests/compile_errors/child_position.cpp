// A typo in an option behind one by position, which looks like numbers in braces.
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Net : nn::Module {
  nn::Child<nn::Conv2d> conv{this, "conv", 3, 8, 3, 1, {.paddin = 1}};  // <- here
  Tensor forward(const Tensor& x) { return conv(x); }
};
Net net;
