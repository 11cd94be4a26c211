// A typo in an option of a function that has another form too.
// says: histogram(x, bins, {.range, .weight, .density})
#include <lazuli/lazuli.h>
using namespace lazuli;
std::tuple<Tensor, Tensor> counts(const Tensor& x) {
  return histogram(x, 5, {.densit = true});  // <- here
}
