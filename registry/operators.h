#pragma once
#include "lazuli/registry/functions.h"
#include "lazuli/registry/kernels.h"

/// One-call definition of elementwise operators: from an element function, a text, or both.
namespace lazuli::registry {

struct UnaryOpConfig {
  std::string name;
  /// A formula in x (expression.h): "x / (1 + abs(x))". By it the operator runs on every device and has gradients of every order.
  std::string expression = {};
  /// The element function: what runs on the CPU, in float64 for each element. Either of the two may be left out.
  std::function<double(double)> function = {};
  /// The gradient, a formula in grad, x and out: "grad / square(1 + abs(x))". Left out, it is that of the expression.
  std::string backward = {};
  /// Holds element function, expression and gradient against each other at a few points: registration_failed_error or autograd_gradient_mismatch_error where they differ.
  bool check = true;
  bool replace = false;
};
struct BinaryOpConfig {
  std::string name;
  std::string expression = {};  // in x and y
  std::function<double(double, double)> function = {};
  std::string backward_x = {}, backward_y = {};  // in grad, x, y and out
  bool check = true;
  bool replace = false;
};

/// Makes the operator callable by name and as a method: `call("soft", {x})`, `x.call("soft")`. Integers are taken in the default dtype; operands of a binary one broadcast and promote.
/// Throws Error: function_already_registered_error; op_kind_mismatch_error to replace an operator of the library of another kind; invalid_config_error without expression and function, or for a formula that does
/// not parse; and those of `check`. Without expression and backward it has no gradient, and throws autograd_not_registered_error where one is asked for.
FunctionHandle register_unary_op(UnaryOpConfig config);
FunctionHandle register_binary_op(BinaryOpConfig config);
/// A call of a registered operator: `apply("soft", {x})`. Throws Error (op_not_found_error).
Tensor apply(std::string_view op, const std::vector<Tensor>& operands);

OpKind get_op_kind(std::string_view name);
inline bool is_unary_op(std::string_view name) { return has_op(name) && get_op_kind(name) == OpKind::Unary; }
inline bool is_binary_op(std::string_view name) { return has_op(name) && get_op_kind(name) == OpKind::Binary; }
inline bool is_reduction_op(std::string_view name) { return has_op(name) && get_op_kind(name) == OpKind::Reduction; }
inline std::vector<std::string> unary_op_names() { return list_ops(OpKind::Unary); }
inline std::vector<std::string> binary_op_names() { return list_ops(OpKind::Binary); }
inline std::vector<std::string> reduction_op_names() { return list_ops(OpKind::Reduction); }

}  // namespace lazuli::registry
