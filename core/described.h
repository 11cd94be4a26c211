#pragma once
#include <cstddef>
#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "lazuli/core/shape.h"

/// Structs of options that are described once: their members listed with names and ranges. Printing, range checks, state and construction by name come from the list.
///
///   struct PoolOptions {
///     Shape kernel_size = {};
///     double eps = 1e-8;
///     bool ceil_mode = false;
///     static constexpr auto members() {
///       return Members{member("kernel_size", &PoolOptions::kernel_size, {.least = 1}), member("eps", &PoolOptions::eps, {.above = 0}),
///                         member("ceil_mode", &PoolOptions::ceil_mode)};
///     }
///   };
///
/// Members may be double, bool, int64_t, std::string, Shape, an optional of these, or an enum that has names (a Choice of it is given by name, too):
///
///   constexpr auto names_of(Reduction) { return enum_names<Reduction>({{Reduction::Mean, "mean"}, {Reduction::Sum, "sum"}}); }
///
/// Others (tensors) may be listed too: they are visited, neither checked nor printed.
namespace lazuli {

/// Where a number has to lie; what is not set does not limit it. NaN lies in no range. Of a Shape every entry counts, of an optional only what is there.
struct Range {
  static constexpr double unlimited = std::numeric_limits<double>::infinity();
  double least = -unlimited, above = -unlimited;  // the first included, the second not
  double below = unlimited, most = unlimited;     // likewise
  constexpr bool contains(double value) const {
    return value >= least && value <= most && (value > above || above == -unlimited) && (value < below || below == unlimited);
  }
  constexpr bool limits() const { return least != -unlimited || most != unlimited || above != -unlimited || below != unlimited; }
};
/// "a value of at least 0", "a value in [0, 1)".
std::string to_string(const Range& range);

template <class Options, class T>
struct Member {
  const char* name;
  T Options::*place;
  Range range;
};
/// One line of a description.
template <class Options, class T>
constexpr Member<Options, T> member(const char* name, T Options::*place, Range range = {}) {
  return {name, place, range};
}

/// The lines of a description, in order: what std::tuple would do at a tenth of its compile time, and a program has a description for every module.
template <class... M>
struct Members;
template <>
struct Members<> {
  static constexpr size_t count = 0;
};
template <class First, class... Rest>
struct Members<First, Rest...> {
  static constexpr size_t count = 1 + sizeof...(Rest);
  First first;
  Members<Rest...> rest;
  constexpr explicit Members(const First& f, const Rest&... r) : first(f), rest(r...) {}
};
template <class... M>
Members(const M&...) -> Members<M...>;

/// Line K.
template <size_t K, class... M>
constexpr const auto& line(const Members<M...>& lines) {
  if constexpr (K == 0) return lines.first;
  else return line<K - 1>(lines.rest);
}
/// f(line, ...) of all lines.
template <class F, class... Before>
constexpr decltype(auto) apply_members(F&& f, const Members<>&, const Before&... before) {
  return f(before...);
}
template <class F, class First, class... Rest, class... Before>
constexpr decltype(auto) apply_members(F&& f, const Members<First, Rest...>& lines, const Before&... before) {
  return apply_members(f, lines.rest, before..., lines.first);
}

template <class Options>
concept Described = requires {
  Options::members();
};

/// A struct that lists its tensors instead, for hooks, collation and devices: `auto tensors() { return std::tie(mean, scale); }`.
template <class T>
concept ListsTensors = requires(T& value) {
  value.tensors();
};
/// The same in a template, `template <class Used = void> auto tensors() { return tied<Used>(mean, scale); }`: only programs that use it pay for its compilation.
template <class Used, class... T>
constexpr std::tuple<T&...> tied(T&... values) {
  return std::tuple<T&...>(values...);
}

/// Calls f(member, value) for each member in order; `value` is a reference into `options`.
template <class Options, class F>
requires Described<std::remove_const_t<Options>>
constexpr void for_each_member(Options& options, F&& f) {
  apply_members([&](const auto&... m) { (f(m, options.*m.place), ...); }, std::remove_const_t<Options>::members());
}
/// Calls f(value) for the member of that name; false where there is none.
template <class Options, class F>
requires Described<std::remove_const_t<Options>>
bool visit_member(Options& options, std::string_view name, F&& f) {
  bool found = false;
  for_each_member(options, [&](const auto& m, auto& value) {
    if (!found && name == m.name) found = true, f(value);
  });
  return found;
}

/// An enum's values with their names, which its `names_of` gives. An array of pairs would do the same at ten times its compile time.
template <class E>
struct EnumName {
  E first;
  const char* second;
};
template <class E, size_t count>
struct EnumNames {
  EnumName<E> entries[count];
  constexpr const EnumName<E>* begin() const { return entries; }
  constexpr const EnumName<E>* end() const { return entries + count; }
  constexpr size_t size() const { return count; }
  constexpr const EnumName<E>& operator[](size_t i) const { return entries[i]; }
};
template <class E, size_t count>
constexpr EnumNames<E, count> enum_names(const EnumName<E> (&names)[count]) {
  EnumNames<E, count> all{};
  for (size_t i = 0; i < count; ++i) all.entries[i] = names[i];
  return all;
}

template <class E>
class Choice;
namespace detail {
template <class T>
constexpr bool is_choice = false;
template <class E>
constexpr bool is_choice<Choice<E>> = true;
}  // namespace detail

/// An enum whose values have names, from `names_of(Enum)` beside it; or a Choice of one.
template <class T>
concept NamedEnum = (std::is_enum_v<T> || detail::is_choice<T>)&&requires(T value) {
  names_of(value);
};
/// "?" for a value that has none.
template <NamedEnum T>
const char* name_of(T value) {
  for (const auto& [known, name] : names_of(value))
    if (known == value) return name;
  return "?";
}
/// `std::cout << Reduction::Mean` writes the name.
template <NamedEnum T>
requires std::is_enum_v<T> std::ostream& operator<<(std::ostream& stream, T value) { return stream << name_of(value); }
/// The value of that name; none where there is none.
template <NamedEnum T>
std::optional<T> named(std::string_view name) {
  for (const auto& [value, known] : names_of(T()))
    if (known == name) return value;
  return {};
}

namespace detail {
/// An option by position that stands by name too.
[[noreturn]] void fail_given_twice(const char* name);
[[noreturn]] void fail_choice(const std::string& choices, std::string_view got);
}
/// A member that is a value of a named enum, given as that or by its name: `{.reduction = Reduction::Sum}`, `{.reduction = "sum"}`. Text that names none throws Error with those that do.
template <class E>
class Choice {
 public:
  using Enum = E;
  constexpr Choice(E value = {}) : value_(value) {}
  Choice(std::string_view name) : value_(of(name)) {}
  Choice(const char* name) : value_(of(name)) {}
  Choice(const std::string& name) : value_(of(name)) {}
  constexpr operator E() const { return value_; }

 private:
  static E of(std::string_view name) {
    if (const std::optional<E> value = named<E>(name)) return *value;
    std::string choices;
    for (const auto& entry : names_of(E())) choices += (choices.empty() ? "'" : ", '") + std::string(entry.second) + "'";
    detail::fail_choice(choices, name);
  }
  E value_;
};

/// Values as Python writes them: "1e-05", "2.0", "True", "'sum'", "(2, 3)", "(4,)", "None".
std::string written(double value);
std::string written(bool value);
std::string written(int64_t value);
std::string written(const std::string& value);
std::string written(const Shape& value);
template <NamedEnum T>
std::string written(T value) {
  return written(std::string(name_of(value)));
}
template <class T>
requires requires(const T& value) { written(value); }
std::string written(const std::optional<T>& value) { return value ? written(*value) : "None"; }

/// "lr=0.001, nesterov=False", of all members or of those whose values are not the defaults.
template <Described Options>
std::string print_members(const Options& options, bool only_changed = false) {
  std::string text;
  const Options defaults{};
  for_each_member(options, [&](const auto& m, const auto& value) {
    if constexpr (requires { written(value); })
      if (!only_changed || !(value == defaults.*m.place)) text += (text.empty() ? "" : ", ") + std::string(m.name) + "=" + written(value);
  });
  return text;
}

namespace detail {
void check_member(std::string_view owner, const char* name, const Range& range, double value);
void check_member(std::string_view owner, const char* name, const Range& range, int64_t value);
void check_member(std::string_view owner, const char* name, const Range& range, const Shape& value);
[[noreturn]] void fail_unnamed(std::string_view owner, const char* name, const std::string& choices, int64_t got);

template <class T>
void check_member(std::string_view owner, const char* name, const Range& range, const T& value) {
  if constexpr (requires { value.has_value(); }) {
    if (value) check_member(owner, name, range, *value);
  } else if constexpr (is_choice<T>) {
    check_member(owner, name, range, typename T::Enum(value));
  } else if constexpr (NamedEnum<T>) {
    std::string choices;
    for (const auto& [known, text] : names_of(value)) {
      if (known == value) return;
      choices += (choices.empty() ? "" : ", ") + std::string(text);
    }
    fail_unnamed(owner, name, choices, int64_t(value));
  }
}
}  // namespace detail

/// Throws Error naming `owner`, the member and its range for the first value that is out of it. A float member without a range may be anything but NaN.
template <Described Options>
void check_members(std::string_view owner, const Options& options) {
  for_each_member(options, [&](const auto& m, const auto& value) { detail::check_member(owner, m.name, m.range, value); });
}

}  // namespace lazuli
