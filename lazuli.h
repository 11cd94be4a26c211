#pragma once
// For std::sqrt and its like, which programs that compute with numbers beside tensors take for granted.
#include <cmath>

/// All of Lazuli. Tensors and their functions come first, so that what a compiler says about a call of them names few files on the way to it.
#include "lazuli/core/tensor.h"
// The way to this one is shortest of all.
#include "lazuli/core/by_position.h"
#include "lazuli/ops/ops.h"

#include "lazuli/autograd/autocast.h"
#include "lazuli/autograd/autograd.h"
#include "lazuli/autograd/function.h"
#include "lazuli/autograd/gradcheck.h"
#include "lazuli/core/described.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/memory/memory.h"
#include "lazuli/core/numeric_limits.h"
#include "lazuli/core/print.h"
#include "lazuli/core/random/generator.h"
#include "lazuli/core/random/generator_guard.h"
#include "lazuli/core/settings.h"
#include "lazuli/core/slots/matmul_precision.h"
#include "lazuli/core/threads/parallel.h"
#include "lazuli/core/threads/stream.h"
#include "lazuli/core/warning.h"
#include "lazuli/data/data.h"
#include "lazuli/io/io.h"
#include "lazuli/libtorch.h"
#include "lazuli/nn/nn.h"
#include "lazuli/ops/table/registry.h"
#include "lazuli/optim/optim.h"
