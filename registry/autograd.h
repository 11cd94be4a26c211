#pragma once
#include <functional>

#include "lazuli/ops/table/registry.h"

/// Gradients of functions that a program registers by name (functions.h): from a formula, found by the function's name. What an operator written in C++ with a tape has (autograd/tape.h) needs none.
namespace lazuli::autograd {

/// A call as its backward sees it.
class GradContext {
 public:
  /// The arguments of the forward, in schema order, and its results.
  const std::vector<Value>& inputs() const { return inputs_; }
  const std::vector<Tensor>& outputs() const { return outputs_; }
  /// The tensor in place `i` of the arguments.
  const Tensor& input(size_t i) const { return inputs_.at(i).to_tensor(); }
  const Tensor& output(size_t i = 0) const { return outputs_.at(i); }
  /// What `setup_context` kept beside them.
  void save_for_backward(std::vector<Tensor> tensors) { saved_ = std::move(tensors); }
  const std::vector<Tensor>& saved_tensors() const { return saved_; }
  /// Whether the argument wants a gradient.
  bool needs_input_grad(size_t i) const { return needs_.at(i); }

  std::vector<Value> inputs_;
  std::vector<Tensor> outputs_, saved_;
  std::vector<bool> needs_;
};

/// Gradients of the tensors among the arguments, in their order (undefined: none), from those of the results. Written with operators, it can be differentiated again.
using BackwardFn = std::function<std::vector<Tensor>(GradContext& context, const std::vector<Tensor>& grads)>;
using SetupContextFn = std::function<void(GradContext& context)>;

struct AutogradConfig {
  std::string op;
  BackwardFn backward;
  SetupContextFn setup_context = {};
};
using AutogradHandle = Handle;

/// For a function registered with registry::register_function. Throws Error: op_not_found_error for an unknown one, registration_failed_error for one that has a formula already, or is the library's.
AutogradHandle register_autograd(AutogradConfig config);
AutogradHandle register_backward(std::string op, BackwardFn backward);
bool has_autograd(std::string_view op);
/// Throws Error (autograd_not_registered_error) where there is none.
AutogradConfig get_autograd(std::string_view op);

}  // namespace lazuli::autograd
