// Names where a function takes sizes, which g++ 12 takes for numbers of a std::initializer_list.
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor run(const Tensor& x) {
  return x.expand({.rows = 2, .columns = 3});  // <- here
}
