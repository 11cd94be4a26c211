#include "lazuli/distributed/optimizer_state.h"

#include <charconv>

#include "lazuli/core/error.h"

namespace lazuli::distributed::detail {

std::pair<int64_t, std::string> parsed_state_name(const std::string& name) {
  constexpr std::string_view prefix = "state.";
  const size_t dot = name.find('.', prefix.size());
  if (!name.starts_with(prefix) || dot == std::string::npos) return {-1, {}};
  int64_t number = -1;
  const auto result = std::from_chars(name.data() + prefix.size(), name.data() + dot, number);
  return {result.ec == std::errc() && result.ptr == name.data() + dot ? number : -1, name.substr(dot + 1)};
}

namespace {
// The part of the parameter that an entry belongs to; null for options, and for numbers, which all ranks have alike.
std::unique_ptr<TensorPart> part_for(const std::string& name, const Shape& sizes, const std::vector<Tensor>& parameters,
                                     const PartOfParameter& part_of) {
  const int64_t number = parsed_state_name(name).first;
  if (number < 0 || sizes.empty()) return nullptr;
  if (size_t(number) >= parameters.size())
    fail("load_sharded_optimizer", "state", "at most " + std::to_string(parameters.size()) + " parameters", "an entry '" + name + "'");
  return part_of(parameters[size_t(number)]);
}
}  // namespace

ShardedState sharded_optimizer_state(const StateDict& own, const std::vector<Tensor>& parameters, const PartOfParameter& part_of, int rank) {
  ShardedState parts;
  for (const auto& [name, t] : own) {
    const auto part = part_for(name, t.sizes(), parameters, part_of);
    if (part && t.sizes() == parameters[size_t(parsed_state_name(name).first)].sizes()) parts.add(name, {part->sizes, part->begin, t});
    else if (rank == 0) parts.add(name, t);
  }
  return parts;
}

StateDict own_optimizer_state(const PartReader& reader, const std::vector<Tensor>& parameters, const PartOfParameter& part_of) {
  StateDict own;
  for (const std::string& name : reader.names()) {
    const Shape sizes = reader.sizes(name);
    const auto part = part_for(name, sizes, parameters, part_of);
    if (!part || !(sizes == part->sizes)) own.set(name, reader.read(name));
    else own.set(name, reader.read(name, part->begin, part->begin + parameters[size_t(parsed_state_name(name).first)].numel()));
  }
  return own;
}

}  // namespace lazuli::distributed::detail
