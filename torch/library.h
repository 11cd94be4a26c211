#pragma once
#include <any>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "lazuli/torch/autograd.h"

/// Operators of a program's own with a kernel for each device and one that records, as libtorch's dispatcher has them:
///   TORCH_LIBRARY(mine, m) { m.def("scaled(Tensor x, float by) -> Tensor"); }
///   TORCH_LIBRARY_IMPL(mine, CPU, m) { m.impl("scaled", scaled); }
///   auto op = torch::Dispatcher::singleton().findSchemaOrThrow("mine::scaled", "").typed<decltype(scaled)>();
/// Kernels are kept as what they are: a schema names its operator, and is not compared with them. lazuli::register_function is the library's own way, with calls of boxed values.
namespace torch {

enum class DispatchKey { Composite, CPU, CUDA, Meta, Autograd };
namespace detail {
inline constexpr DispatchKey CPU = DispatchKey::CPU, CUDA = DispatchKey::CUDA, Meta = DispatchKey::Meta, Autograd = DispatchKey::Autograd,
                             AutogradCPU = DispatchKey::Autograd, AutogradCUDA = DispatchKey::Autograd,
                             CompositeImplicitAutograd = DispatchKey::Composite, CompositeExplicitAutograd = DispatchKey::Composite,
                             CatchAll = DispatchKey::Composite;
struct OperatorKernels {
  std::string name;
  std::map<DispatchKey, std::any> kernels;  // a shared pointer to a std::function each
};
/// All of them, and the lock of the list and of its operators' kernels: libraries are read when something is loaded, in whatever thread.
struct Operators {
  std::shared_mutex mutex;
  std::map<std::string, std::shared_ptr<OperatorKernels>> all;
};
inline Operators& operators() {
  static auto* const one = new Operators;
  return *one;
}
inline thread_local bool below_autograd = false;

inline void look(const Tensor& x, DispatchKey& key, bool& records) {
  if (!x.defined()) return;
  records |= x.requires_grad();
  if (key != DispatchKey::Composite) return;
  const DeviceType device = x.device().type;
  if (device == DeviceType::CPU) key = DispatchKey::CPU;
  if (device == DeviceType::CUDA) key = DispatchKey::CUDA;
  if (device == DeviceType::Meta) key = DispatchKey::Meta;
}
inline void look(const optional<Tensor>& x, DispatchKey& key, bool& records) {
  if (x) look(*x, key, records);
}
inline void look(const std::vector<Tensor>& list, DispatchKey& key, bool& records) {
  for (const Tensor& x : list) look(x, key, records);
}
template <class T>
void look(const T&, DispatchKey&, bool&) {}
}  // namespace detail

/// While it lives kernels of Autograd are passed over in this thread.
class AutoDispatchBelowAutograd {
 public:
  AutoDispatchBelowAutograd() : before_(detail::below_autograd) { detail::below_autograd = true; }
  ~AutoDispatchBelowAutograd() { detail::below_autograd = before_; }
  AutoDispatchBelowAutograd(const AutoDispatchBelowAutograd&) = delete;

 private:
  bool before_;
};
using AutoDispatchBelowADInplaceOrView = AutoDispatchBelowAutograd;

template <class Signature>
class TypedOperatorHandle;
template <class R, class... P>
class TypedOperatorHandle<R(P...)> {
 public:
  explicit TypedOperatorHandle(std::shared_ptr<detail::OperatorKernels> op) : op_(std::move(op)) {}
  /// Calls the kernel of Autograd where a gradient may be asked for, else that of the device of the first tensor, else the one for all. Throws Error (NotSupported) where there is none.
  R call(P... arguments) const {
    DispatchKey device = DispatchKey::Composite;
    bool records = false;
    (detail::look(arguments, device, records), ...);
    if (records && lazuli::is_grad_enabled() && !detail::below_autograd)
      if (const auto kernel = find(DispatchKey::Autograd)) return (*kernel)(std::forward<P>(arguments)...);
    for (DispatchKey key : {device, DispatchKey::Composite})
      if (const auto kernel = find(key)) return (*kernel)(std::forward<P>(arguments)...);
    lazuli::fail(lazuli::ErrorKind::NotSupported, op_->name, "", "a kernel for the device of its arguments", "none");
  }

 private:
  using Kernel = std::shared_ptr<const std::function<R(P...)>>;  // it may be set anew while it runs
  Kernel find(DispatchKey key) const {
    std::shared_lock lock(detail::operators().mutex);
    const auto at = op_->kernels.find(key);
    if (at == op_->kernels.end()) return nullptr;
    if (const auto* kernel = std::any_cast<Kernel>(&at->second)) return *kernel;
    lazuli::fail(lazuli::ErrorKind::Type, op_->name, "", "the parameters that its kernel has", "others in typed<>()");
  }
  std::shared_ptr<detail::OperatorKernels> op_;
};
class OperatorHandle {
 public:
  explicit OperatorHandle(std::shared_ptr<detail::OperatorKernels> op) : op_(std::move(op)) {}
  template <class Signature>
  TypedOperatorHandle<Signature> typed() const {
    return TypedOperatorHandle<Signature>(op_);
  }

 private:
  std::shared_ptr<detail::OperatorKernels> op_;
};
/// All operators that TORCH_LIBRARY has defined, in a program and what it has loaded.
class Dispatcher {
 public:
  static Dispatcher& singleton() {
    static Dispatcher one;
    return one;
  }
  OperatorHandle findSchemaOrThrow(const std::string& name, const std::string& overload = "") const {
    const std::string whole = overload.empty() ? name : name + "." + overload;
    detail::Operators& operators = detail::operators();
    std::shared_lock lock(operators.mutex);
    const auto at = operators.all.find(whole);
    if (at == operators.all.end()) lazuli::fail(lazuli::ErrorKind::Index, "findSchemaOrThrow", "name", "an operator of a TORCH_LIBRARY", whole);
    return OperatorHandle(at->second);
  }
};

class Library {
 public:
  Library(std::string space, DispatchKey key) : space_(std::move(space)), key_(key) {}
  Library& def(const std::string& schema) { return make(schema), *this; }
  template <class F>
  Library& def(const std::string& schema, F&& function) {
    return set(*make(schema), DispatchKey::Composite, std::function(std::forward<F>(function)));
  }
  template <class F>
  Library& impl(const std::string& name, F&& function) {
    return impl(name, key_, std::forward<F>(function));
  }
  template <class F>
  Library& impl(const std::string& name, DispatchKey key, F&& function) {
    return set(*make(name), key, std::function(std::forward<F>(function)));
  }

 private:
  // Kernels may be read before the library that defines their operator.
  std::shared_ptr<detail::OperatorKernels> make(const std::string& schema) {
    const std::string name = schema.substr(0, schema.find('(')), whole = name.find("::") == std::string::npos ? space_ + "::" + name : name;
    std::unique_lock lock(detail::operators().mutex);
    auto& op = detail::operators().all[whole];
    if (!op) op = std::make_shared<detail::OperatorKernels>(detail::OperatorKernels{whole, {}});
    return op;
  }
  template <class Signature>
  Library& set(detail::OperatorKernels& op, DispatchKey key, std::function<Signature> function) {
    auto kernel = std::make_shared<const std::function<Signature>>(std::move(function));
    std::unique_lock lock(detail::operators().mutex);
    op.kernels[key] = std::move(kernel);
    return *this;
  }
  std::string space_;
  DispatchKey key_;
};

}  // namespace torch
namespace c10 {
using torch::Dispatcher, torch::DispatchKey;
}

// Numbered, so that a file may have several fragments, and several lists of kernels for one device.
#define LAZULI_TORCH_LIBRARY_NUMBERED(space, key, m, number)    \
  static void lazuli_torch_library_##number(::torch::Library&); \
  static const bool lazuli_torch_library_read_##number = [] {   \
    ::torch::Library library(space, key);                       \
    return lazuli_torch_library_##number(library), true;        \
  }();                                                          \
  static void lazuli_torch_library_##number(::torch::Library& m)
#define LAZULI_TORCH_LIBRARY(space, key, m, number) LAZULI_TORCH_LIBRARY_NUMBERED(space, key, m, number)
#define TORCH_LIBRARY(space, m) LAZULI_TORCH_LIBRARY(#space, ::torch::detail::CatchAll, m, __COUNTER__)
#define TORCH_LIBRARY_FRAGMENT(space, m) LAZULI_TORCH_LIBRARY(#space, ::torch::detail::CatchAll, m, __COUNTER__)
#define TORCH_LIBRARY_IMPL(space, key, m) LAZULI_TORCH_LIBRARY(#space, ::torch::detail::key, m, __COUNTER__)
#define TORCH_FN(function) (&function)
#define TORCH_SELECTIVE_NAME(name) name
