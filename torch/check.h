#pragma once
#include <sstream>

#include "lazuli/torch/functions.h"

/// What programs check and say: TORCH_CHECK and its kin, which throw lazuli::Error with the rest of their arguments as its text.
namespace torch {

namespace detail {
template <class... T>
std::string joined(const T&... parts) {
  std::ostringstream text;
  ((text << parts), ...);
  return text.str();
}
/// The kind that errors of a class have.
template <class E>
inline constexpr ErrorKind kind_of_class = ErrorKind::State;
template <ErrorKind kind>
inline constexpr ErrorKind kind_of_class<lazuli::ErrorOf<kind>> = kind;
template <>
inline constexpr ErrorKind kind_of_class<lazuli::LinAlgError> = ErrorKind::Argument;
template <class E, class... T>
[[noreturn]] void fail_check(const char* condition, const T&... message) {
  if constexpr (sizeof...(T) == 0) throw E(lazuli::Error(kind_of_class<E>, "TORCH_CHECK", "", condition, "false"));
  else throw E(lazuli::Error(kind_of_class<E>, joined(message...), "", "", ""));
}
}  // namespace detail

/// The parts as one text.
template <class... T>
std::string str(const T&... parts) {
  return detail::joined(parts...);
}

}  // namespace torch

namespace c10 {
using lazuli::Error, lazuli::IndexError, lazuli::LinAlgError, lazuli::NotImplementedError, lazuli::OutOfMemoryError, lazuli::TypeError,
    lazuli::ValueError;
using torch::str;
}  // namespace c10

#define LAZULI_TORCH_CHECK(Class, condition, ...)                                       \
  do {                                                                                  \
    if (!(condition)) [[unlikely]]                                                      \
      ::torch::detail::fail_check<::c10::Class>(#condition __VA_OPT__(, ) __VA_ARGS__); \
  } while (false)
#define TORCH_CHECK(condition, ...) LAZULI_TORCH_CHECK(Error, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) LAZULI_TORCH_CHECK(IndexError, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) LAZULI_TORCH_CHECK(ValueError, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) LAZULI_TORCH_CHECK(TypeError, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) LAZULI_TORCH_CHECK(NotImplementedError, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_LINALG(condition, ...) LAZULI_TORCH_CHECK(LinAlgError, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_WITH(Class, condition, ...) LAZULI_TORCH_CHECK(Class, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_EQ(a, b) TORCH_CHECK((a) == (b))
#define TORCH_CHECK_NE(a, b) TORCH_CHECK((a) != (b))
#define TORCH_CHECK_LT(a, b) TORCH_CHECK((a) < (b))
#define TORCH_CHECK_LE(a, b) TORCH_CHECK((a) <= (b))
#define TORCH_CHECK_GT(a, b) TORCH_CHECK((a) > (b))
#define TORCH_CHECK_GE(a, b) TORCH_CHECK((a) >= (b))
#define TORCH_INTERNAL_ASSERT(...) TORCH_CHECK(__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) TORCH_CHECK(__VA_ARGS__)
#define AT_ASSERT(...) TORCH_CHECK(__VA_ARGS__)
#define AT_ASSERTM(...) TORCH_CHECK(__VA_ARGS__)
#define AT_ERROR(...) TORCH_CHECK(false, ::torch::detail::joined(__VA_ARGS__))
#define C10_THROW_ERROR(Class, message) TORCH_CHECK_WITH(Class, false, message)
/// Tells the handler of warnings the arguments as one text.
#define TORCH_WARN(...) ::lazuli::warn(::torch::detail::joined(__VA_ARGS__))
#define TORCH_WARN_ONCE(...) ::lazuli::warn_once(::torch::detail::joined(__VA_ARGS__))
