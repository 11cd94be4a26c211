// Two words for the member function that has the most forms.
// says: to(device), to(dtype), to(device, dtype)
#include <lazuli/lazuli.h>
using namespace lazuli;
Tensor moved(const Tensor& x) {
  return x.to("cuda", "float");  // <- here
}
