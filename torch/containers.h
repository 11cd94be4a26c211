#pragma once
#include "lazuli/torch/layers.h"

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

namespace detail {
template <class M>
std::shared_ptr<AnyModuleBase> module_of(const M& module) {
  if constexpr (Holder<M>) {
    return module.ptr();
  } else if constexpr (std::is_convertible_v<M, std::shared_ptr<AnyModuleBase>>) {
    if (module) lazuli::nn::detail::know_class(*module);
    return module;
  }
}
}  // namespace detail

/// A module with the name it is to have: `Sequential({{"fc", Linear(2, 3)}, {"act", ReLU()}})`.
struct NamedAnyModule {
  template <class M>
  NamedAnyModule(std::string n, const M& m) : name(std::move(n)), module(detail::module_of(m)) {}
  std::string name;
  std::shared_ptr<AnyModuleBase> module;
};

class SequentialImpl : public Extended<lazuli::nn::Sequential> {
 public:
  std::string class_name() const override { return "Sequential"; }
  bool is_empty() const { return size() == 0; }
  SequentialImpl() = default;
  template <class... M>
  requires(sizeof...(M) > 0) explicit SequentialImpl(const M&... modules) { (push_back(modules), ...); }
  SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
    for (const NamedAnyModule& m : modules) add_module(m.name, m.module);
  }
  template <class M>
  void push_back(const M& module) {
    push_back_shared(detail::module_of(module));
  }
  template <class M>
  void push_back(const std::string& name, const M& module) {
    add_module(name, detail::module_of(module));
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
  auto begin() { return (children_ = children()).begin(); }
  auto end() { return children_.end(); }

 private:
  std::vector<std::shared_ptr<AnyModuleBase>> children_;  // what is being gone over
};
class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder::ModuleHolder;
  Sequential() = default;
  template <detail::Holder First, detail::Holder... Rest>
  requires(sizeof...(Rest) > 0 || !std::is_base_of_v<Sequential, First>) explicit Sequential(const First& first, const Rest&... rest)
      : ModuleHolder(std::make_shared<SequentialImpl>(first, rest...)) {}
  Sequential(std::initializer_list<NamedAnyModule> modules) : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}
};

class ModuleListImpl : public Extended<lazuli::nn::ModuleList> {
 public:
  std::string class_name() const override { return "ModuleList"; }
  bool is_empty() const { return size() == 0; }
  ModuleListImpl() = default;
  template <class... M>
  requires(sizeof...(M) > 0) explicit ModuleListImpl(const M&... modules) { (push_back(modules), ...); }
  template <class M>
  void push_back(const M& module) {
    push_back_shared(detail::module_of(module));
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
  template <detail::Holder First, detail::Holder... Rest>
  requires(sizeof...(Rest) > 0 || !std::is_base_of_v<ModuleList, First>) explicit ModuleList(const First& first, const Rest&... rest)
      : ModuleHolder(std::make_shared<ModuleListImpl>(first, rest...)) {}
};

/// Modules under names.
class ModuleDictImpl : public Extended<lazuli::nn::ModuleDict> {
 public:
  ModuleDictImpl() = default;
  ModuleDictImpl(std::initializer_list<NamedAnyModule> modules) { update(modules); }
  std::string class_name() const override { return "ModuleDict"; }
  void update(const std::vector<NamedAnyModule>& modules) {
    for (const NamedAnyModule& m : modules) set(m.name, m.module);
  }
  std::shared_ptr<AnyModuleBase> operator[](const std::string& name) const { return lazuli::nn::ModuleDict::at(name); }
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

/// Any module of a tensor to a tensor.
class AnyModule {
 public:
  AnyModule() = default;
  template <class M>
  requires(detail::Holder<M> || std::is_convertible_v<M, std::shared_ptr<AnyModuleBase>>) explicit AnyModule(const M& module)
      : module_(detail::module_of(module)) {}
  template <class Result = Tensor>
  Result forward(const Tensor& input) {
    return (*module_)(input);
  }
  bool is_empty() const { return !module_; }
  const std::shared_ptr<AnyModuleBase>& ptr() const { return module_; }

 private:
  std::shared_ptr<AnyModuleBase> module_;
};

}  // namespace torch::nn
