#pragma once
#include "lazuli/autograd/transforms/grad.h"

namespace lazuli::func {

namespace detail {

enum class Direction : uint8_t { Reverse, Forward };

/// What the outputs' Jacobians come in: one argument's for a tensor, a vector of them for more outputs.
template <class F, class Selected>
class Jacobian {
 public:
  Jacobian(F f, Selected selected, Direction direction, int64_t chunk)
      : f_(std::move(f)), selected_(std::move(selected)), direction_(direction), chunk_(chunk) {}
  template <class... A>
  auto operator()(A&&... args) const {
    const char* op = direction_ == Direction::Reverse ? "jacrev" : "jacfwd";
    using R = Run<const F, Selected, A...>;
    R run(op, f_, selected_, std::forward<A>(args)...);
    const std::vector<Tensor> outputs = pytree::leaves(*run.result);
    const std::vector<std::vector<Tensor>> all =
        direction_ == Direction::Reverse ? run.derivative->reverse_jacobian(outputs, chunk_) : run.derivative->forward_jacobian(outputs, chunk_);
    if constexpr (pytree::is_tensor<typename R::Result>) {
      return run.in_form(all.at(0));
    } else {
      std::vector<decltype(run.in_form(all.at(0)))> of;
      for (const std::vector<Tensor>& row : all) of.push_back(run.in_form(row));
      return of;
    }
  }

 private:
  F f_;
  Selected selected_;
  Direction direction_;
  int64_t chunk_;
};

}  // namespace detail

/// J[output.., input..] of f(args...) with respect to its first argument (see grad for others), by gradients of all outputs at once, which is vmap's doing; `chunk_size` of them at once, 1
/// without vmap. In the form of the argument; a vector of these, one for each tensor that f returns, unless that is one.
template <size_t... I, class F>
auto jacrev(F&& f, int64_t chunk_size = 0) requires(sizeof...(I) > 0) {
  return detail::Jacobian<detail::Callable<F>, detail::At<I...>>({std::forward<F>(f)}, {}, detail::Direction::Reverse, chunk_size);
}
template <class F>
auto jacrev(F&& f) {
  return jacrev<0>(std::forward<F>(f));
}
template <class F>
auto jacrev(F&& f, int64_t argnums, int64_t chunk_size = 0) {
  return detail::Jacobian<detail::Callable<F>, detail::OneArgument>({std::forward<F>(f)}, detail::OneArgument{{{argnums}}},
                                                                    detail::Direction::Reverse, chunk_size);
}
template <class F>
auto jacrev(F&& f, std::vector<int64_t> argnums, int64_t chunk_size = 0) {
  return detail::Jacobian<detail::Callable<F>, detail::SomeArguments>({std::forward<F>(f)}, detail::SomeArguments{{std::move(argnums)}},
                                                                      detail::Direction::Reverse, chunk_size);
}
/// The same column by column, by jvp: for functions of few inputs and many outputs.
template <size_t... I, class F>
auto jacfwd(F&& f, int64_t chunk_size = 0) requires(sizeof...(I) > 0) {
  return detail::Jacobian<detail::Callable<F>, detail::At<I...>>({std::forward<F>(f)}, {}, detail::Direction::Forward, chunk_size);
}
template <class F>
auto jacfwd(F&& f) {
  return jacfwd<0>(std::forward<F>(f));
}
template <class F>
auto jacfwd(F&& f, int64_t argnums, int64_t chunk_size = 0) {
  return detail::Jacobian<detail::Callable<F>, detail::OneArgument>({std::forward<F>(f)}, detail::OneArgument{{{argnums}}},
                                                                    detail::Direction::Forward, chunk_size);
}
template <class F>
auto jacfwd(F&& f, std::vector<int64_t> argnums, int64_t chunk_size = 0) {
  return detail::Jacobian<detail::Callable<F>, detail::SomeArguments>({std::forward<F>(f)}, detail::SomeArguments{{std::move(argnums)}},
                                                                      detail::Direction::Forward, chunk_size);
}
/// jacrev under its mathematical name.
template <class F, class... Options>
auto jacobian(F&& f, Options&&... options) {
  return jacrev(std::forward<F>(f), std::forward<Options>(options)...);
}
/// The second derivatives of the one element that f returns, with respect to its first argument: [sizes.., sizes..] for a tensor, and for a tree of them a vector with a tree for each of its tensors.
template <class F>
auto hessian(F&& f) {
  return jacrev<0>(grad<0>(std::forward<F>(f)));
}
/// With respect to another argument, which is a tensor, or to several: then [i][j] has the sizes of the one, then of the other.
template <class F>
auto hessian(F&& f, int64_t argnums, int64_t chunk_size = 0) {
  return jacrev(grad(std::forward<F>(f), argnums), argnums, chunk_size);
}
template <class F>
auto hessian(F&& f, const std::vector<int64_t>& argnums, int64_t chunk_size = 0) {
  return jacrev(grad(std::forward<F>(f), argnums), argnums, chunk_size);
}

}  // namespace lazuli::func
