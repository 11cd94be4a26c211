#pragma once
#include "lazuli/autograd/transforms/run.h"

namespace lazuli::func {

namespace detail {

template <class F, class Selected>
class ValueAndGrad {
 public:
  ValueAndGrad(F f, Selected selected, const char* op) : f_(std::move(f)), selected_(std::move(selected)), op_(op) {}
  template <class... A>
  auto operator()(A&&... args) const {
    Run<const F, Selected, A...> run(op_, f_, selected_, std::forward<A>(args)...);
    const Tensor loss = loss_of(*run.result);
    if (loss.numel() != 1) fail(op_, "func", "a function whose result has one element", "sizes " + to_string(loss.sizes()));
    std::vector<Tensor> gradients = run.derivative->pull({loss}, {}, false);
    pytree::visit(*run.result, [&](Tensor& t) { t = run.derivative->release(t); });
    return std::pair{run.in_form(gradients), std::move(*run.result)};
  }

 private:
  F f_;
  Selected selected_;
  const char* op_;
};

template <class F, class Selected>
class Grad {
 public:
  Grad(F f, Selected selected) : both_(std::move(f), std::move(selected), "grad") {}
  /// The gradients; beside them, where the function returns (loss, more..), what it returned more.
  template <class... A>
  auto operator()(A&&... args) const {
    auto [gradients, result] = both_(std::forward<A>(args)...);
    using R = decltype(result);
    if constexpr (!has_more<R>) return gradients;
    else if constexpr (std::tuple_size_v<R> == 2) return std::pair{std::move(gradients), std::move(std::get<1>(result))};
    else return std::pair{std::move(gradients), tail(std::move(result), std::make_index_sequence<std::tuple_size_v<R> - 1>())};
  }

 private:
  template <class R, size_t... I>
  static auto tail(R&& result, std::index_sequence<I...>) {
    return std::tuple{std::move(std::get<I + 1>(result))...};
  }
  ValueAndGrad<F, Selected> both_;
};

/// As PyTorch has it: the gradient, then the value.
template <class F, class Selected>
auto make_grad(F&& f, Selected selected) {
  return Grad<Callable<F>, Selected>(Callable<F>{std::forward<F>(f)}, std::move(selected));
}
template <class F, class Selected>
auto make_value(F&& f, Selected selected) {
  return ValueAndGrad<Callable<F>, Selected>(Callable<F>{std::forward<F>(f)}, std::move(selected), "grad_and_value");
}

/// For value_and_grad: the other way round.
template <class Both>
class ValueFirst {
 public:
  explicit ValueFirst(Both both) : both_(std::move(both)) {}
  template <class... A>
  auto operator()(A&&... args) const {
    auto [gradients, value] = both_(std::forward<A>(args)...);
    return std::pair{std::move(value), std::move(gradients)};
  }

 private:
  Both both_;
};

}  // namespace detail

/// g = grad(f): g(args...) is the gradient of the one element that f(args...) returns with respect to the first argument, in its form. `argnums`: with respect to others, which are tensors;
/// several: a vector. `grad<0, 2>(f)`: arguments of any form, by number; a tuple. Where f returns a pair or tuple, the loss stands first in it, and comes back is (gradient, the rest).
/// The result has a graph where a tensor from outside that it depends on wants a gradient. Zeros for arguments that do not count.
/// Throws Error for a loss of more elements, arguments that are not floating point, and in inference mode.
template <size_t... I, class F>
auto grad(F&& f) {
  using Selected = std::conditional_t<sizeof...(I) == 0, detail::At<0>, detail::At<I...>>;
  return detail::make_grad(std::forward<F>(f), Selected());
}
template <class F>
auto grad(F&& f, int64_t argnums) {
  return detail::make_grad(std::forward<F>(f), detail::OneArgument{{{argnums}}});
}
template <class F>
auto grad(F&& f, std::vector<int64_t> argnums) {
  return detail::make_grad(std::forward<F>(f), detail::SomeArguments{{std::move(argnums)}});
}

/// (gradient, result of f), as torch.func.grad_and_value has it.
template <size_t... I, class F>
auto grad_and_value(F&& f) {
  using Selected = std::conditional_t<sizeof...(I) == 0, detail::At<0>, detail::At<I...>>;
  return detail::make_value(std::forward<F>(f), Selected());
}
template <class F>
auto grad_and_value(F&& f, int64_t argnums) {
  return detail::make_value(std::forward<F>(f), detail::OneArgument{{{argnums}}});
}
template <class F>
auto grad_and_value(F&& f, std::vector<int64_t> argnums) {
  return detail::make_value(std::forward<F>(f), detail::SomeArguments{{std::move(argnums)}});
}
/// (result of f, gradient).
template <size_t... I, class F>
auto value_and_grad(F&& f) {
  return detail::ValueFirst(grad_and_value<I...>(std::forward<F>(f)));
}
template <class F, class N>
auto value_and_grad(F&& f, N argnums) {
  return detail::ValueFirst(grad_and_value(std::forward<F>(f), std::move(argnums)));
}

}  // namespace lazuli::func
