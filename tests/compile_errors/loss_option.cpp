// A typo in an option of a layer that takes nothing else.
// says: CrossEntropyLoss({.weight, .ignore_index, .label_smoothing, .reduction})
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor loss(const Tensor& x, const Tensor& y) {
  nn::CrossEntropyLoss loss({.label_smoothin = 0.1});  // <- here
  return loss(x, y);
}
