// A class that cannot be made again.
// says: nn::clone cannot make this class again: write a member `Net remade() const { return Net(...); }`
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Net : nn::Module {
  nn::Child<nn::Linear> fc;
  explicit Net(int64_t n) : fc(this, "fc", n, n) {}
};
void copy(const Net& net) {
  Net other = nn::clone(net);  // <- here
}
