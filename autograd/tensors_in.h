#pragma once
#include <optional>
#include <tuple>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli::autograd::detail {

/// Calls f(Tensor&) for each tensor in a value, defined or not: a tensor, or an optional, vector, pair or tuple of what has tensors. Other values have none.
template <class T, class F>
void for_each_tensor(T& value, F&& f) {
  using V = std::remove_cv_t<T>;
  if constexpr (std::is_base_of_v<Tensor, V>) {
    f(value);
  } else if constexpr (requires { std::tuple_size<V>::value; }) {
    std::apply([&](auto&... members) { (for_each_tensor(members, f), ...); }, value);
  } else if constexpr (requires {
                         value.has_value();
                         *value;
                       }) {
    if constexpr (!std::is_same_v<V, std::optional<bool>>)
      if (value) for_each_tensor(*value, f);
  } else if constexpr (requires { value.begin(), value.end(), value.push_back(*value.begin()); } && !std::is_same_v<V, std::vector<bool>>) {
    for (auto& item : value) for_each_tensor(item, f);
  }
}

}  // namespace lazuli::autograd::detail
