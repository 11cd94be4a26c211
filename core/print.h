#pragma once
#include <iosfwd>
#include <typeinfo>

#include "lazuli/core/state_dict.h"

namespace lazuli {

/// How tensors print; what is left out in a call of `set_printoptions` stays as it is.
struct PrintOptions {
  std::optional<int> precision = {};        // digits after the point (4)
  std::optional<int64_t> threshold = {};    // tensors of more elements are summarised (1000)
  std::optional<int64_t> edgeitems = {};    // entries at each end of a summarised dimension (3)
  std::optional<int64_t> linewidth = {};    // characters a line (80)
  std::optional<bool> sci_mode = {};        // scientific notation always or never; unset: where the numbers need it
  std::optional<std::string> profile = {};  // first all to those of "default", "short" (2 digits, 2 edge items) or "full" (no summary)
};
void set_printoptions(const PrintOptions& options);
void set_printoptions(std::string_view profile);
/// The options in force; `sci_mode` is unset unless it was set, and so is `profile`.
PrintOptions get_printoptions();

/// Options for the length of a block.
class [[nodiscard]] PrintOptionsGuard {
 public:
  explicit PrintOptionsGuard(const PrintOptions& options);
  ~PrintOptionsGuard();
  PrintOptionsGuard(const PrintOptionsGuard&) = delete;
  PrintOptionsGuard& operator=(const PrintOptionsGuard&) = delete;

 private:
  PrintOptions before_;
};

/// "tensor([[1., 2.],\n        [3., 4.]], dtype=torch.float64)" as PyTorch prints it, with what is not the default: size, dtype, device, requires_grad, grad_fn.
std::string to_string(const Tensor& tensor);
std::ostream& operator<<(std::ostream& stream, const Tensor& tensor);
/// Name and tensor of each entry, a line each.
std::string to_string(const StateDict& state);
std::ostream& operator<<(std::ostream& stream, const StateDict& state);
namespace detail {
/// A class without its namespaces: "Linear", "StepLR".
std::string class_name(const std::type_info& type);
}
/// "[tensor(1.), tensor([2., 3.])]", as Python prints lists.
std::ostream& operator<<(std::ostream& stream, const std::vector<Tensor>& tensors);
/// What stands in a printed tensor behind `grad_fn=`: "<MulBackward0>"; "None" where there is none.
std::ostream& operator<<(std::ostream& stream, const Ref<Node>& grad_fn);
std::ostream& operator<<(std::ostream& stream, DeviceType type);
std::ostream& operator<<(std::ostream& stream, Layout layout);
std::ostream& operator<<(std::ostream& stream, const TensorOptions& options);

}  // namespace lazuli
