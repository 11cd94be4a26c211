#pragma once
#include <functional>
#include <string>
#include <vector>

#include "lazuli/core/tensor.h"
#include "lazuli/ops/table/handle.h"

/// Kernels of a program's own that answer a number on the host: "is any element negative?", a norm that a device counts by itself. They are asked by `call_scalar`.
namespace lazuli::registry {

using ScalarKernelHandle = Handle;
using ScalarKernelFunction = std::function<Scalar(const std::vector<Tensor>& inputs)>;

struct ScalarKernelConfig {
  std::string op;             // an operator of the table, or a name of the program's
  std::vector<DType> dtypes;  // of its first tensor
  Device device = kCPU;       // any of its type
  ScalarKernelFunction function;
};
/// Throws Error: invalid_config_error without a name, a function or dtypes.
ScalarKernelHandle register_scalar_kernel(ScalarKernelConfig config);
/// For all built-in dtypes.
ScalarKernelHandle register_scalar_forward(std::string op, Device device, ScalarKernelFunction function);

/// The latest that was registered. Throws Error (kernel_not_registered_error) where there is none.
ScalarKernelFunction get_scalar_kernel(std::string_view op, DType dtype, Device device = kCPU);
bool has_scalar_kernel(std::string_view op, DType dtype, Device device = kCPU);

/// The number that an operator answers: the kernel's for the first input, else the table's operator's, a number or a tensor of one element. Throws Error: kernel_not_registered_error where there is neither.
Scalar call_scalar(std::string_view op, const std::vector<Tensor>& inputs);

}  // namespace lazuli::registry
