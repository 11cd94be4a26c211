#pragma once
#include <concepts>
#include <tuple>

#include "lazuli/core/described.h"
#include "lazuli/nn/module/module.h"

/// Deep copies. There is no copy constructor: the class is made again, and then given what the original has.
///
/// A module is made again
///  - by its own `Block remade() const`, if its author wrote one;
///  - from the members that are its constructor's arguments, where it lists these, and its `options`, as the library's modules are;
///  - from the arguments that a Child, or a container's emplace, made it with;
///  - by its default constructor.
/// Tensors among such arguments are copied, too: a clone shares no tensor with its original. Then parameters, buffers, modes, children and the state of lazy modules are copied, and members of other kinds that the class lists in one line (core/described.h):
///
///   static constexpr auto members() { return Members{member("depth", &Block::depth), member("table", &Block::table)}; }
namespace lazuli::nn {

namespace detail {

template <class T>
concept SaysRemade = requires(const T& module) {
  { module.remade() } -> std::same_as<T>;
};
template <class T>
concept ListsArguments = requires {
  T::arguments();
};
template <class T>
concept HasOptions = requires(const T& module) {
  requires std::same_as < std::remove_cvref_t<decltype(module.options)>,
  typename T::Options > ;
};

/// f(arguments...) with what a module says it was made of: its listed arguments, then its options.
template <class T, class F>
auto with_arguments(const T& module, F&& f) {
  auto listed = [&](const auto&... argument) {
    if constexpr (HasOptions<T>) return f(module.*argument.place..., module.options);
    else return f(module.*argument.place...);
  };
  if constexpr (ListsArguments<T>) return apply_members(listed, T::arguments());
  else return listed();
}
template <class T>
struct Constructs {
  template <class... A>
  std::bool_constant<std::is_constructible_v<T, const A&...>> operator()(const A&...) const {
    return {};
  }
};
template <class T>
concept MadeOfItsArguments = (ListsArguments<T> || HasOptions<T>)&&decltype(with_arguments(std::declval<const T&>(), Constructs<T>()))::value;
template <class T>
concept MakesItselfAgain = SaysRemade<T> || MadeOfItsArguments<T>;
template <class T>
concept Remakeable = MakesItselfAgain<T> || std::is_default_constructible_v<T>;

/// A new module of the class and with the arguments of `original`; its state is its own.
template <Remakeable T>
T remade(const T& original) {
  if constexpr (SaysRemade<T>) return original.remade();
  else if constexpr (MadeOfItsArguments<T>) return with_arguments(original, [](const auto&... arguments) { return T(arguments...); });
  else return T();
}
template <class T>
std::shared_ptr<Module> remade_as(const Module& original) {
  return std::make_shared<T>(remade(static_cast<const T&>(original)));
}

class Cloning;
Tensor copied(Cloning& cloning, const Tensor& argument);

// What an argument is in the clone: of a tensor the copy, so that a plain member that keeps it shares nothing with the original.
template <class A>
A argument_of_clone(Cloning& cloning, const A& argument) {
  if constexpr (std::is_same_v<A, Tensor>) {
    return copied(cloning, argument);
  } else if constexpr (std::is_same_v<A, OptionalTensor>) {
    return argument ? OptionalTensor(copied(cloning, *argument)) : argument;
  } else if constexpr (std::is_same_v<A, std::vector<Tensor>>) {
    std::vector<Tensor> copies;
    for (const Tensor& t : argument) copies.push_back(copied(cloning, t));
    return copies;
  } else {
    return argument;
  }
}

/// The arguments that a module was made with.
struct Recipe {
  virtual ~Recipe() = default;
  virtual std::shared_ptr<Module> make(Cloning& cloning) const = 0;
};
template <class T, class... A>
struct RecipeOf : Recipe {
  template <class... B>
  explicit RecipeOf(B&&... args) : arguments(std::forward<B>(args)...) {}
  std::shared_ptr<Module> make(Cloning& cloning) const override {
    return std::apply([&](const A&... args) { return std::make_shared<T>(argument_of_clone(cloning, args)...); }, arguments);
  }
  std::tuple<A...> arguments;
};
void keep_recipe(Module& module, std::shared_ptr<const Recipe> recipe);

/// One clone under way: what stands for what.
class Cloning {
 public:
  explicit Cloning(const Module& root);
  ~Cloning();
  Cloning(const Cloning&) = delete;
  /// Makes the state of `copy` that of `original`.
  void copy_state(const Module& original, Module& copy);
  std::shared_ptr<Module> copy(const Module& original);
  /// The copy of a tensor; a `place` that may take the values is filled in place, so that handles on it stay valid.
  Tensor copy(const Tensor& original, const Tensor& place = {});

 private:
  void copy_slots(const std::vector<std::shared_ptr<Slot>>& from, std::vector<std::shared_ptr<Slot>>& to);
  void copy_children(const Module& original, Module& copy);
  struct Known;
  Owned<Known> known_;
  std::string random_state_;
};

template <class T>
void copy_member(const T& from, T& to, Cloning& cloning) {
  if constexpr (std::is_base_of_v<Tensor, T>) to = cloning.copy(from);
  else to = from;
}
/// Members that the class lists, its arguments and options included.
template <class T>
void copy_members(const Module& from, Module& to, Cloning& cloning) {
  auto& original = static_cast<const T&>(from);
  auto& copy = static_cast<T&>(to);
  auto copy_listed = [&](const auto&... m) { (copy_member(original.*m.place, copy.*m.place, cloning), ...); };
  if constexpr (ListsArguments<T>) apply_members(copy_listed, T::arguments());
  if constexpr (HasOptions<T>) {
    copy.options = original.options;
    auto copy_options = [&](const auto&... m) { (copy_member(original.options.*m.place, copy.options.*m.place, cloning), ...); };
    if constexpr (Described<typename T::Options>) apply_members(copy_options, T::Options::members());
  }
  if constexpr (Described<T>) apply_members(copy_listed, T::members());
}

// The result of what does not compile, so that nothing else is complained of.
struct Unknown {
  template <class T>
  operator T() const;
};

[[noreturn]] void fail_clone(const Module& module, const char* expected);

}  // namespace detail

/// A deep copy: its own parameters, buffers and children, no gradients, no hooks; what the original shares inside, the copy shares too. No random numbers are taken.
/// Throws Error when `module` is in truth of a class derived from T, and for a part that cannot be made again.
template <class T>
requires std::is_base_of_v<Module, T> T clone(const T& module) {
  constexpr bool remakeable = detail::Remakeable<T>;
  static_assert(remakeable, "nn::clone cannot make this class again: write a member `Net remade() const { return Net(...); }`");
  if constexpr (remakeable) {
    if (typeid(module) != typeid(T))
      detail::fail_clone(module, "a module of the class that is written; module.clone() copies what a Child or container holds");
    detail::Cloning cloning(module);
    T copy = detail::remade(module);
    cloning.copy_state(module, copy);
    return copy;
  } else {
    return detail::Unknown();
  }
}

}  // namespace lazuli::nn
