// A Child in a class that is no module.
// says: a Child, Parameter or Buffer is a member of a class derived from nn::Module
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Net {
  nn::Parameter weight{this, "weight", ones({2})};  // <- here
};
Net net;
