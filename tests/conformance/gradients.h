#pragma once
#include <functional>
#include <string>
#include <vector>

#include "lazuli/core/tensor.h"

namespace conformance {

using TensorFunction = std::function<std::vector<lazuli::Tensor>(const std::vector<lazuli::Tensor>&)>;

/// Along which directions a function is differentiated: any, those that keep matrices Hermitian, or those that keep zeros zero (triangles stay triangles).
enum class Step { Any, Hermitian, KeepsZeros };

/// What suits an operator: some take matrices to be Hermitian or triangular.
Step step_of(const std::string& op);
/// Results without a derivative: memory as it was, a hash.
bool has_no_derivative(const std::string& op);

struct GradientCheck {
  std::string complaint;     // empty where nothing is wrong
  bool refused = false;      // the call throws where a gradient is asked for
  bool second_order = true;  // there is one, or none is needed
};

/// Holds the gradients of `f` at `inputs` (float64 or complex128), and the gradients of these, against differences along random directions: the derivative of Re<weights, f(x)>. Where the function has a
/// corner or a step, so that the differences on both sides disagree, nothing is said. An output without history has to be constant.
GradientCheck check_gradients(const TensorFunction& f, const std::vector<lazuli::Tensor>& inputs, Step step);

}  // namespace conformance
