#pragma once
#include "lazuli/core/tensor.h"

struct DLManagedTensor;
struct DLManagedTensorVersioned;

/// Tensors to and from other libraries without copying, by DLPack (https://dmlc.github.io/dlpack/latest). The structs' members are in lazuli/io/dlpack_abi.h, or in DLPack's own header.
namespace lazuli {

/// The tensor's memory for another library, which calls the result's deleter when it is done with it; until then the memory stays. Writing there is writing into the tensor.
/// Throws Error for a tensor that requires gradients (detach it), and (NotSupported) for devices other than CPU and CUDA.
DLManagedTensor* to_dlpack(const Tensor& tensor);
/// The same in the form of DLPack 1, which carries its version.
DLManagedTensorVersioned* to_dlpack_versioned(const Tensor& tensor);

/// Another library's memory as a tensor, which takes it over: its deleter is called with the last tensor that uses it. Where this throws, the struct still is the caller's.
/// Throws Error for null, (NotSupported) for dtypes that Lazuli has not, other devices, another major version and negative strides, and for sizes whose bytes do not fit memory. Memory that is only to
/// be read is copied.
Tensor from_dlpack(DLManagedTensor* managed);
Tensor from_dlpack(DLManagedTensorVersioned* managed);

}  // namespace lazuli
