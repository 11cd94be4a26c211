#pragma once
#include <cxxabi.h>

#include <array>
#include <complex>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <ranges>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "lazuli/torch/dispatch.h"
#include "lazuli/torch/ordered_dict.h"

/// What programs take from c10: counted pointers, small vectors, lists and dicts, helpers for sizes and texts. Thin forms of what C++ has.
namespace c10 {

using std::nullopt, std::nullopt_t, std::optional, std::make_optional;
using std::string_view;
template <class T>
using complex = std::complex<T>;

/// What counted pointers point at may derive from this.
class intrusive_ptr_target {
 public:
  virtual ~intrusive_ptr_target() = default;
};
/// A shared pointer.
template <class T>
class intrusive_ptr : public std::shared_ptr<T> {
 public:
  using std::shared_ptr<T>::shared_ptr;
  intrusive_ptr() = default;
  intrusive_ptr(std::shared_ptr<T> other) : std::shared_ptr<T>(std::move(other)) {}
  template <class... A>
  static intrusive_ptr make(A&&... arguments) {
    return std::make_shared<T>(std::forward<A>(arguments)...);
  }
  bool defined() const { return bool(*this); }
  bool unique() const { return this->use_count() == 1; }
};
template <class T, class... A>
intrusive_ptr<T> make_intrusive(A&&... arguments) {
  return intrusive_ptr<T>::make(std::forward<A>(arguments)...);
}
template <class T, class U>
intrusive_ptr<T> static_intrusive_pointer_cast(const intrusive_ptr<U>& pointer) {
  return std::static_pointer_cast<T>(pointer);
}
template <class T, class U>
intrusive_ptr<T> dynamic_intrusive_pointer_cast(const intrusive_ptr<U>& pointer) {
  return std::dynamic_pointer_cast<T>(pointer);
}

/// A value of its own, or one that somebody else keeps.
template <class T>
class MaybeOwned {
 public:
  static MaybeOwned borrowed(const T& value) { return MaybeOwned(&value, nullopt); }
  static MaybeOwned owned(T value) { return MaybeOwned(nullptr, std::move(value)); }
  template <class... A>
  static MaybeOwned owned(std::in_place_t, A&&... arguments) {
    return owned(T(std::forward<A>(arguments)...));
  }
  const T& operator*() const& { return borrowed_ ? *borrowed_ : *own_; }
  T operator*() && { return borrowed_ ? *borrowed_ : std::move(*own_); }
  const T* operator->() const { return &**this; }
  bool unsafeIsBorrowed() const { return borrowed_; }

 private:
  MaybeOwned(const T* borrowed, optional<T> own) : borrowed_(borrowed), own_(std::move(own)) {}
  const T* borrowed_;
  optional<T> own_;
};

template <class T, unsigned = 0>
class SmallVector : public std::vector<T> {
 public:
  using std::vector<T>::vector;
};

template <class T>
class List : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  List() = default;
  explicit List(std::vector<T> items) : std::vector<T>(std::move(items)) {}
  T get(size_t at) const { return this->at(at); }
  void set(size_t at, T value) { this->at(at) = std::move(value); }
  std::vector<T> vec() const { return *this; }
};
template <class Key, class Value>
class Dict : public torch::OrderedDict<Key, Value> {
 public:
  using torch::OrderedDict<Key, Value>::OrderedDict;
  const Value& at(const Key& key) const { return (*this)[key]; }
  void insert_or_assign(Key key, Value value) {
    if (this->contains(key)) (*this)[key] = std::move(value);
    else this->insert(std::move(key), std::move(value));
  }
  bool empty() const { return this->is_empty(); }
};

/// 0, 1, ..., end - 1, or begin, ..., end - 1: none where the end is not above the beginning.
template <std::integral I>
auto irange(I end) {
  return std::views::iota(I(0), std::max(I(0), end));
}
template <std::integral B, std::integral E>
auto irange(B begin, E end) {
  return std::views::iota(E(begin), std::max(E(begin), end));
}

/// The elements as a text, with `delimiter` between them.
template <class List>
std::string Join(const std::string& delimiter, const List& elements) {
  std::string text;
  bool first = true;
  for (const auto& element : elements) text += (std::exchange(first, false) ? "" : delimiter) + str(element);
  return text;
}
template <class List>
int64_t multiply_integers(const List& elements) {
  int64_t product = 1;
  for (int64_t element : elements) product *= element;
  return product;
}
/// A dimension that may count from the end, from 0. Throws IndexError for one that a tensor of `rank` dimensions does not have.
inline int64_t maybe_wrap_dim(int64_t dim, int64_t rank) {
  const int64_t last = std::max<int64_t>(rank, 1) - 1;
  if (dim < -last - 1 || dim > last)
    lazuli::fail(lazuli::ErrorKind::Index, "maybe_wrap_dim", "dim", "one of " + std::to_string(-last - 1) + " to " + std::to_string(last),
                 std::to_string(dim));
  return dim < 0 ? dim + last + 1 : dim;
}
/// A type's name as it is written.
inline std::string demangle(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return text ? text.get() : name;
}
template <class T>
const char* demangle_type() {
  static const std::string name = demangle(typeid(T).name());
  return name.c_str();
}
/// Quotients rounded down.
template <std::integral T>
T div_rtn(T a, T b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

}  // namespace c10

namespace torch {
using c10::CppTypeToScalarType, c10::MaybeOwned;
using c10::Dict, c10::List, c10::maybe_wrap_dim, c10::SmallVector;
/// Quotients rounded up.
template <std::integral A, std::integral B>
auto ceil_div(A a, B b) {
  return (a + b - 1) / b;
}
}  // namespace torch

#define C10_LIKELY(condition) __builtin_expect(bool(condition), 1)
#define C10_UNLIKELY(condition) __builtin_expect(bool(condition), 0)
#define C10_UNUSED [[maybe_unused]]
#define C10_ALWAYS_INLINE inline
#define C10_HOST_DEVICE
#define C10_EXPORT
#define TORCH_API
