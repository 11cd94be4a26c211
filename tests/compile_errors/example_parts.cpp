// A dataset of a struct that does not list its parts.
// says: no batches can be made of these examples: let the struct list its parts
#include <lazuli/lazuli.h>
using namespace lazuli;
struct Scan {
  Tensor image;
  int64_t label;
};
struct Scans : data::Dataset<Scan> {  // <- here
  int64_t size() const override { return 3; }
  Scan get(int64_t) const override { return {}; }
};
