// In the place of graph.cpp: a driver of before there were graphs.
#include "tests/backends/cuda/stand_in/driver.h"

namespace stand_in {
CUresult refuse_while_capturing(CUstream) { return CUDA_SUCCESS; }
CUresult refuse_while_any_captures() { return CUDA_SUCCESS; }
CUresult queue(CUstream, std::function<void()> work) { return work(), CUDA_SUCCESS; }
}  // namespace stand_in

CUresult stand_in_keep_kernel(CUstream, const CUDA_KERNEL_NODE_PARAMS&) { return CUDA_ERROR_NOT_SUPPORTED; }
