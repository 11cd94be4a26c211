#pragma once
#include "lazuli/autograd/transforms/forward_ad.h"
#include "lazuli/autograd/transforms/func.h"
#include "lazuli/autograd/transforms/functional.h"
#include "lazuli/autograd/transforms/vmap.h"
#include "lazuli/nn/utils/functional_call.h"
#include "lazuli/nn/utils/stacked.h"

/// All transforms of functions: derivatives, vmap, forward mode, and modules as functions of their parameters.
namespace lazuli::func {
using nn::functional_call;
}
