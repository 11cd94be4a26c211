#include "lazuli/distributed/zero_redundancy.h"

#include <algorithm>
#include <numeric>

#include "lazuli/core/error.h"
#include "lazuli/nn/module/lazy.h"

namespace lazuli::distributed::detail {

std::vector<int> spread(const std::vector<Tensor>& parameters, int ranks) {
  for (const Tensor& t : parameters) {
    if (!t.defined()) fail_undefined("ZeroRedundancyOptimizer", "parameters");
    if (nn::is_uninitialized_parameter(t))
      fail(ErrorKind::State, "ZeroRedundancyOptimizer", "parameters", "parameters with sizes", "an uninitialized one");
  }
  if (int64_t(parameters.size()) < ranks)
    fail("ZeroRedundancyOptimizer", "parameters", "at least one for each of the " + std::to_string(ranks) + " ranks",
         std::to_string(parameters.size()));
  std::vector<size_t> order(parameters.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return parameters[a].numel() > parameters[b].numel(); });
  std::vector<int64_t> load(size_t(ranks), 0);
  std::vector<int> owner(parameters.size());
  for (size_t p : order) {
    const auto least = std::min_element(load.begin(), load.end());
    owner[p] = int(least - load.begin());
    *least += std::max(parameters[p].numel(), int64_t(1));
  }
  return owner;
}

}  // namespace lazuli::distributed::detail
