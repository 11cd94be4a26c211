#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "lazuli/core/tensor.h"

namespace lazuli::nn {

class Module;

namespace detail {
template <class P>
Module* know_parent(P* parent);

class Registered;

/// A module's entry for one of its parameters or buffers. It lives on the heap, so that moving the module moves nothing here.
struct Slot {
  std::string name;
  Tensor tensor;  // undefined: there is none, as with `bias = false`
  bool persistent = true;
  Registered* member = nullptr;  // which shows this entry, if any
  bool moving = false;           // the module was moved, its member not yet
  Slot(std::string entry, const Tensor& value, bool stored);
  /// Here and in the member.
  void set(const Tensor& value);
};

/// Gives `t` the data of `value` (memory, sizes, dtype, device), so that every handle on it sees them. No version, no history.
void set_data(const Tensor& t, const Tensor& value);

/// A tensor that is a member of a module and registered under a name. Whatever it is given, by assignment, move or swap, is what the module has under that name.
class Registered : public Tensor {
 public:
  Registered() = default;
  /// Another handle on the same tensor, which no module has.
  Registered(const Registered& other) : Tensor(other) {}
  Registered(Registered&& other) noexcept { follow(other); }
  Registered& operator=(const Registered& other);
  Registered& operator=(Registered&& other) noexcept;
  ~Registered() {
    if (slot_ && slot_->member == this) slot_->member = nullptr;
  }

 protected:
  explicit Registered(Tensor tensor) : Tensor(std::move(tensor)) {}
  void enter(std::shared_ptr<Slot> slot);
  void assign(Tensor tensor);

 private:
  friend struct Slot;
  void follow(Registered& other) noexcept;
  std::shared_ptr<Slot> slot_;
};
}  // namespace detail

struct ParameterOptions {
  bool requires_grad = true;
};
struct BufferOptions {
  bool persistent = true;
};

/// A tensor that training changes: a leaf that requires grad, registered with its module.
///
///   struct Scale : nn::Module {
///     nn::Parameter factor{this, "factor", ones({1})};
///     Tensor forward(const Tensor& x) { return x * factor; }
///   };
class Parameter : public detail::Registered {
 public:
  Parameter() = default;
  /// One that no module has yet. Shares the data of `value`; a `value` that is a parameter already stays the same tensor, so that modules can share it.
  explicit Parameter(const Tensor& value, bool requires_grad = true);
  Parameter(const Tensor& value, const ParameterOptions& options) : Parameter(value, options.requires_grad) {}
  /// A member of `owner`. An undefined value, or none: only the name is taken, until one is assigned. Throws Error for a name that is taken, empty or has a dot.
  template <class P>
  Parameter(P* owner, std::string_view name, const Tensor& value = {}, bool requires_grad = true) {
    join(detail::know_parent(owner), name, value, requires_grad);
  }
  Parameter(const Parameter&) = default;
  Parameter(Parameter&&) noexcept = default;
  Parameter& operator=(const Parameter&) = default;
  Parameter& operator=(Parameter&&) noexcept = default;
  Parameter& operator=(const Tensor& value);

 private:
  void join(Module* owner, std::string_view name, const Tensor& value, bool requires_grad);
};

/// A tensor that belongs to a module's state and is not trained, such as running statistics. It moves with the module (`to`), and is stored with it unless it is not `persistent`.
class Buffer : public detail::Registered {
 public:
  Buffer() = default;
  explicit Buffer(const Tensor& value) : Registered(value) {}
  template <class P>
  Buffer(P* owner, std::string_view name, const Tensor& value = {}, bool persistent = true) {
    join(detail::know_parent(owner), name, value, persistent);
  }
  template <class P>
  Buffer(P* owner, std::string_view name, const Tensor& value, const BufferOptions& options) : Buffer(owner, name, value, options.persistent) {}
  Buffer(const Buffer&) = default;
  Buffer(Buffer&&) noexcept = default;
  Buffer& operator=(const Buffer&) = default;
  Buffer& operator=(Buffer&&) noexcept = default;
  Buffer& operator=(const Tensor& value);

 private:
  void join(Module* owner, std::string_view name, const Tensor& value, bool persistent);
};

/// An optional tensor for calls of operators: none when `t` is undefined.
inline OptionalTensor given(const Tensor& t) { return t.defined() ? OptionalTensor(t) : none; }

}  // namespace lazuli::nn
