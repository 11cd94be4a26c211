#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lazuli/autograd/function.h"
#include "lazuli/ops/table/handle.h"
#include "lazuli/ops/table/value.h"

/// Derivatives for operators of the table that are called by name, as PyTorch's torch.library.register_autograd.
namespace lazuli::autograd {

/// What a call leaves for its backward: the context, the arguments in the order of the schema, the results.
using SetupContextFn = std::function<void(GradContext& ctx, const std::vector<Value>& inputs, const std::vector<Value>& outputs)>;
/// One gradient for each tensor among the arguments (each of a list counts), or one for each argument, undefined for what is no tensor.
using BackwardFn = std::function<std::vector<Tensor>(GradContext& ctx, std::vector<Tensor> grad_outputs)>;

struct AutogradConfig {
  std::string op;  // of the table
  BackwardFn backward;
  SetupContextFn setup_context = {};  // none: all tensors among the arguments are saved, in their order
  std::optional<DType> dtype = {};    // holds only where the first tensor has it
  std::optional<Device> device = {};  // and is there
};
using AutogradEntry = AutogradConfig;

/// Takes the derivative away again.
using AutogradHandle = Handle;

/// From now on `call(config.op, ...)` runs the operator unrecorded and records this derivative in place of what its function would. Throws Error: op_not_found_error,
/// registration_failed_error where there is a derivative for the same dtype and device, invalid_config_error without a backward.
///   register_function("my_square(Tensor self) -> Tensor", ...);
///   autograd::register_autograd({.op = "my_square", .backward = [](autograd::GradContext& ctx, std::vector<Tensor> grads) {
///     return std::vector<Tensor>{grads[0] * 2.0 * ctx.saved_tensors()[0]};
///   }});
AutogradHandle register_autograd(AutogradConfig config);
AutogradHandle register_backward(std::string_view op, BackwardFn backward);
/// Whether a derivative was registered. Operators of the library have theirs beside their forward and are not in this list.
bool has_autograd(std::string_view op);
/// Throws Error (autograd_not_registered_error) where there is none.
AutogradEntry get_autograd(std::string_view op);

namespace detail {
/// The derivative that holds for these arguments of `op`; null: its function records by itself.
std::shared_ptr<const AutogradEntry> find_autograd(std::string_view op, const std::vector<Value>& arguments);
std::vector<Value> run_recorded(const std::shared_ptr<const AutogradEntry>& entry, std::vector<Value>& arguments,
                                const std::function<std::vector<Value>(std::vector<Value>&)>& forward);
}  // namespace detail

}  // namespace lazuli::autograd
