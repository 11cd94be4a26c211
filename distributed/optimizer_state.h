#pragma once
#include <functional>
#include <memory>

#include "lazuli/core/sharded_state.h"

/// The state of optimizers whose parameters are parts of others.
namespace lazuli::distributed::detail {

/// Of "state.12.exp_avg" the parameter's number and the rest; -1 for other names.
std::pair<int64_t, std::string> parsed_state_name(const std::string& name);

/// Which elements of which parameter a tensor is, without values; null for another tensor.
using PartOfParameter = std::function<std::unique_ptr<TensorPart>(const Tensor& own)>;
/// The state of an optimizer of parts, `parameters` in its order: parts of what the optimizer of the whole parameters would have. And back, as much of `reader` as this rank needs.
ShardedState sharded_optimizer_state(const StateDict& own, const std::vector<Tensor>& parameters, const PartOfParameter& part_of, int rank);
StateDict own_optimizer_state(const PartReader& reader, const std::vector<Tensor>& parameters, const PartOfParameter& part_of);

/// Of all groups, in order.
template <class O>
std::vector<Tensor> parameters_of(const O& optimizer) {
  std::vector<Tensor> all;
  for (size_t g = 0; g < optimizer.num_groups(); ++g)
    for (const Tensor& p : optimizer.params(g)) all.push_back(p);
  return all;
}

}  // namespace lazuli::distributed::detail
