#pragma once
// What torch/torch.h brings, and programs written for it take for granted.
#include <cmath>
#include <numeric>

/// namespace torch, for programs written for libtorch: with `#include <lazuli/torch.h>` in place of `#include <torch/torch.h>` they compile. Not part of lazuli.h. docs/from_libtorch.md says
/// what differs.
#include "lazuli/torch/autograd.h"
#include "lazuli/torch/context.h"
#include "lazuli/torch/data.h"
#include "lazuli/torch/functional.h"
#include "lazuli/torch/library.h"
#include "lazuli/torch/optim.h"
#include "lazuli/torch/serialize.h"
