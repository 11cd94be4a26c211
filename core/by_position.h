#pragma once
#include <concepts>

/// How functions take what may be left out. Up to two such arguments stand in the parameter list (`dims` of reductions beside them). Where there are more, they are the members of one
/// struct, described once (core/described.h), which the module of that name shares where there is one:
///   cross_entropy(x, y, {.label_smoothing = 0.1, .reduction = Reduction::Sum})
/// The struct is taken by value: a misspelt member is then one message of four lines.
/// Where programs write the first of them by position, an overload takes them so, in PyTorch's order: `sort(x, 0, true)` beside `sort(x, {.descending = true})`.
/// Empty braces are always the struct with nothing set, `f(x, {})` is `f(x)`: no overload takes them for its first optional argument alone.
namespace lazuli {

/// The first optional argument of such an overload: whatever converts to T, but no braces.
template <class T>
class ByPosition {
 public:
  template <std::convertible_to<T> U>
  ByPosition(const U& value) : value_(value) {}
  operator const T&() const { return value_; }
  const T& operator*() const { return value_; }

 private:
  T value_;
};

}  // namespace lazuli
