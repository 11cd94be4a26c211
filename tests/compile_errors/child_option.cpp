// A typo in an option.
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Net : nn::Module {
  nn::Child<nn::BatchNorm1d> bn{this, "bn", 128, {.epz = 1e-3}};  // <- here
  Tensor forward(const Tensor& x) { return bn(x); }
};
Net net;
