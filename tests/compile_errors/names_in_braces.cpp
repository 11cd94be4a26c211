// Names where a function takes dimensions, sizes or ratios, which g++ 12 takes for numbers of a std::initializer_list.
#include <lazuli/lazuli.h>
using namespace lazuli;
void run(const Tensor& x) {
  x.mean({.keepdim = true});                                    // <- here
  x.sum({.dim = 1, .keepdim = true});                           // <- here
  x.view({.rows = 2});                                          // <- here
  x.flip({.dims = {0, 1}});                                     // <- here
  x.squeeze({.dim = 1});                                        // <- here
  ones({.rows = 2, .columns = 3});                              // <- here
  adaptive_avg_pool2d(x, {.output_size = {1, 2}});              // <- here
  interpolate(x, {.scale_factor = {.height = 2, .width = 3}});  // <- here
}
