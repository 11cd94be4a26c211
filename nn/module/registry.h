#pragma once
#include "lazuli/nn/module/options.h"
#include "lazuli/ops/table/value.h"

/// The library's modules by name. A module enters in its family's list (the function at the end of its source); user's classes may be added, too.
namespace lazuli::nn {

/// A module of the class `name` ("Linear") from its constructor's arguments and options, by position or name, as PyTorch has them. Throws Error (Index) for a class that is not
/// there, and for arguments that are missing, too many, of another name, type, or out of range. Classes that take modules are given them by name, in `modules`
/// ({{"encoder_layer", layer}}); these count as no positional argument.
std::shared_ptr<Module> make_module(std::string_view name, const std::vector<Value>& args = {}, const Kwargs& kwargs = {},
                                    const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules = {});
/// In the order of their families.
std::vector<std::string> list_modules();
/// What was said of its class when it was made: "in_features=3, out_features=2, bias=True"; empty for a class that is not listed. `inplace` is left out where it is not set.
std::string print_arguments(const Module& module);

namespace detail {

/// Arguments by position or name, read one by one.
class BoxedArguments {
 public:
  using Modules = std::vector<std::pair<std::string, std::shared_ptr<Module>>>;
  BoxedArguments(std::string_view module, const std::vector<Value>& args, const Kwargs& kwargs, const Modules& modules = {})
      : module_(module), args_(args), kwargs_(kwargs), modules_(modules) {}
  /// False where it was not given; None stands for "not given" where a value cannot be none.
  template <class T>
  bool read(const char* name, T& into) {
    const Value* value = take(name);
    if (!value) return false;
    if constexpr (requires { into.reset(); }) {
      if (value->is_none()) return into.reset(), true;
      unbox(*value, into.emplace());
    } else if (value->is_none()) {
      return false;
    } else if constexpr (NamedEnum<T>) {
      into = enum_of<T>(name, value->to_string());
    } else {
      unbox(*value, into);
    }
    return true;
  }
  /// The module of that name; null where it was not given. Throws Error (Type) for one of another class.
  template <class T>
  std::shared_ptr<T> module(const char* name) {
    std::shared_ptr<Module> given = take_module(name);
    auto module = std::dynamic_pointer_cast<T>(given);
    if (given && !module) fail(ErrorKind::Type, module_, name, "a " + class_name(typeid(T)), "a " + given->class_name());
    return module;
  }
  [[noreturn]] void fail_missing(const char* name) const;
  /// Throws Error for what nobody asked for.
  void done() const;

 private:
  const Value* take(const char* name);
  std::shared_ptr<Module> take_module(const char* name);
  template <class T>
  T enum_of(const char* argument, const std::string& text) const {
    if (auto value = lazuli::named<T>(text)) return *value;
    std::string choices;
    for (const auto& entry : names_of(T())) choices += (choices.empty() ? "" : ", ") + std::string(entry.second);
    fail(module_, argument, "one of " + choices, "'" + text + "'");
  }
  void unbox(const Value& value, bool& into) const;
  void unbox(const Value& value, int64_t& into) const;
  void unbox(const Value& value, double& into) const;
  void unbox(const Value& value, std::string& into) const;
  void unbox(const Value& value, Shape& into) const;
  void unbox(const Value& value, Tensor& into) const;
  void unbox(const Value& value, Device& into) const;
  void unbox(const Value& value, DType& into) const;
  template <class T>  // a type that says what may stand for it
  void unbox(const Value& value, T& into) const {
    from_value(value, into);
  }
  std::string module_;
  const std::vector<Value>& args_;
  const Kwargs& kwargs_;
  size_t next_ = 0;
  std::vector<const Value*> taken_;
  Modules modules_;  // those that nobody asked for yet
};

template <class T>
struct OptionsOf {
  struct type {};
};
template <class T>
requires Described<typename T::Options>
struct OptionsOf<T> {
  using type = typename T::Options;
  static_assert(!requires_braces<type>, "options that begin with sizes have members for numbers in braces (core/in_braces.h)");
};
template <class M, class T>
T value_of(const Member<M, T>&) {
  return T();
}

template <class T>
std::shared_ptr<Module> make_boxed(BoxedArguments& boxed) {
  auto make = [&](const auto&... arguments) -> std::shared_ptr<Module> {
    if constexpr (std::is_constructible_v<T, decltype(arguments)..., const typename OptionsOf<T>::type&>) {
      typename OptionsOf<T>::type options{};
      for_each_member(options, [&](const auto& m, auto& value) { boxed.read(m.name, value); });
      if constexpr (SaysDevice<decltype(options)>) {
        boxed.read("device", options.device);
        boxed.read("dtype", options.dtype);
      }
      boxed.done();
      return hold(std::make_shared<T>(arguments..., options));
    } else {
      boxed.done();
      return hold(std::make_shared<T>(arguments...));
    }
  };
  if constexpr (ListsArguments<T>) {
    return apply_members(
        [&](const auto&... m) {
          [[maybe_unused]] auto required = [&](const auto& argument) {
            auto value = value_of(argument);
            if (!boxed.read(argument.name, value)) boxed.fail_missing(argument.name);
            return value;
          };
          std::tuple values{required(m)...};  // in order: braces
          return std::apply(make, values);
        },
        T::arguments());
  } else {
    return make();
  }
}

template <class T>
std::string print_listed(const Module& module) {
  auto& listed = static_cast<const T&>(module);
  std::string text;
  auto add = [&](const auto& m, const auto& value) {
    if constexpr (requires { written(value); })
      if (std::string_view(m.name) != "inplace" || written(value) == "True")
        text += (text.empty() ? "" : ", ") + std::string(m.name) + "=" + written(value);
  };
  if constexpr (ListsArguments<T>) apply_members([&](const auto&... m) { (add(m, listed.*m.place), ...); }, T::arguments());
  if constexpr (HasOptions<T>) for_each_member(listed.options, add);
  return text;
}

}  // namespace detail

/// What is known of listed classes.
class ModuleTable {
 public:
  struct Entry {
    std::string name;
    const std::type_info* type;
    std::shared_ptr<Module> (*make)(detail::BoxedArguments&);
    std::string (*print)(const Module&);
  };
  template <class... T>
  void add() {
    (entries.push_back({detail::class_name(typeid(T)), &typeid(T), &detail::make_boxed<T>, &detail::print_listed<T>}), ...);
  }
  std::vector<Entry> entries;
};

// The families' lists.
void list_activations(ModuleTable& table);
void list_attention(ModuleTable& table);
void list_batch_norms(ModuleTable& table);
void list_convolutions(ModuleTable& table);
void list_dropouts(ModuleTable& table);
void list_embeddings(ModuleTable& table);
void list_foldings(ModuleTable& table);
void list_linears(ModuleTable& table);
void list_losses(ModuleTable& table);
void list_normalizations(ModuleTable& table);
void list_paddings(ModuleTable& table);
void list_poolings(ModuleTable& table);
void list_projection_losses(ModuleTable& table);
void list_recurrent(ModuleTable& table);
void list_shapes(ModuleTable& table);
void list_transformers(ModuleTable& table);
void list_upsamplings(ModuleTable& table);

}  // namespace lazuli::nn
