// A word where the first optional argument by position is a number.
// says: the first optional argument has another type by position
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor ordered(const Tensor& x) {
  return argsort(x, "rows");  // <- here
}
