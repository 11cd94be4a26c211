#pragma once
#include <any>
#include "lazuli/nn/module/computed.h"
#include "lazuli/nn/module/print.h"
#include "lazuli/torch/archive.h"
#include "lazuli/torch/ordered_dict.h"

/// Modules in libtorch's way: a class NetImpl : torch::nn::Module that registers its parts, and a holder Net, a shared pointer on it.
namespace torch::nn {

class Module;

/// The module that all are: those of the library derive from it alone, those of programs from torch::nn::Module.
using AnyModuleBase = lazuli::nn::Module;

namespace detail {
struct IsHolder {};
template <class T>
concept Holder = std::is_base_of_v<IsHolder, std::remove_cvref_t<T>>;
/// A holder alone that is to be copied.
template <class Holder, class H, class... T>
concept HoldsSame = sizeof...(T) == 0 && std::is_base_of_v<Holder, std::remove_cvref_t<H>>;
/// A container, whose holder takes the modules that it is to have.
template <class Contained>
concept TakesParts = requires {
  Contained::takes_parts;
};
template <class F>
void show(AnyModuleBase& module, F& f);
template <class O, class Impl>
concept MakesImpl = requires(const O& options) {
  options.template make<Impl>();
};
/// A module of a program whose constructor takes another layer's options.
template <class Impl, class... A>
constexpr bool TakesItself = std::is_base_of_v<Module, Impl>&& std::is_constructible_v<Impl, A...>;
}  // namespace detail

/// A shared pointer on a module. Made from a module's arguments, or its options.
template <class Contained>
class ModuleHolder : public detail::IsHolder {
 public:
  using ContainedType = Contained;
  using Impl = Contained;
  ModuleHolder() : impl_(make()) {}
  ModuleHolder(std::nullptr_t) {}
  ModuleHolder(std::shared_ptr<Contained> module) : impl_(std::move(module)) {
    if (impl_) lazuli::nn::detail::know_class(*impl_);
  }
  template <class H, class... T>
  requires(!detail::HoldsSame<ModuleHolder, H, T...> &&
           !(detail::Holder<H> && detail::TakesParts<Contained>)&&!std::is_convertible_v<H, std::shared_ptr<Contained>> &&
           !std::is_null_pointer_v<std::remove_cvref_t<H>>) explicit ModuleHolder(H&& head, T&&... tail)
      : impl_(make(std::forward<H>(head), std::forward<T>(tail)...)) {}

  explicit operator bool() const { return bool(impl_); }
  bool is_empty() const { return !impl_; }
  Contained* operator->() const { return get(); }
  Contained& operator*() const { return *get(); }
  const std::shared_ptr<Contained>& ptr() const { return get(), impl_; }
  operator std::shared_ptr<Contained>() const { return impl_; }
  template <class K>
  decltype(auto) operator[](const K& key) const {
    return (**this)[key];
  }
  Contained* get() const {
    if (!impl_) lazuli::fail(lazuli::ErrorKind::State, "torch::nn::ModuleHolder", "", "a module", "an empty holder");
    return impl_.get();
  }
  /// `forward` with the hooks.
  template <class... A>
  auto operator()(A&&... args) const {
    return lazuli::nn::call(**this, std::forward<A>(args)...);
  }
  /// As the module's `pretty_print` says.
  friend std::ostream& operator<<(std::ostream& out, const ModuleHolder& holder) {
    if constexpr (std::is_base_of_v<Module, Contained>) holder->pretty_print(out);
    else out << static_cast<const AnyModuleBase&>(*holder);
    return out;
  }

 private:
  template <class... A>
  static std::shared_ptr<Contained> make(A&&... args) {
    if constexpr (sizeof...(A) == 1 && (detail::MakesImpl<std::remove_cvref_t<A>, Contained> && ...) && !detail::TakesItself<Contained, A...>) {
      std::shared_ptr<Contained> made;
      ((made = args.template make<Contained>()), ...);
      lazuli::nn::detail::know_class(*made);
      return made;
    } else {
      return lazuli::nn::detail::make<Contained>(std::forward<A>(args)...);
    }
  }
  std::shared_ptr<Contained> impl_;
};

/// Names a holder of `ImplType`.
#define TORCH_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::torch::nn::ModuleHolder<ImplType> {  \
   public:                                                   \
    using ::torch::nn::ModuleHolder<ImplType>::ModuleHolder; \
    using Impl [[maybe_unused]] = ImplType;                  \
  }
#define TORCH_MODULE(Name) TORCH_MODULE_IMPL(Name, Name##Impl)

/// A module of the library with what libtorch's modules have besides.
template <class Base>
class Extended : public Base {
 public:
  using Base::Base, Base::to;
  Extended() = default;

  template <class M>
  std::shared_ptr<M> register_module(const std::string& name, std::shared_ptr<M> module) {
    this->add_module(name, module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> register_module(const std::string& name, const ModuleHolder<M>& holder) {
    return register_module(name, holder.ptr());
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, std::shared_ptr<M> module) {
    lazuli::nn::detail::know_class(*module);
    for (auto& entry : this->registered_modules())
      if (entry->name == name) return entry->module = module, module;
    lazuli::fail(lazuli::ErrorKind::Index, "torch::nn::Module::replace_module", "name", "a module that is registered", name);
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, const ModuleHolder<M>& holder) {
    return replace_module(name, holder.ptr());
  }
  void unregister_module(const std::string& name) {
    auto& entries = this->registered_modules();
    for (size_t i = 0; i < entries.size(); ++i)
      if (entries[i]->name == name) return void(entries.erase(entries.begin() + long(i)));
    lazuli::fail(lazuli::ErrorKind::Index, "torch::nn::Module::unregister_module", "name", "a module that is registered", name);
  }
  /// The tensor itself becomes the parameter, as in libtorch: a member that was given stays a handle on it.
  Tensor register_parameter(const std::string& name, const Tensor& value, bool requires_grad = true) {
    if (value.defined() && value.is_leaf() && (value.is_floating_point() || value.is_complex())) value.requires_grad_();
    return AnyModuleBase::register_parameter(name, value, requires_grad);
  }
  Tensor register_buffer(const std::string& name, const Tensor& value) { return AnyModuleBase::register_buffer(name, value); }

  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true) const { return dict<Tensor>(AnyModuleBase::named_parameters(recurse)); }
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true) const { return dict<Tensor>(AnyModuleBase::named_buffers(recurse)); }
  OrderedDict<std::string, std::shared_ptr<AnyModuleBase>> named_children() const {
    return dict<std::shared_ptr<AnyModuleBase>>(AnyModuleBase::named_children());
  }
  OrderedDict<std::string, std::shared_ptr<AnyModuleBase>> named_modules(const std::string& prefix = {}, bool include_self = true) {
    OrderedDict<std::string, std::shared_ptr<AnyModuleBase>> all;
    collect(prefix, self(), include_self, all);
    return all;
  }
  std::vector<std::shared_ptr<AnyModuleBase>> modules(bool include_self = true) { return named_modules({}, include_self).values(); }

  void to(Device device, bool /*non_blocking*/) { AnyModuleBase::to(device); }
  void to(Device device, Dtype dtype, bool /*non_blocking*/) { AnyModuleBase::to(device, dtype); }
  void save(serialize::OutputArchive& archive) const {
    for (const auto& [name, tensor] : this->state_dict()) archive.write(name, tensor);
  }
  /// What has the names of this module's state; throws Error where one is missing. What else is in the archive is not looked at.
  void load(serialize::InputArchive& archive) {
    const StateDict stored = archive.state();
    std::vector<StateDict::Entry> own;
    for (const auto& [name, tensor] : this->state_dict())
      if (const Tensor* found = stored.find(name)) own.emplace_back(name, *found);
    this->load_state_dict(StateDict(std::move(own)));
  }
  virtual void pretty_print(std::ostream& out) const { out << lazuli::nn::printed_by_parts(*this); }
  using Base::clone;
  std::shared_ptr<AnyModuleBase> clone(const optional<Device>& device) const {
    auto copy = Base::clone();
    if (device) copy->to(*device);
    return copy;
  }
  /// Calls `f` with each module, this one last; or with names and modules, `f("layer1.0", module)`, this one first. One that takes torch::nn::Module& gets the library's layers as
  /// `Module::of` shows them.
  template <class F>
  void apply(F&& f, const std::string& prefix = {}) {
    if constexpr (std::is_invocable_v<F&, const std::string&, AnyModuleBase&> ||
                  std::is_invocable_v<F&, const std::string&, std::shared_ptr<AnyModuleBase>>) {
      for (auto& item : named_modules(prefix)) {
        if constexpr (std::is_invocable_v<F&, const std::string&, AnyModuleBase&>) f(item.key(), *item.value());
        else f(item.key(), item.value());
      }
    } else if constexpr (std::is_invocable_v<F&, const std::string&, Module&> ||
                         std::is_invocable_v<F&, const std::string&, std::shared_ptr<Module>>) {
      for (auto& item : named_modules(prefix)) {
        auto with_name = [&]<class M>(M && m) requires std::is_invocable_v<F&, const std::string&, M> { f(item.key(), std::forward<M>(m)); };
        detail::show(*item.value(), with_name);
      }
    } else {
      AnyModuleBase::apply([&](AnyModuleBase& m) {
        if constexpr (std::is_invocable_v<F&, AnyModuleBase&>) f(m);
        else if constexpr (std::is_invocable_v<F&, std::shared_ptr<AnyModuleBase>>) f(std::shared_ptr<AnyModuleBase>(std::shared_ptr<void>(), &m));
        else detail::show(m, f);
      });
    }
  }

 private:
  template <class V, class Entries>
  static OrderedDict<std::string, V> dict(const Entries& entries) {
    OrderedDict<std::string, V> all;
    for (const auto& [name, value] : entries) all.insert(name, value);
    return all;
  }
  // Not an owner: as long as this module lives.
  std::shared_ptr<AnyModuleBase> self() { return {std::shared_ptr<void>(), this}; }
  static void collect(const std::string& path, const std::shared_ptr<AnyModuleBase>& module, bool include,
                      OrderedDict<std::string, std::shared_ptr<AnyModuleBase>>& into) {
    for (const auto& item : into)
      if (item.value() == module) return;
    if (include) into.insert(path, module);
    for (const auto& [name, child] : module->named_children()) collect(path.empty() ? name : path + "." + name, child, true, into);
  }
};

/// What a program's modules derive from.
class Module : public Extended<AnyModuleBase>, public lazuli::nn::PrintsItself {
 public:
  std::string printed() const override {
    std::ostringstream text;
    pretty_print(text);
    return text.str();
  }
  Module() = default;
  explicit Module(std::string name) : name_(std::move(name)) {}
  std::string class_name() const override { return name_.empty() ? AnyModuleBase::class_name() : name_; }

  /// Calls `f` with a layer of the library as a torch::nn::Module: a stand-in that has its name, mode, parameters, buffers and children, and knows by `as` what it stands for.
  template <class F>
  static void of(AnyModuleBase& module, F& f) {
    if (auto* own = dynamic_cast<Module*>(&module)) return give(f, *own);
    using lazuli::nn::detail::Parts;
    Module shown(module.class_name());
    shown.shown_ = &module;
    Parts::parameters(shown) = Parts::parameters(module);
    Parts::buffers(shown) = Parts::buffers(module);
    Parts::children(shown) = Parts::children(module);
    Parts::training(shown) = Parts::training(module);
    give(f, shown);
  }
  template <class T>
  auto* as() {
    return (shown_ ? *shown_ : static_cast<AnyModuleBase&>(*this)).template as<T>();
  }
  AnyModuleBase& train(bool on = true) override { return shown_ ? shown_->train(on) : Extended::train(on); }

 private:
  // By reference, or by a pointer that holds while f runs.
  template <class F>
  static void give(F& f, Module& module) {
    if constexpr (std::is_invocable_v<F&, Module&>) f(module);
    else f(std::shared_ptr<Module>(std::shared_ptr<void>(), &module));
  }
  std::string name_;
  AnyModuleBase* shown_ = nullptr;
};
inline std::ostream& operator<<(std::ostream& out, const Module& module) { return module.pretty_print(out), out; }
namespace detail {
template <class F>
void show(AnyModuleBase& module, F& f) {
  Module::of(module, f);
}
}  // namespace detail

/// What libtorch derives a module from that can be cloned. `reset` makes its parts; here a module is cloned without it.
template <class Derived>
class Cloneable : public Module {
 public:
  using Module::Module;
  virtual void reset() = 0;
};

/// A default of an argument of a forward, for the macro below.
class AnyValue {
 public:
  template <class T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, AnyValue>) explicit AnyValue(T&& value) : value_(std::forward<T>(value)) {}
  template <class T>
  T get() const {
    return std::any_cast<T>(value_);
  }

 private:
  std::any value_;
};
// A forward's own default arguments serve here: nothing has to be told again.
#define FORWARD_HAS_DEFAULT_ARGS(...)

}  // namespace torch::nn
