#pragma once
#include "lazuli/nn/module/containers.h"

/// Parameters that are computed from others: symmetric or orthogonal weights, weights of a given norm.
///
///   struct Symmetric : nn::Module {
///     Tensor forward(const Tensor& x) { return triu(x) + triu(x, 1).t(); }
///   };
///   nn::Linear layer(4, 4);
///   nn::utils::parametrize::register_parametrization(layer, "weight", Symmetric());
///
/// What is trained and stored is then `parametrizations.weight.original`, and `layer.weight` is forward(original): computed anew whenever the layer is called, after `to` and
/// `load_state_dict`, and by `parametrized(layer, "weight")`. Gradients reach the original. A value that is assigned to `layer.weight` goes to the original by
/// `right_inverse`, when the weight is next computed.
namespace lazuli::nn::utils::parametrize {

/// What one module of the list does, known from its class.
struct Step {
  Tensor (*forward)(Module&, const std::vector<Tensor>&);
  /// Null: its class has no right_inverse.
  std::vector<Tensor> (*right_inverse)(Module&, const Tensor&);
};

namespace detail {
template <class T>
std::vector<Tensor> as_list(T&& result) {
  if constexpr (std::is_convertible_v<T, Tensor>) return {Tensor(std::forward<T>(result))};
  else if constexpr (std::is_convertible_v<T, std::vector<Tensor>>) return std::forward<T>(result);
  else return std::apply([](auto&&... t) { return std::vector<Tensor>{t...}; }, std::forward<T>(result));
}
template <class T>
Tensor forward_as(Module& module, const std::vector<Tensor>& x) {
  auto& m = static_cast<T&>(module);
  if constexpr (requires { m.forward(x[0]); }) return call(m, x[0]);
  else if constexpr (requires { m.forward(x[0], x[1]); }) return call(m, x.at(0), x.at(1));
  else return call(m, x);
}
template <class T>
std::vector<Tensor> right_inverse_as(Module& module, const Tensor& value) {
  return as_list(static_cast<T&>(module).right_inverse(value));
}
template <class T>
constexpr Step step_of() {
  Step step{&forward_as<T>, nullptr};
  if constexpr (requires(T & m, const Tensor& value) { m.right_inverse(value); }) step.right_inverse = &right_inverse_as<T>;
  return step;
}
}  // namespace detail

/// What a parametrized tensor is made of: `original`, or `original0`, `original1`.. where the first module's right_inverse gives several, and the modules "0", "1"..
class ParametrizationList : public ModuleList {
 public:
  std::vector<Tensor> originals() const { return parameters(false).empty() ? buffers(false) : parameters(false); }
  /// The tensor, of the originals through all modules.
  Tensor forward();
  /// Has the originals give `value`. Throws Error for a module without right_inverse.
  void right_inverse(const Tensor& value);
  ParametrizationList remade() const;

 private:
  friend void add_parametrization(Module& module, std::string_view name, std::shared_ptr<Module> parametrization, const Step& step, bool unsafe);
  std::vector<Step> steps_;
  bool unsafe_ = false, parameter_ = true;
  int64_t cached_in_ = 0;
  Tensor cached_;
  friend Tensor remove_parametrizations(Module& module, std::string_view name, bool leave_parametrized);
};

void add_parametrization(Module& module, std::string_view name, std::shared_ptr<Module> parametrization, const Step& step, bool unsafe);
/// Has the parameter or buffer `name` of `module` computed by `parametrization`, a module with a `forward` from one tensor (or two, or a vector of them) to one, and, where
/// assigning shall be possible, or several originals are wanted, a `right_inverse(const Tensor&)`. A further one of the same name goes after those that are there.
/// Throws Error when there is no such tensor, and for results of other sizes or dtype, unless `unsafe`.
template <class P>
void register_parametrization(Module& module, std::string_view name, P&& parametrization, bool unsafe = false) {
  auto held = nn::detail::hold(std::forward<P>(parametrization));
  add_parametrization(module, name, held, detail::step_of<typename decltype(held)::element_type>(), unsafe);
}
/// Whether the tensor `name`, or any tensor, of the module is parametrized.
bool is_parametrized(const Module& module, std::string_view name = {});
/// Makes `name` a plain parameter again, with the value it has or, not `leave_parametrized`, with the original's, and returns it. Throws Error when it is not parametrized, and
/// for several originals that are to be left.
Tensor remove_parametrizations(Module& module, std::string_view name, bool leave_parametrized = true);
/// The tensor as of now, with its history, which the member shows too. Throws Error when it is not parametrized.
Tensor parametrized(Module& module, std::string_view name);
ParametrizationList& parametrizations(Module& module, std::string_view name);

/// While it lives, each parametrized tensor is computed once in this thread; for weights that are used many times, as in a recurrent net.
class cached {
 public:
  cached();
  ~cached();
  cached(const cached&) = delete;
  cached& operator=(const cached&) = delete;
};

}  // namespace lazuli::nn::utils::parametrize
