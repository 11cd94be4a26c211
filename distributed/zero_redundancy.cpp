#include "lazuli/distributed/zero_redundancy.h"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/distributed/optimizer_state.h"
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

StateDict whole_state(const StateDict& own, const std::vector<int>& owner, const ProcessGroup& group) {
  const int rank = get_rank(group);
  StateDict whole;
  for (const auto& [name, t] : own)
    if (parsed_state_name(name).first < 0) whole.set(name, t);
  int64_t own_number = 0;
  for (size_t p = 0; p < owner.size(); ++p) {
    const std::string from = "state." + std::to_string(own_number) + ".", to = "state." + std::to_string(p) + ".";
    const StateDict part = owner[p] == rank ? own.with_prefix(from) : StateDict();
    own_number += owner[p] == rank;
    std::string forms;
    for (const auto& [name, t] : part) {
      forms += name + " " + std::to_string(int(t.dtype()));
      for (int64_t size : t.sizes()) forms += " " + std::to_string(size);
      forms += "\n";
    }
    std::istringstream lines(broadcast_text(forms, owner[p], group));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string name;
      int dtype = 0;
      Shape sizes;
      words >> name >> dtype;
      for (int64_t size = 0; words >> size;) sizes.push_back(size);
      Tensor t = owner[p] == rank ? part.at(name) : new_tensor(sizes, DType(dtype));
      broadcast(t, owner[p], group);
      whole.set(to + name, t);
    }
  }
  return whole;
}

StateDict own_state(const StateDict& whole, const std::vector<int>& owner, int rank) {
  std::vector<int64_t> numbers;  // the owner's number of each parameter
  std::vector<int64_t> next;
  for (int o : owner) {
    if (size_t(o) >= next.size()) next.resize(size_t(o) + 1, 0);
    numbers.push_back(next[size_t(o)]++);
  }
  StateDict own;
  for (const auto& [name, t] : whole) {
    const auto [number, rest] = parsed_state_name(name);
    if (number >= int64_t(owner.size()))
      fail("ZeroRedundancyOptimizer", "state", "at most " + std::to_string(owner.size()) + " parameters", "an entry '" + name + "'");
    if (number < 0) own.set(name, t);
    else if (owner[size_t(number)] == rank) own.set("state." + std::to_string(numbers[size_t(number)]) + "." + rest, t);
  }
  return own;
}

ShardedState sharded_state(const StateDict& own, const std::vector<int>& owner, int rank) {
  std::vector<size_t> mine;
  for (size_t p = 0; p < owner.size(); ++p)
    if (owner[p] == rank) mine.push_back(p);
  ShardedState parts;
  for (const auto& [name, t] : own) {
    const auto [number, rest] = parsed_state_name(name);
    if (number >= 0) parts.add("state." + std::to_string(mine.at(size_t(number))) + "." + rest, t);
    else if (rank == 0) parts.add(name, t);
  }
  return parts;
}

StateDict own_state(const PartReader& reader, const std::vector<int>& owner, int rank) {
  StateDict some;
  for (const std::string& name : reader.names()) {
    const int64_t number = parsed_state_name(name).first;
    if (number < 0 || number >= int64_t(owner.size()) || owner[size_t(number)] == rank) some.set(name, reader.read(name));
  }
  return own_state(some, owner, rank);
}

}  // namespace lazuli::distributed::detail
