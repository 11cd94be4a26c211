#include "lazuli/io/torch_optimizer.h"

#include <algorithm>

#include "lazuli/core/error.h"

namespace lazuli::detail {
namespace {

constexpr std::string_view kClasses[] = {"SGD",     "Adam",  "AdamW", "Adamax", "NAdam",     "RAdam", "Adagrad",   "Adadelta",
                                         "RMSprop", "Rprop", "ASGD",  "LBFGS",  "Adafactor", "Muon",  "SparseAdam"};
constexpr std::string_view kFlags[] = {"amsgrad", "maximize", "nesterov", "centered", "decoupled_weight_decay"};
constexpr std::string_view kWhole[] = {"max_iter", "max_eval", "history_size", "ns_steps"};
// Options that PyTorch holds together in a tuple.
struct Tuple {
  const char* name;
  std::vector<const char*> parts;
};
const std::vector<Tuple>& tuples() {
  static const auto* all = new std::vector<Tuple>{{"betas", {"beta1", "beta2"}},
                                                  {"etas", {"eta_minus", "eta_plus"}},
                                                  {"step_sizes", {"step_size_min", "step_size_max"}},
                                                  {"ns_coefficients", {"ns_a", "ns_b", "ns_c"}},
                                                  {"eps", {"eps1", "eps2"}}};
  return *all;
}
template <size_t N>
bool among(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

TorchObject option(const std::string& name, const Tensor& value) {
  if (value.numel() == 0) return {};
  if (value.dtype() == kUInt8) {
    std::string text;
    for (uint8_t c : value.to_vector<uint8_t>()) text += char(c);
    return text;
  }
  if (among(kFlags, name)) return value.item<double>() != 0;
  if (among(kWhole, name)) return value.item<int64_t>();
  return value.item<double>();
}

TorchObject group(std::string_view optimizer, const StateDict& options, int64_t first, int64_t count) {
  std::vector<TorchObject::Entry> entries;
  for (const auto& [name, value] : options) {
    const std::string key = name;
    const auto tuple = std::find_if(tuples().begin(), tuples().end(), [&](const Tuple& t) {
      return std::any_of(t.parts.begin(), t.parts.end(), [&](const char* part) { return key == part; });
    });
    if (tuple == tuples().end()) {
      if (key == "max_eval" && value.numel() == 0) entries.emplace_back(key, options.at("max_iter").item<int64_t>() * 5 / 4);
      else entries.emplace_back(key, option(key, value));
    } else if (key == tuple->parts[0]) {
      TorchObject::Items parts;
      for (const char* part : tuple->parts) parts.push_back(option(part, options.at(part)));
      entries.emplace_back(tuple->name, TorchObject::tuple(std::move(parts)));
    }
  }
  // Which implementation steps is the reader's choice.
  if (optimizer == "AdamW") entries.emplace_back("decoupled_weight_decay", true);
  for (const char* name : {"foreach", "fused"}) entries.emplace_back(name, TorchObject());
  for (const char* name : {"capturable", "differentiable"}) entries.emplace_back(name, false);
  TorchObject::Items params;
  for (int64_t p = 0; p < count; ++p) params.push_back(first + p);
  entries.emplace_back("params", TorchObject::list(std::move(params)));
  return TorchObject::dict(std::move(entries));
}

// One parameter's state. Lists are stored as NAME.0, NAME.1, ..., in any order.
TorchObject param_state(std::string_view optimizer, const StateDict& state) {
  std::vector<TorchObject::Entry> entries;
  std::vector<std::pair<std::string, TorchObject::Items>> lists;
  const bool counts = optimizer != "SGD" && optimizer != "Muon" && optimizer != "LBFGS";
  for (const auto& [name, value] : state) {
    if (const size_t dot = name.find('.'); dot != name.npos) {
      const std::string key = name.substr(0, dot);
      const auto index = size_t(std::stoul(name.substr(dot + 1)));
      auto list = std::find_if(lists.begin(), lists.end(), [&](const auto& entry) { return entry.first == key; });
      if (list == lists.end()) list = lists.insert(lists.end(), {key, {}});
      if (index >= list->second.size()) list->second.resize(index + 1);
      list->second[index] = value.dim() == 0 ? TorchObject(value.to(kFloat32)) : TorchObject(value);
    } else if (name == "step") {
      if (counts) entries.emplace_back("step", optimizer == "SparseAdam" ? TorchObject(value.item<int64_t>()) : TorchObject(value.to(kFloat32)));
    } else if (name == "func_evals" || name == "n_iter") {
      entries.emplace_back(name, value.item<int64_t>());
    } else if (name == "t" || name == "prev_loss") {
      entries.emplace_back(name, value.item<double>());
    } else {
      entries.emplace_back(name, value.dim() == 0 && value.dtype() == kFloat64 ? TorchObject(value.to(kFloat32)) : TorchObject(value));
    }
  }
  for (auto& [name, items] : lists) entries.emplace_back(name, TorchObject::list(std::move(items)));
  return TorchObject::dict(std::move(entries));
}

}  // namespace

TorchObject torch_optimizer_state(const char* optimizer, const std::vector<int64_t>& params, const StateDict& state) {
  if (!among(kClasses, optimizer)) fail(ErrorKind::NotSupported, "torch_state_dict", "optimizer", "an optimizer that PyTorch has", optimizer);
  TorchObject::Items groups;
  std::vector<TorchObject::Entry> states;
  int64_t first = 0;
  for (size_t g = 0; g < params.size(); ++g) {
    groups.push_back(group(optimizer, state.with_prefix("group." + std::to_string(g) + "."), first, params[g]));
    for (int64_t p = first; p < first + params[g]; ++p)
      if (const StateDict own = state.with_prefix("state." + std::to_string(p) + "."); !own.empty())
        states.emplace_back(p, param_state(optimizer, own));
    first += params[g];
  }
  return TorchObject::dict({{"state", TorchObject::dict(std::move(states))}, {"param_groups", TorchObject::list(std::move(groups))}});
}

}  // namespace lazuli::detail
