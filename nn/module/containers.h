#pragma once
#include "lazuli/nn/module/child.h"
#include "lazuli/ops/index/indexing.h"

/// Modules and parameters in lists and under names. Modules are given as temporaries (`nn::Linear(2, 3)`, `std::move(m)`) or as shared pointers.
namespace lazuli::nn {

using NamedModulePtr = std::pair<std::string, std::shared_ptr<Module>>;

/// A module with the name it is to have: `Sequential(named("fc", Linear(2, 3)), named("act", ReLU()))`.
template <class M, class Pointer = NamedModulePtr>
Pointer named(std::string name, M&& module) {
  return {std::move(name), detail::hold(std::forward<M>(module))};
}

namespace detail {
/// A module that another one has as its part, shared with it: `Sequential features{net.conv1, ReLU(), net.layer1}`.
template <class T>
std::shared_ptr<T> hold(const Child<T>& part) {
  return part.shared();
}

template <class M>
concept Holdable = requires(M&& m) {
  hold(std::forward<M>(m));
};

/// A module in a list in braces.
struct HeldModule {
  template <Holdable M>
  HeldModule(M&& m) : module(hold(std::forward<M>(m))) {}
  std::shared_ptr<Module> module;
};
/// A name and the module that is held under it.
struct NamedModule {
  template <Holdable M>
  NamedModule(std::string n, M&& m) : name(std::move(n)), module(hold(std::forward<M>(m))) {}
  std::string name;
  std::shared_ptr<Module> module;
};

/// The name and the module: `for (auto& [name, head] : heads) y = head(x);`.
template <size_t i>
decltype(auto) get(const ChildEntry& entry) {
  if constexpr (i == 0) return (entry.name);
  else return *entry.module;
}

/// Over the modules of a container, or its {name, module}s.
template <bool named>
class ChildIterator {
 public:
  using Inner = std::vector<std::shared_ptr<ChildEntry>>::const_iterator;
  explicit ChildIterator(Inner at) : at_(at) {}
  auto& operator*() const {
    if constexpr (named) return std::as_const(**at_);
    else return *(*at_)->module;
  }
  ChildIterator& operator++() { return ++at_, *this; }
  bool operator==(const ChildIterator& other) const { return at_ == other.at_; }

 private:
  Inner at_;
};

/// What Sequential and ModuleList share: modules named "0", "1", ... (Sequential: or otherwise).
class ModuleSequence : public Module {
 public:
  size_t size() const { return registered_modules().size(); }
  bool empty() const { return size() == 0; }
  /// Negative indices count from the end. Throws Error (Index).
  Module& operator[](int64_t index) const { return *at(index); }
  const std::shared_ptr<Module>& at(int64_t index) const;
  /// The module as what it is. Throws Error (Type) when it is not.
  template <class T>
  T& at(int64_t index) const {
    if (auto* t = dynamic_cast<T*>(at(index).get())) return *t;
    fail_type(index, detail::class_name(typeid(T)));
  }
  void push_back_shared(std::shared_ptr<Module> module);
  /// Before the module at `index`; the later ones are renamed.
  void insert_shared(int64_t index, std::shared_ptr<Module> module);
  void replace_shared(int64_t index, std::shared_ptr<Module> module);
  /// Those that Python's slice takes, which both sequences have then.
  std::vector<NamedModulePtr> slice(const Slice& range) const;
  void extend_shared(const ModuleSequence& other);
  void extend_shared(const std::vector<std::shared_ptr<Module>>& modules);
  /// Takes the module at `index` out; the later ones are renamed.
  std::shared_ptr<Module> pop(int64_t index = -1);
  void clear();

  using Iterator = ChildIterator<false>;
  Iterator begin() const { return Iterator(registered_modules().begin()); }
  Iterator end() const { return Iterator(registered_modules().end()); }

 protected:
  [[noreturn]] void fail_type(int64_t index, const std::string& wanted) const;
  void renumber(size_t from);
};

template <class Self>
class Sequence : public ModuleSequence {
 public:
  using ModuleSequence::operator[];
  /// `net[Slice(0, -1)]`: a sequence of the same modules without the last one.
  Self operator[](const Slice& range) const {
    Self part;
    for (auto& [name, module] : slice(range)) part.take(name, module);
    return part;
  }
  template <Holdable M>
  Self& push_back(M&& module) {
    push_back_shared(hold(std::forward<M>(module)));
    return self();
  }
  template <Holdable M>
  Self& append(M&& module) {
    return push_back(std::forward<M>(module));
  }
  /// Makes a T from `args` at the end and returns it.
  template <class T, class... A>
  T& emplace(A&&... args) {
    auto made = make<T>(std::forward<A>(args)...);
    push_back_shared(made);
    return *made;
  }
  template <Holdable M>
  Self& insert(int64_t index, M&& module) {
    insert_shared(index, hold(std::forward<M>(module)));
    return self();
  }
  template <Holdable M>
  Self& set(int64_t index, M&& module) {
    replace_shared(index, hold(std::forward<M>(module)));
    return self();
  }
  /// All modules of another one, which are then shared by both.
  Self& extend(const ModuleSequence& other) {
    extend_shared(other);
    return self();
  }
  /// `layers.extend({nn::Linear(4, 4), nn::ReLU()})`.
  Self& extend(std::initializer_list<HeldModule> modules) {
    for (const auto& m : modules) push_back_shared(m.module);
    return self();
  }
  Self& extend(const std::vector<std::shared_ptr<Module>>& modules) {
    extend_shared(modules);
    return self();
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }
};
}  // namespace detail

/// Modules in a row, each fed with the result of the one before. Calling it throws Error (NotSupported), naming the module, where one does not map a tensor to a tensor.
///   nn::Sequential mlp{nn::Linear(784, 256), nn::ReLU(), nn::Linear(256, 10)};
class Sequential : public detail::Sequence<Sequential> {
 public:
  Sequential() = default;
  template <class... M>
  requires(sizeof...(M) > 0 && ((detail::Holdable<M> || std::is_same_v<std::remove_cvref_t<M>, NamedModulePtr>)&&...) &&
           !(sizeof...(M) == 1 && (std::is_same_v<std::remove_cvref_t<M>, Sequential> && ...))) explicit(sizeof...(M) == 1)
      Sequential(M&&... modules) {
    (add(std::forward<M>(modules)), ...);
  }
  explicit Sequential(const std::vector<NamedModulePtr>& modules);
  /// `Sequential{{"fc", Linear(8, 3)}, {"act", ReLU()}}`.
  Sequential(std::initializer_list<detail::NamedModule> modules) {
    for (const detail::NamedModule& m : modules) add_module(m.name, m.module);
  }
  using Sequence::push_back;
  /// Under a name of its own, `push_back("fc", Linear(4, 8))`; add_module is the same.
  template <detail::Holdable M>
  Sequential& push_back(std::string_view name, M&& module) {
    add_module(name, detail::hold(std::forward<M>(module)));
    return *this;
  }
  virtual Tensor forward(const Tensor& input);

 private:
  friend class Sequence<Sequential>;
  Tensor forward_of_class(const Tensor& input) final { return forward(input); }
  void take(const std::string& name, const std::shared_ptr<Module>& module) { add_module(name, module); }
  void add(const NamedModulePtr& module);
  template <detail::Holdable M>
  void add(M&& module) {
    push_back(std::forward<M>(module));
  }
};

/// Modules in a list, for a forward that uses them in its own way: `for (Module& m : layers) x = m(x);`.
class ModuleList : public detail::Sequence<ModuleList> {
 public:
  ModuleList() = default;
  template <detail::Holdable... M>
  requires(sizeof...(M) > 0 && !(sizeof...(M) == 1 && (std::is_same_v<std::remove_cvref_t<M>, ModuleList> && ...))) explicit(sizeof...(M) == 1)
      ModuleList(M&&... modules) {
    (push_back(std::forward<M>(modules)), ...);
  }

 private:
  friend class Sequence<ModuleList>;
  void take(const std::string&, const std::shared_ptr<Module>& module) { push_back_shared(module); }
};

/// Modules under names, in the order of their insertion.
class ModuleDict : public Module {
 public:
  ModuleDict() = default;
  explicit ModuleDict(const std::vector<NamedModulePtr>& modules) { update(modules); }
  /// `ModuleDict{{"head", Linear(8, 3)}, {"act", ReLU()}}`.
  ModuleDict(std::initializer_list<detail::NamedModule> modules);
  size_t size() const { return registered_modules().size(); }
  bool empty() const { return size() == 0; }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  bool contains(std::string_view name) const { return has(name); }
  /// Throws Error (Index) naming what is there.
  Module& operator[](std::string_view name) const { return *at(name); }
  const std::shared_ptr<Module>& at(std::string_view name) const;
  template <class T>
  T& at(std::string_view name) const {
    if (auto* t = dynamic_cast<T*>(at(name).get())) return *t;
    fail(ErrorKind::Type, "ModuleDict.at", "name", "the name of a module of the class asked for",
         "'" + std::string(name) + "', a " + at(name)->class_name());
  }
  /// Adds a module, or replaces the one of that name.
  template <detail::Holdable M>
  ModuleDict& set(std::string_view name, M&& module) {
    return set_shared(name, detail::hold(std::forward<M>(module)));
  }
  template <detail::Holdable M>
  ModuleDict& insert(std::string_view name, M&& module) {
    return set(name, std::forward<M>(module));
  }
  ModuleDict& update(const std::vector<NamedModulePtr>& modules);
  std::shared_ptr<Module> pop(std::string_view name);
  void erase(std::string_view name) { pop(name); }
  void clear();
  std::vector<std::string> keys() const;
  std::vector<std::shared_ptr<Module>> values() const;
  std::vector<NamedModulePtr> entries() const;
  // Over {name, module}.
  auto begin() const { return detail::ChildIterator<true>(registered_modules().begin()); }
  auto end() const { return detail::ChildIterator<true>(registered_modules().end()); }

 private:
  const std::shared_ptr<Module>* find(std::string_view name) const;
  ModuleDict& set_shared(std::string_view name, std::shared_ptr<Module> module);
};

}  // namespace lazuli::nn

// For structured bindings of a name and a module.
template <>
struct std::tuple_size<lazuli::nn::detail::ChildEntry> : std::integral_constant<size_t, 2> {};
template <size_t i>
struct std::tuple_element<i, lazuli::nn::detail::ChildEntry> {
  using type = std::conditional_t<i == 0, const std::string, lazuli::nn::Module&>;
};
