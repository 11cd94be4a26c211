// A typo in an option of a function that takes them by position too.
// says: SortOptions
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor largest(const Tensor& x) {
  return argsort(x, {.descendin = true});  // <- here
}
