#pragma once
#include <functional>
#include <string>
#include <vector>

#include "lazuli/core/open/opened.h"

/// How what a program registers, kernels and dtypes, gets into the calls of slots. Until there is such a thing it costs nothing: afterwards each call looks here first.
namespace lazuli {

/// A slot's call as a program's kernel gets it.
struct KernelCall {
  std::string_view op;  // the operator: "add", "softmax"
  Device device;
  DType dtype;                              // of the first input, or else of the first output
  std::vector<Tensor> inputs;               // a number beside a tensor stands here as a 0-d tensor of the tensor's dtype
  std::vector<Tensor> outputs;              // to be written
  std::span<const SlotArgument> arguments;  // all of them, as in core/slots.h
};

/// A program's kernel for an operator: runs instead of the library's where dtype, device and predicate say so.
struct OpenKernel {
  std::string op, name;
  DTypeSet dtypes;
  DeviceType device = DeviceType::CPU;
  int priority = 0;  // the greatest is asked first, then the latest
  std::function<bool(const KernelCall&)> predicate = {};
  std::function<void(KernelCall&)> function;
};

/// Adds a kernel; its number.
uint64_t add_open_kernel(OpenKernel kernel);
void remove_open_kernel(uint64_t number);
/// Those there are, in the order in which they are asked.
std::vector<std::pair<uint64_t, OpenKernel>> open_kernels();
/// The operators that slots compute, by their names in the table ("add") or the slot's ("softmax"), sorted.
std::vector<std::string> kernel_ops();
/// The slot of the operator, with the number of tensors its elementwise function takes (0: it is not elementwise). Null for an unknown name.
struct KernelOp {
  std::string name;
  KernelBase* slot = nullptr;
  int operands = 0;
};
KernelOp find_kernel_op(std::string_view name);

}  // namespace lazuli
