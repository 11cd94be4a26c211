#pragma once
#include <utility>
#include <vector>

#include "lazuli/autograd/tape.h"

/// Forward mode of operators. A derivative along a direction is the gradient of a gradient with respect to its weights (autograd/transforms/derivative.h). For that a formula need not compute
/// the gradients of its inputs, whose values nobody reads: it says in its first line what the tangents of its outputs are.
///
///   tape.record("sin", out, [x = tape.save(self)](const Tensor& grad, Needs needs) {
///     if (linearizing()) return linear_map(grad, needs, [x = keep(x.get())](const Grads& tangents) { return Grads{tangents[0] * cos(x.get())}; });
///     return Grads{grad * cos(x.get())};
///   });
///
/// An operator without that line has the derivative all the same, for the price of its backward and that one's backward.
namespace lazuli {

namespace detail {
/// Whether the backward that this thread runs is of a function that is linearized; those inside of it, of hooks and formulas, are not.
extern thread_local constinit bool linearizing;

/// While it lives, the next backward that this thread begins is.
class [[nodiscard]] Linearizing {
 public:
  Linearizing();
  ~Linearizing();
  Linearizing(const Linearizing&) = delete;
  Linearizing& operator=(const Linearizing&) = delete;
  /// Whether a backward that begins is the one.
  static bool taken();
};

/// For each input of the node whose formula runs that wants a gradient (`at`): zeros in its form, one element in memory.
std::vector<Tensor> gradients_without_values(Needs needs, std::vector<size_t>& at);
}  // namespace detail

/// For a formula: whether it is asked for what is linear in its gradients alone, and not for their values.
inline bool linearizing() { return detail::linearizing; }

/// What a formula of these gradients then returns. tangent(const Grads&) gets the tangents of its inputs, undefined ones for zero, and returns those of its outputs, made of differentiable
/// operators. It runs later, perhaps often, and not as the node's own formula: what it needs of tensors it keeps by `keep`.
template <class F>
Grads linear_map(const std::vector<Tensor>& grads, Needs needs, F tangent) {
  std::vector<size_t> at;
  std::vector<Tensor> gradients = detail::gradients_without_values(needs, at);
  const size_t count = current_node->num_inputs();
  Grads all = Grads::undefined(count);
  if (at.empty()) return all;
  if (auto tape = Tape::recording(grads))
    tape.record(current_node->name(), gradients, [tangent = std::move(tangent), at, count](Grads& tangents, Needs) {
      Grads given = Grads::undefined(count);
      for (size_t i = 0; i < at.size(); ++i) given[at[i]] = tangents[i];
      return tangent(std::as_const(given));
    });
  for (size_t i = 0; i < at.size(); ++i) all[at[i]] = gradients[i];
  return all;
}
template <class F>
Grads linear_map(const Tensor& grad, Needs needs, F tangent) {
  return linear_map(std::vector<Tensor>{grad}, needs, std::move(tangent));
}
template <class F>
Grads linear_map(Grads& grads, Needs needs, F tangent) {
  return linear_map(std::vector<Tensor>(grads.begin(), grads.end()), needs, std::move(tangent));
}

/// A tensor with its history, for a tangent: checked, as what a formula saves, against changes in place.
inline SavedTensor keep(const Tensor& t) { return Tape().save(t); }

/// The sum of tangents of one form, where undefined is zero: undefined, if all are.
Tensor sum_of_tangents(const Tensor& a, const Tensor& b);

}  // namespace lazuli
