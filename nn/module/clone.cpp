#include "lazuli/nn/module/clone.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "lazuli/autograd/modes.h"
#include "lazuli/core/error.h"
#include "lazuli/core/tensor/uninitialized.h"
#include "lazuli/nn/module/call.h"
#include "lazuli/nn/module/computed.h"
#include "lazuli/nn/module/lazy.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::nn {

namespace detail {

void keep_recipe(Module& module, std::shared_ptr<const Recipe> recipe) { module.recipe_ = std::move(recipe); }

void fail_clone(const Module& module, const char* expected) {
  fail(ErrorKind::NotSupported, "clone", "module", expected, "a " + module.class_name());
}

static bool same_class(const Module& a, const Module& b) { return typeid(a) == typeid(b); }

struct Cloning::Known {
  std::unordered_map<const TensorBody*, Tensor> tensors;
  std::unordered_map<const Module*, std::shared_ptr<Module>> modules;
  std::unordered_set<const void*> taken;  // originals, and copies that stand for one already
};

// Making modules again draws values that are then overwritten: as if it had not been.
Cloning::Cloning(const Module& root) : known_(std::make_unique<Known>()), random_state_(default_generator().get_state()) {
  for (Module* m : root.modules()) {
    known_->taken.insert(m);
    for (const auto& slot : m->parameters_) known_->taken.insert(slot->tensor.body());
    for (const auto& slot : m->buffers_) known_->taken.insert(slot->tensor.body());
  }
}
Cloning::~Cloning() { default_generator().set_state(random_state_); }

namespace {
void copy_values(const Tensor& from, Tensor to) {
  if (from.body()->uninitialized) {
    to.body()->dtype = from.body()->dtype;
    to.body()->device = from.body()->device;
    static_cast<Registration&>(*to.body()->lazy).path = static_cast<const Registration&>(*from.body()->lazy).path;
  } else {
    set_data(to, lazuli::clone(from.detach()));
    if (to.body()->uninitialized) {
      auto initialized = std::make_unique<Registration>(static_cast<const Registration&>(*to.body()->lazy));
      to.body()->uninitialized = false;
      to.body()->lazy = std::move(initialized);
    }
  }
  to.requires_grad_(from.requires_grad());
}
Tensor like(const Tensor& from) {
  if (!from.body()->uninitialized) {
    Tensor made = lazuli::clone(from.detach());
    return made.requires_grad_(from.requires_grad());
  }
  UninitializedOptions options{.requires_grad = from.requires_grad(), .dtype = from.body()->dtype, .device = from.body()->device};
  return is_uninitialized_parameter(from) ? Tensor(UninitializedParameter(options)) : Tensor(UninitializedBuffer(options));
}
}  // namespace

Tensor Cloning::copy(const Tensor& from, const Tensor& place) {
  if (!from.defined()) return from;
  if (auto known = known_->tensors.find(from.body()); known != known_->tensors.end()) return known->second;
  no_grad guard;
  Tensor to = place;
  bool fits = to.defined() && to.is_leaf() && (to.body()->uninitialized || !from.body()->uninitialized) && known_->taken.insert(to.body()).second;
  if (!fits) known_->taken.insert((to = like(from)).body());
  else copy_values(from, to);
  known_->tensors.emplace(from.body(), to);
  return to;
}

Tensor copied(Cloning& cloning, const Tensor& argument) { return cloning.copy(argument); }

void Cloning::copy_slots(const std::vector<std::shared_ptr<Slot>>& from, std::vector<std::shared_ptr<Slot>>& to) {
  std::vector<std::shared_ptr<Slot>> slots;
  for (const auto& original : from) {
    auto found = std::find_if(to.begin(), to.end(), [&](const auto& slot) { return slot->name == original->name; });
    if (found == to.end()) {
      slots.push_back(std::make_shared<Slot>(original->name, copy(original->tensor), original->persistent));
      continue;
    }
    (*found)->persistent = original->persistent;
    (*found)->set(copy(original->tensor, (*found)->tensor));
    slots.push_back(*found);
  }
  to = std::move(slots);
}

void Cloning::copy_children(const Module& original, Module& copied) {
  std::vector<std::shared_ptr<ChildEntry>> entries;
  for (const auto& child : original.children_) {
    auto found = std::find_if(copied.children_.begin(), copied.children_.end(), [&](const auto& entry) { return entry->name == child->name; });
    auto entry = found != copied.children_.end() ? *found : std::make_shared<ChildEntry>(child->name, nullptr);
    const Module& from = *child->module;
    if (auto known = known_->modules.find(&from); known != known_->modules.end()) {
      entry->module = known->second;
    } else if (entry->module && same_class(*entry->module, from) && known_->taken.insert(entry->module.get()).second) {
      known_->modules.emplace(&from, entry->module);
      copy_state(from, *entry->module);
    } else {
      entry->module = copy(from);
    }
    entries.push_back(entry);
  }
  copied.children_ = std::move(entries);
}

void Cloning::copy_state(const Module& original, Module& copied) {
  copied.training_ = original.training_;
  copied.recipe_ = original.recipe_;
  const std::vector<std::shared_ptr<Slot>> made = [&] {
    std::vector<std::shared_ptr<Slot>> all = copied.parameters_;
    all.insert(all.end(), copied.buffers_.begin(), copied.buffers_.end());
    return all;
  }();
  copy_slots(original.parameters_, copied.parameters_);
  copy_slots(original.buffers_, copied.buffers_);
  copy_children(original, copied);
  if (original.class_ && original.class_ == copied.class_) original.class_->copy_members(original, copied, *this);
  if (auto* lazy = dynamic_cast<const LazyModule*>(&original)) dynamic_cast<LazyModule&>(copied).copy_lazy_state(*lazy);
  for (const ComputedMember& computed : ComputedMember::of(original)) {
    auto entry = std::find_if(made.begin(), made.end(), [&](const auto& slot) { return slot->name == computed.name(); });
    computed.copy_to(copied, entry == made.end() ? nullptr : *entry);
  }
}

std::shared_ptr<Module> Cloning::copy(const Module& original) {
  std::shared_ptr<Module> made = original.remade(*this);
  if (!made)
    fail_clone(original,
               "a module that can be made again: held by Child or emplace with arguments that can be copied, or with a default constructor, "
               "or with a member `remade()`");
  known_->taken.insert(made.get());
  known_->modules.emplace(&original, made);
  copy_state(original, *made);
  return made;
}

}  // namespace detail

std::shared_ptr<Module> Module::remade(detail::Cloning& cloning) const {
  check_whole();
  bool known = class_ && *class_->type == typeid(*this);
  std::shared_ptr<Module> made;  // kept arguments tell more than a default constructor
  if (recipe_) made = recipe_->make(cloning);
  else if (known && class_->remade) made = class_->remade(*this);
  if (made && known) made->class_ = class_;
  return made && detail::same_class(*made, *this) ? made : nullptr;
}

std::shared_ptr<Module> Module::clone() const {
  detail::Cloning cloning(*this);
  return cloning.copy(*this);
}

}  // namespace lazuli::nn
