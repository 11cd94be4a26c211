// A loader of what is no dataset.
// says: DataLoader(dataset, {.batch_size, .shuffle, ..}), of a data::Dataset
#include <lazuli/lazuli.h>
using namespace lazuli;
void run() {
  data::DataLoader loader(ones({3}), {.batch_size = 32});  // <- here
}
