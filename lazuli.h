#pragma once

/// All of Lazuli.
#include "lazuli/autograd/autograd.h"
#include "lazuli/core/error.h"
#include "lazuli/core/factory.h"
#include "lazuli/core/generator.h"
#include "lazuli/core/kernel.h"
#include "lazuli/core/matmul_precision.h"
#include "lazuli/core/memory.h"
#include "lazuli/core/parallel.h"
#include "lazuli/core/print.h"
#include "lazuli/core/stream.h"
#include "lazuli/core/tensor.h"
#include "lazuli/data/data.h"
#include "lazuli/io/io.h"
#include "lazuli/nn/nn.h"
#include "lazuli/ops/ops.h"
#include "lazuli/optim/optim.h"
