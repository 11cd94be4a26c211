#pragma once
#include <any>

#include "lazuli/torch/layers.h"
#include "lazuli/torch/transformer.h"

/// Modules made of others.
namespace torch::nn {

/// A function of a tensor as a module: `Functional(torch::relu)`, `Functional(torch::log_softmax, 1, torch::nullopt)`.
class FunctionalImpl : public lazuli::nn::TensorModule {
 public:
  explicit FunctionalImpl(std::function<Tensor(Tensor)> function) : function_(std::move(function)) {}
  template <class F, class... A>
  requires(sizeof...(A) > 0) explicit FunctionalImpl(F* function, A... args) : function_([=](const Tensor& x) { return function(x, args...); }) {}
  Tensor forward(const Tensor& input) override { return function_(input); }

 private:
  std::function<Tensor(Tensor)> function_;
};
TORCH_MODULE(Functional);

/// Any module. `forward<Result>(arguments...)` asks for the classes that its forward has, or for a tensor of a tensor.
class AnyModule {
 public:
  AnyModule() = default;
  template <class M>
  requires(detail::Holder<M> || std::is_base_of_v<AnyModuleBase, std::remove_cvref_t<M>>) explicit AnyModule(M&& module) {
    if constexpr (detail::Holder<M>) know(module.ptr());
    else know(lazuli::nn::detail::hold(std::remove_cvref_t<M>(std::forward<M>(module))));
  }
  template <class M>
  requires std::is_base_of_v<AnyModuleBase, M>
  explicit AnyModule(std::shared_ptr<M> module) { know(std::move(module)); }

  template <detail::Holder M>
  AnyModule& operator=(M&& module) {
    return *this = AnyModule(std::forward<M>(module));
  }
  const std::type_info& type_info() const {
    const AnyModuleBase& of = module();
    return typeid(of);
  }

  template <class Result = Tensor, class... A>
  Result forward(A&&... arguments) {
    using Typed = std::function<Result(std::decay_t<A>...)>;
    if (const auto* typed = std::any_cast<Typed>(&forward_)) return (*typed)(std::forward<A>(arguments)...);
    if constexpr (std::is_same_v<Result, Tensor> && sizeof...(A) == 1 && (std::is_convertible_v<A, Tensor> && ...))
      return lazuli::nn::call(module(), Tensor(std::forward<A>(arguments))...);
    lazuli::fail(lazuli::ErrorKind::Type, "torch::nn::AnyModule::forward", "arguments",
                 "those that forward of " + module().class_name() + " takes, and its result", "other classes");
  }
  /// The module, as a T or as the Impl that a holder T has. Throws Error for another class.
  template <class T>
  auto& get() const {
    if constexpr (detail::Holder<T>) {
      return get<typename T::ContainedType>();
    } else {
      if (auto* found = dynamic_cast<T*>(&module())) return *found;
      lazuli::fail(lazuli::ErrorKind::Type, "torch::nn::AnyModule::get", "", "a module of the class asked for", module().class_name());
    }
  }
  template <class T>
  std::shared_ptr<T> ptr() const {
    return std::dynamic_pointer_cast<T>(module_);
  }
  const std::shared_ptr<AnyModuleBase>& ptr() const { return module_; }
  bool is_empty() const { return !module_; }
  AnyModuleBase* operator->() const { return &module(); }
  Tensor operator()(const Tensor& input) const { return lazuli::nn::call(module(), input); }

 private:
  template <class M>
  void know(std::shared_ptr<M> module) {
    lazuli::nn::detail::know_class(*module);
    if constexpr (requires { &M::forward; }) forward_ = typed(module, &M::forward);
    module_ = std::move(module);
  }
  template <class M, class Owner, class R, class... P>
  static std::any typed(const std::shared_ptr<M>& module, R (Owner::*)(P...)) {
    return std::function<R(std::decay_t<P>...)>([module](std::decay_t<P>... arguments) -> R { return lazuli::nn::call(*module, arguments...); });
  }
  AnyModuleBase& module() const {
    if (!module_) lazuli::fail(lazuli::ErrorKind::State, "torch::nn::AnyModule", "", "a module", "none");
    return *module_;
  }
  std::shared_ptr<AnyModuleBase> module_;
  std::any forward_;  // a std::function of the classes that the module's own forward has, where it has one alone
};

namespace detail {
template <class M>
concept Containable = Holder<M> || std::is_same_v<std::remove_cvref_t<M>, AnyModule> || std::is_base_of_v<AnyModuleBase, std::remove_cvref_t<M>>;
/// What stands for a module in a container's arguments: a holder, a shared pointer, an AnyModule, or a module itself, which is moved there.
template <class Given>
std::shared_ptr<AnyModuleBase> module_of(Given&& module) {
  using M = std::remove_cvref_t<Given>;
  if constexpr (Holder<M> || std::is_same_v<M, AnyModule>) {
    return module.ptr();
  } else if constexpr (std::is_base_of_v<AnyModuleBase, M>) {
    static_assert(!std::is_lvalue_reference_v<Given>,
                  "a module is moved into a container, or held by a holder or a shared pointer; it is not copied");
    auto held = std::make_shared<M>(std::move(module));
    lazuli::nn::detail::know_class(*held);
    return held;
  } else {
    static_assert(std::is_convertible_v<M, std::shared_ptr<AnyModuleBase>>, "a container takes modules, holders, shared pointers and AnyModule");
    if (module) lazuli::nn::detail::know_class(*module);
    return module;
  }
}
/// The modules of a container, to be gone over.
inline std::vector<AnyModule> any_modules(const std::vector<std::shared_ptr<AnyModuleBase>>& modules) {
  std::vector<AnyModule> all;
  for (const auto& module : modules) all.emplace_back(module);
  return all;
}
}  // namespace detail

/// A module with the name it is to have: `Sequential({{"fc", Linear(2, 3)}, {"act", ReLU()}})`.
struct NamedAnyModule {
  template <class M>
  NamedAnyModule(std::string n, M&& m) : name(std::move(n)), module(detail::module_of(std::forward<M>(m))) {}
  std::string name;
  std::shared_ptr<AnyModuleBase> module;
};

class SequentialImpl : public Extended<lazuli::nn::Sequential> {
 public:
  static constexpr bool takes_parts = true;
  std::string class_name() const override { return "Sequential"; }
  bool is_empty() const { return size() == 0; }
  SequentialImpl() = default;
  template <class... M>
  requires(sizeof...(M) > 0 && !(std::is_same_v<std::remove_cvref_t<M>, OrderedDict<std::string, AnyModule>> && ...))  //
      explicit SequentialImpl(M&&... modules) {
    (push_back(std::forward<M>(modules)), ...);
  }
  template <std::same_as<OrderedDict<std::string, AnyModule>> Modules>
  explicit SequentialImpl(const Modules& modules) {
    for (const auto& item : modules) add_module(item.key(), item.value().ptr());
  }
  SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
    for (const NamedAnyModule& m : modules) add_module(m.name, m.module);
  }
  template <class M>
  void push_back(M&& module) {
    push_back_shared(detail::module_of(std::forward<M>(module)));
  }
  template <class M>
  void push_back(const std::string& name, M&& module) {
    add_module(name, detail::module_of(std::forward<M>(module)));
  }
  std::shared_ptr<AnyModuleBase> ptr(size_t index) const { return lazuli::nn::Sequential::at(int64_t(index)); }
  template <class T>
  T& at(size_t index) const {
    return lazuli::nn::Sequential::at<T>(int64_t(index));
  }
  template <class T>
  std::shared_ptr<T> ptr(size_t index) const {
    return std::dynamic_pointer_cast<T>(ptr(index));
  }
  std::shared_ptr<AnyModuleBase> operator[](size_t index) const { return ptr(index); }
  /// All modules of another one, at its end.
  void extend(const SequentialImpl& other) {
    for (const auto& module : other.children()) push_back_shared(module);
  }
  auto begin() { return (children_ = detail::any_modules(children())).begin(); }
  auto end() { return children_.end(); }

 private:
  std::vector<AnyModule> children_;  // what is being gone over
};
class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  Sequential() = default;
  template <detail::Containable First, detail::Containable... Rest>
  requires(sizeof...(Rest) > 0 || !std::is_base_of_v<Sequential, std::remove_cvref_t<First>>) explicit Sequential(First&& first, Rest&&... rest)
      : ModuleHolder(std::make_shared<SequentialImpl>(std::forward<First>(first), std::forward<Rest>(rest)...)) {}
  Sequential(std::initializer_list<NamedAnyModule> modules) : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}
};

class ModuleListImpl : public Extended<lazuli::nn::ModuleList> {
 public:
  static constexpr bool takes_parts = true;
  std::string class_name() const override { return "ModuleList"; }
  bool is_empty() const { return size() == 0; }
  ModuleListImpl() = default;
  template <class... M>
  requires(sizeof...(M) > 0) explicit ModuleListImpl(M&&... modules) { (push_back(std::forward<M>(modules)), ...); }
  template <class M>
  void push_back(M&& module) {
    push_back_shared(detail::module_of(std::forward<M>(module)));
  }
  /// Before the module that is at `index`, or at the end.
  template <class M>
  void insert(size_t index, M&& module) {
    if (index > size())
      lazuli::fail(lazuli::ErrorKind::Index, "torch::nn::ModuleList::insert", "index", "at most " + std::to_string(size()), std::to_string(index));
    push_back(std::forward<M>(module));
    auto& entries = this->registered_modules();
    for (size_t i = entries.size() - 1; i > index; --i) std::swap(entries[i]->module, entries[i - 1]->module);
  }
  template <class T>
  T& at(size_t index) const {
    return lazuli::nn::ModuleList::at<T>(int64_t(index));
  }
  std::shared_ptr<AnyModuleBase> ptr(size_t index) const { return lazuli::nn::ModuleList::at(int64_t(index)); }
  template <class T>
  std::shared_ptr<T> ptr(size_t index) const {
    return std::dynamic_pointer_cast<T>(ptr(index));
  }
  std::shared_ptr<AnyModuleBase> operator[](size_t index) const { return ptr(index); }
  auto begin() { return (children_ = children()).begin(); }
  auto end() { return children_.end(); }

 private:
  std::vector<std::shared_ptr<AnyModuleBase>> children_;  // what is being gone over
};
class ModuleList : public ModuleHolder<ModuleListImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  ModuleList() = default;
  template <detail::Containable First, detail::Containable... Rest>
  requires(sizeof...(Rest) > 0 || !std::is_base_of_v<ModuleList, std::remove_cvref_t<First>>) explicit ModuleList(First&& first, Rest&&... rest)
      : ModuleHolder(std::make_shared<ModuleListImpl>(std::forward<First>(first), std::forward<Rest>(rest)...)) {}
};

/// Modules under names.
class ModuleDictImpl : public Extended<lazuli::nn::ModuleDict> {
 public:
  ModuleDictImpl() = default;
  ModuleDictImpl(std::initializer_list<NamedAnyModule> modules) { update(modules); }
  explicit ModuleDictImpl(const OrderedDict<std::string, std::shared_ptr<AnyModuleBase>>& modules) { update(modules); }
  template <class V>
  void update(const OrderedDict<std::string, V>& modules) {
    for (const auto& m : modules) insert(m.key(), m.value());
  }
  std::string class_name() const override { return "ModuleDict"; }
  void update(const std::vector<NamedAnyModule>& modules) {
    for (const NamedAnyModule& m : modules) set(m.name, m.module);
  }
  template <class M>
  std::shared_ptr<AnyModuleBase> insert(const std::string& name, const M& module) {
    set(name, detail::module_of(module));
    return (*this)[name];
  }
  bool is_empty() const { return empty(); }
  std::shared_ptr<AnyModuleBase> operator[](const std::string& name) const { return lazuli::nn::ModuleDict::at(name); }
  std::vector<std::pair<std::string, std::shared_ptr<AnyModuleBase>>> items() const { return entries(); }
};
class ModuleDict : public ModuleHolder<ModuleDictImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  ModuleDict() = default;
  ModuleDict(std::initializer_list<NamedAnyModule> modules) : ModuleHolder(std::make_shared<ModuleDictImpl>(modules)) {}
};
/// Parameters by position; going over them gives items with `key()` and `value()`.
class ParameterListImpl : public detail::Layer<lazuli::nn::ParameterList> {
 public:
  using Layer::Layer;
  template <class... T>
  requires(std::is_convertible_v<const T&, Tensor>&&...) explicit ParameterListImpl(const T&... values) { (append(values), ...); }
  auto begin() { return (items_ = named_parameters(false)).begin(); }
  auto end() { return items_.end(); }
  Tensor at(size_t index) const { return get(int64_t(index)); }
  bool is_empty() const { return empty(); }

 private:
  OrderedDict<std::string, Tensor> items_;  // what is being gone over
};
TORCH_MODULE(ParameterList);
/// Parameters by name, likewise.
class ParameterDictImpl : public detail::Layer<lazuli::nn::ParameterDict> {
 public:
  using Layer::Layer;
  Tensor insert(const std::string& name, const Tensor& value) { return set(name, value), get(name); }
  auto begin() { return (items_ = named_parameters(false)).begin(); }
  auto end() { return items_.end(); }
  auto items() const { return named_parameters(false); }

 private:
  OrderedDict<std::string, Tensor> items_;
};
TORCH_MODULE(ParameterDict);

}  // namespace torch::nn
