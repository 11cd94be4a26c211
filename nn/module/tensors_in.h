#pragma once
#include <array>
#include <optional>
#include <tuple>
#include <vector>

#include "lazuli/core/described.h"
#include "lazuli/nn/module/module.h"

namespace lazuli::nn::detail {

/// The tensors in an argument or result. A class of one's own lists its members: `auto tensors() { return std::tie(mean, scale); }`.
template <class T>
struct TensorsIn {
  static constexpr bool any = false;
  static void collect(const T&, std::vector<Tensor*>&) {}
};
template <class T>
void collect_tensors(T& value, std::vector<Tensor*>& into) {
  if constexpr (TensorsIn<std::remove_cv_t<T>>::any) TensorsIn<std::remove_cv_t<T>>::collect(value, into);
}
template <class T>
requires std::is_base_of_v<Tensor, T>
struct TensorsIn<T> {
  static constexpr bool any = true;
  static void collect(Tensor& t, std::vector<Tensor*>& into) {
    if (t.defined()) into.push_back(&t);
  }
};
template <ListsTensors T>
struct TensorsIn<T> {
  static constexpr bool any = true;
  static void collect(T& value, std::vector<Tensor*>& into) {
    auto listed = value.tensors();
    collect_tensors(listed, into);
  }
};
template <class T>
struct TensorsIn<std::optional<T>> {
  static constexpr bool any = TensorsIn<T>::any;
  static void collect(std::optional<T>& t, std::vector<Tensor*>& into) {
    if (t) collect_tensors(*t, into);
  }
};
template <class T>
struct TensorsIn<std::vector<T>> {
  static constexpr bool any = TensorsIn<T>::any;
  static void collect(std::vector<T>& ts, std::vector<Tensor*>& into) {
    if constexpr (any)
      for (T& t : ts) collect_tensors(t, into);
  }
};
template <class T, size_t n>
struct TensorsIn<std::array<T, n>> {
  static constexpr bool any = TensorsIn<T>::any;
  static void collect(std::array<T, n>& ts, std::vector<Tensor*>& into) {
    for (T& t : ts) collect_tensors(t, into);
  }
};
template <class A, class B>
struct TensorsIn<std::pair<A, B>> {
  static constexpr bool any = TensorsIn<std::remove_cvref_t<A>>::any || TensorsIn<std::remove_cvref_t<B>>::any;
  static void collect(std::pair<A, B>& p, std::vector<Tensor*>& into) {
    collect_tensors(p.first, into);
    collect_tensors(p.second, into);
  }
};
template <class... T>
struct TensorsIn<std::tuple<T...>> {
  static constexpr bool any = (TensorsIn<std::remove_cvref_t<T>>::any || ...);
  static void collect(std::tuple<T...>& values, std::vector<Tensor*>& into) {
    std::apply([&](auto&... value) { (collect_tensors(value, into), ...); }, values);
  }
};

}  // namespace lazuli::nn::detail
