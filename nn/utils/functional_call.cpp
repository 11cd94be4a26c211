#include "lazuli/nn/utils/functional_call.h"

#include <algorithm>

#include "lazuli/core/error.h"
#include "lazuli/nn/module/computed.h"

namespace lazuli::nn::detail {

namespace {
// Past Slot::set: the tensors are guests, registered nowhere.
void show(Slot& slot, const Tensor& tensor) {
  slot.tensor = tensor;
  if (slot.member) static_cast<Tensor&>(*slot.member) = tensor;
}
}  // namespace

StateDict merged(std::initializer_list<StateDict> states) {
  StateDict all;
  for (const StateDict& state : states)
    for (const auto& [name, tensor] : state) all.set(name, tensor);
  return all;
}

Replaced::Replaced(Module& module, const StateDict& state, bool tie_weights, bool strict) : module_(module) {
  const char* op = "functional_call";
  struct Place {
    std::string name;
    std::shared_ptr<Slot> slot;
    Tensor by;
  };
  std::vector<Place> places;
  for (const auto& [path, m] : module.named_modules())
    for (auto* slots : {&Parts::parameters(*m), &Parts::buffers(*m)})
      for (const auto& slot : *slots)
        if (slot->tensor.defined()) places.push_back({path.empty() ? slot->name : path + "." + slot->name, slot, {}});
  for (const auto& [name, tensor] : state) {
    auto place = std::find_if(places.begin(), places.end(), [&, &name = name](const Place& p) { return p.name == name; });
    if (place == places.end())
      fail(ErrorKind::Index, op, "state", "names of parameters and buffers of this " + module.class_name(), "'" + name + "'");
    const Tensor& own = place->slot->tensor;
    if (!own.body()->uninitialized && !(own.sizes() == tensor.sizes()))
      fail(op, "state", "sizes " + to_string(own.sizes()) + " of '" + name + "'", to_string(tensor.sizes()));
    place->by = tensor;
  }
  if (tie_weights)
    for (const Place& given : places)
      if (given.by.defined())
        for (Place& other : places) {
          if (!other.slot->tensor.is_same(given.slot->tensor)) continue;
          if (other.by.defined() && !other.by.is_same(given.by))
            fail(op, "state", "one tensor for the names of a shared one", "others for '" + given.name + "' and '" + other.name + "'");
          other.by = given.by;
        }
  for (const Place& p : places)
    if (strict && !p.by.defined()) fail(ErrorKind::Index, op, "state", "all parameters and buffers of the module", "none for '" + p.name + "'");
  for (Place& p : places)
    if (p.by.defined()) {
      before_.emplace_back(p.slot, p.slot->tensor);
      show(*p.slot, p.by);
    }
}

Replaced::~Replaced() {
  for (auto& [slot, tensor] : before_) show(*slot, tensor);
  try {
    refresh_computed(module_);
  } catch (const Error&) {  // the next forward says so
  }
}

}  // namespace lazuli::nn::detail
