#pragma once
#include <fmt/format.h>

#include "lazuli/core/print.h"

/// {fmt} prints tensors, shapes, dtypes, devices and numbers as `to_string` has them: `fmt::print("{} on {}\n", x.sizes(), x.device())`. A text's width and alignment
/// apply ("{:>12}"). Not part of lazuli.h: only who formats pays for <fmt/format.h>.
namespace lazuli::detail {

template <class T>
struct Formatter : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const T& value, Context& context) const {
    std::string text;
    if constexpr (std::is_same_v<T, DType>) text = name(value);
    else text = to_string(value);
    return fmt::formatter<fmt::string_view>::format(text, context);
  }
};

}  // namespace lazuli::detail

template <>
struct fmt::formatter<lazuli::Tensor> : lazuli::detail::Formatter<lazuli::Tensor> {};
template <>
struct fmt::formatter<lazuli::Shape> : lazuli::detail::Formatter<lazuli::Shape> {};
template <>
struct fmt::formatter<lazuli::DType> : lazuli::detail::Formatter<lazuli::DType> {};
template <>
struct fmt::formatter<lazuli::Device> : lazuli::detail::Formatter<lazuli::Device> {};
template <>
struct fmt::formatter<lazuli::Scalar> : lazuli::detail::Formatter<lazuli::Scalar> {};
