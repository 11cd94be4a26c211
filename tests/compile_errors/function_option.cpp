// A typo in an option of a function.
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor loss(const Tensor& x, const Tensor& y) {
  return cross_entropy(x, y, {.label_smoothin = 0.1});  // <- here
}
