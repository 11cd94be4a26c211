#pragma once
#include <utility>

/// An option of a program's own class of options: `TORCH_ARG(double, rate) = 0.5;` gives `rate()` and setters `rate(value)` that can be chained.
#define TORCH_ARG(T, name)                                                                            \
 public:                                                                                              \
  auto name(const T& new_##name)->decltype(*this) { return this->name##_ = new_##name, *this; }       \
  auto name(T&& new_##name)->decltype(*this) { return this->name##_ = std::move(new_##name), *this; } \
  const T& name() const noexcept { return this->name##_; }                                            \
  T& name() noexcept { return this->name##_; }                                                        \
                                                                                                      \
 private:                                                                                             \
  T name##_
