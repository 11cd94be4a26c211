#pragma once
#include "lazuli/autograd/transforms/run.h"

namespace lazuli::func {

namespace detail {

template <class Out, class Args>
class Pullback {
 public:
  Pullback(std::shared_ptr<Derivative> derivative, std::vector<Tensor> outputs, Args args)
      : derivative_(std::move(derivative)), outputs_(std::move(outputs)), args_(std::move(args)) {}
  /// For a cotangent in the form of the output: the arguments' gradients; of one argument in its form, else a tuple.
  template <class C>
  auto operator()(const C& cotangent) const {
    const std::vector<Tensor> given = pytree::leaves(cotangent);
    check_like("vjp", "cotangents", given, outputs_);
    const std::vector<Tensor> all = derivative_->pull(outputs_, given, true);
    size_t at = 0;
    if constexpr (std::tuple_size_v<Args> == 1) return pytree::rebuild(std::get<0>(args_), all, at);
    else return pytree::rebuild(args_, all, at);
  }

 private:
  std::shared_ptr<Derivative> derivative_;
  std::vector<Tensor> outputs_;
  Args args_;
};

template <class Out>
class Pushforward {
 public:
  Pushforward(std::shared_ptr<Derivative> derivative, std::vector<Tensor> outputs, Out form)
      : derivative_(std::move(derivative)), outputs_(std::move(outputs)), form_(std::move(form)) {}
  template <class... T>
  Out operator()(const T&... tangents) const {
    std::vector<Tensor> given;
    (append(given, pytree::leaves(tangents)), ...);
    check_like("linearize", "tangents", given, derivative_->inputs());
    return pytree::rebuild(form_, derivative_->push(outputs_, given));
  }

 private:
  static void append(std::vector<Tensor>& to, const std::vector<Tensor>& more) { to.insert(to.end(), more.begin(), more.end()); }
  std::shared_ptr<Derivative> derivative_;
  std::vector<Tensor> outputs_;
  Out form_;
};

}  // namespace detail

/// (f(primals...), pullback): pullback(cotangent) has the gradients, any number of times.
template <class F, class... A>
auto vjp(F&& f, A&&... primals) {
  auto run = detail::run_all("vjp", f, std::forward<A>(primals)...);
  std::vector<Tensor> outputs = pytree::leaves(*run.result);
  auto value = *run.result;
  pytree::visit(value, [&](Tensor& t) { t = run.derivative->release(t); });
  run.derivative->end();
  return std::pair{std::move(value), detail::Pullback<decltype(value), decltype(run.args)>(run.derivative, std::move(outputs), run.args)};
}

/// (f(primals...), its directional derivative along the tangents), by the gradient of the gradient: exact, of every function whose gradient has one. `primals` and `tangents` are tuples, or one
/// tensor (pytree) each. A tangent that is undefined is zero.
template <class F, class P, class T>
auto jvp(F&& f, const P& primals, const T& tangents) {
  auto run = std::apply([&](const auto&... each) { return detail::run_all("jvp", f, each...); }, detail::as_tuple(primals));
  const std::vector<Tensor> along = pytree::leaves(tangents), outputs = pytree::leaves(*run.result);
  detail::check_like("jvp", "tangents", along, run.derivative->inputs());
  auto tangent = pytree::rebuild(*run.result, run.derivative->push(outputs, along));
  auto value = *run.result;
  pytree::visit(value, [&](Tensor& t) { t = run.derivative->release(t); });
  return std::pair{std::move(value), std::move(tangent)};
}

/// (f(primals...), jvp at that place): pushforward(tangents...) any number of times, without another run of f.
template <class F, class... A>
auto linearize(F&& f, A&&... primals) {
  auto run = detail::run_all("linearize", f, std::forward<A>(primals)...);
  std::vector<Tensor> outputs = pytree::leaves(*run.result);
  run.derivative->linearize(outputs);
  auto value = *run.result;
  pytree::visit(value, [&](Tensor& t) { t = run.derivative->release(t); });
  run.derivative->end();
  auto form = value;
  return std::pair{std::move(value), detail::Pushforward<decltype(form)>(run.derivative, std::move(outputs), std::move(form))};
}

/// (f(primals), H v) of a function of one element; H is symmetric, so that `vhp` is the same.
template <class F, class P, class T>
auto hvp(F&& f, const P& primals, const T& v) {
  auto both = [&](const auto&... each) {
    auto run = detail::run_all("hvp", f, each...);
    const Tensor loss = Tensor(*run.result);
    if (loss.numel() != 1) fail("hvp", "func", "a function whose result has one element", "sizes " + to_string(loss.sizes()));
    const std::vector<Tensor> gradients = run.derivative->pull({loss}, {}, true, true), along = pytree::leaves(v);
    detail::check_like("hvp", "v", along, run.derivative->inputs());
    const std::vector<Tensor> products = run.derivative->pull(gradients, along, false);
    return std::pair{run.derivative->release(loss), pytree::rebuild(primals, products)};
  };
  return std::apply(both, detail::as_tuple(primals));
}
template <class F, class P, class T>
auto vhp(F&& f, const P& primals, const T& v) {
  return hvp(std::forward<F>(f), primals, v);
}

}  // namespace lazuli::func
