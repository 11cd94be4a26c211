#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lazuli/core/tensor.h"

namespace lazuli::registry {

/// A formula of tensors in a text: "x / (1 + abs(x))", "grad * where(x > 0, y, 0.1)". It has numbers, names, + - * / ** (power), < <= > >= == !=, and calls of every operator of the table by
/// its name with tensors and numbers. It is computed by those operators, so that it runs on every device and has gradients of every order.
class Expression {
 public:
  /// Throws Error (invalid_config_error) that shows the place, or (op_not_found_error) for a function that is not in the table. `names` are those that the text may use.
  Expression(std::string_view text, const std::vector<std::string>& names);
  /// The value with these tensors for the names, in their order.
  Tensor operator()(const std::vector<Tensor>& values) const;
  const std::string& text() const { return text_; }
  struct Node;

 private:
  std::string text_;
  std::shared_ptr<const Node> root_;
};

}  // namespace lazuli::registry
