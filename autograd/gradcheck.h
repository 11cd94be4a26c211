#pragma once
#include <concepts>
#include <iosfwd>
#include <tuple>

#include "lazuli/core/tensor.h"

namespace lazuli::autograd {

struct GradcheckOptions {
  double eps = 1e-6;  // how far an element is moved each way
  double atol = 1e-5, rtol = 1e-3;
  uint64_t seed = 1;  // gradgradcheck: of the gradients that are fed in
};

/// What came out: `passed`, and else in `text` the output, input and elements that differ most, with both values. It prints as that text and tests
/// as `passed`.
struct GradcheckReport {
  bool passed = true;
  std::string text;
  operator bool() const { return passed; }
};
std::ostream& operator<<(std::ostream& out, const GradcheckReport& report);

namespace detail {
/// A function of tensors, without its type.
struct TensorFunction {
  virtual ~TensorFunction() = default;
  virtual std::vector<Tensor> operator()(const std::vector<Tensor>& inputs) const = 0;
};
GradcheckReport gradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options);
GradcheckReport gradgradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options);

template <class R>
std::vector<Tensor> as_tensors(R&& result) {
  using T = std::remove_cvref_t<R>;
  if constexpr (std::is_same_v<T, std::vector<Tensor>>) return result;
  else if constexpr (std::is_convertible_v<R, Tensor>) return {Tensor(result)};
  else if constexpr (requires { result.tensors(); }) return as_tensors(result.tensors());
  else return std::apply([](const auto&... tensors) { return std::vector<Tensor>{tensors...}; }, result);
}

template <class F>
struct HoldFunction final : TensorFunction {
  const F& f;
  explicit HoldFunction(const F& function) : f(function) {}
  std::vector<Tensor> operator()(const std::vector<Tensor>& x) const override {
    if constexpr (std::is_invocable_v<const F&, const Tensor&>) return as_tensors(f(x.at(0)));
    else if constexpr (std::is_invocable_v<const F&, const Tensor&, const Tensor&>) return as_tensors(f(x.at(0), x.at(1)));
    else if constexpr (std::is_invocable_v<const F&, const Tensor&, const Tensor&, const Tensor&>) return as_tensors(f(x.at(0), x.at(1), x.at(2)));
    else return as_tensors(f(x));
  }
};
}  // namespace detail

/// Compares the gradients that the tape computes for `f` with numeric ones, (f(x + eps) - f(x - eps)) / 2 eps, for every element of every input that
/// requires grad
/// (float64 or complex128; each element with memory of its own). `f` takes one to three tensors, or a vector of them, and returns a tensor, a vector,
/// a tuple or a struct that lists its tensors; it must give the same
/// each time. For complex tensors the gradient is with respect to the conjugate, as everywhere. Throws Error for inputs of other dtypes or when none
/// requires grad.
template <class F>
GradcheckReport gradcheck(const F& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options = {}) {
  return detail::gradcheck(detail::HoldFunction<F>(f), inputs, options);
}
/// Of one tensor: `gradcheck(f, x)`.
template <class F, std::convertible_to<Tensor> Input>
GradcheckReport gradcheck(const F& f, const Input& input, const GradcheckOptions& options = {}) {
  return gradcheck(f, std::vector<Tensor>{input}, options);
}
/// The same for the gradient function itself: second derivatives.
template <class F>
GradcheckReport gradgradcheck(const F& f, const std::vector<Tensor>& inputs, const GradcheckOptions& options = {}) {
  return detail::gradgradcheck(detail::HoldFunction<F>(f), inputs, options);
}
template <class F, std::convertible_to<Tensor> Input>
GradcheckReport gradgradcheck(const F& f, const Input& input, const GradcheckOptions& options = {}) {
  return gradgradcheck(f, std::vector<Tensor>{input}, options);
}

}  // namespace lazuli::autograd
