#pragma once

/// What research with gradients takes besides lazuli.h: operators of one's own, checkpoints, hooks, the graph, finding mistakes, profiles. Each has a header of its own.
#include "lazuli/autograd/checkpoint.h"
#include "lazuli/autograd/function.h"
#include "lazuli/autograd/graph.h"
#include "lazuli/autograd/origin.h"
#include "lazuli/autograd/saved_tensors_hooks.h"
#include "lazuli/core/profiler/profiler.h"
#include "lazuli/lazuli.h"
#include "lazuli/nn/utils/grads_flow.h"
#include "lazuli/ops/table/autograd_registry.h"
