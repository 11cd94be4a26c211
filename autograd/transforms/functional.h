#pragma once
#include "lazuli/autograd/transforms/func.h"

/// Derivatives of a function at a place, as torch.autograd.functional has them (https://pytorch.org/docs/stable/autograd.html#functional-higher-level-api). `inputs` are a tensor, a tuple of them
/// for functions of several arguments, or a vector, which is handed on as one or as up to four arguments, as the function takes it.
namespace lazuli::autograd::functional {

enum class Strategy : uint8_t { ReverseMode, ForwardMode };

struct JacobianOptions {
  bool create_graph = false;  // the result can be differentiated
  bool strict = false;        // an Error, not zeros, where an output does not depend on an input
  bool vectorize = true;      // all rows at once, by vmap; else one after the other
  Strategy strategy = Strategy::ReverseMode;
  int64_t chunk_size = 0;  // rows at once; 0: all
};
struct Options {
  bool create_graph = false;
  bool strict = false;
};

namespace detail {

template <class F>
auto call(F& f, const Tensor& x) {
  return f(x);
}
template <class F, class... T>
auto call(F& f, const std::tuple<T...>& x) {
  return std::apply([&](const auto&... each) { return f(each...); }, x);
}
template <class F>
auto call(F& f, const std::vector<Tensor>& x) {
  const auto need = [&](size_t count) {
    if (x.size() != count) fail("functional", "inputs", std::to_string(count) + " tensors, as the function takes", std::to_string(x.size()));
  };
  if constexpr (std::is_invocable_v<F&, const std::vector<Tensor>&>) return f(x);
  else if constexpr (std::is_invocable_v<F&, const Tensor&>) return need(1), f(x[0]);
  else if constexpr (std::is_invocable_v<F&, const Tensor&, const Tensor&>) return need(2), f(x[0], x[1]);
  else if constexpr (std::is_invocable_v<F&, const Tensor&, const Tensor&, const Tensor&>) return need(3), f(x[0], x[1], x[2]);
  else return need(4), f(x[0], x[1], x[2], x[3]);
}

/// One run of `f` with its inputs entered.
template <class F, class In>
struct Run {
  Run(const char* op, F& f, const In& in) : inputs(in), derivative(op, pytree::leaves(inputs)) {
    result.emplace(call(f, pytree::rebuild(inputs, derivative.inputs())));
    outputs = pytree::leaves(*result);
  }
  const Tensor& scalar(const char* op) const {
    if (outputs.size() != 1 || outputs[0].numel() != 1) fail(op, "func", "a function that returns a tensor of one element", "another result");
    return outputs[0];
  }
  auto value(bool create_graph) const {
    auto out = *result;
    pytree::visit(out, [&](Tensor& t) { t = create_graph ? t : derivative.release(t.detach()); });
    return out;
  }
  using Result = std::remove_cvref_t<decltype(call(std::declval<F&>(), std::declval<const In&>()))>;
  using Plain = std::conditional_t<pytree::is_tensor<Result>, Tensor, Result>;
  In inputs;
  func::detail::Derivative derivative;
  std::optional<Plain> result;
  std::vector<Tensor> outputs;
};
template <class In>
using Inputs = std::conditional_t<std::is_base_of_v<Tensor, In>, Tensor, In>;
/// What a Jacobian of one output comes in.
template <class In>
using Row = std::conditional_t<std::is_same_v<Inputs<In>, Tensor>, Tensor, std::vector<Tensor>>;

template <class In>
Row<In> row_of(std::vector<Tensor> all) {
  if constexpr (std::is_same_v<Inputs<In>, Tensor>) return std::move(all.at(0));
  else return all;
}

inline std::vector<std::vector<Tensor>> jacobian_rows(func::detail::Derivative& d, const std::vector<Tensor>& outputs, const JacobianOptions& o) {
  const int64_t chunk = o.vectorize ? o.chunk_size : 1;
  return o.strategy == Strategy::ReverseMode ? d.reverse_jacobian(outputs, chunk, o.create_graph, o.strict)
                                             : d.forward_jacobian(outputs, chunk, o.create_graph, o.strict);
}

}  // namespace detail

/// [output sizes.., input sizes..]: a Tensor for one of each; for inputs that are several a vector, for several outputs a vector of those.
template <class F, class In>
auto jacobian(F&& f, const In& inputs, const JacobianOptions& o = {}) {
  using I = detail::Inputs<In>;
  detail::Run<std::remove_reference_t<F>, I> run("jacobian", f, inputs);
  std::vector<std::vector<Tensor>> all = detail::jacobian_rows(run.derivative, run.outputs, o);
  if constexpr (pytree::is_tensor<typename decltype(run)::Result>) {
    return detail::row_of<In>(std::move(all.at(0)));
  } else {
    std::vector<detail::Row<In>> rows;
    for (std::vector<Tensor>& row : all) rows.push_back(detail::row_of<In>(std::move(row)));
    return rows;
  }
}
template <class F, class In>
auto jacobian(F&& f, const In& inputs, bool create_graph, bool strict = false, bool vectorize = true) {
  return jacobian(std::forward<F>(f), inputs, JacobianOptions{.create_graph = create_graph, .strict = strict, .vectorize = vectorize});
}

/// The second derivatives of a function of one element: [sizes.., sizes..], or for several inputs a vector of vectors of [sizes of i.., sizes of j..].
template <class F, class In>
auto hessian(F&& f, const In& inputs, const JacobianOptions& o = {}) {
  using I = detail::Inputs<In>;
  detail::Run<std::remove_reference_t<F>, I> run("hessian", f, inputs);
  const std::vector<Tensor> gradients = run.derivative.pull({run.scalar("hessian")}, {}, true, true, o.strict);
  std::vector<std::vector<Tensor>> all = detail::jacobian_rows(run.derivative, gradients, o);
  if constexpr (std::is_same_v<I, Tensor>) return std::move(all.at(0).at(0));
  else return all;
}
template <class F, class In>
auto hessian(F&& f, const In& inputs, bool create_graph, bool strict = false, bool vectorize = true) {
  return hessian(std::forward<F>(f), inputs, JacobianOptions{.create_graph = create_graph, .strict = strict, .vectorize = vectorize});
}

/// (f(inputs), v^T J) for a `v` in the form of the output; none for outputs of one element.
template <class F, class In, class V>
auto vjp(F&& f, const In& inputs, const V& v, const Options& o = {}) {
  detail::Run<std::remove_reference_t<F>, detail::Inputs<In>> run("vjp", f, inputs);
  std::vector<Tensor> given = pytree::leaves(v);
  func::detail::check_like("vjp", "v", given, run.outputs);
  auto product = pytree::rebuild(run.inputs, run.derivative.pull(run.outputs, given, true, o.create_graph, o.strict));
  return std::pair{run.value(o.create_graph), std::move(product)};
}
template <class F, class In>
auto vjp(F&& f, const In& inputs) {
  return vjp(std::forward<F>(f), inputs, Tensor());
}
/// (f(inputs), J v) for a `v` in the form of the inputs.
template <class F, class In, class V>
auto jvp(F&& f, const In& inputs, const V& v, const Options& o = {}) {
  detail::Run<std::remove_reference_t<F>, detail::Inputs<In>> run("jvp", f, inputs);
  const std::vector<Tensor> given = pytree::leaves(v);
  func::detail::check_like("jvp", "v", given, run.derivative.inputs());
  auto product = pytree::rebuild(*run.result, run.derivative.push(run.outputs, given, o.create_graph, o.strict));
  return std::pair{run.value(o.create_graph), std::move(product)};
}
/// (f(inputs), H v) of a function of one element, for a `v` in the form of the inputs; `vhp` is (f(inputs), v^T H), which is the same.
template <class F, class In, class V>
auto hvp(F&& f, const In& inputs, const V& v, const Options& o = {}) {
  detail::Run<std::remove_reference_t<F>, detail::Inputs<In>> run("hvp", f, inputs);
  const std::vector<Tensor> given = pytree::leaves(v);
  func::detail::check_like("hvp", "v", given, run.derivative.inputs());
  const std::vector<Tensor> gradients = run.derivative.pull({run.scalar("hvp")}, {}, true, true, o.strict);
  auto product = pytree::rebuild(run.inputs, run.derivative.pull(gradients, given, true, o.create_graph, o.strict));
  return std::pair{run.value(o.create_graph), std::move(product)};
}
template <class F, class In, class V>
auto vhp(F&& f, const In& inputs, const V& v, const Options& o = {}) {
  return hvp(std::forward<F>(f), inputs, v, o);
}

}  // namespace lazuli::autograd::functional

namespace lazuli::autograd {
using functional::hessian;
using functional::hvp;
using functional::jacobian;
using functional::jvp;
using functional::vhp;
using functional::vjp;
}  // namespace lazuli::autograd
