#include "lazuli/nn/module/parameter.h"

#include "lazuli/core/tensor/registration.h"
#include "lazuli/nn/module/module.h"
#include "lazuli/ops/shape/copy.h"

namespace lazuli::nn {

namespace detail {

namespace {
void place(const Tensor& t, const std::string& name) {
  if (!t.defined()) return;
  if (!t.body()->lazy) t.body()->lazy = std::make_unique<Registration>();
  auto& registration = static_cast<Registration&>(*t.body()->lazy);
  ++registration.places;
  registration.placed = true;
  registration.path = name;
}
void displace(const Tensor& t) {
  if (t.defined() && t.body()->lazy) --static_cast<Registration&>(*t.body()->lazy).places;
}
}  // namespace

Slot::Slot(std::string entry, const Tensor& value, bool stored) : name(std::move(entry)), tensor(value), persistent(stored) { place(tensor, name); }
void Slot::set(const Tensor& value) {
  if (!tensor.is_same(value)) {
    bool known = tensor.defined() && tensor.body()->lazy;
    place(value, known ? static_cast<const Registration&>(*tensor.body()->lazy).path : name);
    displace(tensor);
    tensor = value;
  }
  if (member) static_cast<Tensor&>(*member) = tensor;
}

Registered& Registered::operator=(const Registered& other) {
  assign(other);
  return *this;
}
Registered& Registered::operator=(Registered&& other) noexcept {
  if (this == &other) return *this;
  if (slot_ && !(other.slot_ && other.slot_->moving)) {
    assign(other);
  } else {
    if (slot_ && slot_->member == this) slot_->member = nullptr;
    slot_.reset();
    follow(other);
  }
  return *this;
}
// With a module that is being moved goes the whole entry. Otherwise the other one keeps it, and this is a second handle on it: the entry's member is whichever lives.
void Registered::follow(Registered& other) noexcept {
  slot_ = other.slot_;
  if (slot_ && !slot_->moving) {
    Tensor::operator=(static_cast<const Tensor&>(other));
    if (!slot_->member) slot_->member = this;
    return;
  }
  Tensor::operator=(static_cast<Tensor&&>(other));
  other.slot_.reset();
  if (slot_) {
    slot_->moving = false;
    slot_->member = this;
  }
}
void Registered::enter(std::shared_ptr<Slot> slot) {
  slot_ = std::move(slot);
  slot_->member = this;
  Tensor::operator=(slot_->tensor);
}
void Registered::assign(Tensor tensor) {
  Tensor::operator=(std::move(tensor));
  if (!slot_) return;
  if (!slot_->member) slot_->member = this;
  slot_->set(*this);
}

}  // namespace detail

Parameter::Parameter(const Tensor& value, bool requires_grad) : Registered(value) {
  if (!value.defined()) return;
  if (!value.is_leaf() || (!value.requires_grad() && !value.body()->uninitialized)) Tensor::operator=(alias(value));
  requires_grad_(requires_grad);
}
void Parameter::join(Module* owner, std::string_view name, const Tensor& value, bool requires_grad) {
  enter(owner->add_parameter(name, Parameter(value, requires_grad)));
}
Parameter& Parameter::operator=(const Tensor& value) {
  assign(Parameter(value));
  return *this;
}
void Buffer::join(Module* owner, std::string_view name, const Tensor& value, bool persistent) { enter(owner->add_buffer(name, value, persistent)); }
Buffer& Buffer::operator=(const Tensor& value) {
  assign(value);
  return *this;
}

}  // namespace lazuli::nn
