// A word where a member function takes a tensor or a number.
// says: add(tensor or number, [alpha])
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor sum_of(const Tensor& x) {
  return x.add("one");  // <- here
}
