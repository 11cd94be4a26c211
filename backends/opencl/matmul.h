#pragma once
#include "lazuli/backends/gpu/driver.h"
#include "lazuli/backends/opencl/buffers.h"

namespace lazuli::opencl {

/// The product by CLBlast, for float32 and float64. False where CLBlast is not there or does not do it.
bool matmul(const gpu::MatmulProblem& problem, const Buffers& buffers, cl_command_queue queue);

}  // namespace lazuli::opencl
