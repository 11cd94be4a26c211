#pragma once
#include "lazuli/autograd/transforms/grad.h"
#include "lazuli/autograd/transforms/jacobian.h"
#include "lazuli/autograd/transforms/products.h"

/// Derivatives of functions as functions (https://pytorch.org/docs/stable/func.api.html): of lambdas, functions and modules, whose arguments and results may be pytrees. They nest in any
/// order, and beside vmap. A transform keeps a copy of the function, or refers to one that cannot be copied, such as a module, which has to live as long.
namespace lazuli::func {}
