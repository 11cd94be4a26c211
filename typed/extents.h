#pragma once
#include <cstdint>
#include <string_view>

#include "lazuli/typed/text.h"

/// Shapes that the compiler knows. An extent is a number; a name, which stands for a number that is the same wherever the name stands; or dynamic: known when the program runs.
namespace lazuli::typed {

/// Known when the program runs.
inline constexpr int64_t dynamic = -1;

namespace detail {
constexpr int64_t kNames = INT64_MIN;  // from here on, far from what a program counts down to
constexpr std::string_view kNameLetters = "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
void names_are_letters_digits_and_underscores_at_most_ten();  // no definition: reaching a call of it is the compile error
}  // namespace detail

/// The extent of that name: letters, digits and underscores, at most ten.
consteval int64_t dim(std::string_view name) {
  if (name.empty() || name.size() > 10) detail::names_are_letters_digits_and_underscores_at_most_ten();
  int64_t code = 0;
  for (char c : name) {
    const size_t letter = detail::kNameLetters.find(c);
    if (letter == std::string_view::npos) detail::names_are_letters_digits_and_underscores_at_most_ten();
    code = code * 64 + int64_t(letter) + 1;
  }
  return detail::kNames + code;
}
constexpr bool is_fixed(int64_t extent) { return extent >= 0; }
constexpr bool is_named(int64_t extent) { return extent < detail::kNames / 2; }
constexpr bool is_extent(int64_t extent) { return is_fixed(extent) || extent == dynamic || is_named(extent); }

/// Extents as a value, for the rules; and integers that are not extents: dimensions, strides.
struct Extents {
  static constexpr int kMost = 12;
  int64_t at[kMost] = {};
  int rank = 0;
  constexpr Extents() = default;
  template <class... I>
  constexpr explicit Extents(int64_t first, I... more) : at{first, int64_t(more)...}, rank(1 + int(sizeof...(more))) {}
  constexpr int64_t operator[](int64_t i) const { return at[i < 0 ? i + rank : i]; }
  constexpr int64_t& operator[](int64_t i) { return at[i < 0 ? i + rank : i]; }
  constexpr bool operator==(const Extents& other) const {
    if (rank != other.rank) return false;
    for (int i = 0; i < rank; ++i)
      if (at[i] != other.at[i]) return false;
    return true;
  }
  constexpr Extents& push(int64_t extent) {
    at[rank++] = extent;
    return *this;
  }
  constexpr Extents& insert(int64_t place, int64_t extent) {
    for (int64_t i = rank++; i > place; --i) at[i] = at[i - 1];
    at[place] = extent;
    return *this;
  }
  constexpr Extents& remove(int64_t place) {
    for (int64_t i = place; i + 1 < rank; ++i) at[i] = at[i + 1];
    --rank;
    return *this;
  }
  constexpr Extents first(int64_t count) const {
    Extents e = *this;
    e.rank = int(count);
    return e;
  }
  constexpr bool contains(int64_t value) const {
    for (int i = 0; i < rank; ++i)
      if (at[i] == value) return true;
    return false;
  }
  /// Whether all of them are numbers.
  constexpr bool fixed() const {
    for (int i = 0; i < rank; ++i)
      if (!is_fixed(at[i])) return false;
    return true;
  }
  /// Their product; dynamic unless all are numbers or one is 0.
  constexpr int64_t numel() const {
    int64_t n = 1;
    for (int i = 0; i < rank; ++i)
      if (at[i] == 0) return 0;
    if (!fixed()) return dynamic;
    for (int i = 0; i < rank; ++i) n *= at[i];
    return n;
  }
};

constexpr Writer& write_extent(Writer& to, int64_t extent) {
  if (is_fixed(extent)) return to << extent;
  if (extent == dynamic) return to << '?';
  if (!is_named(extent)) return to << extent;
  char letters[10] = {};
  int count = 0;
  for (int64_t code = extent - detail::kNames; code > 0; code = (code - 1) / 64) letters[count++] = detail::kNameLetters[size_t((code - 1) % 64)];
  while (count) to << letters[--count];
  return to;
}
/// "[batch, 784]"
constexpr Writer& operator<<(Writer& to, const Extents& extents) {
  to << '[';
  for (int i = 0; i < extents.rank; ++i) {
    if (i) to << ", ";
    write_extent(to, extents.at[i]);
  }
  return to << ']';
}
/// "(0, 2)": integers that are not extents.
struct Listed {
  const Extents& numbers;
};
constexpr Writer& operator<<(Writer& to, Listed list) {
  to << '(';
  for (int i = 0; i < list.numbers.rank; ++i) {
    if (i) to << ", ";
    to << list.numbers.at[i];
  }
  return to << ')';
}

/// Whether both may be the same number when the program runs. A name differs from a number and from another name.
constexpr bool may_equal(int64_t a, int64_t b) { return a == b || a == dynamic || b == dynamic; }
constexpr int64_t either(int64_t a, int64_t b) { return a == dynamic ? b : a; }
constexpr int64_t times(int64_t a, int64_t b) {
  if (a == 0 || b == 0) return 0;
  if (a == 1) return b;
  if (b == 1) return a;
  return is_fixed(a) && is_fixed(b) ? a * b : dynamic;
}
constexpr int64_t plus(int64_t a, int64_t b) {
  if (a == 0) return b;
  if (b == 0) return a;
  return is_fixed(a) && is_fixed(b) ? a + b : dynamic;
}

/// A shape as a type: `Dims<32, 784>`, `Dims<dim("batch"), 784>`, `Dims<dynamic, 784>`.
template <int64_t... extents>
struct Dims {
  static_assert(sizeof...(extents) <= Extents::kMost, "a typed tensor has at most 12 dimensions");
  static constexpr int rank = int(sizeof...(extents));
  static constexpr bool sizes = (is_extent(extents) && ...);  // and no other integers
  static constexpr Extents value = [] {
    Extents e;
    (e.push(extents), ...);
    return e;
  }();
};
/// Integers as a type.
template <int64_t... numbers>
using Ints = Dims<numbers...>;
/// Several shapes, for rules of any number of operands.
struct Operands {
  const Extents* shapes;
  int count;
  constexpr const Extents& operator[](int64_t i) const { return shapes[i]; }
};
template <class... Shapes>
struct Several {
  static constexpr Extents shapes[sizeof...(Shapes) + 1] = {Shapes::value...};
  static constexpr Operands value{shapes, int(sizeof...(Shapes))};
};
template <Text text>
struct Literal {
  static constexpr std::string_view value = text.view();
};

}  // namespace lazuli::typed

namespace lazuli {
/// Spelled with `using namespace lazuli` alone, too: `Typed<float, Dims<32, 784>>`.
using typed::Dims;
}  // namespace lazuli
